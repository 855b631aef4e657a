#define _GNU_SOURCE
#include "channel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { QUICK_US = 200, FULL_OUTBOX = 64 << 10 };

typedef struct ended { weir_status status; uint64_t run_us; } ended;

static const weir_entry *find(const weir_channel *channel, const char *name) {
    const char *at = strchr(name, '@');
    size_t size = at ? (size_t)(at - name) : strlen(name);
    for (size_t i = 0; i < channel->entry_count; i++) {
        const weir_handler *handler = channel->entries[i].handler;
        if (strlen(handler->name) != size || memcmp(handler->name, name, size) != 0) continue;
        if (!at || strcmp(handler->version, at + 1) == 0) return &channel->entries[i];
    }
    return NULL;
}

static bool lists(const char *lines, size_t size, const char *id) {
    size_t length = strlen(id);
    for (const char *at = lines, *end = lines + size; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        if ((size_t)(stop - at) == length && memcmp(at, id, length) == 0) return true;
        at = stop + 1;
    }
    return false;
}

static uint32_t granted_bits(const char *lines, size_t size) {
    uint32_t all = 0;
    for (const char *at = lines, *end = lines + size; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        all |= weir_service_bit(at, (size_t)(stop - at));
        at = stop + 1;
    }
    return all;
}

/* Fills the attempt from the fields of a TASK frame; false: the frame is not one. */
static bool decode(weir_attempt *attempt, weir_bytes *granted) {
    weir_task *task = &attempt->task;
    weir_cursor cursor = { attempt->frame->data, attempt->frame->data + attempt->frame->size, false };
    task->struct_size = sizeof *task;
    task->job_id = weir_get_string(&cursor);
    task->stage = weir_get_string(&cursor);
    task->task_id = weir_get_string(&cursor);
    task->handler = weir_get_string(&cursor);
    task->attempt = (uint32_t)weir_get_number(&cursor);
    task->attempts = (uint32_t)weir_get_number(&cursor);
    task->deadline_ms = (int64_t)weir_get_number(&cursor);
    task->memory_mb = (uint32_t)weir_get_number(&cursor);
    task->threads = (uint32_t)weir_get_number(&cursor);
    task->traceparent = weir_get_string(&cursor);
    weir_get_bytes(&cursor, granted);
    weir_get_bytes(&cursor, &task->params);
    task->impl = attempt;
    weir_task_functions(task);
    return !cursor.broken && task->handler && task->task_id && task->stage && task->job_id;
}

static void say(weir_attempt *attempt, const char *what, const char *name, const char *more) {
    weir_text_format(&attempt->message, "%s %s%s", what, name, more);
}

/* What stands against running it at all. */
static weir_status objection(weir_attempt *attempt, weir_bytes granted) {
    attempt->entry = find(attempt->channel, attempt->task.handler);
    if (!attempt->entry) {
        say(attempt, "the library has no handler", attempt->task.handler, "");
        return WEIR_UNSUPPORTED;
    }
    const char *lines = granted.data ? granted.data : "";
    attempt->granted = attempt->entry->declared & granted_bits(lines, (size_t)granted.size);
    for (const char *const *id = attempt->entry->handler->services; id && *id; id++) {
        if (!weir_service_bit(*id, strlen(*id))) {
            say(attempt, "the handler needs", *id, ", which this weir does not offer");
            return WEIR_UNSUPPORTED;
        }
        if (lists(lines, (size_t)granted.size, *id)) continue;
        say(attempt, "the handler needs", *id, ", which the plugin's manifest does not grant");
        return WEIR_DENIED;
    }
    return WEIR_OK;
}

/* The cancel descriptor may still be raised for an earlier task. */
static void clear_stale_cancel(weir_channel *channel, const weir_attempt *attempt) {
    uint64_t cancelled = __atomic_load_n(&channel->page->cancel_task, __ATOMIC_ACQUIRE), drained, one = 1;
    if (cancelled == channel->seen_cancel || cancelled == attempt->number) return;
    if (read(channel->cancel, &drained, sizeof drained) > 0) channel->seen_cancel = cancelled;
    /* Raised again if this task was cancelled in between. */
    if (weir_cancel_reason(attempt) != 0 && write(channel->cancel, &one, sizeof one) < 0) channel->seen_cancel = 0;
}

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static ended run(weir_attempt *attempt, bool only_check) {
    const weir_handler *handler = attempt->entry->handler;
    ended out = { WEIR_OK, 0 };
    if (weir_cancel_reason(attempt) != 0) {
        out.status = WEIR_CANCELLED;
        return out;
    }
    weir_scratch *scratch = &attempt->channel->scratch;
    int error = weir_scratch_make(scratch);
    if (error != 0) {
        weir_text_format(&attempt->message, "the scratch directory %s cannot be made: %s", scratch->path, strerror(error));
        out.status = WEIR_RETRY;
        return out;
    }
    uint64_t from = now_us();
    if (!only_check) out.status = handler->run(&attempt->task);
    else if (handler->check) out.status = handler->check(&attempt->task);
    out.run_us = now_us() - from;
    if (out.status < 0 || (out.status > WEIR_OK && out.status < WEIR_RETRY)) {   /* of no class: it must not pass for success */
        weir_text_clear(&attempt->message);
        weir_text_format(&attempt->message, "the handler returned %d, which is no status", out.status);
        out.status = WEIR_MISUSE;
    }
    if (out.status == WEIR_OK && attempt->refused != WEIR_OK) {
        weir_text_clear(&attempt->message);
        weir_text_add_string(&attempt->message, "the handler returned WEIR_OK although a result or reject of its was refused");
        out.status = WEIR_MISUSE;
    }
    if (out.status != WEIR_OK && weir_cancel_reason(attempt) != 0) out.status = WEIR_CANCELLED;
    return out;
}

