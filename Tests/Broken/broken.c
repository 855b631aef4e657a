#define _GNU_SOURCE
#include "broken.h"
#include <stdio.h>
#include <string.h>

static const char *after(const weir_task *task, const char *name) {
    char quoted[80];
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *at = memmem(task->params.data, (size_t)task->params.size, quoted, strlen(quoted));
    return at ? at + strlen(quoted) : NULL;
}

long broken_number(const weir_task *task, const char *name, long otherwise) {
    const char *at = after(task, name), *end = (const char *)task->params.data + task->params.size;
    if (!at) return otherwise;
    while (at < end && (*at == ' ' || *at == ':')) at++;
    long value = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
    return value;
}

const char *broken_text(const weir_task *task, const char *name, char *into, size_t capacity) {
    const char *at = after(task, name), *end = (const char *)task->params.data + task->params.size;
    size_t used = 0;
    if (!at) return NULL;
    while (at < end && *at != '"') at++;
    for (at++; at < end && *at != '"' && used + 1 < capacity; at++)
        if (*at != '\\') into[used++] = *at;           /* "\/" is all that a path may need */
    into[used] = 0;
    return into;
}

static const char any_object[] = "{\"type\":\"object\"}";

#define HANDLER(id, items, flag)                                                                                         \
    static const weir_handler handler_##id = {                                                                           \
        .struct_size = sizeof(weir_handler), .flags = flag, .name = "broken." #id, .version = "1.0.0",                   \
        .params_schema = any_object, .item_schema = items, .run = broken_##id                                            \
    };

HANDLER(segfault, NULL, WEIR_IDEMPOTENT)
HANDLER(picky, NULL, WEIR_IDEMPOTENT)
HANDLER(abort, NULL, WEIR_IDEMPOTENT)
HANDLER(exit, NULL, WEIR_IDEMPOTENT)
HANDLER(stack, NULL, WEIR_IDEMPOTENT)
HANDLER(spin, NULL, WEIR_IDEMPOTENT)
HANDLER(hog, NULL, WEIR_IDEMPOTENT)
HANDLER(child, NULL, 0)
HANDLER(afterwards, NULL, WEIR_IDEMPOTENT)
HANDLER(throw, NULL, WEIR_IDEMPOTENT)
HANDLER(close_all, NULL, WEIR_IDEMPOTENT)
HANDLER(garbage, NULL, WEIR_IDEMPOTENT)
HANDLER(forged, NULL, WEIR_IDEMPOTENT)
HANDLER(late, any_object, WEIR_IDEMPOTENT)
HANDLER(large_result, NULL, WEIR_IDEMPOTENT)
HANDLER(bad_json, NULL, WEIR_IDEMPOTENT)
HANDLER(bad_utf8, NULL, WEIR_IDEMPOTENT)
HANDLER(deep_json, NULL, WEIR_IDEMPOTENT)
HANDLER(bad_item, any_object, WEIR_IDEMPOTENT)
HANDLER(flood, any_object, WEIR_IDEMPOTENT)
HANDLER(status, NULL, WEIR_IDEMPOTENT)
HANDLER(emit_after_fail, any_object, WEIR_IDEMPOTENT)
HANDLER(print, NULL, WEIR_IDEMPOTENT)
HANDLER(mess, NULL, WEIR_IDEMPOTENT)
HANDLER(thief, NULL, WEIR_IDEMPOTENT)

static const weir_handler *const handlers[] = {
    &handler_segfault, &handler_picky, &handler_abort, &handler_exit, &handler_stack, &handler_spin, &handler_hog, &handler_child,
    &handler_afterwards, &handler_throw, &handler_close_all, &handler_garbage, &handler_forged, &handler_late, &handler_large_result,
    &handler_bad_json, &handler_bad_utf8, &handler_deep_json, &handler_bad_item, &handler_flood, &handler_status,
    &handler_emit_after_fail, &handler_print, &handler_mess, &handler_thief, NULL,
};

static const weir_plugin plugin = {
    .struct_size = sizeof(weir_plugin), .magic = WEIR_MAGIC, .minor = WEIR_MINOR, .needs_minor = 0,
    .id = "org.weir.broken", .version = "1.0.0", .handlers = handlers,
};

const weir_plugin *weir_plugin_v1(uint32_t host_minor) {
    (void)host_minor;
    return &plugin;
}
