// mapped.cpp - handlers that read objects with GDAL, for the tests of HandlerGDAL.
#include "weir/gdal.h"
#include "mapped.hpp"
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>
#include <gdal/gdal.h>
#include <gdal/gdal_alg.h>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>
#include <jansson.h>
#include <memory>
#include <string>
#include <vector>

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

static Json params(const weir_task *task) {
    return {json_loadb(static_cast<const char *>(task->params.data), task->params.size, 0, nullptr), json_decref};
}

static const char *path_of(const Json &params) { return json_string_value(json_object_get(params.get(), "path")); }

static weir_status give(weir_task *task, const std::string &text) {
    return task->result(task, weir_bytes{text.data(), text.size()});
}

static std::string traffic() {
    const weir_gdal_traffic seen = weir_gdal_traffic_now();
    return "\"calls\":" + std::to_string(seen.calls) + ",\"bytes\":" + std::to_string(seen.bytes) + ",\"descriptors\":"
         + std::to_string(seen.descriptors);
}

/* Features by layer, how many have a geometry, and where the first layer's first point lies in web mercator. */
static weir_status run_count(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    const char *path = path_of(given);
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, nullptr, nullptr, nullptr);
    if (!dataset) {
        const weir_status status = weir_gdal_fail(task, ("cannot open " + std::string(path)).c_str());
        weir_gdal_end();
        return status;
    }
    std::string layers, epsg = "null";
    CPLErrorReset();
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        long features = 0;
        while (OGRFeatureH feature = OGR_L_GetNextFeature(layer)) {
            features += OGR_F_GetGeometryRef(feature) != nullptr;
            OGR_F_Destroy(feature);
        }
        OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
        if (srs && OSRAutoIdentifyEPSG(srs) == OGRERR_NONE && OSRGetAuthorityCode(srs, nullptr))
            epsg = std::string("\"") + OSRGetAuthorityCode(srs, nullptr) + "\"";
        layers += std::string(layers.empty() ? "\"" : ",\"") + OGR_L_GetName(layer) + "\":" + std::to_string(features);
    }
    const bool failed = CPLGetLastErrorType() >= CE_Failure;
    const weir_status status = failed ? weir_gdal_fail(task, path)
                                      : give(task, "{\"layers\":{" + layers + "},\"epsg\":" + epsg + "," + traffic() + "}");
    GDALClose(dataset);
    weir_gdal_end();
    return status;
}

/* The checksum of a raster's first band. */
static weir_status run_checksum(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    GDALDatasetH dataset = GDALOpenEx(path_of(given), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, nullptr, nullptr, nullptr);
    weir_status status = WEIR_OK;
    if (!dataset) {
        status = weir_gdal_fail(task, "cannot open it");
    } else {
        const int sum = GDALChecksumImage(GDALGetRasterBand(dataset, 1), 0, 0, GDALGetRasterXSize(dataset), GDALGetRasterYSize(dataset));
        status = give(task, "{\"checksum\":" + std::to_string(sum) + "," + traffic() + "}");
        GDALClose(dataset);
    }
    weir_gdal_end();
    return status;
}

/* Names and sizes below a path. */
static weir_status run_list(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    const CPLStringList names(VSIReadDir(path_of(given)));
    std::string text;
    for (int i = 0; i < names.size(); i++) {
        VSIStatBufL about;
        const std::string inside = std::string(path_of(given)) + "/" + names[i];
        const bool is_there = VSIStatL(inside.c_str(), &about) == 0;
        text += std::string(text.empty() ? "\"" : ",\"") + names[i] + "\":"
              + (!is_there ? "null" : VSI_ISDIR(about.st_mode) ? "\"folder\"" : std::to_string(about.st_size));
    }
    weir_gdal_end();
    return give(task, "{" + text + "}");
}

/* Reads the object again and again until a read fails. */
static weir_status run_spin(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    VSILFILE *file = VSIFOpenL(path_of(given), "rb");
    weir_status status = WEIR_OK;
    if (!file) {
        status = weir_gdal_fail(task, "cannot open it");
    } else {
        const auto *progress = static_cast<const weir_progress *>(task->service(task, WEIR_PROGRESS));
        std::vector<char> room(4096);
        for (uint64_t rounds = 1; VSIFSeekL(file, 0, SEEK_SET) == 0 && VSIFReadL(room.data(), 1, room.size(), file) > 0; rounds++)
            if (progress && rounds == 1) progress->report(task, 1, 0, "reading");
        status = weir_gdal_fail(task, "stopped reading");
        VSIFCloseL(file);
    }
    weir_gdal_end();
    return status;
}

/* Leaves a file open, and reads it when the task is over: the next task tells what came. */
static VSILFILE *left;

static weir_status run_leave(weir_task *task) {
    if (left) {
        char byte;
        const size_t got = VSIFReadL(&byte, 1, 1, left);
        VSIFCloseL(left);
        left = nullptr;
        return give(task, "{\"got\":" + std::to_string(got) + "}");
    }
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    left = VSIFOpenL(path_of(given), "rb");
    weir_gdal_end();
    return left ? WEIR_OK : WEIR_FAILED;
}

/* Tries to write, which objects under /vsiweir/ do not allow. */
static weir_status run_write(weir_task *task) {
    if (const weir_status status = weir_gdal_begin(task); status != WEIR_OK) return status;
    const Json given = params(task);
    VSILFILE *file = VSIFOpenL(path_of(given), "wb");
    const weir_status status = file ? WEIR_OK : weir_gdal_fail(task, "cannot write");
    if (file) VSIFCloseL(file);
    weir_gdal_end();
    return status;
}

static const char *const needed[] = {WEIR_STORAGE, nullptr};
static const char *const needed_to_load[] = {WEIR_STORAGE, WEIR_SQL, nullptr};
static const char *const optional[] = {WEIR_CANCEL, WEIR_LOG, WEIR_PROGRESS, nullptr};
static const char schema[] = R"({"type":"object","required":["path"],"properties":{"path":{"type":"string"},"table":{"type":"string"},"layers":{"type":"string"},"geometry":{"type":"string"}}})";

static constexpr weir_handler handler(const char *name, weir_status (*run)(weir_task *), const char *const *services = needed) {
    return {sizeof(weir_handler), WEIR_IDEMPOTENT, name, "1.0.0", nullptr, nullptr, schema, nullptr, nullptr,
            services, optional, 0, 0, run, nullptr};
}

static const weir_handler all[] = {
    handler("mapped.count", run_count), handler("mapped.checksum", run_checksum), handler("mapped.list", run_list),
    handler("mapped.spin", run_spin), handler("mapped.leave", run_leave), handler("mapped.write", run_write),
    handler("mapped.load", run_load, needed_to_load),
};
static const weir_handler *const handlers[] = {&all[0], &all[1], &all[2], &all[3], &all[4], &all[5], &all[6], nullptr};
static const weir_plugin plugin = {sizeof(weir_plugin), WEIR_MAGIC, WEIR_MINOR, 0, "org.weir.mapped", "1.0.0", nullptr,
    nullptr, handlers, nullptr, nullptr};

const weir_plugin *weir_plugin_v1(uint32_t) { return &plugin; }
