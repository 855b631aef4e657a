// surely_valid.hpp - a quick look that spares most polygons the whole check of their validity.
#pragma once
#include <gdal/ogr_api.h>

namespace weir_gdal {

/* True: it is a polygon or multipolygon, and valid by OGC 06-103r4, 6.1.11 and 6.1.14. False: only the whole check can say it.
 *
 * Of polygons without holes no two edges may come near one another, and of multipolygons no two parts. */
bool surely_valid(OGRGeometryH geometry);

} // namespace weir_gdal
