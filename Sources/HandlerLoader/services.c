#define _GNU_SOURCE
#include "channel.h"
#include <string.h>
#include <time.h>

enum { MOST_LOG = 64 << 10, PROGRESS_EVERY_MS = 100 };

void weir_send_log(weir_channel *channel, uint64_t task, int32_t level, const char *message, const char *fields) {
    weir_text payload = { NULL, 0, 0 };
    size_t size = message ? strnlen(message, MOST_LOG) : 0;
    bool has_fields = fields && strnlen(fields, MOST_LOG) < MOST_LOG && weir_is_json_object(fields);
    weir_put_number(&payload, (uint64_t)(level < 0 ? 0 : level > 3 ? 3 : level));
    weir_put_bytes(&payload, message, size);
    weir_put_string(&payload, has_fields ? fields : NULL);
    weir_frame head = { .size = 0, .kind = WEIR_FRAME_LOG, .flags = 0, .task = task, .call = 0 };
    weir_send(channel, head, &(weir_span){ payload.data, payload.size }, 1);
    weir_text_free(&payload);
}

static void log_line(weir_task *task, int32_t level, const char *message, const char *fields) {
    weir_attempt *attempt = (weir_attempt *)task;
    if (weir_enter(attempt, WEIR_HAS_LOG, "log") != WEIR_OK) return;
    weir_send_log(attempt->channel, attempt->number, level, message, fields);
    weir_leave(attempt);
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Leaves with the next write. Under attempt->keeping. */
static void post_progress(weir_attempt *attempt) {
    weir_channel *channel = attempt->channel;
    pthread_mutex_lock(&channel->sending);
    weir_text *outbox = &channel->outbox;
    size_t begin = weir_frame_begin(outbox, WEIR_FRAME_PROGRESS, attempt->number);
    weir_put_number(outbox, attempt->done);
    weir_put_number(outbox, attempt->total);
    if (attempt->has_note) weir_put_bytes(outbox, attempt->note.data, attempt->note.size);
    else weir_put_string(outbox, NULL);
    weir_frame_end(outbox, begin);
    pthread_mutex_unlock(&channel->sending);
    attempt->progress_waits = false;
}

static weir_status progress_report(weir_task *task, uint64_t done, uint64_t total, const char *note) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_status status = weir_enter(attempt, WEIR_HAS_PROGRESS, "progress.report");
    if (status != WEIR_OK) return status;
    uint64_t now = now_ms();
    pthread_mutex_lock(&attempt->keeping);
    attempt->done = done;
    attempt->total = total;
    attempt->has_note = note != NULL;
    weir_text_clear(&attempt->note);
    if (note) weir_text_add(&attempt->note, note, strnlen(note, MOST_LOG));
    attempt->progress_waits = true;
    if (now - attempt->progress_at_ms >= PROGRESS_EVERY_MS) {
        attempt->progress_at_ms = now;
        post_progress(attempt);
        weir_flush(attempt->channel);
    }
    pthread_mutex_unlock(&attempt->keeping);
    if (weir_cancel_reason(attempt) != 0)
        status = weir_refuse(attempt, "progress.report", WEIR_CANCELLED, "progress.report: the task is cancelled");
    weir_leave(attempt);
    return status;
}

void weir_progress_finish(weir_attempt *attempt) {
    pthread_mutex_lock(&attempt->keeping);
    if (attempt->progress_waits) post_progress(attempt);
    pthread_mutex_unlock(&attempt->keeping);
}

static int32_t cancel_requested(weir_task *task) {
    return (int32_t)weir_cancel_reason((const weir_attempt *)task);
}

static int32_t cancel_fd(weir_task *task) {
    return ((const weir_attempt *)task)->channel->cancel;
}

static weir_status checkpoint_load(weir_task *task, weir_bytes *out) {
    weir_call call;
    if (out) *out = (weir_bytes){ NULL, 0 };
    if (!weir_call_begin(&call, task, WEIR_HAS_CHECKPOINT, WEIR_CALL_CHECKPOINT_LOAD, "checkpoint.load")) return call.status;
    if (weir_call_make(&call) == WEIR_OK) weir_call_out(&call, out);
    return weir_call_end(&call);
}

static weir_status checkpoint_save(weir_task *task, weir_bytes state) {
    weir_call call;
    if (!weir_call_begin(&call, task, WEIR_HAS_CHECKPOINT, WEIR_CALL_CHECKPOINT_SAVE, "checkpoint.save")) return call.status;
    if (state.size > WEIR_MAX_ITEM)
        call.status = weir_refuse(call.attempt, call.name, WEIR_TOO_LARGE, "checkpoint.save: the state is larger than 1 MiB");
    else weir_call_bytes(&call, "state", state);
    weir_call_make(&call);
    return weir_call_end(&call);
}

static const weir_log log_table = { .struct_size = sizeof(weir_log), .min_level = 0, .log = log_line };
static const weir_progress progress_table = { .struct_size = sizeof(weir_progress), .report = progress_report };
static const weir_cancel cancel_table = { .struct_size = sizeof(weir_cancel), .requested = cancel_requested, .fd = cancel_fd };
static const weir_checkpoint checkpoint_table = { .struct_size = sizeof(weir_checkpoint), .load = checkpoint_load,
                                                  .save = checkpoint_save };

static const struct { const char *id; uint32_t bit; const void *table; } known[] = {
    { WEIR_LOG, WEIR_HAS_LOG, &log_table },
    { WEIR_METRIC, WEIR_HAS_METRIC, &weir_metric_table },
    { WEIR_PROGRESS, WEIR_HAS_PROGRESS, &progress_table },
    { WEIR_CANCEL, WEIR_HAS_CANCEL, &cancel_table },
    { WEIR_CHECKPOINT, WEIR_HAS_CHECKPOINT, &checkpoint_table },
    { WEIR_STORAGE, WEIR_HAS_STORAGE, &weir_storage_table },
    { WEIR_STAC, WEIR_HAS_STAC, &weir_stac_table },
    { WEIR_SQL, WEIR_HAS_SQL, &weir_sql_table },
    { WEIR_HTTP, WEIR_HAS_HTTP, &weir_http_table },
};
enum { KNOWN = sizeof known / sizeof *known };

uint32_t weir_service_bit(const char *id, size_t size) {
    for (size_t i = 0; i < KNOWN; i++)
        if (strlen(known[i].id) == size && memcmp(known[i].id, id, size) == 0) return known[i].bit;
    return 0;
}

const void *weir_service_table(uint32_t bit) {
    for (size_t i = 0; i < KNOWN; i++)
        if (known[i].bit == bit) return known[i].table;
    return NULL;
}
