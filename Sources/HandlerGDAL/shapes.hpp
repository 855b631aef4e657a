// shapes.hpp - geometries as a table wants them: of one kind, flat, valid, in one reference system.
#pragma once
#include <cstdint>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>
#include <string>
#include <vector>

namespace weir_gdal {

enum class Kind { point, multipoint, multilinestring, multipolygon, any };

bool kind_named(const char *name, Kind &kind);
const char *type_of(Kind kind);

class Shapes {
public:
    /* `from`: NULL for what is in EPSG:4326 already. */
    Shapes(Kind kind, OGRSpatialReferenceH from);
    ~Shapes();
    Shapes(const Shapes &) = delete;
    Shapes &operator=(const Shapes &) = delete;

    enum class Result { written, mended, nothing, failed };

    /* Takes the geometry and gives it as EWKB. nothing: it has no part of the kind asked for. */
    Result write(OGRGeometryH geometry, std::vector<unsigned char> &ewkb, OGREnvelope &bounds) const;

private:
    OGRGeometryH shaped(OGRGeometryH geometry) const;

    const Kind kind;
    OGRCoordinateTransformationH transformation = nullptr;
    bool is_known = true;
};

} // namespace weir_gdal
