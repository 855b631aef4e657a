// layers.cpp - weir/layers.h: the layers of a source as the rows of one table.
#include "weir/layers.h"
#include "archive.hpp"
#include "copy_row.hpp"
#include "shapes.hpp"
#include <algorithm>
#include <cmath>
#include <ctime>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>
#include <gdal/gdal.h>
#include <memory>

using weir_gdal::CopyRow;
using weir_gdal::ends_with;
using weir_gdal::fits;
using weir_gdal::inside;
using weir_gdal::Kind;
using weir_gdal::Packing;
using weir_gdal::packing_of;
using weir_gdal::Shapes;

namespace {

enum class Type { integer, bigint, real, text, date, timestamp, boolean, bytes };

struct Column {
    std::string name;
    Type type;
};

struct Source {                         // one layer, and where each column of the table is among its fields
    GDALDatasetH dataset;
    OGRLayerH layer;
    std::vector<int> fields;            // -1: it has no such field
    std::unique_ptr<Shapes> shapes;
};

constexpr size_t deepest = 3;           // archives in archives

const char *name_of(Type type) {
    switch (type) {
    case Type::integer: return "integer";
    case Type::bigint: return "bigint";
    case Type::real: return "double precision";
    case Type::date: return "date";
    case Type::timestamp: return "timestamp with time zone";
    case Type::boolean: return "boolean";
    case Type::bytes: return "bytea";
    case Type::text: break;
    }
    return "text";
}

Type type_of(OGRFieldDefnH field) {
    switch (OGR_Fld_GetType(field)) {
    case OFTInteger: return OGR_Fld_GetSubType(field) == OFSTBoolean ? Type::boolean : Type::integer;
    case OFTInteger64: return Type::bigint;
    case OFTReal: // a dbf's numeric(18,0)
        return OGR_Fld_GetWidth(field) > 0 && OGR_Fld_GetWidth(field) <= 18 && OGR_Fld_GetPrecision(field) == 0 ? Type::bigint : Type::real;
    case OFTDate: return Type::date;
    case OFTDateTime: return Type::timestamp;
    case OFTBinary: return Type::bytes;
    default: return Type::text;
    }
}

/* What both can be told as. */
Type wider(Type a, Type b) {
    if (a == b) return a;
    const auto is_number = [](Type type) { return type == Type::integer || type == Type::bigint || type == Type::real; };
    if (is_number(a) && is_number(b)) return a == Type::real || b == Type::real ? Type::real : Type::bigint;
    return Type::text;
}

/* Small letters, digits and "_": so that nobody needs to quote it. */
std::string plain(const char *given) {
    std::string name;
    for (const char *at = given; *at; at++) {
        const char letter = *at >= 'A' && *at <= 'Z' ? char(*at - 'A' + 'a') : *at;
        const bool fits = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
        name += fits ? letter : '_';
    }
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "_" + name;
    name.resize(std::min<size_t>(name.size(), 60));
    if (name == "geom" || name == "row_hash") name += "_";
    return name;
}

bool is_utf8(const char *text) { return CPLIsUTF8(text, -1) != 0; }

int64_t days(int year, int month, int day) { // since 2000-01-01, proleptic Gregorian
    struct tm date = {};
    date.tm_year = year - 1900;
    date.tm_mon = month - 1;
    date.tm_mday = day;
    return int64_t(timegm(&date)) / 86400 - 10957;
}

} // namespace

struct weir_layers {
    Kind kind = Kind::any;
    weir_gdal::Archives archives;
    std::vector<GDALDatasetH> datasets;
    std::vector<Source> sources;
    std::vector<Column> columns;
    std::string json;
    size_t current = 0;
    bool has_begun = false, has_ended = false;
    CopyRow row;
    bool is_pending = false;            // a row that did not fit
    std::vector<unsigned char> ewkb;
    weir_layers_counts counts = {0, 0, 0, 0, INFINITY, INFINITY, -INFINITY, -INFINITY};
    std::string text;

