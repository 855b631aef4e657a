// tiles.cpp - a handler in C++: finds the web map tile of each point of a batch, and rejects what is not on the map.
#include "weir/handler.h"
#include <cmath>
#include <cstdlib>
#include <exception>
#include <jansson.h>
#include <memory>
#include <numbers>
#include <string>

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

static weir_status locate(weir_task *task, const json_t *point, size_t index, int zoom, int &located) {
    const json_t *longitude = json_object_get(point, "lon"), *latitude = json_object_get(point, "lat");
    const double lon = json_number_value(longitude), lat = json_number_value(latitude);
    const char *id = json_string_value(json_object_get(point, "id"));
    if (!json_is_number(longitude) || !json_is_number(latitude) || std::abs(lon) > 180 || std::abs(lat) > 85.0511) {
        const std::string where = "{\"pointer\":\"/points/" + std::to_string(index) + "\"}";
        return task->reject(task, id ? id : where.c_str(), WEIR_INVALID, "lon and lat are not on the web map", where.c_str());
    }
    const double tiles = std::exp2(zoom), angle = lat * std::numbers::pi / 180;
    const double x = (lon + 180) / 360 * tiles, y = (1 - std::asinh(std::tan(angle)) / std::numbers::pi) / 2 * tiles;
    const auto inside = [tiles](double value) { return std::to_string(long(std::fmin(std::fmax(value, 0), tiles - 1))); };
    const Json name(json_string(id ? id : ""), json_decref);
    const std::unique_ptr<char, decltype(&std::free)> quoted(json_dumps(name.get(), JSON_ENCODE_ANY), std::free);
    const std::string item = std::string("{\"id\":") + quoted.get() + ",\"tile\":\"" + std::to_string(zoom) + "/"
                           + inside(x) + "/" + inside(y) + "\"}";
    located++;
    return task->emit(task, weir_bytes{item.data(), item.size()});
}

static weir_status run(weir_task *task) try {
    const Json params(json_loadb(static_cast<const char *>(task->params.data), task->params.size, 0, nullptr), json_decref);
    const auto *progress = static_cast<const weir_progress *>(task->service(task, WEIR_PROGRESS));
    const json_t *points = json_object_get(params.get(), "points");
    const int zoom = int(json_integer_value(json_object_get(params.get(), "zoom")));
    int located = 0;
    for (size_t i = 0; i < json_array_size(points); i++) {
        if (weir_status status = locate(task, json_array_get(points, i), i, zoom, located); status != WEIR_OK) return status;
        if (progress) progress->report(task, i + 1, json_array_size(points), nullptr);
    }
    const std::string result = "{\"located\":" + std::to_string(located) + "}";
    return task->result(task, weir_bytes{result.data(), result.size()});
} catch (const std::exception &error) {     // no exception may cross the boundary
    return task->fail(task, WEIR_FAILED, error.what(), nullptr);
}

static const char *const optional[] = {WEIR_PROGRESS, nullptr};
static const weir_handler tiles = {sizeof(weir_handler), WEIR_IDEMPOTENT | WEIR_PURE, "points.tile", "1.0.0",
    "Find the web map tile of each point", nullptr,
    R"({"type":"object","required":["zoom","points"],"properties":{"zoom":{"type":"integer","minimum":0,"maximum":24},
        "points":{"type":"array","items":{"type":"object"}}}})",
    R"({"type":"object","required":["located"]})", R"({"type":"object","required":["id","tile"]})",
    nullptr, optional, 0, 0, run, nullptr};
static const weir_handler *const handlers[] = {&tiles, nullptr};
static const weir_plugin plugin = {sizeof(weir_plugin), WEIR_MAGIC, WEIR_MINOR, 0, "org.weir.example.cpp", "1.0.0", nullptr,
    nullptr, handlers, nullptr, nullptr};

const weir_plugin *weir_plugin_v1(uint32_t) { return &plugin; }
