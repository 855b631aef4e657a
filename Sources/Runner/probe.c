#define _GNU_SOURCE
#include "probe.h"
#include "runner.h"
#include <dirent.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "../HandlerLoader/text.h"
#include "weir/handler.h"
#include "weir_sandbox.h"

typedef const weir_plugin *entry_function(uint32_t);

enum { WRONG_ARGUMENTS = 64, LONGEST_TEXT = 1 << 20, MOST_HANDLERS = 4096, LARGEST_STRUCT = 64 << 10 };

static int sink[2];     /* a pipe: writing into it tells whether memory can be read, without a signal */

/* One line at once and unbuffered: what was told before a crash stands. */
__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...) {
    char line[1024];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(line, sizeof line - 1, format, values);
    va_end(values);
    if (size < 0) return;
    if (size > (int)sizeof line - 2) size = sizeof line - 2;
    line[size++] = '\n';
    if (write(STDOUT_FILENO, line, (size_t)size) < 0) _exit(WRONG_ARGUMENTS);
}

static int entries(const char *folder) {
    int count = -3;     /* ".", "..", and the descriptor of this listing or, for tasks, one more to add back */
    DIR *listing = opendir(folder);
    if (!listing) return 0;
    while (readdir(listing)) count++;
    closedir(listing);
    return count;
}

static int threads(void) { return entries("/proc/self/task") + 1; }
static int descriptors(void) { return entries("/proc/self/fd"); }

static uint64_t now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static bool can_read(const void *address, size_t size) {
    const char *at = address, *end = at + size;
    if (!address || end < at) return false;
    while (at < end) {
        char byte;
        if (write(sink[1], at, 1) != 1) return false;
        if (read(sink[0], &byte, 1) != 1) return false;
        const char *next = (const char *)(((uintptr_t)at | 4095) + 1);
        at = next < end || at == end - 1 ? next : end - 1;
    }
    return true;
}

/* The length of a text that ends within memory that can be read; -1: it does not. */
static long text_length(const char *text) {
    for (long size = 0; size < LONGEST_TEXT; size++) {
        if (size == 0 || ((uintptr_t)(text + size) & 4095) == 0)
            if (!can_read(text + size, 1)) return -1;
        if (text[size] == 0) return size;
    }
    return -1;
}

static bool check_text(const char *text, const char *owner, const char *field, bool required) {
    if (!text) {
        if (required) tell("bad %s: %s is NULL.", owner, field);
        return !required;
    }
    long size = text_length(text);
    if (size < 0) tell("bad %s: %s points to no text that ends within 1 MiB.", owner, field);
    else if (weir_utf8_length(text, (size_t)size) != (size_t)size) tell("bad %s: %s is not UTF-8.", owner, field);
    else if (required && size == 0) tell("bad %s: %s is empty.", owner, field);
    else return true;
    return false;
}

static bool check_size(const void *structure, const char *owner, size_t least) {
    uint32_t size;
    if (!can_read(structure, least)) {
        tell("bad %s: points to memory that cannot be read.", owner);
        return false;
    }
    memcpy(&size, structure, sizeof size);
    if (size >= least && size <= LARGEST_STRUCT && size % 8 == 0) return true;
    tell("bad %s: struct_size is %u; at least %zu, at most 65536 and a multiple of 8 is allowed. Set it to sizeof.", owner,
         size, least);
    return false;
}

static void check_services(const char *const *list, const char *owner, const char *field) {
    char name[64];
    if (!list) return;
    for (int i = 0; i < MOST_HANDLERS; i++) {
        if (!can_read(list + i, sizeof *list)) {
            tell("bad %s: %s does not end with NULL.", owner, field);
            return;
        }
        if (!list[i]) return;
        snprintf(name, sizeof name, "%s[%d]", field, i);
        check_text(list[i], owner, name, true);
    }
}

static void check_handler(const weir_handler *handler, int index) {
    char owner[160];
    snprintf(owner, sizeof owner, "handlers[%d]", index);
    if (!check_size(handler, owner, sizeof *handler)) return;
    if (check_text(handler->name, owner, "name", true)) snprintf(owner, sizeof owner, "handler \"%.128s\"", handler->name);
    check_text(handler->version, owner, "version", true);
    check_text(handler->title, owner, "title", false);
    check_text(handler->description, owner, "description", false);
    check_text(handler->params_schema, owner, "params_schema", true);
    check_text(handler->result_schema, owner, "result_schema", false);
    check_text(handler->item_schema, owner, "item_schema", false);
    check_services(handler->services, owner, "services");
    check_services(handler->optional, owner, "optional");
    if (!can_read((const void *)(uintptr_t)handler->run, 1)) tell("bad %s: run is NULL or points nowhere.", owner);
    if (handler->check && !can_read((const void *)(uintptr_t)handler->check, 1)) tell("bad %s: check points nowhere.", owner);
}

