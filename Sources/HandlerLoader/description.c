#include "channel.h"

static void member(weir_text *json, const char *name, const char *value) {
    weir_text_format(json, ",\"%s\":", name);
    weir_text_add_json_string(json, value);
}

static void names(weir_text *json, const char *name, const char *const *values) {
    weir_text_format(json, ",\"%s\":[", name);
    for (size_t i = 0; values && values[i]; i++) {
        if (i > 0) weir_text_add(json, ",", 1);
        weir_text_add_json_string(json, values[i]);
    }
    weir_text_add(json, "]", 1);
}

static void describe_handler(weir_text *json, const weir_handler *handler) {
    weir_text_format(json, "{\"flags\":%u", handler->flags);
    member(json, "name", handler->name);
    member(json, "version", handler->version);
    member(json, "title", handler->title);
    member(json, "description", handler->description);
    member(json, "params_schema", handler->params_schema);
    member(json, "result_schema", handler->result_schema);
    member(json, "item_schema", handler->item_schema);
    names(json, "services", handler->services);
    names(json, "optional", handler->optional);
    weir_text_format(json, ",\"timeout_ms\":%u,\"memory_mb\":%u,\"has_check\":%s}", handler->timeout_ms, handler->memory_mb,
                     handler->check ? "true" : "false");
}

void weir_describe(const weir_channel *channel, weir_text *json) {
    const weir_plugin *plugin = channel->plugin;
    weir_text_format(json, "{\"minor\":%u,\"needs_minor\":%u", plugin->minor, plugin->needs_minor);
    member(json, "id", plugin->id);
    member(json, "version", plugin->version);
    member(json, "license", plugin->license);
    member(json, "url", plugin->url);
    weir_text_add_string(json, ",\"handlers\":[");
    for (size_t i = 0; i < channel->entry_count; i++) {
        if (i > 0) weir_text_add(json, ",", 1);
        describe_handler(json, channel->entries[i].handler);
    }
    weir_text_add_string(json, "]}");
}
