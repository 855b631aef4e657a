/* Regular expressions whose cost is linear in the text, whatever the pattern: a C face over RE2. */
#ifndef CREGEX_H
#define CREGEX_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cregex cregex;

/* Compiles `length` bytes of UTF-8 in RE2's syntax, within `max_memory` bytes. NULL when that fails: then `error`, of
 * `error_size` bytes, holds why, as text with its end. The caller frees the result. [any] */
cregex *cregex_compile(const char *pattern, size_t length, size_t max_memory, char *error, size_t error_size);

/* Whether the pattern is found anywhere in `length` bytes of UTF-8. May be called on many threads at once. [any] */
bool cregex_matches(const cregex *regex, const char *text, size_t length);

/* Frees what cregex_compile gave; NULL is allowed. [any] */
void cregex_free(cregex *regex);

#ifdef __cplusplus
}
#endif

#endif
