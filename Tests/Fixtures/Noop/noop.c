/* noop.c - handlers that do next to nothing, for the tests and benchmarks of what surrounds a handler. */
#define _GNU_SOURCE
#include "weir/handler.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* The whole number after "name": in the params; they are already valid, and these handlers have no nested ones. */
static long number(const weir_task *task, const char *name, long otherwise) {
    const char *at = memmem(task->params.data, (size_t)task->params.size, name, strlen(name));
    const char *end = (const char *)task->params.data + task->params.size;
    if (!at) return otherwise;
    for (at += strlen(name); at < end && (*at == '"' || *at == ' ' || *at == ':');) at++;
    long value = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
    return value;
}

static weir_status run_noop(weir_task *task) {
    return task->result(task, (weir_bytes){ "{}", 2 });
}

static weir_status run_echo(weir_task *task) {
    return task->result(task, task->params);
}

/* Items {"n":number,"pad":"xxx..."} of `size` bytes, or as short as the number allows. */
static weir_status run_emit(weir_task *task) {
    long count = number(task, "\"count\"", 1), size = number(task, "\"size\"", 0);
    size_t room = (size_t)(size > 64 ? size : 64);
    char *item = malloc(room);
    weir_status status = item ? WEIR_OK : task->fail(task, WEIR_RETRY, "no memory for an item", NULL);
    if (item) memset(item, 'x', room);
    for (long n = 0; n < count && status == WEIR_OK; n++) {
        char digits[24], *first = digits + sizeof digits;
        long rest = n;
        do *--first = (char)('0' + rest % 10);
        while ((rest /= 10) > 0);
        size_t length = (size_t)(digits + sizeof digits - first);
        memcpy(item, "{\"n\":", 5);
        memcpy(item + 5, first, length);
        memcpy(item + 5 + length, ",\"pad\":\"", 8);
        size_t used = 13 + length, total = used + 2 > (size_t)size ? used + 2 : (size_t)size;
        memcpy(item + total - 2, "\"}", 2);
        status = task->emit(task, (weir_bytes){ item, total });
        memset(item + total - 2, 'x', 2);
    }
    free(item);
    return status;
}

/* Sleeps `ms`, or until it is cancelled. */
static weir_status run_sleep(weir_task *task) {
    const weir_cancel *cancel = task->service(task, WEIR_CANCEL);
    struct pollfd watched = { .fd = cancel ? cancel->fd(task) : -1, .events = POLLIN };
    poll(&watched, 1, (int)number(task, "\"ms\"", 0));
    return cancel && cancel->requested(task) ? WEIR_CANCELLED : WEIR_OK;
}

/* Rejects `count` elements. */
static weir_status run_reject(weir_task *task) {
    weir_status status = WEIR_OK;
    for (long n = number(task, "\"count\"", 1); n > 0 && status == WEIR_OK; n--)
        status = task->reject(task, "element", WEIR_FAILED, "rejected as asked", "{\"pointer\":\"/count\"}");
    return status;
}

static const char any_object[] = "{\"type\":\"object\"}";
static const char *const cancel_only[] = { WEIR_CANCEL, NULL };

#define HANDLER(id, function, items, needs)                                                                              \
    { .struct_size = sizeof(weir_handler), .flags = WEIR_IDEMPOTENT, .name = id, .version = "1.0.0",                     \
      .params_schema = any_object, .item_schema = items, .optional = needs, .run = function }

static const weir_handler noop = HANDLER("noop.run", run_noop, NULL, NULL);
static const weir_handler echo = HANDLER("noop.echo", run_echo, NULL, NULL);
static const weir_handler emit = HANDLER("noop.emit", run_emit, any_object, NULL);
static const weir_handler nap = HANDLER("noop.sleep", run_sleep, NULL, cancel_only);
static const weir_handler reject = HANDLER("noop.reject", run_reject, NULL, NULL);
static const weir_handler *const handlers[] = { &noop, &echo, &emit, &nap, &reject, NULL };

static const weir_plugin plugin = {
    .struct_size = sizeof(weir_plugin), .magic = WEIR_MAGIC, .minor = WEIR_MINOR, .needs_minor = 0,
    .id = "org.weir.noop", .version = "1.0.0", .handlers = handlers,
};

const weir_plugin *weir_plugin_v1(uint32_t host_minor) {
    (void)host_minor;
    return &plugin;
}
