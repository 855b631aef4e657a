/* archive.h - what stands in a file of an archive. C11 and C++11. */
#ifndef WEIR_ARCHIVE_H
#define WEIR_ARCHIVE_H
#include "weir/handler.h"
#ifdef __cplusplus
extern "C" {
#endif

/* The text of the first file in the zip, tar or tar.gz at `path` whose name, without its folders, fits `pattern` (* for anything):
 * at most capacity - 1 bytes of it, and a NUL. Between weir_gdal_begin() and weir_gdal_end(). WEIR_NOT_FOUND: there is no such file, or
 * this is no archive; WEIR_FAILED: see weir_gdal_failure(). [task] */
weir_status weir_archive_text(const char *path, const char *pattern, char *into, uint64_t capacity);

#ifdef __cplusplus
}
#endif
#endif
