#include "row_writer.hpp"
#include <algorithm>
#include <cmath>
#include <ctime>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>

namespace weir_gdal {

namespace {

bool is_utf8(const char *text) { return CPLIsUTF8(text, -1) != 0; }

int64_t days(int year, int month, int day) { // since 2000-01-01, proleptic Gregorian
    struct tm date = {};
    date.tm_year = year - 1900;
    date.tm_mon = month - 1;
    date.tm_mday = day;
    return int64_t(timegm(&date)) / 86400 - 10957;
}

} // namespace

void add(const weir_layers_counts &counts, weir_layers_counts &into) {
    into.rows += counts.rows;
    into.mended += counts.mended;
    into.emptied += counts.emptied;
    into.recoded += counts.recoded;
    into.west = std::min(into.west, counts.west);
    into.south = std::min(into.south, counts.south);
    into.east = std::max(into.east, counts.east);
    into.north = std::max(into.north, counts.north);
}

RowWriter::RowWriter(Kind kind, const std::vector<Column> &columns, const std::vector<Source> &sources)
    : kind(kind), columns(columns), sources(sources), shapes(sources.size()) {}

/* UTF-8 as PostgreSQL stores it: what is not is taken for Windows' Latin, and U+0000 ends it. */
void RowWriter::write_text(const char *value) {
    if (is_utf8(value)) {
        rows.copy.raw(value, strlen(value));
        return;
    }
    rows.counts.recoded++;
    char *mended = CPLRecode(value, "CP1252", CPL_ENC_UTF8);
    rows.copy.raw(mended, strlen(mended));
    CPLFree(mended);
}

void RowWriter::write(OGRFeatureH feature, int field, Type type) {
    if (field < 0 || !OGR_F_IsFieldSetAndNotNull(feature, field)) {
        rows.copy.null();
        return;
    }
    switch (type) {
    case Type::integer: rows.copy.integer(int32_t(OGR_F_GetFieldAsInteger(feature, field))); return;
    case Type::bigint: rows.copy.integer(int64_t(OGR_F_GetFieldAsInteger64(feature, field))); return;
    case Type::real: rows.copy.real(OGR_F_GetFieldAsDouble(feature, field)); return;
    case Type::boolean: rows.copy.integer(uint8_t(OGR_F_GetFieldAsInteger(feature, field) != 0)); return;
    case Type::bytes: {
        int size = 0;
        const GByte *data = OGR_F_GetFieldAsBinary(feature, field, &size);
        rows.copy.raw(data, size_t(std::max(size, 0)));
        return;
    }
    case Type::date:
    case Type::timestamp: {
        int year, month, day, hour, minute, zone;
        float second;
        if (!OGR_F_GetFieldAsDateTimeEx(feature, field, &year, &month, &day, &hour, &minute, &second, &zone)) {
            rows.copy.null();
        } else if (type == Type::date) {
            rows.copy.integer(int32_t(days(year, month, day)));
        } else {
            const int64_t offset = zone > 1 ? int64_t(zone - 100) * 15 * 60 : 0;    // 100 is UTC, each one a quarter of an hour
            const int64_t seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 - offset;
            rows.copy.integer(seconds * 1000000 + int64_t(std::lround(double(second) * 1000)) * 1000);
        }
        return;
    }
    case Type::text: break;
    }
    write_text(OGR_F_GetFieldAsString(feature, field));
}

void RowWriter::write_geometry(OGRFeatureH feature, const Shapes &shapes) {
    OGRGeometryH geometry = OGR_F_StealGeometry(feature);
    OGREnvelope bounds;
    Shapes::Result result = Shapes::Result::nothing;
    const bool was_right = CPLGetLastErrorType() < CE_Failure;
    if (geometry) result = shapes.write(geometry, ewkb, bounds);
    if (was_right) CPLErrorReset();     // a geometry that cannot be mended is counted, and no failure of the source
    if (result == Shapes::Result::mended) rows.counts.mended++;
    if (result == Shapes::Result::nothing || result == Shapes::Result::failed) {
        rows.counts.emptied++;
        rows.copy.null();
        return;
    }
    rows.copy.raw(ewkb.data(), ewkb.size());
    add({0, 0, 0, 0, bounds.MinX, bounds.MinY, bounds.MaxX, bounds.MaxY}, rows.counts);
}

Rows RowWriter::write(const Batch &batch) {
    rows = {{}, nothing_counted};
    const Source &source = sources[batch.source];
    auto &of_source = shapes[batch.source];
    if (!of_source) of_source = std::make_unique<Shapes>(kind, OGR_L_GetSpatialRef(source.layer));
    for (const Feature &feature : batch.features) {
        rows.copy.begin(uint16_t(columns.size() + 2));
        for (size_t i = 0; i < columns.size(); i++) write(feature.get(), source.fields[i], columns[i].type);
        write_geometry(feature.get(), *of_source);
        rows.copy.end_with_hash();
        rows.counts.rows++;
    }
    return std::move(rows);
}

} // namespace weir_gdal
