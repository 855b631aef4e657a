// load.cpp - a handler that brings the layers of an object into a table, as an update of a dataset does.
#include "weir/gdal.h"
#include "weir/layers.h"
#include "mapped.hpp"
#include <jansson.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;
using Layers = std::unique_ptr<weir_layers, decltype(&weir_layers_close)>;

std::string text(const Json &given, const char *name) {
    const char *value = json_string_value(json_object_get(given.get(), name));
    return value ? value : "";
}

std::string definition(const weir_layers *layers) {
    const Json columns(json_loads(weir_layers_columns(layers), 0, nullptr), json_decref);
    std::string list;
    size_t index;
    json_t *column;
    json_array_foreach(columns.get(), index, column) {
        list += std::string(list.empty() ? "" : ", ") + json_string_value(json_object_get(column, "name")) + " "
              + json_string_value(json_object_get(column, "type"));
    }
    return list;
}

/* Says what the database said. */
weir_status explain(weir_task *task, weir_status status, const char *what) {
    weir_bytes bytes = {nullptr, 0};
    if (task->last_error(task, &bytes) != WEIR_OK) return task->fail(task, status, what, nullptr);
    const Json error(json_loadb(static_cast<const char *>(bytes.data), bytes.size, 0, nullptr), json_decref);
    return task->fail(task, status, (std::string(what) + ": " + text(error, "message")).c_str(), nullptr);
}

weir_status copy(weir_layers *layers, const weir_sql *sql, weir_session *session, std::vector<char> &room) {
    for (;;) {
        uint64_t got = 0;
        const weir_status status = weir_layers_read(layers, room.data(), room.size(), &got);
        if (status == WEIR_TOO_LARGE) {
            room.resize(got);
            continue;
        }
        if (status != WEIR_OK || got == 0) return status;
        const weir_status sent = sql->copy_data(session, weir_bytes{room.data(), got});
        if (sent != WEIR_OK) return sent;
    }
}

weir_status load(weir_task *task, const Json &given, std::string &result) {
    const std::string path = text(given, "path"), table = text(given, "table"), pattern = text(given, "layers");
    const char *const patterns[] = {pattern.empty() ? nullptr : pattern.c_str(), nullptr};
    const Layers layers(weir_layers_open(path.c_str(), patterns, text(given, "geometry").c_str(), nullptr), weir_layers_close);
    if (!layers) return weir_gdal_fail(task, ("cannot open " + path).c_str());
    const auto *sql = static_cast<const weir_sql *>(task->service(task, WEIR_SQL));
    std::vector<char> room(256 << 10);
    weir_session *session = nullptr;
    uint64_t rows = 0;
    weir_status status = sql->begin(task, "geo", nullptr, &session);
    if (status != WEIR_OK) return explain(task, status, "begin");
    status = sql->exec(session, ("CREATE TABLE " + table + " (" + definition(layers.get()) + ")").c_str(), nullptr, 0, nullptr);
    if (status == WEIR_OK) status = sql->copy_in(session, ("COPY " + table + " FROM STDIN (FORMAT binary)").c_str());
    if (status != WEIR_OK) explain(task, status, table.c_str());
    if (status == WEIR_OK) {
        status = copy(layers.get(), sql, session, room);
        if (status == WEIR_FAILED) status = weir_gdal_fail(task, path.c_str());
    }
    if (status == WEIR_OK && (status = sql->copy_end(session, &rows)) != WEIR_OK) explain(task, status, "COPY");
    const weir_status ended = sql->end(session, status == WEIR_OK);
    if (status != WEIR_OK || ended != WEIR_OK) return status != WEIR_OK ? status : ended;
    const weir_layers_counts counts = weir_layers_counted(layers.get());
    result = "{\"rows\":" + std::to_string(rows) + ",\"mended\":" + std::to_string(counts.mended) + ",\"emptied\":"
           + std::to_string(counts.emptied) + ",\"recoded\":" + std::to_string(counts.recoded) + ",\"west\":"
           + std::to_string(counts.west) + ",\"north\":" + std::to_string(counts.north) + "}";
    return WEIR_OK;
}

} // namespace

weir_status run_load(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given(json_loadb(static_cast<const char *>(task->params.data), task->params.size, 0, nullptr), json_decref);
    std::string result;
    const weir_status status = load(task, given, result);
    weir_gdal_end();
    return status == WEIR_OK ? task->result(task, weir_bytes{result.data(), result.size()}) : status;
}
