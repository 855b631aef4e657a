#include "shapes.hpp"
#include "surely_valid.hpp"
#include <cstring>

namespace weir_gdal {

namespace {

constexpr uint32_t has_srid = 0x20000000u, wgs84 = 4326;

OGRwkbGeometryType part_of(Kind kind) {
    switch (kind) {
    case Kind::multipolygon: return wkbPolygon;
    case Kind::multilinestring: return wkbLineString;
    default: return wkbPoint;
    }
}

/* Adds every part of the kind, however deep it lies. */
void gather(OGRGeometryH from, OGRwkbGeometryType part, OGRGeometryH into) {
    if (OGR_G_GetGeometryType(from) == part) {
        if (!OGR_G_IsEmpty(from)) OGR_G_AddGeometry(into, from);
        return;
    }
    if (OGR_GT_IsSubClassOf(OGR_G_GetGeometryType(from), wkbGeometryCollection))
        for (int i = 0; i < OGR_G_GetGeometryCount(from); i++) gather(OGR_G_GetGeometryRef(from, i), part, into);
}

OGRwkbGeometryType multi_of(OGRwkbGeometryType part) {
    return part == wkbPolygon ? wkbMultiPolygon : part == wkbLineString ? wkbMultiLineString : wkbMultiPoint;
}

} // namespace

bool kind_named(const char *name, Kind &kind) {
    static const struct { const char *name; Kind kind; } all[] = {
        {"point", Kind::point}, {"multipoint", Kind::multipoint}, {"multilinestring", Kind::multilinestring},
        {"multipolygon", Kind::multipolygon}, {"any", Kind::any},
    };
    for (const auto &one : all)
        if (name && strcmp(name, one.name) == 0) {
            kind = one.kind;
            return true;
        }
    return false;
}

const char *type_of(Kind kind) {
    switch (kind) {
    case Kind::point: return "geometry(Point,4326)";
    case Kind::multipoint: return "geometry(MultiPoint,4326)";
    case Kind::multilinestring: return "geometry(MultiLineString,4326)";
    case Kind::multipolygon: return "geometry(MultiPolygon,4326)";
    case Kind::any: break;
    }
    return "geometry(Geometry,4326)";
}

Shapes::Shapes(Kind kind, OGRSpatialReferenceH from) : kind(kind) {
    if (!from) return;
    OGRSpatialReferenceH to = OSRNewSpatialReference(nullptr), source = OSRClone(from);
    OSRImportFromEPSG(to, int(wgs84));
    OSRSetAxisMappingStrategy(to, OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetAxisMappingStrategy(source, OAMS_TRADITIONAL_GIS_ORDER);
    const char *const loosely[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
    if (!OSRIsSameEx(source, to, loosely)) {
        transformation = OCTNewCoordinateTransformation(source, to);
        is_known = transformation != nullptr;
    }
    OSRDestroySpatialReference(source);
    OSRDestroySpatialReference(to);
}

Shapes::~Shapes() {
    if (transformation) OCTDestroyCoordinateTransformation(transformation);
}

/* Takes the geometry; NULL: nothing of the kind is in it. */
OGRGeometryH Shapes::shaped(OGRGeometryH geometry) const {
    if (kind == Kind::any) return geometry;
    const OGRwkbGeometryType type = OGR_G_GetGeometryType(geometry), part = part_of(kind);
    if (type == (kind == Kind::point ? part : multi_of(part))) return geometry;
    OGRGeometryH many = OGR_G_CreateGeometry(multi_of(part));
    gather(geometry, part, many);
    OGR_G_DestroyGeometry(geometry);
    const int count = OGR_G_GetGeometryCount(many);
    if (kind != Kind::point && count > 0) return many;
    OGRGeometryH one = count == 1 ? OGR_G_Clone(OGR_G_GetGeometryRef(many, 0)) : nullptr;
    OGR_G_DestroyGeometry(many);
    return one;
}

Shapes::Result Shapes::write(OGRGeometryH geometry, std::vector<unsigned char> &ewkb, OGREnvelope &bounds) const {
    Result result = Result::written;
    if (!is_known) {
        OGR_G_DestroyGeometry(geometry);
        return Result::failed;
    }
    OGR_G_FlattenTo2D(geometry);
    if (OGR_GT_IsNonLinear(OGR_G_GetGeometryType(geometry))) {
        OGRGeometryH linear = OGR_G_GetLinearGeometry(geometry, 0, nullptr);
        OGR_G_DestroyGeometry(geometry);
        geometry = linear;
    }
    if (geometry && transformation && OGR_G_Transform(geometry, transformation) != OGRERR_NONE) {
        OGR_G_DestroyGeometry(geometry);
        return Result::failed;
    }
    const bool may_be_invalid = geometry && OGR_G_GetDimension(geometry) == 2 && !OGR_G_IsEmpty(geometry) && !surely_valid(geometry);
    if (may_be_invalid && !OGR_G_IsValid(geometry)) {
        OGRGeometryH valid = OGR_G_MakeValid(geometry);
        OGR_G_DestroyGeometry(geometry);
        geometry = valid;
        result = Result::mended;
        if (valid && !OGR_G_IsValid(valid)) {
            OGR_G_DestroyGeometry(valid);
            return Result::failed;
        }
    }
    if (!geometry) return Result::failed;
    if (OGR_G_IsEmpty(geometry)) {
        OGR_G_DestroyGeometry(geometry);
        return Result::nothing;
    }
    geometry = shaped(geometry);
    if (!geometry) return Result::nothing;
    // WKB is one byte of order, four of type, and the rest; the SRID goes between
    const size_t size = size_t(OGR_G_WkbSize(geometry));
    ewkb.resize(size + 4);
    const bool isWritten = OGR_G_ExportToIsoWkb(geometry, wkbNDR, ewkb.data() + 4) == OGRERR_NONE;
    if (isWritten) {
        ewkb[0] = ewkb[4];
        uint32_t type;
        memcpy(&type, ewkb.data() + 5, sizeof type);
        type |= has_srid;
        memcpy(ewkb.data() + 1, &type, sizeof type);
        memcpy(ewkb.data() + 5, &wgs84, sizeof wgs84);
        OGR_G_GetEnvelope(geometry, &bounds);
    }
    OGR_G_DestroyGeometry(geometry);
    return isWritten ? result : Result::failed;
}

} // namespace weir_gdal
