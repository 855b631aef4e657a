/* channel.h - what serves one socket, and the attempt that is in its hands. Private to this library. */
#ifndef WEIR_CHANNEL_H
#define WEIR_CHANNEL_H
#include "handler_loader.h"
#include "reader.h"
#include "text.h"
#include "weir/handler.h"
#include <pthread.h>
#include <stdatomic.h>

enum {                                  /* services, as bits */
    WEIR_HAS_LOG = 1, WEIR_HAS_METRIC = 2, WEIR_HAS_PROGRESS = 4, WEIR_HAS_CANCEL = 8, WEIR_HAS_CHECKPOINT = 16,
    WEIR_HAS_STORAGE = 32, WEIR_HAS_STAC = 64, WEIR_HAS_SQL = 128, WEIR_HAS_HTTP = 256
};

typedef struct weir_channel weir_channel;
typedef struct weir_attempt weir_attempt;

typedef struct weir_scratch {           /* the folder of the task in hand */
    char *path;                         /* NULL: the host gave no place for it */
    int fd;                             /* -1: not made */
    uint64_t inode;
} weir_scratch;

typedef struct weir_entry {             /* a handler of the library, with what it declared */
    const weir_handler *handler;
    uint32_t declared, required;
} weir_entry;

typedef struct weir_waiter {            /* a thread that waits for the reply to its call, or for credit */
    struct weir_waiter *next;
    pthread_cond_t wake;
    uint64_t call;                      /* 0: waits for credit */
    bool done, sleeping;
    bool stubborn;                      /* waits on although the task is cancelled */
    weir_block *block;                  /* the reply */
    int descriptor;
} weir_waiter;

typedef struct weir_metric_sum {
    struct weir_metric_sum *next;
    char *name, *labels;
    double value;
} weir_metric_sum;

typedef struct weir_emission {          /* items, or rejects */
    weir_text lines;
    uint64_t count;
    uint16_t flags;                     /* of its EMIT frames */
} weir_emission;

struct weir_stream {
    weir_stream *next;
    weir_attempt *attempt;
    uint64_t number;
};

struct weir_session {                   /* a transaction of weir.sql/1 */
    weir_session *next;
    weir_attempt *attempt;
    uint64_t number;
};

struct weir_attempt {
    weir_task task;                     /* first: a weir_task * is a weir_attempt * */
    weir_channel *channel;              /* as the two locks, set once: a thread that is late may still look at them */
    pthread_mutex_t emitting;           /* items and rejects */
    pthread_mutex_t keeping;            /* all from `result` on */
    const weir_entry *entry;            /* from here on anew for each task */
    weir_block *frame;                  /* the strings of `task` point into it */
    uint64_t number;
    uint32_t granted;
    bool open;                          /* run() has not returned; under channel->lock, as are the next two */
    unsigned inside;                    /* threads in a call to the host */
    uint64_t uncredited;
    weir_emission items, rejects;
    weir_text result, message, details;
    bool has_result, has_details;
    weir_status refused;                /* what the last result() was told, if it was not taken, or a reject() */
    weir_metric_sum *metrics;
    size_t metric_count;
    uint64_t done, total, progress_at_ms;
    weir_text note;
    bool has_note, progress_waits;
    weir_block *blocks;                 /* newest first */
    weir_stream *streams;
    weir_session *sessions;
    bool gave_up;                       /* a call that the host may still be busy with; under channel->lock */
};

enum { WEIR_REMEMBERED = 16 };          /* attempts whose late callers are still told that they are late */

struct weir_channel {
    weir_host host;                     /* first: a weir_host * is a weir_channel * */
    int socket, cancel;
    weir_page *page;
    weir_reader reader;                 /* of the thread that leads, or of the serving one while none is inside */
    pthread_mutex_t lock;
    pthread_cond_t left;
    bool leading;                       /* a thread reads the socket; under lock, as are the next three */
    weir_waiter *waiters;
    uint64_t calls;
    struct weir_stash *stash, *stash_end;
    atomic_bool ended;                  /* the socket is gone */
    atomic_bool broken;                 /* and not because the host left */
    pthread_mutex_t sending;
    weir_text outbox;                   /* OUTCOME frames that wait for the next write; under sending */
    weir_block *hello_frame;
    weir_hello hello;
    const weir_plugin *plugin;
    weir_entry *entries;
    size_t entry_count;
    weir_scratch scratch;
    uint64_t cpu_us, seen_cancel;
    weir_attempt attempts[WEIR_REMEMBERED];
    unsigned current;
};

/* frames.c: out. Each returns false when the socket is gone. */
typedef struct weir_span { const void *data; size_t size; } weir_span;
bool weir_send(weir_channel *, weir_frame head, const weir_span *parts, int count);
bool weir_flush(weir_channel *);
void weir_break(weir_channel *);                                /* nothing more can be said or understood */
size_t weir_frame_begin(weir_text *, uint16_t kind, uint64_t task);
void weir_frame_end(weir_text *, size_t begin);
void weir_put_number(weir_text *, uint64_t);
void weir_put_bytes(weir_text *, const void *data, size_t size);
void weir_put_string(weir_text *, const char *);                /* NULL stays NULL */
/* frames.c: in. A cursor that ran over the end stays there and says so. */
typedef struct weir_cursor { uint8_t *at, *end; bool broken; } weir_cursor;
uint64_t weir_get_number(weir_cursor *);
bool weir_get_bytes(weir_cursor *, weir_bytes *out);            /* false: NULL */
const char *weir_get_string(weir_cursor *);                     /* ends with NUL once the next field was read */

