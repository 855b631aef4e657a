#define _GNU_SOURCE
#include "channel.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_STRUCT = 64 << 10, NEWEST_KNOWN_MAJOR = 9 };
static const char rebuild[] = "\nRebuild it against Sources/HandlerABI/include/weir/handler.h, or update weir.";

typedef const weir_plugin *(*entry_function)(uint32_t);

static bool say_missing_entry(void *library, const char *name, weir_text *why) {
    for (int major = 2; major <= NEWEST_KNOWN_MAJOR; major++) {
        char symbol[24];
        snprintf(symbol, sizeof symbol, "weir_plugin_v%d", major);
        if (!dlsym(library, symbol)) continue;
        weir_text_format(why, "%s: exports %s only, this weir speaks version 1.%s", name, symbol, rebuild);
        return false;
    }
    weir_text_format(why, "%s: exports no function weir_plugin_v1, so it is not a handler library.\n"
                          "Define it with WEIR_EXPORT, and check that no version script hides it.", name);
    return false;
}

static bool has_size(weir_text *why, const char *name, const char *what, uint32_t given, size_t least) {
    if (given >= least && given <= LARGEST_STRUCT && given % 8 == 0) return true;
    weir_text_format(why, "%s: %s has struct_size %u, version 1.0 has %zu.\nSet it to sizeof(%s).", name, what, given, least,
                     strncmp(what, "handler", 7) == 0 ? "weir_handler" : "weir_plugin");
    return false;
}

static bool has_text(weir_text *why, const char *name, const char *owner, const char *field, const char *text, bool needed) {
    if (!text && !needed) return true;
    if (text && (*text || !needed) && weir_utf8_length(text, strlen(text)) == strlen(text)) return true;
    weir_text_format(why, "%s: %s: %s is %s.", name, owner, field, !text ? "NULL" : *text ? "not UTF-8" : "empty");
    return false;
}

static bool has_schema(weir_text *why, const char *name, const char *owner, const char *field, const char *schema, bool needed) {
    size_t at;
    if (!has_text(why, name, owner, field, schema, needed)) return false;
    const char *problem = schema ? weir_json_problem(schema, strlen(schema), &at) : NULL;
    if (!problem) return true;
    weir_text_format(why, "%s: %s: %s is not JSON: %s, at byte %zu.", name, owner, field, problem, at);
    return false;
}

static uint32_t bits(const char *const *ids) {
    uint32_t all = 0;
    for (; ids && *ids; ids++) all |= weir_service_bit(*ids, strlen(*ids));
    return all;
}

static bool check_handler(weir_text *why, const char *name, const weir_handler *handler, size_t index) {
    char owner[300];
    snprintf(owner, sizeof owner, "handlers[%zu]", index);
    if (!has_size(why, name, owner, handler->struct_size, sizeof(weir_handler))) return false;
    if (!has_text(why, name, owner, "name", handler->name, true)) return false;
    snprintf(owner, sizeof owner, "handler %s", handler->name);
    if (!has_text(why, name, owner, "version", handler->version, true)
        || !has_text(why, name, owner, "title", handler->title, false)
        || !has_text(why, name, owner, "description", handler->description, false)
        || !has_schema(why, name, owner, "params_schema", handler->params_schema, true)
        || !has_schema(why, name, owner, "result_schema", handler->result_schema, false)
        || !has_schema(why, name, owner, "item_schema", handler->item_schema, false)) return false;
    if (handler->run) return true;
    weir_text_format(why, "%s: %s: run is NULL.", name, owner);
    return false;
}

static bool list_handlers(weir_channel *channel, const char *name, weir_text *why) {
    const weir_handler *const *all = channel->plugin->handlers;
    size_t count = 0;
    while (all && all[count]) count++;
    channel->entries = weir_allocate(count * sizeof *channel->entries);
    for (size_t i = 0; i < count; i++) {
        if (!check_handler(why, name, all[i], i)) return false;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(all[i]->name, all[j]->name) != 0 || strcmp(all[i]->version, all[j]->version) != 0) continue;
            weir_text_format(why, "%s: handlers[%zu] and handlers[%zu] are both %s %s.", name, j, i, all[i]->name, all[i]->version);
            return false;
        }
        uint32_t required = bits(all[i]->services);
        channel->entries[i] = (weir_entry){ all[i], required | bits(all[i]->optional), required };
    }
    channel->entry_count = count;
    if (count > 0) return true;
    weir_text_format(why, "%s: the plugin has no handlers.", name);
    return false;
}

static bool check_plugin(weir_channel *channel, const char *name, weir_text *why) {
    const weir_plugin *plugin = channel->plugin;
    if (!has_size(why, name, "the plugin", plugin->struct_size, sizeof(weir_plugin))) return false;
    if (plugin->magic != WEIR_MAGIC) {
        weir_text_format(why, "%s: the plugin's magic is 0x%08x, not WEIR_MAGIC (0x%08x).", name, plugin->magic, WEIR_MAGIC);
        return false;
    }
    if (plugin->needs_minor > WEIR_MINOR) {
        weir_text_format(why, "%s: it needs minor %u of the handler ABI, this weir has %u.\nUpdate weir, or lower needs_minor.",
                         name, plugin->needs_minor, WEIR_MINOR);
        return false;
    }
    return has_text(why, name, "the plugin", "id", plugin->id, true)
        && has_text(why, name, "the plugin", "version", plugin->version, true)
        && has_text(why, name, "the plugin", "license", plugin->license, false)
        && has_text(why, name, "the plugin", "url", plugin->url, false)
        && list_handlers(channel, name, why);
}

static bool open_plugin(weir_channel *channel, const char *name, weir_text *why) {
    weir_status status = channel->plugin->open ? channel->plugin->open(&channel->host) : WEIR_OK;
    if (status == WEIR_OK) return true;
    weir_text_format(why, "%s: open() returned status %d.\nIts configuration or what it logged says why.", name, status);
    return false;
}

bool weir_library_load(weir_channel *channel, weir_text *why) {
    const char *path = channel->hello.library ? channel->hello.library : "";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    entry_function entry;
    if (path[0] != '/') {
        weir_text_format(why, "%s: the library is not given by an absolute path.", path);
        return false;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        weir_text_format(why, "%s: it cannot be loaded: %s", name, dlerror());
        return false;
    }
    void *symbol = dlsym(library, "weir_plugin_v1");
    if (!symbol) return say_missing_entry(library, name, why);
    memcpy(&entry, &symbol, sizeof entry);
    channel->plugin = entry(WEIR_MINOR);
    if (!channel->plugin) {
        weir_text_format(why, "%s: weir_plugin_v1(%u) returned NULL: it refuses this weir.%s", name, WEIR_MINOR, rebuild);
        return false;
    }
    return check_plugin(channel, name, why) && open_plugin(channel, name, why);
}
