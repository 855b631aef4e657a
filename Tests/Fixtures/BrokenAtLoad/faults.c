/* faults.c - a library that is wrong before any handler runs. Which fault it has, its file's name says: the tests copy it
 * to magic.so, size.so, minor.so, ... (see choose() below). */
#define _GNU_SOURCE
#include "weir/handler.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static weir_status run(weir_task *task) {
    return task->result(task, (weir_bytes){ "{}", 2 });
}

static weir_status refuse_to_open(const weir_host *host) {
    host->log(host, 3, "the model file is missing");
    return WEIR_NOT_FOUND;
}

static weir_handler first = { .struct_size = sizeof(weir_handler), .name = "fault.run", .version = "1.0.0",
                              .params_schema = "{\"type\":\"object\"}", .run = run };
static weir_handler second = { .struct_size = sizeof(weir_handler), .name = "fault.run", .version = "1.0.0",
                               .params_schema = "{\"type\":\"object\"}", .run = run };
static const weir_handler *one[] = { &first, NULL };
static const weir_handler *two[] = { &first, &second, NULL };
static const weir_handler *none[] = { NULL };
static weir_plugin plugin = { .struct_size = sizeof(weir_plugin), .magic = WEIR_MAGIC, .minor = WEIR_MINOR,
                              .id = "org.weir.fault", .version = "1.0.0", .handlers = one };

static void choose(const char *fault) {
    if (strcmp(fault, "magic.so") == 0) plugin.magic = 0x454C4946u;
    if (strcmp(fault, "size.so") == 0) plugin.struct_size = 24;
    if (strcmp(fault, "handler-size.so") == 0) first.struct_size = 16;
    if (strcmp(fault, "minor.so") == 0) plugin.needs_minor = WEIR_MINOR + 7;
    if (strcmp(fault, "id.so") == 0) plugin.id = NULL;
    if (strcmp(fault, "text.so") == 0) first.title = "caf\xE9";
    if (strcmp(fault, "schema.so") == 0) first.params_schema = "{\"type\": object}";
    if (strcmp(fault, "run.so") == 0) first.run = NULL;
    if (strcmp(fault, "none.so") == 0) plugin.handlers = none;
    if (strcmp(fault, "twice.so") == 0) plugin.handlers = two;
    if (strcmp(fault, "open.so") == 0) plugin.open = refuse_to_open;
    if (strcmp(fault, "crash.so") == 0) abort();
    if (strcmp(fault, "hang.so") == 0)
        for (volatile long forever = 0;; forever++) continue;
}

const weir_plugin *weir_plugin_v1(uint32_t host_minor) {
    static int chosen;
    Dl_info self;
    (void)host_minor;
    if (dladdr(&plugin, &self) == 0) return NULL;
    const char *slash = strrchr(self.dli_fname, '/'), *name = slash ? slash + 1 : self.dli_fname;
    if (strcmp(name, "refuses.so") == 0) return NULL;
    if (!chosen) choose(name);
    chosen = 1;
    return &plugin;
}
