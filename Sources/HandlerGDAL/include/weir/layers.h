/* layers.h - the layers of a vector source as the rows of one table, in the bytes of PostgreSQL's binary COPY. C11 and C++11.
 *
 * Between weir_gdal_begin() and weir_gdal_end(). Geometries come in EPSG:4326, flat, valid, and of one kind; text is UTF-8; names of
 * columns are in small letters, and columns of layers that differ in case or width are one. As many threads as the task may have
 * (task->threads) read and make rows ahead of the caller, a few thousand at most; their order is that of the source.
 */
#ifndef WEIR_LAYERS_H
#define WEIR_LAYERS_H
#include "weir/handler.h"
#ifdef __cplusplus
extern "C" {
#endif

typedef struct weir_layers weir_layers;

/* What was met while rows were read. */
typedef struct weir_layers_counts { /* frozen */
    uint64_t rows, mended, emptied, recoded;    /* mended: invalid geometries made valid; emptied: without one of the kind asked for */
    double west, south, east, north;            /* of all geometries; west > east: there was none */
} weir_layers_counts;

/* Opens `path`, which may be a zip, tar or tar.gz, and one with zips in it: all sources in it, after a look at what it holds. patterns:
 * NULL-terminated names of layers, * for anything; none: every layer. geometry: "point", "multipoint", "multilinestring",
 * "multipolygon" or "any". types: NULL-terminated "column=type" for columns whose type sources do not agree on, or NULL. NULL after
 * a failure: see weir_gdal_failure(). [task] */
weir_layers *weir_layers_open(const char *path, const char *const *patterns, const char *geometry, const char *const *types);

/* A JSON array of {"name","type"}, types as PostgreSQL names them; the last are "geom" and "row_hash", which is the same for
 * rows that are alike. Lives as long as the layers. [task] */
const char *weir_layers_columns(const weir_layers *);

/* Fills `into` with whole rows, at most `capacity` bytes; got 0: the end. A row that does not fit: WEIR_TOO_LARGE, with the room that
 * it needs in got. The bytes of all calls, one after the other, are the data of one COPY ... (FORMAT binary). [task] */
weir_status weir_layers_read(weir_layers *, void *into, uint64_t capacity, uint64_t *got);

weir_layers_counts weir_layers_counted(const weir_layers *);
void weir_layers_close(weir_layers *);

#ifdef __cplusplus
}
#endif
#endif
