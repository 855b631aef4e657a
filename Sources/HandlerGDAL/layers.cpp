// layers.cpp - weir/layers.h: the layers of a source as the rows of one table.
#include "weir/layers.h"
#include "archive.hpp"
#include "row_makers.hpp"
#include <algorithm>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/gdal.h>
#include <memory>

using namespace weir_gdal;

namespace {

constexpr size_t deepest = 3;           // archives in archives
constexpr size_t most_features = 512, most_bytes = 1 << 20;    // of a batch; the bytes of its geometries
constexpr int most_threads = 8;

} // namespace

struct weir_layers {
    Kind kind = Kind::any;
    Archives archives;
    std::vector<GDALDatasetH> datasets;
    std::vector<Source> sources;
    std::vector<Column> columns;
    std::string json;
    size_t current = 0;                 // among the sources
    std::unique_ptr<RowMakers> makers;
    Rows rows = {{}, nothing_counted};  // which of them were handed out already
    size_t handed = 0;
    bool has_failed = false, has_ended = false;
    weir_layers_counts counts = nothing_counted;

    bool open(const std::string &path, const char *const *patterns);
    bool find(const std::string &path, size_t depth, std::vector<std::string> &found);
    static std::vector<std::string> sources_in(const std::vector<std::string> &names);
    bool force(const char *const *types);
    void take(GDALDatasetH dataset, const char *const *patterns);
    void describe();
    Batch batch();
    bool next();
};

/* What in an archive is a source: single files, folders of geodatabases, and archives in turn. */
std::vector<std::string> weir_layers::sources_in(const std::vector<std::string> &names) {
    std::vector<std::string> found;
    for (const std::string &name : names) {
        if (STARTS_WITH(name.c_str(), "__MACOSX/") || CPLGetFilename(name.c_str())[0] == '.') continue;
        const size_t base = std::string(CPLString(name).tolower()).find(".gdb/");
        const std::string source = base == std::string::npos ? name : name.substr(0, base + 4);
        bool is_one = base != std::string::npos;
        for (const char *end : {".shp", ".gpkg", ".geojson", ".fgb", ".zip"}) is_one |= ends_with(source, end);
        if (is_one && std::find(found.begin(), found.end(), source) == found.end()) found.push_back(source);
    }
    return found;
}

/* Every source in an archive and in those in it, after a look at all that they hold; a path that is no archive is the source itself. */
bool weir_layers::find(const std::string &path, size_t depth, std::vector<std::string> &found) {
    const Packing packing = packing_of(path);
    if (packing == Packing::none) {
        found.push_back(path);
        return true;
    }
    if (depth == deepest) {
        CPLError(CE_Failure, CPLE_AppDefined, "%s is an archive in an archive, too deep", path.c_str());
        return false;
    }
    std::vector<std::string> names;
    if (!archives.list(path, packing, names)) return false;
    const std::vector<std::string> sources = sources_in(names);
    if (sources.empty())
        CPLError(CE_Failure, CPLE_AppDefined, "%s holds no shapefile, GeoPackage, geodatabase, GeoJSON or FlatGeobuf", path.c_str());
    for (const std::string &source : sources)
        if (!find(inside(path, packing) + "/" + source, depth + 1, found)) return false;
    return !sources.empty();
}

bool weir_layers::open(const std::string &path, const char *const *patterns) {
    // what a source of reference data may be; no format that names other files or servers
    static const char *const drivers[] = {"ESRI Shapefile", "GPKG", "GeoJSON", "OpenFileGDB", "FlatGeobuf", nullptr};
    std::vector<std::string> found;
    if (!find(path, 0, found)) return false;
    for (const std::string &source : found) {
        GDALDatasetH dataset = GDALOpenEx(source.c_str(), GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR, drivers, nullptr, nullptr);
        if (!dataset) return false;
        take(dataset, patterns);
    }
    return true;
}

void weir_layers::take(GDALDatasetH dataset, const char *const *patterns) {
    datasets.push_back(dataset);
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        bool is_wanted = !patterns || !*patterns;
        for (const char *const *pattern = patterns; pattern && *pattern; pattern++) is_wanted |= fits(*pattern, OGR_L_GetName(layer));
        if (!is_wanted) continue;
        Source source = {layer, {}};
        OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
        for (int field = 0; field < OGR_FD_GetFieldCount(definition); field++) {
            OGRFieldDefnH given = OGR_FD_GetFieldDefn(definition, field);
            const std::string name = plain(OGR_Fld_GetNameRef(given));
            const auto known = std::find_if(columns.begin(), columns.end(), [&](const Column &column) { return column.name == name; });
            if (known == columns.end()) columns.push_back({name, type_of(given)});
            else known->type = wider(known->type, type_of(given));
        }
        sources.push_back(std::move(source));
    }
}

void weir_layers::describe() {
    for (Source &source : sources) {
        OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source.layer);
        source.fields.assign(columns.size(), -1);
        for (int field = 0; field < OGR_FD_GetFieldCount(definition); field++) {
            const std::string name = plain(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, field)));
            for (size_t i = 0; i < columns.size(); i++)
                if (columns[i].name == name && source.fields[i] < 0) source.fields[i] = field;
        }
    }
    json = "[";
    for (const Column &column : columns) json += "{\"name\":\"" + column.name + "\",\"type\":\"" + name_of(column.type) + "\"},";
    json += std::string("{\"name\":\"geom\",\"type\":\"") + type_of(kind) + "\"},{\"name\":\"row_hash\",\"type\":\"bigint\"}]";
}

