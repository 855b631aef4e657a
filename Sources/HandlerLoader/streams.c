#include "channel.h"
#include <stdlib.h>
#include <string.h>

/* What one CALL carries; the protocol allows no more. */
static const uint64_t PIECE = 1u << 20;

static weir_status open_stream(weir_call *call, weir_stream **out) {
    if (!out) call->status = weir_refuse(call->attempt, call->name, WEIR_MISUSE, "%s: out is NULL", call->name);
    if (weir_call_make(call) == WEIR_OK) {
        weir_stream *stream = weir_allocate(sizeof *stream);
        pthread_mutex_lock(&call->attempt->keeping);
        *stream = (weir_stream){ call->attempt->streams, call->attempt, weir_get_number(&call->reply) };
        call->attempt->streams = stream;
        pthread_mutex_unlock(&call->attempt->keeping);
        *out = stream;
    }
    return weir_call_end(call);
}

weir_status weir_storage_open_read(weir_task *task, const char *container, const char *key, const char *etag,
                                   weir_stream **out) {
    weir_call call;
    if (out) *out = NULL;
    if (!weir_call_begin(&call, task, WEIR_HAS_STORAGE, WEIR_CALL_OPEN_READ, "storage.open_read")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    weir_call_text(&call, etag);
    return open_stream(&call, out);
}

weir_status weir_storage_open_write(weir_task *task, const char *container, const char *key, const char *options,
                                    weir_stream **out) {
    weir_call call;
    if (out) *out = NULL;
    if (!weir_call_begin(&call, task, WEIR_HAS_STORAGE, WEIR_CALL_OPEN_WRITE, "storage.open_write")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    weir_call_text(&call, options);
    return open_stream(&call, out);
}

static weir_status pull_piece(weir_stream *stream, char *into, uint64_t wanted, uint64_t *got) {
    weir_call call;
    weir_bytes data;
    if (!weir_call_begin(&call, &stream->attempt->task, WEIR_HAS_STORAGE, WEIR_CALL_PULL, "storage.pull")) return call.status;
    weir_call_number(&call, stream->number);
    weir_call_number(&call, wanted);
    if (weir_call_make(&call) == WEIR_OK && weir_get_bytes(&call.reply, &data)) {
        *got = data.size < wanted ? data.size : wanted;
        if (*got > 0) memcpy(into, data.data, (size_t)*got);
    }
    return weir_call_end(&call);
}

weir_status weir_storage_pull(weir_stream *stream, void *into, uint64_t capacity, uint64_t *got) {
    uint64_t total = 0, piece = 1;
    weir_status status = WEIR_OK;
    while (status == WEIR_OK && total < capacity && piece > 0) {
        uint64_t wanted = capacity - total < PIECE ? capacity - total : PIECE;
        piece = 0;
        status = pull_piece(stream, (char *)into + total, wanted, &piece);
        total += piece;
    }
    if (got) *got = total;
    return status;
}

static weir_status push_piece(weir_stream *stream, weir_bytes piece) {
    weir_call call;
    if (!weir_call_begin(&call, &stream->attempt->task, WEIR_HAS_STORAGE, WEIR_CALL_PUSH, "storage.push")) return call.status;
    weir_call_number(&call, stream->number);
    weir_call_bytes(&call, "data", piece);
    weir_call_make(&call);
    return weir_call_end(&call);
}

weir_status weir_storage_push(weir_stream *stream, weir_bytes data) {
    weir_status status = WEIR_OK;
    const char *at = data.data;
    while (status == WEIR_OK && data.size > 0) {
        uint64_t size = data.size < PIECE ? data.size : PIECE;
        status = push_piece(stream, (weir_bytes){ at, size });
        if (at) at += size;
        data.size -= size;
    }
    return status;
}

static void forget(weir_stream *stream) {
    weir_attempt *attempt = stream->attempt;
    pthread_mutex_lock(&attempt->keeping);
    weir_stream **link = &attempt->streams;
    while (*link && *link != stream) link = &(*link)->next;
    if (*link) *link = stream->next;
    pthread_mutex_unlock(&attempt->keeping);
    free(stream);
}

weir_status weir_storage_close(weir_stream *stream, int32_t commit, weir_bytes *head) {
    weir_call call;
    if (head) *head = (weir_bytes){ NULL, 0 };
    if (!weir_call_begin(&call, &stream->attempt->task, WEIR_HAS_STORAGE, WEIR_CALL_CLOSE, "storage.close")) return call.status;
    weir_call_number(&call, stream->number);
    weir_call_number(&call, commit != 0);
    weir_call_make(&call);
    if (!call.block) weir_tell(stream->attempt, WEIR_CALL_CLOSE, stream->number, 0);
    weir_call_out(&call, head);
    forget(stream);
    return weir_call_end(&call);
}

void weir_streams_abort(weir_attempt *attempt) {
    while (attempt->streams) {
        weir_stream *next = attempt->streams->next;
        weir_tell(attempt, WEIR_CALL_CLOSE, attempt->streams->number, 0);
        free(attempt->streams);
        attempt->streams = next;
    }
}
