#define _GNU_SOURCE
#include "channel.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One a thread: what its last failed call to the host had to say. */
typedef struct thread_error {
    const weir_channel *channel;
    uint64_t attempt;
    weir_status status;
    weir_text json;
} thread_error;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget(void *record) {
    weir_text_free(&((thread_error *)record)->json);
    free(record);
}

static void make_key(void) {
    if (pthread_key_create(&key, forget) != 0) abort();      /* only when a plugin has used up all 1024 */
}

static thread_error *record_for(const weir_attempt *attempt, weir_status status) {
    pthread_once(&once, make_key);
    thread_error *record = pthread_getspecific(key);
    if (!record) {
        record = weir_allocate(sizeof *record);
        record->json = (weir_text){ NULL, 0, 0 };
        pthread_setspecific(key, record);
    }
    record->channel = attempt->channel;
    record->attempt = attempt->number;
    record->status = status;
    weir_text_clear(&record->json);
    return record;
}

static void compose(weir_text *json, const char *call, weir_status status, const char *message, size_t size) {
    weir_text_add_string(json, "{\"call\":");
    weir_text_add_json_string(json, call);
    weir_text_format(json, ",\"status\":%d,\"message\":", status);
    weir_text_add_json(json, message, size);
    weir_text_add_string(json, "}");
}

weir_status weir_refuse(weir_attempt *attempt, const char *call, weir_status status, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (size < 0) size = 0;
    if ((size_t)size >= sizeof message) size = sizeof message - 1;
    compose(&record_for(attempt, status)->json, call, status, message, (size_t)size);
    return status;
}

void weir_keep_error(weir_attempt *attempt, const char *call, weir_status status, const char *json, size_t size) {
    static const char unexplained[] = "the host gave no reason";
    thread_error *record = record_for(attempt, status);
    if (json && size > 0) weir_text_add(&record->json, json, size);
    else compose(&record->json, call, status, unexplained, sizeof unexplained - 1);
}

bool weir_error_of_thread(const weir_attempt *attempt, weir_status *status, weir_span *json) {
    pthread_once(&once, make_key);
    const thread_error *record = pthread_getspecific(key);
    if (!record || record->channel != attempt->channel || record->attempt != attempt->number) return false;
    *status = record->status;
    *json = (weir_span){ record->json.data, record->json.size };
    return true;
}
