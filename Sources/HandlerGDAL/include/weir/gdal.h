/* gdal.h - GDAL for handlers: the objects of weir.storage/1 as files, /vsiweir/CONTAINER/KEY. C11 and C++11.
 *
 * A handler calls weir_gdal_begin() first and weir_gdal_end() last, and between them opens whatever GDAL and OGR can read:
 * "/vsiweir/bronze/a.tif", "/vsizip//vsiweir/bronze/countries.zip". Ranges are read as they are needed, through the host,
 * so no key and no connection enters the plugin. Objects are read only: write to the task's scratch, then copy.
 */
#ifndef WEIR_GDAL_H
#define WEIR_GDAL_H
#include "weir/handler.h"
#ifdef __cplusplus
extern "C" {
#endif

/* Lends the task to GDAL; registers GDAL's drivers the first time. WEIR_DENIED without weir.storage/1. With weir.cancel/1 a
 * cancelled task's reads fail at once; with weir.log/1 GDAL's warnings become lines of the task. [task] */
weir_status weir_gdal_begin(weir_task *task);

/* Takes the task back. What GDAL still has open reads nothing any more; close it before. [task] */
void weir_gdal_end(void);

/* Why GDAL failed, in one status: what the host said of an object if that is behind it (so a store that is busy gives a
 * status of class 1, a cancelled task WEIR_CANCELLED), else WEIR_FAILED with GDAL's own words. Returns what task->fail()
 * returns: return weir_gdal_fail(task, "cannot open bronze/a.tif"). [task] */
weir_status weir_gdal_fail(weir_task *task, const char *what);

/* The same without task->fail(): `message` is filled with text that ends with NUL. For callers in other languages. [task] */
weir_status weir_gdal_failure(const char *what, char *message, size_t size);

/* What was asked of the host since weir_gdal_begin(): calls, and bytes that came by ranges; a container whose files the
 * host lends by descriptor costs one call an object and no bytes. [task] */
typedef struct weir_gdal_traffic { uint64_t calls, bytes, descriptors; } weir_gdal_traffic; /* frozen */
weir_gdal_traffic weir_gdal_traffic_now(void);

#ifdef __cplusplus
}
#endif
#endif
