#include "channel.h"
#include <stdlib.h>
#include <string.h>

/* What one CALL carries of a COPY; the protocol allows no more. */
static const uint64_t PIECE = 1u << 20;
enum { MOST_VALUES = 65535 };

static bool begin_call(weir_call *call, weir_session *session, uint16_t kind, const char *name) {
    if (!weir_call_begin(call, &session->attempt->task, WEIR_HAS_SQL, kind, name)) return false;
    weir_call_number(call, session->number);
    return true;
}

static weir_status begin(weir_task *task, const char *database, const char *options, weir_session **out) {
    weir_call call;
    if (out) *out = NULL;
    if (!weir_call_begin(&call, task, WEIR_HAS_SQL, WEIR_CALL_BEGIN, "sql.begin")) return call.status;
    if (!out) call.status = weir_refuse(call.attempt, call.name, WEIR_MISUSE, "sql.begin: out is NULL");
    weir_call_needs(&call, "database", database);
    weir_call_text(&call, options);
    if (weir_call_make(&call) == WEIR_OK) {
        weir_session *session = weir_allocate(sizeof *session);
        pthread_mutex_lock(&call.attempt->keeping);
        *session = (weir_session){ call.attempt->sessions, call.attempt, weir_get_number(&call.reply) };
        call.attempt->sessions = session;
        pthread_mutex_unlock(&call.attempt->keeping);
        *out = session;
    }
    return weir_call_end(&call);
}

static weir_status exec(weir_session *session, const char *sql, const weir_bytes *params, uint32_t count, weir_bytes *out) {
    weir_call call;
    if (out) *out = (weir_bytes){ NULL, 0 };
    if (!begin_call(&call, session, WEIR_CALL_EXEC, "sql.exec")) return call.status;
    if (count > MOST_VALUES)
        call.status = weir_refuse(call.attempt, call.name, WEIR_MISUSE, "sql.exec: a statement takes at most %d params",
                                  MOST_VALUES);
    else if (count > 0 && !params)
        call.status = weir_refuse(call.attempt, call.name, WEIR_MISUSE, "sql.exec: params is NULL but has a count");
    weir_call_needs(&call, "sql", sql);
    weir_call_number(&call, count);
    for (uint32_t i = 0; i < count && call.status == WEIR_OK; i++) weir_call_value(&call, "a param", params[i]);
    weir_call_make(&call);
    weir_call_out(&call, out);
    return weir_call_end(&call);
}

static weir_status copy_in(weir_session *session, const char *sql) {
    weir_call call;
    if (!begin_call(&call, session, WEIR_CALL_COPY_IN, "sql.copy_in")) return call.status;
    weir_call_needs(&call, "sql", sql);
    weir_call_make(&call);
    return weir_call_end(&call);
}

static weir_status copy_piece(weir_session *session, weir_bytes piece) {
    weir_call call;
    if (!begin_call(&call, session, WEIR_CALL_COPY_DATA, "sql.copy_data")) return call.status;
    weir_call_bytes(&call, "data", piece);
    weir_call_make(&call);
    return weir_call_end(&call);
}

static weir_status copy_data(weir_session *session, weir_bytes data) {
    weir_status status = WEIR_OK;
    const char *at = data.data;
    while (status == WEIR_OK && data.size > 0) {
        uint64_t size = data.size < PIECE ? data.size : PIECE;
        status = copy_piece(session, (weir_bytes){ at, size });
        if (at) at += size;
        data.size -= size;
    }
    return status;
}

static weir_status copy_end(weir_session *session, uint64_t *rows) {
    weir_call call;
    if (rows) *rows = 0;
    if (!begin_call(&call, session, WEIR_CALL_COPY_END, "sql.copy_end")) return call.status;
    if (weir_call_make(&call) == WEIR_OK && rows) *rows = weir_get_number(&call.reply);
    return weir_call_end(&call);
}

static void forget(weir_session *session) {
    weir_attempt *attempt = session->attempt;
    pthread_mutex_lock(&attempt->keeping);
    weir_session **link = &attempt->sessions;
    while (*link && *link != session) link = &(*link)->next;
    if (*link) *link = session->next;
    pthread_mutex_unlock(&attempt->keeping);
    free(session);
}

static weir_status end(weir_session *session, int32_t commit) {
    weir_call call;
    if (!begin_call(&call, session, WEIR_CALL_END, "sql.end")) return call.status;
    weir_call_number(&call, commit != 0);
    weir_call_make(&call);
    if (!call.block) weir_tell(session->attempt, WEIR_CALL_END, session->number, 0);
    forget(session);
    return weir_call_end(&call);
}

void weir_sessions_abort(weir_attempt *attempt) {
    while (attempt->sessions) {
        weir_session *next = attempt->sessions->next;
        weir_tell(attempt, WEIR_CALL_END, attempt->sessions->number, 0);
        free(attempt->sessions);
        attempt->sessions = next;
    }
}

const weir_sql weir_sql_table = {
    .struct_size = sizeof(weir_sql),
    .begin = begin,
    .exec = exec,
    .copy_in = copy_in,
    .copy_data = copy_data,
    .copy_end = copy_end,
    .end = end,
};
