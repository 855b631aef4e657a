// columns.hpp - the columns of a table that takes the fields of several layers.
#pragma once
#include <gdal/ogr_api.h>
#include <string>

namespace weir_gdal {

enum class Type { integer, bigint, real, text, date, timestamp, boolean, bytes };

struct Column {
    std::string name;
    Type type;
};

/* As PostgreSQL names it. */
const char *name_of(Type type);
Type type_of(OGRFieldDefnH field);
/* What both can be told as. */
Type wider(Type a, Type b);
/* Small letters, digits and "_": so that nobody needs to quote it. */
std::string plain(const char *given);

} // namespace weir_gdal
