/* statistics.c - a handler in C: counts a text, and emits one item for each of its words. */
#include "weir/handler.h"
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Adds each word of the text, in lower case, to `counts`; the number of words. */
static json_int_t count_words(const char *text, json_t *counts) {
    json_int_t words = 0;
    for (size_t length; *(text += strspn(text, " \t\r\n.,;:!?()\"")); text += length, words++) {
        char word[64];
        length = strcspn(text, " \t\r\n.,;:!?()\"");
        size_t kept = length < sizeof word ? length : sizeof word - 1;
        for (size_t i = 0; i < kept; i++) word[i] = (char)tolower((unsigned char)text[i]);
        word[kept] = 0;
        json_int_t before = json_integer_value(json_object_get(counts, word));
        json_object_set_new(counts, word, json_integer(before + 1));
    }
    return words;
}

static weir_status send(weir_task *task, weir_status (*call)(weir_task *, weir_bytes), json_t *value) {
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    weir_status status = text ? call(task, (weir_bytes){ text, strlen(text) })
                              : task->fail(task, WEIR_FAILED, "a value is not UTF-8, or there is no memory", NULL);
    free(text);
    json_decref(value);
    return status;
}

static weir_status run(weir_task *task) {
    json_t *params = json_loadb(task->params.data, (size_t)task->params.size, 0, NULL), *counts = json_object(), *count;
    const char *text = json_string_value(json_object_get(params, "text")), *word;
    json_int_t words = count_words(text, counts);
    weir_status status = WEIR_OK;
    json_object_foreach(counts, word, count)
        if (status == WEIR_OK) status = send(task, task->emit, json_pack("{s:s, s:O}", "word", word, "count", count));
    if (status == WEIR_OK)
        status = send(task, task->result, json_pack("{s:I, s:I, s:I}", "bytes", (json_int_t)strlen(text), "words", words,
                                                    "distinct", (json_int_t)json_object_size(counts)));
    json_decref(params);
    json_decref(counts);
    return status;
}

static const weir_handler statistics = {
    .struct_size = sizeof(weir_handler), .flags = WEIR_IDEMPOTENT | WEIR_PURE, .name = "text.statistics", .version = "1.0.0",
    .title = "Count a text and each of its words", .run = run,
    .params_schema = "{\"type\":\"object\",\"required\":[\"text\"],\"additionalProperties\":false,"
                     "\"properties\":{\"text\":{\"type\":\"string\"}}}",
    .item_schema = "{\"type\":\"object\",\"required\":[\"word\",\"count\"]}",
};
static const weir_handler *const handlers[] = { &statistics, NULL };
static const weir_plugin plugin = { .struct_size = sizeof(weir_plugin), .magic = WEIR_MAGIC, .minor = WEIR_MINOR,
                                    .id = "org.weir.example.c", .version = "1.0.0", .handlers = handlers };

const weir_plugin *weir_plugin_v1(uint32_t host_minor) { (void)host_minor; return &plugin; }
