/* broken.h - handlers that misbehave, each in one way. */
#ifndef BROKEN_H
#define BROKEN_H
#include "weir/handler.h"

#ifdef __cplusplus
extern "C" {
#endif
/* A whole number or a plain string of the params, without nesting or escapes; otherwise the default. */
long broken_number(const weir_task *, const char *name, long otherwise);
const char *broken_text(const weir_task *, const char *name, char *into, size_t capacity);

/* crashes.c */
weir_status broken_segfault(weir_task *), broken_picky(weir_task *), broken_abort(weir_task *), broken_exit(weir_task *),
    broken_stack(weir_task *), broken_spin(weir_task *), broken_hog(weir_task *), broken_child(weir_task *),
    broken_afterwards(weir_task *);
/* throws.cpp */
weir_status broken_throw(weir_task *);
/* protocol.c */
weir_status broken_close_all(weir_task *), broken_garbage(weir_task *), broken_forged(weir_task *), broken_late(weir_task *);
/* answers.c */
weir_status broken_large_result(weir_task *), broken_bad_json(weir_task *), broken_bad_utf8(weir_task *),
    broken_deep_json(weir_task *), broken_status(weir_task *), broken_emit_after_fail(weir_task *), broken_print(weir_task *),
    broken_mess(weir_task *), broken_bad_item(weir_task *), broken_flood(weir_task *);
/* thief.c */
weir_status broken_thief(weir_task *);
#ifdef __cplusplus
}
#endif
#endif
