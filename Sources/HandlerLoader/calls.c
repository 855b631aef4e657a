#define _GNU_SOURCE
#include "channel.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fields of at least this size are sent from where the handler has them. */
enum { SPAN = 4096 };

uint32_t weir_cancel_reason(const weir_attempt *attempt) {
    const weir_page *page = attempt->channel->page;
    if (__atomic_load_n(&page->cancel_task, __ATOMIC_ACQUIRE) != attempt->number) return 0;
    uint32_t reason = __atomic_load_n(&page->cancel_reason, __ATOMIC_RELAXED);
    return reason ? reason : 1;
}

weir_status weir_enter(weir_attempt *attempt, uint32_t service, const char *call) {
    weir_channel *channel = attempt->channel;
    pthread_mutex_lock(&channel->lock);
    bool open = attempt->open, granted = (attempt->granted & service) == service;
    if (open && granted) attempt->inside++;
    pthread_mutex_unlock(&channel->lock);
    if (open && granted) return WEIR_OK;
    if (!open) return WEIR_MISUSE;
    return weir_refuse(attempt, call, WEIR_DENIED, "%s: the service is not granted to this task", call);
}

void weir_leave(weir_attempt *attempt) {
    weir_channel *channel = attempt->channel;
    pthread_mutex_lock(&channel->lock);
    if (--attempt->inside == 0 && !attempt->open) pthread_cond_signal(&channel->left);
    pthread_mutex_unlock(&channel->lock);
}

bool weir_call_begin(weir_call *call, weir_task *task, uint32_t service, uint16_t kind, const char *name) {
    memset(call, 0, sizeof *call);
    call->attempt = (weir_attempt *)task;
    call->name = name;
    call->kind = kind;
    call->descriptor = -1;
    call->status = weir_enter(call->attempt, service, name);
    return call->status == WEIR_OK;
}

static void fail(weir_call *call, weir_status status, const char *field, const char *problem) {
    if (call->status == WEIR_OK)
        call->status = weir_refuse(call->attempt, call->name, status, "%s: %s %s", call->name, field, problem);
}

void weir_call_text(weir_call *call, const char *text) {
    if (text) {
        size_t size = strlen(text);
        if (weir_utf8_length(text, size) != size) fail(call, WEIR_MISUSE, "an argument", "is not UTF-8");
    }
    weir_put_string(&call->fields, text);
}

void weir_call_needs(weir_call *call, const char *field, const char *text) {
    if (!text) fail(call, WEIR_MISUSE, field, "is NULL");
    weir_call_text(call, text);
}

void weir_call_number(weir_call *call, uint64_t number) {
    weir_put_number(&call->fields, number);
}

void weir_call_bytes(weir_call *call, const char *field, weir_bytes bytes) {
    if (bytes.size > WEIR_MAX_BYTES) {
        fail(call, WEIR_TOO_LARGE, field, "is larger than 64 MiB");
    } else if (bytes.size > 0 && !bytes.data) {
        fail(call, WEIR_MISUSE, field, "is NULL but has a size");
    } else if (bytes.size < SPAN) {
        weir_put_bytes(&call->fields, bytes.data, (size_t)bytes.size);
    } else {
        uint32_t length = (uint32_t)bytes.size;
        weir_text_add(&call->fields, &length, sizeof length);
        call->span = (weir_span){ bytes.data, (size_t)bytes.size };
        call->span_at = call->fields.size;
    }
}

void weir_call_value(weir_call *call, const char *field, weir_bytes bytes) {
    if (bytes.size > WEIR_MAX_BYTES || call->fields.size + bytes.size > WEIR_MAX_FRAME) {
        fail(call, WEIR_TOO_LARGE, field, "is too large, or all of them together are: a call carries 64 MiB");
    } else if (bytes.size > 0 && !bytes.data) {
        fail(call, WEIR_MISUSE, field, "is NULL but has a size");
    } else if (!bytes.data) {
        weir_put_string(&call->fields, NULL);
    } else {
        weir_put_bytes(&call->fields, bytes.data, (size_t)bytes.size);
    }
}

