/* cassets.h - files inside the program. A file is known by its name, as "pgstac.0.10.0.sql" or "migrations/001_jobs.sql". */
#ifndef WEIR_CASSETS_H
#define WEIR_CASSETS_H
#include <stddef.h>

typedef struct weir_asset {
    const char *name;
    const unsigned char *data;          /* lives as long as the program; not ended by a zero byte */
    size_t size;                        /* bytes */
} weir_asset;

/* How many files there are. [any] */
size_t weir_assets_count(void);

/* The file at an index below the count, in order of name inside each folder; NULL from there on. [any] */
const weir_asset *weir_assets_at(size_t index);

#endif
