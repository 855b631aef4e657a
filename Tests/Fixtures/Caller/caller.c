/* caller.c - handlers that ask the host for services, for the tests of what carries the questions and answers. */
#define _GNU_SOURCE
#include "weir/handler.h"
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, CALLS = 50 };

typedef struct caller { weir_task *task; const weir_storage *storage; int number; atomic_int *wrong; } caller;

/* Asks CALLS times for the head of an object whose key nobody else asks for; the host answers with that key. */
static void *ask(void *argument) {
    caller *self = argument;
    char key[32], expected[48];
    for (int i = 0; i < CALLS; i++) {
        weir_bytes head;
        snprintf(key, sizeof key, "%d-%d", self->number, i);
        snprintf(expected, sizeof expected, "{\"key\":\"%s\"}", key);
        weir_status status = self->storage->stat(self->task, "bronze", key, &head);
        if (status != WEIR_OK || head.size != strlen(expected) || memcmp(head.data, expected, head.size) != 0)
            atomic_fetch_add(self->wrong, 1);
    }
    return NULL;
}

static weir_status run_threads(weir_task *task) {
    char result[64];
    atomic_int wrong = 0;
    pthread_t threads[THREADS];
    caller callers[THREADS];
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    for (int i = 0; i < THREADS; i++) {
        callers[i] = (caller){ task, storage, i, &wrong };
        if (pthread_create(&threads[i], NULL, ask, &callers[i]) != 0) return task->fail(task, WEIR_RETRY, "no thread", NULL);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    int size = snprintf(result, sizeof result, "{\"wrong\":%d}", wrong);
    return task->result(task, (weir_bytes){ result, (uint64_t)size });
}

/* Returns what one read returned, with the host's reason. */
static weir_status run_read(weir_task *task) {
    weir_bytes data;
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    weir_status status = storage->read(task, "bronze", "a", &data);
    if (status != WEIR_OK) return status;
    return task->result(task, data);
}

static weir_status run_ungranted(weir_task *task) {
    return task->result(task, task->service(task, WEIR_STORAGE) ? (weir_bytes){ "true", 4 } : (weir_bytes){ "false", 5 });
}

/* Begins to write silver/left and leaves it so. */
static weir_status run_leave(weir_task *task) {
    weir_stream *stream;
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    weir_status status = storage->open_write(task, "silver", "left", NULL, &stream);
    if (status == WEIR_OK) status = storage->push(stream, (weir_bytes){ "half", 4 });
    return status;
}

/* Copies bronze/same and bronze/new to silver, and returns the report. */
static weir_status run_copy(weir_task *task) {
    weir_bytes report;
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    const weir_copy both[] = {
        { .from_container = "bronze", .from_key = "same", .to_container = "silver", .to_key = "same" },
        { .from_container = "bronze", .from_key = "new", .to_container = "silver", .to_key = "new" },
    };
    weir_status status = storage->copy(task, both, 2, "{\"if_exists\":\"update\",\"heads\":true}", &report);
    return status == WEIR_OK ? task->result(task, report) : status;
}

/* One transaction: a statement with a value, an empty one, NULL and a large one, then a COPY of 2.5 MiB. */
static weir_status run_session(weir_task *task) {
    static char large[100 << 10], data[5 << 19];
    weir_session *session;
    weir_bytes out;
    uint64_t rows;
    const weir_sql *sql = task->service(task, WEIR_SQL);
    weir_status status = sql->begin(task, "geo", "{\"read_only\":false}", &session);
    if (status != WEIR_OK) return status;
    memset(large, 'l', sizeof large);
    const weir_bytes params[4] = { { "a", 1 }, { "", 0 }, { NULL, 0 }, { large, sizeof large } };
    status = sql->exec(session, "SELECT $1, $2, $3, $4", params, 4, &out);
    if (status == WEIR_OK) status = task->result(task, out);
    if (status == WEIR_OK) status = sql->copy_in(session, "COPY t FROM STDIN");
    if (status == WEIR_OK) status = sql->copy_data(session, (weir_bytes){ data, sizeof data });
    if (status == WEIR_OK) status = sql->copy_end(session, &rows);
    if (status == WEIR_OK && rows != 17) status = task->fail(task, WEIR_FAILED, "not 17 rows", NULL);
    weir_status ended = sql->end(session, status == WEIR_OK);
    return status == WEIR_OK ? ended : status;
}

/* Begins two transactions and two objects and leaves all four as they are. */
static weir_status run_leave_all(weir_task *task) {
    weir_session *sessions[2];
    weir_stream *streams[2];
    const weir_sql *sql = task->service(task, WEIR_SQL);
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    for (int i = 0; i < 2; i++) {
        weir_status status = sql->begin(task, "geo", NULL, &sessions[i]);
        if (status == WEIR_OK) status = storage->open_write(task, "silver", i ? "b" : "a", NULL, &streams[i]);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* A request whose answer comes with a failure: what came is the result all the same. */
static weir_status run_request(weir_task *task) {
    weir_bytes head, out;
    char result[256];
    const weir_http *http = task->service(task, WEIR_HTTP);
    weir_status status = http->request(task, "{\"url\":\"https://example.org/\"}", (weir_bytes){ "body", 4 }, &head, &out);
    int size = snprintf(result, sizeof result, "{\"status\":%d,\"head\":%.*s,\"size\":%d}", status,
                        head.size ? (int)head.size : 4, head.size ? (const char *)head.data : "null", (int)out.size);
    status = task->result(task, (weir_bytes){ result, (uint64_t)size });
    if (status == WEIR_OK) status = http->to_object(task, "{}", (weir_bytes){ NULL, 0 }, NULL, "a.zip", NULL, &head);
    return status;
}

/* The first attempt saves a checkpoint and fails; the next one returns what it finds. */
static weir_status run_remember(weir_task *task) {
    weir_bytes state;
    const weir_checkpoint *checkpoint = task->service(task, WEIR_CHECKPOINT);
    weir_status status = checkpoint->load(task, &state);
    if (status == WEIR_OK) return task->result(task, state);
    if (status == WEIR_NOT_FOUND) status = checkpoint->save(task, (weir_bytes){ "{\"seen\":17}", 11 });
    return status == WEIR_OK ? task->fail(task, WEIR_RETRY, "saved, and once more", NULL) : status;
}

/* Writes its name to the ledger, naps `ms`, and emits the name: {"key":"JOB-STAGE-N-ATTEMPT"}. */
static weir_status run_note(weir_task *task) {
    char key[160], item[192];
    const weir_storage *storage = task->service(task, WEIR_STORAGE);
    const weir_metric *metric = task->service(task, WEIR_METRIC);
    double number = atof(strrchr(task->task_id, '/') + 1);
    if (metric->add(task, "noted", 1, NULL) != WEIR_OK || metric->add(task, "noted_numbers", number, NULL) != WEIR_OK
        || metric->add(task, "noted_highest", number, NULL) != WEIR_OK)
        return task->fail(task, WEIR_FAILED, "cannot report what is noted", NULL);
    snprintf(key, sizeof key, "%s-%u", task->task_id, task->attempt);
    for (char *at = key; *at; at++) if (*at == '/') *at = '-';
    weir_status status = storage->write(task, "ledger", key, (weir_bytes){ key, strlen(key) }, NULL, NULL);
    if (status != WEIR_OK) return task->fail(task, WEIR_RETRY, "cannot write to the ledger", NULL);
    poll(NULL, 0, 20);
    int size = snprintf(item, sizeof item, "{\"key\":\"%s\"}", key);
    return task->emit(task, (weir_bytes){ item, (uint64_t)size });
}

static const char any_object[] = "{\"type\":\"object\"}";
static const char *const asked_for[] = { WEIR_STORAGE, WEIR_CHECKPOINT, WEIR_SQL, WEIR_HTTP, WEIR_METRIC, NULL };

#define HANDLER(id, function)                                                                                            \
    { .struct_size = sizeof(weir_handler), .flags = WEIR_IDEMPOTENT, .name = id, .version = "1.0.0",                     \
      .params_schema = any_object, .optional = asked_for, .run = function }

static const weir_handler threads = HANDLER("caller.threads", run_threads);
static const weir_handler read_one = HANDLER("caller.read", run_read);
static const weir_handler ungranted = HANDLER("caller.granted", run_ungranted);
static const weir_handler leave = HANDLER("caller.leave", run_leave);
static const weir_handler copy_two = HANDLER("caller.copy", run_copy);
static const weir_handler remember = HANDLER("caller.remember", run_remember);
static const weir_handler note = { .struct_size = sizeof(weir_handler), .flags = WEIR_IDEMPOTENT, .name = "caller.note",
    .version = "1.0.0", .params_schema = any_object, .item_schema = any_object, .optional = asked_for, .run = run_note };
static const weir_handler session = HANDLER("caller.session", run_session);
static const weir_handler leave_all = HANDLER("caller.leave_all", run_leave_all);
static const weir_handler request = HANDLER("caller.request", run_request);
static const weir_handler *const handlers[] = { &threads, &read_one, &ungranted, &leave, &copy_two, &remember, &note,
                                                &session, &leave_all, &request, NULL };

static const weir_plugin plugin = {
    .struct_size = sizeof(weir_plugin), .magic = WEIR_MAGIC, .minor = WEIR_MINOR, .needs_minor = 0,
    .id = "org.weir.caller", .version = "1.0.0", .handlers = handlers,
};

const weir_plugin *weir_plugin_v1(uint32_t host_minor) {
    (void)host_minor;
    return &plugin;
}