/* calls.c: calls to the host. */
weir_status weir_enter(weir_attempt *, uint32_t service, const char *call);      /* WEIR_OK: leave must follow */
void weir_leave(weir_attempt *);
uint32_t weir_cancel_reason(const weir_attempt *);
weir_status weir_wait(weir_attempt *, weir_waiter *);           /* under channel->lock, which it gives up meanwhile */
void weir_close_attempt(weir_attempt *);                        /* nobody is inside any more, or gets in */
bool weir_take_stashed(weir_channel *, weir_arrival *);
void weir_drop_reply(weir_channel *, weir_arrival *);           /* nobody waits for it */

typedef struct weir_call {              /* one service call: put the fields, then make it, then read the answer */
    weir_attempt *attempt;
    const char *name;
    uint16_t kind;
    weir_status status;
    weir_text fields;
    weir_span span;                     /* a large field that is not copied */
    size_t span_at;
    weir_block *block;
    weir_cursor reply;
    int descriptor;
} weir_call;
bool weir_call_begin(weir_call *, weir_task *, uint32_t service, uint16_t kind, const char *name);
void weir_call_text(weir_call *, const char *text);             /* UTF-8, else the call fails */
void weir_call_needs(weir_call *, const char *field, const char *text);  /* the same, and not NULL */
void weir_call_number(weir_call *, uint64_t);
void weir_call_bytes(weir_call *, const char *field, weir_bytes);
void weir_call_value(weir_call *, const char *field, weir_bytes);    /* copied; data NULL stays NULL */
weir_status weir_call_make(weir_call *);
void weir_call_out(weir_call *, weir_bytes *out);               /* a field of the answer, for the handler to keep */
weir_status weir_call_end(weir_call *);
/* A CALL of two numbers whose answer nobody waits for: what must be said even when the task is cancelled. */
void weir_tell(weir_attempt *, uint16_t kind, uint64_t first, uint64_t second);

/* errors.c: the last error of a thread. */
weir_status weir_refuse(weir_attempt *, const char *call, weir_status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void weir_keep_error(weir_attempt *, const char *call, weir_status, const char *json, size_t size);
bool weir_error_of_thread(const weir_attempt *, weir_status *status, weir_span *json);

/* memory.c: what a handler was given. Call under attempt->keeping. */
void weir_block_keep(weir_attempt *, weir_block *);
void weir_blocks_free(weir_attempt *);

/* task.c, emit.c, metrics.c, services.c, storage.c, batches.c, streams.c, stac.c, sql.c, http.c */
void weir_task_functions(weir_task *);
weir_status weir_task_emit(weir_task *, weir_bytes);
weir_status weir_task_reject(weir_task *, const char *, weir_status, const char *, const char *);
void weir_task_release(weir_task *, weir_bytes *);
weir_status weir_task_last_error(weir_task *, weir_bytes *);
void weir_metrics_write(weir_attempt *, weir_text *);
void weir_metrics_free(weir_attempt *);
void weir_progress_finish(weir_attempt *);
void weir_streams_abort(weir_attempt *);
void weir_sessions_abort(weir_attempt *);
void weir_send_log(weir_channel *, uint64_t task, int32_t level, const char *message, const char *fields);
uint32_t weir_service_bit(const char *id, size_t size);
const void *weir_service_table(uint32_t bit);
weir_status weir_storage_read_many(weir_task *, weir_read *, uint64_t count);
weir_status weir_storage_copy(weir_task *, const weir_copy *, uint64_t count, const char *options, weir_bytes *report);
weir_status weir_storage_open_read(weir_task *, const char *, const char *, const char *, weir_stream **);
weir_status weir_storage_open_write(weir_task *, const char *, const char *, const char *, weir_stream **);
weir_status weir_storage_pull(weir_stream *, void *into, uint64_t capacity, uint64_t *got);
weir_status weir_storage_push(weir_stream *, weir_bytes);
weir_status weir_storage_close(weir_stream *, int32_t commit, weir_bytes *head);
extern const weir_metric weir_metric_table;
extern const weir_storage weir_storage_table;
extern const weir_stac weir_stac_table;
extern const weir_sql weir_sql_table;
extern const weir_http weir_http_table;

/* library.c, description.c */
bool weir_library_load(weir_channel *, weir_text *why);
void weir_describe(const weir_channel *, weir_text *json);
/* attempt.c: one TASK frame, from its payload to its OUTCOME. */
void weir_attempt_run(weir_channel *, const weir_arrival *);
/* scratch.c. Each 0, or an error number. A folder that a task left as empty as it was serves the next one too: making and
 * removing it costs 30 us on ext4, three times the rest of a quick task (measured 2026-11). */
int weir_scratch_make(weir_scratch *);
int weir_scratch_leave(weir_scratch *, bool for_good);
#endif