static void check_layout(const weir_plugin *plugin) {
    if (!check_size(plugin, "plugin", sizeof *plugin)) return;
    if (plugin->magic != WEIR_MAGIC) tell("bad plugin: magic is 0x%08x; set it to WEIR_MAGIC.", plugin->magic);
    check_text(plugin->id, "plugin", "id", true);
    check_text(plugin->version, "plugin", "version", true);
    check_text(plugin->license, "plugin", "license", false);
    check_text(plugin->url, "plugin", "url", false);
    if (plugin->open && !can_read((const void *)(uintptr_t)plugin->open, 1)) tell("bad plugin: open points nowhere.");
    if (plugin->close && !can_read((const void *)(uintptr_t)plugin->close, 1)) tell("bad plugin: close points nowhere.");
    for (int i = 0; i < MOST_HANDLERS; i++) {
        if (!can_read(plugin->handlers + i, sizeof *plugin->handlers)) {
            tell("bad plugin: handlers does not end with NULL.");
            return;
        }
        if (!plugin->handlers[i]) {
            if (i == 0) tell("bad plugin: it has no handlers.");
            return;
        }
        check_handler(plugin->handlers[i], i);
    }
}

static void *call_elsewhere(void *entry) { return (void *)((entry_function *)(uintptr_t)entry)(WEIR_MINOR); }

static void probe_entry(entry_function *entry) {
    pthread_t thread;
    void *elsewhere = NULL;
    struct mallinfo2 before = mallinfo2();
    int threads_before = threads(), descriptors_before = descriptors();
    uint64_t start = now_us();
    const weir_plugin *first = entry(WEIR_MINOR);
    tell("entry_us %llu", (unsigned long long)(now_us() - start));
    struct mallinfo2 between = mallinfo2();
    const weir_plugin *second = entry(WEIR_MINOR);
    struct mallinfo2 after = mallinfo2();
    tell("threads %d", threads() - threads_before);
    tell("descriptors %d", descriptors() - descriptors_before);
    tell("first_heap %lld", (long long)between.uordblks - (long long)before.uordblks);
    tell("second_heap %lld", (long long)after.uordblks - (long long)between.uordblks);
    if (!first) tell("bad weir_plugin_v1 returns NULL: it refuses this weir.");
    if (first != second) tell("bad weir_plugin_v1 returns another pointer when it is called again.");
    if (pthread_create(&thread, NULL, call_elsewhere, (void *)(uintptr_t)entry) != 0) return;
    pthread_join(thread, &elsewhere);
    if (elsewhere != first) tell("bad weir_plugin_v1 returns another pointer on another thread.");
}

static bool give_up_rights(int count, char **user) {
    struct rlimit none = {0, 0}, seconds = {20, 20};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_CPU, &seconds);
    if (count == 2 && runner_become((unsigned)strtoul(user[0], NULL, 10), (unsigned)strtoul(user[1], NULL, 10)) != 0)
        return false;
    if (weir_no_new_privileges() == 0) weir_refuse_calls(1);
    return true;
}

int weir_probe(int count, char **arguments) {
    if (count < 2 || pipe(sink) != 0 || !give_up_rights(count - 2, arguments + 2)) return WRONG_ARGUMENTS;
    const char *step = arguments[0];
    int threads_before = threads(), descriptors_before = descriptors();
    uint64_t start = now_us();
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    uint64_t end = now_us();
    if (!library) {
        tell("bad dlopen: %s", dlerror());
        tell("done 1");
        return 0;
    }
    entry_function *entry = (entry_function *)(uintptr_t)dlsym(library, "weir_plugin_v1");
    if (strcmp(step, "load") == 0) {
        tell("load_us %llu", (unsigned long long)(end - start));
        tell("threads %d", threads() - threads_before);
        tell("descriptors %d", descriptors() - descriptors_before);
    } else if (!entry) {
        tell("bad it does not export weir_plugin_v1.");
    } else if (strcmp(step, "entry") == 0) {
        probe_entry(entry);
    } else if (strcmp(step, "layout") == 0) {
        const weir_plugin *plugin = entry(WEIR_MINOR);
        if (plugin) check_layout(plugin);
        else tell("bad weir_plugin_v1 returns NULL: it refuses this weir.");
    } else if (strncmp(step, "version=", 8) == 0) {
        const weir_plugin *plugin = entry((uint32_t)strtoul(step + 8, NULL, 10));
        tell("plugin %d", plugin != NULL);
        if (plugin && can_read(plugin, sizeof *plugin)) tell("needs_minor %u", plugin->needs_minor);
    }
    tell("done 1");
    fflush(NULL);
    _exit(0);       /* no destructors: the plugin is never unloaded */
}