static void put_text(weir_text *out, const weir_text *text, bool present) {
    if (present) weir_put_bytes(out, text->data, text->size);
    else weir_put_string(out, NULL);
}

static void put_metrics(weir_attempt *attempt, weir_text *out) {
    weir_text json = { NULL, 0, 0 };
    if (attempt->metrics) weir_metrics_write(attempt, &json);
    put_text(out, &json, json.size > 0);
    weir_text_free(&json);
}

static void put_lines(weir_text *out, const weir_emission *emission, bool won) {
    weir_put_number(out, won ? emission->count : 0);
    weir_put_bytes(out, emission->lines.data, won ? emission->lines.size : 0);
}

/* Time and memory of the process. The time between two tasks counts for the later one. */
static void put_usage(weir_channel *channel, weir_text *out) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    uint64_t cpu_us = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000u
                    + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    weir_put_number(out, cpu_us - channel->cpu_us);
    weir_put_number(out, (uint64_t)usage.ru_maxrss);
    channel->cpu_us = cpu_us;
}

static void post_outcome(weir_attempt *attempt, ended how) {
    weir_channel *channel = attempt->channel;
    bool won = how.status == WEIR_OK;
    weir_status error_status;
    weir_span error;
    bool has_error = !won && weir_error_of_thread(attempt, &error_status, &error) && (error_status == how.status || error_status == attempt->refused);
    pthread_mutex_lock(&channel->sending);
    weir_text *out = &channel->outbox;
    size_t begin = weir_frame_begin(out, WEIR_FRAME_OUTCOME, attempt->number);
    weir_put_number(out, (uint64_t)(int64_t)how.status);
    put_text(out, &attempt->message, !won && attempt->message.size > 0);
    put_text(out, &attempt->details, !won && attempt->has_details);
    if (has_error) weir_put_bytes(out, error.data, error.size);
    else weir_put_string(out, NULL);
    put_text(out, &attempt->result, won && attempt->has_result);
    put_metrics(attempt, out);
    put_lines(out, &attempt->items, won);
    put_lines(out, &attempt->rejects, won);
    put_usage(channel, out);
    weir_put_number(out, how.run_us);
    weir_frame_end(out, begin);
    pthread_mutex_unlock(&channel->sending);
}

static void clean_up(weir_attempt *attempt) {
    weir_scratch *scratch = &attempt->channel->scratch;
    int error = weir_scratch_leave(scratch, attempt->gave_up);
    if (error != 0) {
        weir_text why = { NULL, 0, 0 };
        weir_text_format(&why, "the scratch directory %s was not removed: %s", scratch->path, strerror(error));
        weir_text_add(&why, "", 1);
        weir_send_log(attempt->channel, attempt->number, 2, why.data, NULL);
        weir_text_free(&why);
    }
    weir_blocks_free(attempt);
    weir_metrics_free(attempt);
    weir_text_free(&attempt->result);
    weir_text_free(&attempt->message);
    weir_text_free(&attempt->details);
    weir_text_free(&attempt->note);
    weir_text_free(&attempt->items.lines);
    weir_text_free(&attempt->rejects.lines);
    free(attempt->frame);
    attempt->frame = NULL;
}

static weir_attempt *next_attempt(weir_channel *channel, const weir_arrival *arrival) {
    pthread_mutex_lock(&channel->lock);
    channel->current = (channel->current + 1) % WEIR_REMEMBERED;
    weir_attempt *attempt = &channel->attempts[channel->current];
    memset((char *)attempt + offsetof(weir_attempt, entry), 0, sizeof *attempt - offsetof(weir_attempt, entry));
    attempt->number = arrival->head.task;
    attempt->open = true;
    attempt->rejects.flags = 1;
    pthread_mutex_unlock(&channel->lock);
    attempt->frame = arrival->block;
    if (!attempt->frame) {
        attempt->frame = weir_block_new(arrival->head.size);
        memcpy(attempt->frame->data, arrival->payload, arrival->head.size);
    }
    attempt->task.scratch = channel->scratch.path ? channel->scratch.path : "";
    return attempt;
}

void weir_attempt_run(weir_channel *channel, const weir_arrival *arrival) {
    weir_bytes granted;
    ended how = { WEIR_OK, 0 };
    weir_attempt *attempt = next_attempt(channel, arrival);
    __atomic_store_n(&channel->page->begun, attempt->number, __ATOMIC_RELEASE);
    clear_stale_cancel(channel, attempt);
    if (!decode(attempt, &granted)) {
        weir_break(channel);
        how.status = WEIR_FAILED;
    } else if ((how.status = objection(attempt, granted)) == WEIR_OK) {
        how = run(attempt, arrival->head.flags & 1);
    }
    weir_close_attempt(attempt);
    fflush(stdout);
    fflush(stderr);
    weir_streams_abort(attempt);
    weir_sessions_abort(attempt);
    weir_progress_finish(attempt);
    post_outcome(attempt, how);
    weir_flush(channel);                /* at once: should the next task kill the process, this one was not in hand */
    clean_up(attempt);
}
