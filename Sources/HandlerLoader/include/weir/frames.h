/* frames.h - what the host and a runner say to each other. Private to Weir: both sides are built together.
 *
 * A runner is started with three descriptors: 3 a stream socket to the host, 4 the shared page (weir_page), 5 an eventfd
 * that becomes readable when the task in hand is cancelled. stdout and stderr are pipes that the host reads.
 * A frame is a weir_frame followed by `size` payload bytes. A payload is its fields in the order given below:
 *   u64    8 bytes, little endian (also carries int32 and enums)
 *   bytes  u32 length, then the data; length WEIR_NULL stands for NULL. JSON and text are bytes.
 * A payload is never larger than WEIR_MAX_FRAME; who sends more, or a kind that is not expected, is broken and is killed.
 */
#ifndef WEIR_FRAMES_H
#define WEIR_FRAMES_H
#include <stdint.h>

#define WEIR_PROTOCOL 2u
#define WEIR_MAX_FRAME (65u << 20)      /* WEIR_MAX_BYTES and room for the other fields */
#define WEIR_NULL 0xFFFFFFFFu
#define WEIR_CHUNK (256u << 10)        /* emitted items are sent when this many bytes are waiting, and at the end */
#define WEIR_WINDOW (2u << 20)         /* emitted bytes that the host has not yet credited; emit blocks beyond it */

#define WEIR_SCRATCH "task"             /* name of the scratch directory of the task in hand, below HELLO's */

#define WEIR_FD_SOCKET 3
#define WEIR_FD_PAGE 4
#define WEIR_FD_CANCEL 5

typedef struct weir_frame {
    uint32_t size;                      /* payload bytes */
    uint16_t kind;                      /* WEIR_FRAME_* */
    uint16_t flags;                     /* by kind, else 0 */
    uint64_t task;                      /* the host's number of the attempt, unique on this runner; 0: none */
    uint64_t call;                      /* number of a service call, chosen by the runner; 0: none */
} weir_frame;

/* Shared page. The host writes the first two and the runner polls them: a task is cancelled when cancel_task is its number. */
typedef struct weir_page {
    uint64_t cancel_task;
    uint32_t cancel_reason;             /* 1 user, 2 deadline, 3 host stopping */
    uint32_t reserved;
    uint64_t begun;                     /* the runner writes: the task that it began last, read when the runner has ended */
} weir_page;

enum {                                  /* host to runner */
    /* HELLO: bytes library (absolute path), bytes config (JSON object), bytes host version, u64 protocol, bytes scratch
     * (the runner's own directory: the task in hand has a fresh WEIR_SCRATCH inside), bytes readable (paths, one a line,
     * which the sandbox lets a plugin read besides the library's folder and the system's), u64 memory_mb (0: no limit),
     * u64 WEIR_SANDBOX_* */
    WEIR_FRAME_HELLO = 1,
    /* TASK, flags 1: check() instead of run(): bytes job_id, stage, task_id, handler, u64 attempt, attempts,
     * deadline_ms, memory_mb, threads, bytes traceparent, bytes granted (service ids, one a line), bytes params */
    WEIR_FRAME_TASK = 2,
    /* REPLY to a CALL: u64 status, bytes last_error (JSON or NULL), then by service call, see below. OPEN_FD carries
     * the descriptor as SCM_RIGHTS of this frame's first byte. */
    WEIR_FRAME_REPLY = 3,
    WEIR_FRAME_CREDIT = 4,              /* u64 bytes of EMIT payload data now durable */
    WEIR_FRAME_STOP = 5                 /* call close() and exit 0 */
};

enum {                                  /* runner to host */
    /* READY: bytes description: {"id","version","minor","needs_minor","license","url","handlers":[{"name","version",
     * "flags","title","description","params_schema","result_schema","item_schema" (these three as strings),
     * "services":[],"optional":[],"timeout_ms","memory_mb","has_check"}]}, bytes sandbox: what HELLO asked to forbid and
     * this kernel could not, one sentence a line, or NULL */
    WEIR_FRAME_READY = 33,
    WEIR_FRAME_REFUSED = 34,            /* bytes message: why the library was not loaded */
    /* OUTCOME: u64 status, bytes message, details, last_error (JSON or NULL), result, metrics (JSON array of
     * {"name","value","labels"}, or NULL), u64 items, bytes items NDJSON, u64 rejects, bytes rejects NDJSON (what was
     * not sent by EMIT), u64 cpu_us (user and system), u64 peak_rss_kb, u64 run_us (wall) */
    WEIR_FRAME_OUTCOME = 35,
    WEIR_FRAME_CALL = 36,               /* flags: WEIR_CALL_*; payload by call, see below */
    /* EMIT, flags 0 items, 1 rejects: u64 count, bytes NDJSON: one JSON value a line, raw newlines inside a value
     * replaced by spaces. A reject is {"subject","code","message","details"}. */
    WEIR_FRAME_EMIT = 37,
    WEIR_FRAME_LOG = 38,                /* u64 level, bytes message, bytes fields (JSON object or NULL) */
    WEIR_FRAME_PROGRESS = 39            /* u64 done, u64 total, bytes note. Sent at most every 100 ms, and the last one */
};

