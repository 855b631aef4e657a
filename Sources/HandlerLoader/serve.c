#define _GNU_SOURCE
#include "session.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The next frame for the serving thread; 0 at the end of the socket, -1 if that or the protocol is broken. Nobody else
 * reads meanwhile: no task is in hand. */
static int next_frame(weir_session *session, weir_arrival *out) {
    if (weir_take_stashed(session, out)) return 1;
    while (!atomic_load(&session->ended)) {
        int taken = weir_reader_take(&session->reader, out);
        if (taken != 0) return taken;
        long got = weir_reader_fill(&session->reader, 0);
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        return got == 0 || errno == ECONNRESET ? 0 : -1;
    }
    return atomic_load(&session->broken) ? -1 : 0;
}

static bool read_hello(weir_session *session, const weir_arrival *arrival) {
    weir_hello *hello = &session->hello;
    session->hello_frame = arrival->block;
    if (!session->hello_frame) {
        session->hello_frame = weir_block_new(arrival->head.size);
        memcpy(session->hello_frame->data, arrival->payload, arrival->head.size);
    }
    weir_bytes config;
    weir_cursor cursor = { session->hello_frame->data, session->hello_frame->data + session->hello_frame->size, false };
    hello->library = weir_get_string(&cursor);
    weir_get_bytes(&cursor, &config);
    hello->config = config.data;
    hello->host_version = weir_get_string(&cursor);
    uint64_t protocol = weir_get_number(&cursor);
    hello->scratch = weir_get_string(&cursor);
    hello->readable = weir_get_string(&cursor);
    hello->memory_mb = weir_get_number(&cursor);
    hello->sandbox = weir_get_number(&cursor);
    session->host.config = config;
    session->host.version = hello->host_version ? hello->host_version : "";
    if (hello->scratch && *hello->scratch) {
        static const char folder[] = "/" WEIR_SCRATCH;
        size_t size = strlen(hello->scratch);
        session->scratch.path = weir_allocate(size + sizeof folder);
        memcpy(session->scratch.path, hello->scratch, size);
        memcpy(session->scratch.path + size, folder, sizeof folder);
    }
    return !cursor.broken && protocol == WEIR_PROTOCOL;
}

static void send_text(weir_session *session, uint16_t kind, const weir_text *first, const char *second) {
    weir_text payload = { NULL, 0, 0 };
    weir_put_bytes(&payload, first->data, first->size);
    if (kind == WEIR_FRAME_READY) weir_put_string(&payload, second && *second ? second : NULL);
    weir_frame head = { .size = 0, .kind = kind, .flags = 0, .task = 0, .call = 0 };
    weir_send(session, head, &(weir_span){ payload.data, payload.size }, 1);
    weir_text_free(&payload);
}

/* HELLO, limits and sandbox, the library; READY or REFUSED. */
static int greet(weir_session *session, const weir_serving *serving) {
    weir_arrival arrival;
    char note[2048] = "";
    weir_text text = { NULL, 0, 0 };
    int taken = next_frame(session, &arrival);
    if (taken <= 0) return taken == 0 ? WEIR_SERVED_REFUSED : WEIR_SERVED_BROKEN;
    bool ready = false;
    if (arrival.head.kind != WEIR_FRAME_HELLO || !read_hello(session, &arrival))
        weir_text_format(&text, "this runner speaks protocol %u, the host another: both must come from one build.", WEIR_PROTOCOL);
    else if (serving->restrict_process && serving->restrict_process(&session->hello, note, sizeof note) != 0)
        weir_text_format(&text, "the process could not be restricted: %s", note);
    else ready = weir_library_load(session, &text);
    if (ready) weir_describe(session, &text);
    fflush(stdout);
    fflush(stderr);
    send_text(session, ready ? WEIR_FRAME_READY : WEIR_FRAME_REFUSED, &text, note);
    weir_text_free(&text);
    return ready ? WEIR_SERVED : WEIR_SERVED_REFUSED;
}

static int serve_tasks(weir_session *session) {
    weir_arrival arrival;
    int taken;
    while ((taken = next_frame(session, &arrival)) > 0) {
        switch (arrival.head.kind) {
        case WEIR_FRAME_TASK:
            weir_attempt_run(session, &arrival);
            break;
        case WEIR_FRAME_REPLY:          /* to a call that was given up */
        case WEIR_FRAME_CREDIT:
            if (arrival.head.kind == WEIR_FRAME_REPLY) weir_drop_reply(session, &arrival);
            else free(arrival.block);
            break;
        case WEIR_FRAME_STOP:
            free(arrival.block);
            return WEIR_SERVED;
        default:
            free(arrival.block);
            return WEIR_SERVED_BROKEN;
        }
    }
    return taken == 0 ? WEIR_SERVED : WEIR_SERVED_BROKEN;
}

static void log_of_host(const weir_host *host, int32_t level, const char *message) {
    weir_send_log((weir_session *)(uintptr_t)host, 0, level, message, NULL);
}

static weir_session *session_new(const weir_serving *serving) {
    weir_session *session = weir_allocate(sizeof *session);
    memset(session, 0, sizeof *session);
    session->host = (weir_host){ .struct_size = sizeof(weir_host), .minor = WEIR_MINOR, .name = "weir", .log = log_of_host };
    session->socket = serving->socket;
    session->cancel = serving->cancel;
    session->page = serving->page;
    session->scratch.fd = -1;
    pthread_mutex_init(&session->lock, NULL);
    pthread_mutex_init(&session->sending, NULL);
    pthread_cond_init(&session->left, NULL);
    atomic_init(&session->ended, false);
    atomic_init(&session->broken, false);
    for (int i = 0; i < WEIR_REMEMBERED; i++) {
        session->attempts[i].session = session;
        pthread_mutex_init(&session->attempts[i].emitting, NULL);
        pthread_mutex_init(&session->attempts[i].keeping, NULL);
    }
    weir_reader_open(&session->reader, serving->socket);
    /* A raised descriptor is read to clear it; one that was cleared by another thread must not block this one. */
    fcntl(serving->cancel, F_SETFL, fcntl(serving->cancel, F_GETFL) | O_NONBLOCK);
    return session;
}

int weir_serve(const weir_serving *serving) {
    weir_session *session = session_new(serving);
    int result = greet(session, serving);
    if (result == WEIR_SERVED) {
        result = serve_tasks(session);
        if (session->plugin->close) session->plugin->close();
        fflush(stdout);
        fflush(stderr);
    }
    weir_arrival left;
    while (weir_take_stashed(session, &left)) free(left.block);
    weir_scratch_leave(&session->scratch, true);       /* what stays behind, the host removes with the folder around it */
    weir_reader_close(&session->reader);
    weir_text_free(&session->outbox);
    /* The session itself, its HELLO and its entries stay: the plugin was given the host, and threads of it may live on. */
    return result;
}
