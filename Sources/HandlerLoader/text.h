/* text.h - bytes that grow, JSON as text, and memory that run() may keep. */
#ifndef WEIR_TEXT_H
#define WEIR_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct weir_text { char *data; size_t size, capacity; } weir_text;

/* As malloc and realloc, but a process without memory for a frame exits with WEIR_SERVED_MEMORY. */
void *weir_allocate(size_t size);
void *weir_reallocate(void *old, size_t size);

void weir_text_reserve(weir_text *, size_t more);
void weir_text_add(weir_text *, const void *data, size_t size);
void weir_text_add_string(weir_text *, const char *);
void weir_text_format(weir_text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. NULL: null. */
void weir_text_add_json(weir_text *, const char *data, size_t size);
void weir_text_add_json_string(weir_text *, const char *);
/* The shortest JSON number that reads back as `value`, whatever the locale. */
void weir_text_add_number(weir_text *, double value);
/* One JSON value as one line: raw newlines become spaces. */
void weir_text_add_line(weir_text *, const void *json, size_t size);
void weir_text_clear(weir_text *);
void weir_text_free(weir_text *);

/* NULL if `data` is one RFC 8259 value in UTF-8, at most 512 levels deep; else what is wrong, and at which byte. */
const char *weir_json_problem(const void *data, size_t size, size_t *at);
bool weir_is_json_object(const char *text);
/* How many bytes from the start are valid UTF-8. */
size_t weir_utf8_length(const void *data, size_t size);
#endif