enum { WEIR_SANDBOX_FILES = 1, WEIR_SANDBOX_TCP = 2, WEIR_SANDBOX_CALLS = 4 }; /* what to forbid; HELLO's last field */

/* CALL payload -> REPLY fields after status and last_error. "head", "report", "out" are bytes (NULL after a failure). */
enum {
    WEIR_CALL_CHECKPOINT_LOAD = 1,      /* -> bytes state */
    WEIR_CALL_CHECKPOINT_SAVE = 2,      /* bytes state -> */
    WEIR_CALL_MAKE_CONTAINER = 16,      /* bytes container, options -> */
    WEIR_CALL_LIST = 17,                /* bytes container, prefix, options, page -> bytes out */
    WEIR_CALL_STAT = 18,                /* bytes container, key -> bytes head */
    WEIR_CALL_READ = 19,                /* bytes container, key -> bytes out */
    WEIR_CALL_READ_MANY = 20,           /* u64 n, n of (bytes container, key, etag, u64 from, size) ->
     * u64 n, n of (u64 status, u64 total, bytes data). The host may answer for fewer than
     * were asked, at least one, in order; the runner then asks again for the rest. */
    WEIR_CALL_WRITE = 21,               /* bytes container, key, data, options -> bytes head */
    WEIR_CALL_REMOVE = 22,              /* bytes container, key -> */
    WEIR_CALL_COPY = 23,                /* u64 n, n of (bytes from_container, from_key, from_etag, to_container, to_key,
                                         * options), bytes options -> bytes report. Scratch: container NULL, and key is
                                         * relative to the task's scratch directory */
    WEIR_CALL_OPEN_FD = 24,             /* bytes container, key -> (descriptor) */
    WEIR_CALL_OPEN_READ = 25,           /* bytes container, key, etag -> u64 stream */
    WEIR_CALL_OPEN_WRITE = 26,          /* bytes container, key, options -> u64 stream */
    WEIR_CALL_PULL = 27,                /* u64 stream, u64 capacity (at most 1 MiB a call) -> bytes data */
    WEIR_CALL_PUSH = 28,                /* u64 stream, bytes data (at most 1 MiB a call) -> */
    WEIR_CALL_CLOSE = 29,               /* u64 stream, u64 commit -> bytes head */
    WEIR_CALL_PUT_COLLECTION = 48,      /* bytes document, options -> bytes report */
    WEIR_CALL_PREPARE = 49,             /* bytes collection, intervals, options -> */
    WEIR_CALL_PUT_ITEMS = 50,           /* bytes collection, items, options -> bytes report */
    WEIR_CALL_REMOVE_ITEMS = 51,        /* bytes collection, ids -> bytes report */
    WEIR_CALL_FINISH = 52,              /* bytes collection, options -> bytes report */
    WEIR_CALL_CHECK = 53,               /* bytes documents, options -> bytes report */
    WEIR_CALL_PUBLISHED = 54,           /* bytes collection, options -> bytes page */
    WEIR_CALL_WITHDRAW = 55,            /* bytes collection, options -> bytes report */
    WEIR_CALL_BEGIN = 64,               /* bytes database, options -> u64 session */
    WEIR_CALL_EXEC = 65,                /* u64 session, bytes sql, u64 n, n of bytes value -> bytes out */
    WEIR_CALL_COPY_IN = 66,             /* u64 session, bytes sql -> */
    WEIR_CALL_COPY_DATA = 67,           /* u64 session, bytes data (at most 1 MiB a call) -> */
    WEIR_CALL_COPY_END = 68,            /* u64 session -> u64 rows */
    WEIR_CALL_END = 69,                 /* u64 session, u64 commit -> */
    WEIR_CALL_REQUEST = 80,             /* bytes request, body -> bytes head, out: what came, after a failure too */
    WEIR_CALL_TO_OBJECT = 81            /* bytes request, body, container, key, options -> bytes head, as above */
};
#endif
