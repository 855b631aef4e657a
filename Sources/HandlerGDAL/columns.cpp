#include "columns.hpp"
#include <algorithm>

namespace weir_gdal {

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

Type wider(Type a, Type b) {
    if (a == b) return a;
    const auto is_number = [](Type type) { return type == Type::integer || type == Type::bigint || type == Type::real; };
    if (is_number(a) && is_number(b)) return a == Type::real || b == Type::real ? Type::real : Type::bigint;
    return Type::text;
}

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

} // namespace weir_gdal
