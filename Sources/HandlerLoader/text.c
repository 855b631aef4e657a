#define _GNU_SOURCE
#include "text.h"
#include "handler_loader.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *weir_allocate(size_t size) {
    return weir_reallocate(NULL, size);
}

void *weir_reallocate(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);
    if (memory) return memory;
    static const char why[] = "weir-runner: no memory is left for a frame to the host\n";
    if (write(STDERR_FILENO, why, sizeof why - 1) < 0) _exit(WEIR_SERVED_MEMORY);
    _exit(WEIR_SERVED_MEMORY);
}

void weir_text_reserve(weir_text *text, size_t more) {
    size_t needed = text->size + more;
    if (needed <= text->capacity) return;
    size_t doubled = text->capacity * 2 < 256 ? 256 : text->capacity * 2;
    text->capacity = doubled > needed ? doubled : needed;
    text->data = weir_reallocate(text->data, text->capacity);
}

void weir_text_add(weir_text *text, const void *data, size_t size) {
    if (size == 0) return;
    weir_text_reserve(text, size);
    memcpy(text->data + text->size, data, size);
    text->size += size;
}

void weir_text_add_string(weir_text *text, const char *string) {
    weir_text_add(text, string, strlen(string));
}

void weir_text_format(weir_text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size > 0) {
        weir_text_reserve(text, (size_t)size + 1);
        vsnprintf(text->data + text->size, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
}

static void add_escaped(weir_text *text, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    char long_form[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
    char short_form[2] = { '\\', (char)c };
    switch (c) {
    case '"': case '\\': break;
    case '\n': short_form[1] = 'n'; break;
    case '\r': short_form[1] = 'r'; break;
    case '\t': short_form[1] = 't'; break;
    default: weir_text_add(text, long_form, sizeof long_form); return;
    }
    weir_text_add(text, short_form, sizeof short_form);
}

void weir_text_add_json(weir_text *text, const char *data, size_t size) {
    size_t valid = weir_utf8_length(data, size);
    weir_text_reserve(text, size + 2);
    weir_text_add(text, "\"", 1);
    for (size_t i = 0; i < size;) {
        if (i == valid) {
            weir_text_add(text, "\xEF\xBF\xBD", 3);
            i++;
            valid = i + weir_utf8_length(data + i, size - i);
            continue;
        }
        size_t from = i;
        while (i < valid && (unsigned char)data[i] >= 0x20 && data[i] != '"' && data[i] != '\\') i++;
        weir_text_add(text, data + from, i - from);
        if (i < valid) add_escaped(text, (unsigned char)data[i++]);
    }
    weir_text_add(text, "\"", 1);
}

void weir_text_add_json_string(weir_text *text, const char *string) {
    if (string) weir_text_add_json(text, string, strlen(string));
    else weir_text_add(text, "null", 4);
}

void weir_text_add_number(weir_text *text, double value) {
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
    }
    for (char *c = digits; *c; c++)
        if (*c == ',') *c = '.';
    weir_text_add_string(text, digits);
}

void weir_text_add_line(weir_text *text, const void *json, size_t size) {
    weir_text_reserve(text, size);
    char *line = text->data + text->size, *end = line + size;
    memcpy(line, json, size);
    text->size += size;
    for (char *at = line; (at = memchr(at, '\n', (size_t)(end - at))) != NULL;) *at++ = ' ';
    for (char *at = line; (at = memchr(at, '\r', (size_t)(end - at))) != NULL;) *at++ = ' ';
}

void weir_text_clear(weir_text *text) {
    text->size = 0;
}

void weir_text_free(weir_text *text) {
    free(text->data);
    *text = (weir_text){ NULL, 0, 0 };
}
