/* next_major.c - a plugin of a major version that is not there yet. */
#include "weir/handler.h"

WEIR_EXPORT const void *weir_plugin_v2(uint32_t host_minor);

const void *weir_plugin_v2(uint32_t host_minor) {
    (void)host_minor;
    return NULL;
}
