// row_writer.hpp - features as rows of one table: what of a load can be done on any thread.
#pragma once
#include "columns.hpp"
#include "copy_rows.hpp"
#include "shapes.hpp"
#include "weir/layers.h"
#include <cmath>
#include <memory>
#include <type_traits>
#include <vector>

namespace weir_gdal {

/* One layer, and where each column of the table is among its fields. */
struct Source {
    OGRLayerH layer;
    std::vector<int> fields;            // -1: it has no such field
};

struct DestroyFeature {
    void operator()(OGRFeatureH feature) const { OGR_F_Destroy(feature); }
};
using Feature = std::unique_ptr<std::remove_pointer_t<OGRFeatureH>, DestroyFeature>;

/* Features of one layer, as they were read. */
struct Batch {
    size_t source = 0;                  // its place among the sources
    std::vector<Feature> features;
};

struct Rows {
    CopyRows copy;
    weir_layers_counts counts;
};

constexpr weir_layers_counts nothing_counted = {0, 0, 0, 0, HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
void add(const weir_layers_counts &counts, weir_layers_counts &into);

/* Used by one thread at a time: what changes one reference system into another cannot be shared. */
class RowWriter {
public:
    RowWriter(Kind kind, const std::vector<Column> &columns, const std::vector<Source> &sources);

    Rows write(const Batch &batch);

private:
    void write(OGRFeatureH feature, int field, Type type);
    void write_text(const char *value);
    void write_geometry(OGRFeatureH feature, const Shapes &shapes);

    const Kind kind;
    const std::vector<Column> &columns;
    const std::vector<Source> &sources;
    std::vector<std::unique_ptr<Shapes>> shapes;    // of each source
    std::vector<unsigned char> ewkb;
    Rows rows;
};

} // namespace weir_gdal