    bool open(const std::string &path, const char *const *patterns);
    bool find(const std::string &path, size_t depth, std::vector<std::string> &found);
    static std::vector<std::string> sources_in(const std::vector<std::string> &names);
    bool force(const char *const *types);
    void take(GDALDatasetH dataset, const char *const *patterns);
    void describe();
    bool next();
    void write(OGRFeatureH feature, int field, Type type);
    void write_text(const char *value);
    void write_geometry(OGRFeatureH feature, const Source &source);
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
        Source source = {dataset, layer, {}, std::make_unique<Shapes>(kind, OGR_L_GetSpatialRef(layer))};
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

/* UTF-8 as PostgreSQL stores it: what is not is taken for Windows' Latin, and U+0000 ends it. */
void weir_layers::write_text(const char *value) {
    if (is_utf8(value)) {
        row.raw(value, strlen(value));
        return;
    }
    counts.recoded++;
    char *mended = CPLRecode(value, "CP1252", CPL_ENC_UTF8);
    row.raw(mended, strlen(mended));
    CPLFree(mended);
}

void weir_layers::write(OGRFeatureH feature, int field, Type type) {
    if (field < 0 || !OGR_F_IsFieldSetAndNotNull(feature, field)) {
        row.null();
        return;
    }
    switch (type) {
    case Type::integer: row.integer(int32_t(OGR_F_GetFieldAsInteger(feature, field))); return;
    case Type::bigint: row.integer(int64_t(OGR_F_GetFieldAsInteger64(feature, field))); return;
    case Type::real: row.real(OGR_F_GetFieldAsDouble(feature, field)); return;
    case Type::boolean: row.integer(uint8_t(OGR_F_GetFieldAsInteger(feature, field) != 0)); return;
    case Type::bytes: {
        int size = 0;
        const GByte *data = OGR_F_GetFieldAsBinary(feature, field, &size);
        row.raw(data, size_t(std::max(size, 0)));
        return;
    }
    case Type::date:
    case Type::timestamp: {
        int year, month, day, hour, minute, zone;
        float second;
        if (!OGR_F_GetFieldAsDateTimeEx(feature, field, &year, &month, &day, &hour, &minute, &second, &zone)) {
            row.null();
        } else if (type == Type::date) {
            row.integer(int32_t(days(year, month, day)));
        } else {
            const int64_t offset = zone > 1 ? int64_t(zone - 100) * 15 * 60 : 0;    // 100 is UTC, each one a quarter of an hour
            const int64_t seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 - offset;
            row.integer(seconds * 1000000 + int64_t(std::lround(double(second) * 1000)) * 1000);
        }
        return;
    }
    case Type::text: break;
    }
    write_text(OGR_F_GetFieldAsString(feature, field));
}

void weir_layers::write_geometry(OGRFeatureH feature, const Source &source) {
    OGRGeometryH geometry = OGR_F_StealGeometry(feature);
    OGREnvelope bounds;
    Shapes::Result result = Shapes::Result::nothing;
    const bool was_right = CPLGetLastErrorType() < CE_Failure;
    if (geometry) result = source.shapes->write(geometry, ewkb, bounds);
    if (was_right) CPLErrorReset();     // a geometry that cannot be mended is counted, and no failure of the source
    if (result == Shapes::Result::mended) counts.mended++;
    if (result == Shapes::Result::nothing || result == Shapes::Result::failed) {
        counts.emptied++;
        row.null();
        return;
    }
    row.raw(ewkb.data(), ewkb.size());
    counts.west = std::min(counts.west, bounds.MinX);
    counts.south = std::min(counts.south, bounds.MinY);
    counts.east = std::max(counts.east, bounds.MaxX);
    counts.north = std::max(counts.north, bounds.MaxY);
}

/* Makes the next row; false at the end of the last layer. */
bool weir_layers::next() {
    for (; current < sources.size(); current++) {
        const Source &source = sources[current];
        OGRFeatureH feature = OGR_L_GetNextFeature(source.layer);
        if (!feature) continue;
        row.begin(uint16_t(columns.size() + 2));
        for (size_t i = 0; i < columns.size(); i++) write(feature, source.fields[i], columns[i].type);
        write_geometry(feature, source);
        row.close_with_hash();
        OGR_F_Destroy(feature);
        counts.rows++;
        return true;
    }
    return false;
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
    if (!weir_gdal::kind_named(geometry, layers->kind)) {
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
    CPLErrorReset();
    return layers.release();
}

const char *weir_layers_columns(const weir_layers *layers) { return layers->json.c_str(); }

weir_status weir_layers_read(weir_layers *layers, void *into, uint64_t capacity, uint64_t *got) {
    static const char head[19] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', '\377', '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    char *at = static_cast<char *>(into), *const end = at + capacity;
    *got = 0;
    if (layers->has_ended) return WEIR_OK;
    if (!layers->has_begun) {
        if (capacity < sizeof head) return WEIR_TOO_LARGE;
        memcpy(at, head, sizeof head);
        at += sizeof head;
        layers->has_begun = true;
    }
    for (;;) {
        const bool is_there = layers->is_pending || layers->next();
        if (!is_there && CPLGetLastErrorType() >= CE_Failure) return WEIR_FAILED;
        const size_t size = is_there ? layers->row.data().size() : 2;
        if (size > size_t(end - at)) {
            layers->is_pending = is_there;
            *got = uint64_t(at - static_cast<char *>(into));
            if (*got > 0) return WEIR_OK;
            *got = size;
            return WEIR_TOO_LARGE;
        }
        layers->is_pending = false;
        if (is_there) memcpy(at, layers->row.data().data(), size);
        else memcpy(at, "\377\377", 2);
        at += size;
        if (is_there) continue;
        layers->has_ended = true;
        *got = uint64_t(at - static_cast<char *>(into));
        return WEIR_OK;
    }
}

weir_layers_counts weir_layers_counted(const weir_layers *layers) { return layers->counts; }

void weir_layers_close(weir_layers *layers) {
    if (!layers) return;
    layers->sources.clear();
    for (GDALDatasetH dataset : layers->datasets) GDALClose(dataset);
    delete layers;
}