/* Features of one layer; none: that was all, or reading failed. */
Batch weir_layers::batch() {
    Batch batch;
    size_t bytes = 0;
    while (current < sources.size() && bytes < most_bytes && batch.features.size() < most_features) {
        Feature feature(OGR_L_GetNextFeature(sources[current].layer));
        if (feature) {
            const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature.get());
            bytes += geometry ? size_t(OGR_G_WkbSize(geometry)) : 0;
            batch.source = current;
            batch.features.push_back(std::move(feature));
            continue;
        }
        has_failed |= CPLGetLastErrorType() >= CE_Failure;
        current = has_failed ? sources.size() : current + 1;
        if (!batch.features.empty()) break;
    }
    return batch;
}

/* Puts the next rows into `rows`. False: there are no more. */
bool weir_layers::next() {
    if (has_ended) return false;
    if (!makers) {
        const int count = std::clamp(atoi(CPLGetConfigOption("GDAL_NUM_THREADS", "1")), 1, most_threads);
        makers = std::make_unique<RowMakers>();
        if (!makers->start(size_t(count), [this] { return batch(); }, [this] { return RowWriter(kind, columns, sources); })) {
            CPLError(CE_Failure, CPLE_AppDefined, "no thread can be started");
            has_failed = has_ended = true;
            return false;
        }
    }
    handed = 0;
    if (makers->next(rows)) {
        add(rows.counts, counts);
        return true;
    }
    has_ended = true;
    rows.copy.bytes.assign({'\377', '\377'});
    rows.copy.ends.assign({2});
    return !has_failed;
}

/* Columns that the caller knows better than the source does. */
bool weir_layers::force(const char *const *types) {
    for (; types && *types; types++) {
        const std::string name(*types, strcspn(*types, "=")), wanted(*types + std::min(strlen(*types), name.size() + 1));
        const auto known = std::find_if(columns.begin(), columns.end(), [&](const Column &column) { return column.name == name; });
        bool is_type = false;
        for (Type type : {Type::integer, Type::bigint, Type::real, Type::text, Type::date, Type::timestamp, Type::boolean}) {
            if (wanted != name_of(type)) continue;
            is_type = true;
            if (known != columns.end()) known->type = type;
        }
        if (is_type) continue;
        CPLError(CE_Failure, CPLE_AppDefined, "column \"%s\" cannot be of type \"%s\"", name.c_str(), wanted.c_str());
        return false;
    }
    return true;
}

weir_layers *weir_layers_open(const char *path, const char *const *patterns, const char *geometry, const char *const *types) {
    auto layers = std::make_unique<weir_layers>();
    CPLErrorReset();
    if (!kind_named(geometry, layers->kind)) {
        CPLError(CE_Failure, CPLE_AppDefined, "\"%s\" is no kind of geometry", geometry ? geometry : "");
        return nullptr;
    }
    const bool is_open = layers->open(path, patterns);
    if (is_open && layers->sources.empty()) CPLError(CE_Failure, CPLE_AppDefined, "no layer of it has a name that was asked for");
    if (!is_open || layers->sources.empty() || !layers->force(types)) {
        weir_layers_close(layers.release());
        return nullptr;
    }
    layers->describe();
    static const char head[19] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', '\377', '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    layers->rows.copy.bytes.assign(head, head + sizeof head);
    layers->rows.copy.ends.assign({sizeof head});
    CPLErrorReset();
    return layers.release();
}

const char *weir_layers_columns(const weir_layers *layers) { return layers->json.c_str(); }

weir_status weir_layers_read(weir_layers *layers, void *into, uint64_t capacity, uint64_t *got) {
    *got = 0;
    for (;;) {
        const CopyRows &copy = layers->rows.copy;
        const auto begin = copy.ends.begin() + ptrdiff_t(layers->handed);
        const size_t from = layers->handed > 0 ? copy.ends[layers->handed - 1] : 0;
        const auto end = std::upper_bound(begin, copy.ends.end(), from + capacity - *got);
        if (end != begin) {
            const size_t size = *(end - 1) - from;
            memcpy(static_cast<char *>(into) + *got, copy.bytes.data() + from, size);
            *got += size;
            layers->handed = size_t(end - copy.ends.begin());
        }
        if (end != copy.ends.end()) {
            if (*got > 0) return WEIR_OK;
            *got = *end - from;
            return WEIR_TOO_LARGE;
        }
        if (!layers->next()) return layers->has_failed ? WEIR_FAILED : WEIR_OK;
    }
}

weir_layers_counts weir_layers_counted(const weir_layers *layers) { return layers->counts; }

void weir_layers_close(weir_layers *layers) {
    if (!layers) return;
    layers->makers.reset();             // features end before their layers do
    for (GDALDatasetH dataset : layers->datasets) GDALClose(dataset);
    delete layers;
}
