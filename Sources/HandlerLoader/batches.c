#include "channel.h"
#include <string.h>

/* What one CALL asks for at most: more elements or bytes go into the next. An element of unknown size counts as GUESSED. */
enum { MOST_READS = 1000, MOST_COPIES = 100000 };
static const uint64_t MOST_BYTES = 16u << 20, GUESSED = 64u << 10;

static uint64_t weight(const weir_read *read) {
    return read->size == WEIR_REST ? GUESSED : read->size;
}

static uint64_t first_group(const weir_read *reads, uint64_t count) {
    uint64_t taken = 1, bytes = weight(&reads[0]);
    while (taken < count && taken < MOST_READS && bytes + weight(&reads[taken]) <= MOST_BYTES) bytes += weight(&reads[taken++]);
    return taken;
}

static void ask(weir_call *call, const weir_read *reads, uint64_t count) {
    weir_call_number(call, count);
    for (uint64_t i = 0; i < count; i++) {
        weir_call_text(call, reads[i].container);
        weir_call_needs(call, "key", reads[i].key);
        weir_call_text(call, reads[i].etag);
        weir_call_number(call, reads[i].from);
        weir_call_number(call, reads[i].size);
    }
}

/* Moves one answer to where the handler wants it. */
static void settle(weir_call *call, weir_read *read) {
    read->status = (weir_status)weir_get_number(&call->reply);
    read->total = weir_get_number(&call->reply);
    weir_bytes data;
    if (!read->into) {
        weir_call_out(call, &read->out);
    } else if (weir_get_bytes(&call->reply, &data) && data.size <= read->size) {
        if (data.size > 0) memcpy(read->into, data.data, (size_t)data.size);
        read->out = (weir_bytes){ read->into, data.size };
    }
    if (call->reply.broken) read->status = WEIR_FAILED;
}

/* One CALL for the first of `reads`; how many the host answered, 0 if the call itself failed. */
static uint64_t read_group(weir_task *task, weir_read *reads, uint64_t count, weir_status *status) {
    weir_call call;
    uint64_t answered = 0;
    if (!weir_call_begin(&call, task, WEIR_HAS_STORAGE, WEIR_CALL_READ_MANY, "storage.read_many")) {
        *status = call.status;
        return 0;
    }
    ask(&call, reads, count);
    weir_call_make(&call);
    if (call.block && call.reply.at < call.reply.end) {
        answered = weir_get_number(&call.reply);
        if (answered > count) answered = 0;
        for (uint64_t i = 0; i < answered; i++) settle(&call, &reads[i]);
    }
    if (answered == 0 && call.status == WEIR_OK)
        call.status = weir_refuse(call.attempt, call.name, WEIR_FAILED, "storage.read_many: the host answered nothing");
    *status = weir_call_end(&call);
    return answered;
}

static weir_status sum_up(const weir_read *reads, uint64_t count) {
    weir_status worst = WEIR_OK;
    for (uint64_t i = 0; i < count; i++) {
        if (reads[i].status == WEIR_OK) continue;
        if (reads[i].status / 100 == 1) return WEIR_PARTIAL_RETRY;
        worst = WEIR_PARTIAL;
    }
    return worst;
}

weir_status weir_storage_read_many(weir_task *task, weir_read *reads, uint64_t count) {
    weir_status status = WEIR_OK;
    for (uint64_t i = 0; i < count; i++) {
        reads[i].out = (weir_bytes){ NULL, 0 };
        reads[i].total = 0;
        reads[i].status = WEIR_FAILED;
    }
    for (uint64_t done = 0; done < count;) {
        uint64_t answered = read_group(task, reads + done, first_group(reads + done, count - done), &status);
        if (answered == 0) {
            for (uint64_t i = done; i < count; i++) reads[i].status = status;
            return status;
        }
        done += answered;
    }
    return sum_up(reads, count);
}

weir_status weir_storage_copy(weir_task *task, const weir_copy *copies, uint64_t count, const char *options,
                              weir_bytes *report) {
    weir_call call;
    if (report) *report = (weir_bytes){ NULL, 0 };
    if (!weir_call_begin(&call, task, WEIR_HAS_STORAGE, WEIR_CALL_COPY, "storage.copy")) return call.status;
    if (count > MOST_COPIES)
        call.status = weir_refuse(call.attempt, call.name, WEIR_TOO_LARGE, "storage.copy: more than %d elements: split them",
                                  MOST_COPIES);
    weir_call_number(&call, count);
    for (uint64_t i = 0; i < count && call.status == WEIR_OK; i++) {
        weir_call_text(&call, copies[i].from_container);
        weir_call_needs(&call, "from_key", copies[i].from_key);
        weir_call_text(&call, copies[i].from_etag);
        weir_call_text(&call, copies[i].to_container);
        weir_call_needs(&call, "to_key", copies[i].to_key);
        weir_call_text(&call, copies[i].options);
    }
    weir_call_text(&call, options);
    weir_call_make(&call);
    weir_call_out(&call, report);
    return weir_call_end(&call);
}
