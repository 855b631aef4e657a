#include "channel.h"
#include <string.h>

/* Sends what is gathered, once the host has made enough of the earlier ones durable. Under attempt->emitting. */
static weir_status send_lines(weir_attempt *attempt, weir_emission *emission) {
    weir_channel *channel = attempt->channel;
    weir_status status = WEIR_OK;
    size_t size = emission->lines.size;
    pthread_mutex_lock(&channel->lock);
    while (status == WEIR_OK && attempt->uncredited > 0 && attempt->uncredited + size > WEIR_WINDOW) {
        weir_waiter waiter = { .wake = PTHREAD_COND_INITIALIZER, .descriptor = -1, .next = channel->waiters };
        channel->waiters = &waiter;
        status = weir_wait(attempt, &waiter);
    }
    if (status == WEIR_OK) attempt->uncredited += size;
    pthread_mutex_unlock(&channel->lock);
    if (status != WEIR_OK) return status;
    uint32_t length = (uint32_t)size;
    weir_frame head = { .size = 0, .kind = WEIR_FRAME_EMIT, .flags = emission->flags, .task = attempt->number, .call = 0 };
    const weir_span parts[3] = { { &emission->count, 8 }, { &length, 4 }, { emission->lines.data, size } };
    bool sent = weir_send(channel, head, parts, 3);
    weir_text_clear(&emission->lines);
    emission->count = 0;
    return sent ? WEIR_OK : WEIR_UNREACHABLE;
}

static weir_status append(weir_attempt *attempt, weir_emission *emission, const void *json, size_t size) {
    weir_status status = WEIR_OK;
    pthread_mutex_lock(&attempt->emitting);
    if (emission->lines.size + size >= WEIR_CHUNK && emission->count > 0) status = send_lines(attempt, emission);
    if (status == WEIR_OK) {
        weir_text_add_line(&emission->lines, json, size);
        weir_text_add(&emission->lines, "\n", 1);
        emission->count++;
    }
    pthread_mutex_unlock(&attempt->emitting);
    return status;
}

static weir_status explain(weir_attempt *attempt, const char *call, weir_status status) {
    if (status == WEIR_CANCELLED) return weir_refuse(attempt, call, status, "%s: the task is cancelled", call);
    if (status == WEIR_UNREACHABLE) return weir_refuse(attempt, call, status, "%s: the host is gone", call);
    return status;
}

static weir_status emit(weir_attempt *attempt, weir_bytes item) {
    size_t at;
    if (!attempt->entry->handler->item_schema)
        return weir_refuse(attempt, "emit", WEIR_MISUSE, "emit: the handler declares no item_schema, so it emits nothing");
    if (item.size > WEIR_MAX_ITEM)
        return weir_refuse(attempt, "emit", WEIR_TOO_LARGE, "emit: the item has %llu bytes, at most 1 MiB is allowed",
                           (unsigned long long)item.size);
    if (!item.data) return weir_refuse(attempt, "emit", WEIR_MISUSE, "emit: the item is NULL");
    const char *problem = weir_json_problem(item.data, (size_t)item.size, &at);
    if (problem)
        return weir_refuse(attempt, "emit", WEIR_MISUSE, "emit: the item is not a JSON value: %s, at byte %zu", problem, at);
    if (weir_cancel_reason(attempt) != 0) return explain(attempt, "emit", WEIR_CANCELLED);
    return explain(attempt, "emit", append(attempt, &attempt->items, item.data, (size_t)item.size));
}

weir_status weir_task_emit(weir_task *task, weir_bytes item) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_status status = weir_enter(attempt, 0, "emit");
    if (status != WEIR_OK) return status;
    status = emit(attempt, item);
    weir_leave(attempt);
    return status;
}

static weir_status reject(weir_attempt *attempt, weir_text *line, const char *subject, weir_status code,
                          const char *message, const char *details) {
    size_t at;
    const char *problem = details ? weir_json_problem(details, strlen(details), &at) : NULL;
    if (problem)
        return weir_refuse(attempt, "reject", WEIR_MISUSE, "reject: details are not a JSON value: %s, at byte %zu", problem, at);
    weir_text_add_string(line, "{\"subject\":");
    weir_text_add_json_string(line, subject ? subject : "");
    weir_text_format(line, ",\"code\":%d,\"message\":", code);
    weir_text_add_json_string(line, message ? message : "");
    weir_text_add_string(line, ",\"details\":");
    weir_text_add_string(line, details ? details : "null");
    weir_text_add_string(line, "}");
    if (line->size > WEIR_MAX_ITEM)
        return weir_refuse(attempt, "reject", WEIR_TOO_LARGE, "reject: it has %zu bytes, at most 1 MiB is allowed", line->size);
    if (weir_cancel_reason(attempt) != 0) return explain(attempt, "reject", WEIR_CANCELLED);
    return explain(attempt, "reject", append(attempt, &attempt->rejects, line->data, line->size));
}

weir_status weir_task_reject(weir_task *task, const char *subject, weir_status code, const char *message,
                             const char *details) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_text line = { NULL, 0, 0 };
    weir_status status = weir_enter(attempt, 0, "reject");
    if (status != WEIR_OK) return status;
    status = reject(attempt, &line, subject, code, message, details);
    weir_text_free(&line);
    if (status != WEIR_OK) {
        pthread_mutex_lock(&attempt->keeping);
        attempt->refused = status;
        pthread_mutex_unlock(&attempt->keeping);
    }
    weir_leave(attempt);
    return status;
}