static bool send_call(const weir_call *call, uint64_t number) {
    const weir_text *fields = &call->fields;
    weir_frame head = { .size = 0, .kind = WEIR_FRAME_CALL, .flags = call->kind, .task = call->attempt->number, .call = number };
    weir_span parts[3] = { { fields->data, fields->size } };
    if (!call->span.data) return weir_send(call->attempt->channel, head, parts, 1);
    parts[0].size = call->span_at;
    parts[1] = call->span;
    parts[2] = (weir_span){ fields->data + call->span_at, fields->size - call->span_at };
    return weir_send(call->attempt->channel, head, parts, 3);
}

/* The answer's status and last error; what follows is the caller's to read. */
static void read_answer(weir_call *call) {
    weir_bytes error;
    call->reply = (weir_cursor){ call->block->data, call->block->data + call->block->size, false };
    call->status = (weir_status)weir_get_number(&call->reply);
    weir_get_bytes(&call->reply, &error);
    if (call->reply.broken) call->status = WEIR_FAILED;
    if (call->status != WEIR_OK)
        weir_keep_error(call->attempt, call->name, call->status, error.data, (size_t)error.size);
}

weir_status weir_call_make(weir_call *call) {
    weir_attempt *attempt = call->attempt;
    weir_channel *channel = attempt->channel;
    weir_waiter waiter = { .wake = PTHREAD_COND_INITIALIZER, .descriptor = -1 };
    waiter.stubborn = call->kind == WEIR_CALL_CHECKPOINT_SAVE;      /* who is told to stop may still save where it is */
    if (call->status == WEIR_OK && !waiter.stubborn && weir_cancel_reason(attempt) != 0) call->status = WEIR_CANCELLED;
    if (call->status == WEIR_OK && call->fields.size + call->span.size > WEIR_MAX_FRAME)
        fail(call, WEIR_TOO_LARGE, "the call", "is larger than 65 MiB: split it");
    if (call->status != WEIR_OK) return call->status;
    pthread_mutex_lock(&channel->lock);
    waiter.call = ++channel->calls << 8 | call->kind;
    waiter.next = channel->waiters;
    channel->waiters = &waiter;
    pthread_mutex_unlock(&channel->lock);
    send_call(call, waiter.call);       /* a dead socket shows in weir_wait */
    pthread_mutex_lock(&channel->lock);
    call->status = weir_wait(attempt, &waiter);
    pthread_mutex_unlock(&channel->lock);
    call->block = waiter.block;
    call->descriptor = waiter.descriptor;
    if (call->status == WEIR_OK) read_answer(call);
    else weir_refuse(attempt, call->name, call->status, call->status == WEIR_CANCELLED ? "%s: the task is cancelled"
                                                                             : "%s: the host is gone", call->name);
    return call->status;
}

void weir_tell(weir_attempt *attempt, uint16_t kind, uint64_t first, uint64_t second) {
    weir_channel *channel = attempt->channel;
    const uint64_t fields[2] = { first, second };
    pthread_mutex_lock(&channel->lock);
    uint64_t number = ++channel->calls << 8 | kind;
    pthread_mutex_unlock(&channel->lock);
    weir_frame head = { .size = 0, .kind = WEIR_FRAME_CALL, .flags = kind, .task = attempt->number, .call = number };
    weir_send(channel, head, &(weir_span){ fields, sizeof fields }, 1);
}

void weir_call_out(weir_call *call, weir_bytes *out) {
    weir_bytes field;
    if (!call->block || !weir_get_bytes(&call->reply, &field) || !out) return;
    if (field.size == 0) return;        /* nothing to hold, nothing to release */
    *out = field;
    call->block->holders++;
}

weir_status weir_call_end(weir_call *call) {
    weir_attempt *attempt = call->attempt;
    if (call->block && --call->block->holders > 0) {
        pthread_mutex_lock(&attempt->keeping);
        weir_block_keep(attempt, call->block);
        pthread_mutex_unlock(&attempt->keeping);
    } else {
        free(call->block);
    }
    weir_text_free(&call->fields);
    weir_leave(attempt);
    return call->status;
}
