#define _GNU_SOURCE
#include "channel.h"
#include <string.h>

static const void *service(weir_task *task, const char *id) {
    weir_attempt *attempt = (weir_attempt *)task;
    uint32_t bit = id ? weir_service_bit(id, strlen(id)) : 0;
    return bit & attempt->granted ? weir_service_table(bit) : NULL;
}

static weir_status result(weir_task *task, weir_bytes json) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_status status = weir_enter(attempt, 0, "result");
    size_t at;
    if (status != WEIR_OK) return status;
    const char *problem = json.size <= WEIR_MAX_ITEM && json.data ? weir_json_problem(json.data, (size_t)json.size, &at) : NULL;
    if (json.size > WEIR_MAX_ITEM) {
        status = weir_refuse(attempt, "result", WEIR_TOO_LARGE, "result: it has %llu bytes, at most 1 MiB is allowed",
                             (unsigned long long)json.size);
    } else if (!json.data) {
        status = weir_refuse(attempt, "result", WEIR_MISUSE, "result: it is NULL");
    } else if (problem) {
        status = weir_refuse(attempt, "result", WEIR_MISUSE, "result: not a JSON value: %s, at byte %zu", problem, at);
    } else {
        pthread_mutex_lock(&attempt->keeping);
        weir_text_clear(&attempt->result);
        weir_text_add_line(&attempt->result, json.data, (size_t)json.size);
        attempt->has_result = true;
        pthread_mutex_unlock(&attempt->keeping);
    }
    attempt->refused = status;
    weir_leave(attempt);
    return status;
}

enum { MOST_MESSAGE = 64 << 10 };

static weir_status fail(weir_task *task, weir_status code, const char *message, const char *details) {
    weir_attempt *attempt = (weir_attempt *)task;
    size_t at, size = message ? strnlen(message, MOST_MESSAGE) : 0;
    if (weir_enter(attempt, 0, "fail") != WEIR_OK) return code;
    bool has_details = details && strlen(details) <= WEIR_MAX_ITEM && !weir_json_problem(details, strlen(details), &at);
    if (details && !has_details)
        weir_send_log(attempt->channel, attempt->number, 2, "fail(): the details are not a JSON value of at most 1 MiB; "
                                                             "they were left out", NULL);
    pthread_mutex_lock(&attempt->keeping);
    weir_text_clear(&attempt->message);
    weir_text_add(&attempt->message, message, size);
    weir_text_clear(&attempt->details);
    if (has_details) weir_text_add_line(&attempt->details, details, strlen(details));
    attempt->has_details = has_details;
    pthread_mutex_unlock(&attempt->keeping);
    weir_leave(attempt);
    return code;
}

void weir_task_functions(weir_task *task) {
    task->service = service;
    task->emit = weir_task_emit;
    task->reject = weir_task_reject;
    task->result = result;
    task->fail = fail;
    task->release = weir_task_release;
    task->last_error = weir_task_last_error;
}
