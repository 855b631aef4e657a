#define _GNU_SOURCE
#include "channel.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The next frame for the serving thread; 0 at the end of the socket, -1 if that or the protocol is broken. Nobody else
 * reads meanwhile: no task is in hand. */
static int next_frame(weir_channel *channel, weir_arrival *out) {
    if (weir_take_stashed(channel, out)) return 1;
    while (!atomic_load(&channel->ended)) {
        int taken = weir_reader_take(&channel->reader, out);
        if (taken != 0) return taken;
        long got = weir_reader_fill(&channel->reader, 0);
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        return got == 0 || errno == ECONNRESET ? 0 : -1;
    }
    return atomic_load(&channel->broken) ? -1 : 0;
}

static bool read_hello(weir_channel *channel, const weir_arrival *arrival) {
    weir_hello *hello = &channel->hello;
    channel->hello_frame = arrival->block;
    if (!channel->hello_frame) {
        channel->hello_frame = weir_block_new(arrival->head.size);
        memcpy(channel->hello_frame->data, arrival->payload, arrival->head.size);
    }
    weir_bytes config;
    weir_cursor cursor = { channel->hello_frame->data, channel->hello_frame->data + channel->hello_frame->size, false };
    hello->library = weir_get_string(&cursor);
    weir_get_bytes(&cursor, &config);
    hello->config = config.data;
    hello->host_version = weir_get_string(&cursor);
    uint64_t protocol = weir_get_number(&cursor);
    hello->scratch = weir_get_string(&cursor);
    hello->readable = weir_get_string(&cursor);
    hello->memory_mb = weir_get_number(&cursor);
    hello->sandbox = weir_get_number(&cursor);
    channel->host.config = config;
    channel->host.version = hello->host_version ? hello->host_version : "";
    if (hello->scratch && *hello->scratch) {
        static const char folder[] = "/" WEIR_SCRATCH;
        size_t size = strlen(hello->scratch);
        channel->scratch.path = weir_allocate(size + sizeof folder);
        memcpy(channel->scratch.path, hello->scratch, size);
        memcpy(channel->scratch.path + size, folder, sizeof folder);
    }
    return !cursor.broken && protocol == WEIR_PROTOCOL;
}

static void send_text(weir_channel *channel, uint16_t kind, const weir_text *first, const char *second) {
    weir_text payload = { NULL, 0, 0 };
    weir_put_bytes(&payload, first->data, first->size);
    if (kind == WEIR_FRAME_READY) weir_put_string(&payload, second && *second ? second : NULL);
    weir_frame head = { .size = 0, .kind = kind, .flags = 0, .task = 0, .call = 0 };
    weir_send(channel, head, &(weir_span){ payload.data, payload.size }, 1);
    weir_text_free(&payload);
}

/* HELLO, limits and sandbox, the library; READY or REFUSED. */
static int greet(weir_channel *channel, const weir_serving *serving) {
    weir_arrival arrival;
    char note[2048] = "";
    weir_text text = { NULL, 0, 0 };
    int taken = next_frame(channel, &arrival);
    if (taken <= 0) return taken == 0 ? WEIR_SERVED_REFUSED : WEIR_SERVED_BROKEN;
    bool ready = false;
    if (arrival.head.kind != WEIR_FRAME_HELLO || !read_hello(channel, &arrival))
        weir_text_format(&text, "this runner speaks protocol %u, the host another: both must come from one build.", WEIR_PROTOCOL);
    else if (serving->restrict_process && serving->restrict_process(&channel->hello, note, sizeof note) != 0)
        weir_text_format(&text, "the process could not be restricted: %s", note);
    else ready = weir_library_load(channel, &text);
    if (ready) weir_describe(channel, &text);
    fflush(stdout);
    fflush(stderr);
    send_text(channel, ready ? WEIR_FRAME_READY : WEIR_FRAME_REFUSED, &text, note);
    weir_text_free(&text);
    return ready ? WEIR_SERVED : WEIR_SERVED_REFUSED;
}

static int serve_tasks(weir_channel *channel) {
    weir_arrival arrival;
    int taken;
    while ((taken = next_frame(channel, &arrival)) > 0) {
        switch (arrival.head.kind) {
        case WEIR_FRAME_TASK:
            weir_attempt_run(channel, &arrival);
            break;
        case WEIR_FRAME_REPLY:          /* to a call that was given up */
        case WEIR_FRAME_CREDIT:
            if (arrival.head.kind == WEIR_FRAME_REPLY) weir_drop_reply(channel, &arrival);
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
    weir_send_log((weir_channel *)(uintptr_t)host, 0, level, message, NULL);
}

static weir_channel *channel_new(const weir_serving *serving) {
    weir_channel *channel = weir_allocate(sizeof *channel);
    memset(channel, 0, sizeof *channel);
    channel->host = (weir_host){ .struct_size = sizeof(weir_host), .minor = WEIR_MINOR, .name = "weir", .log = log_of_host };
    channel->socket = serving->socket;
    channel->cancel = serving->cancel;
    channel->page = serving->page;
    channel->scratch.fd = -1;
    pthread_mutex_init(&channel->lock, NULL);
    pthread_mutex_init(&channel->sending, NULL);
    pthread_cond_init(&channel->left, NULL);
    atomic_init(&channel->ended, false);
    atomic_init(&channel->broken, false);
    for (int i = 0; i < WEIR_REMEMBERED; i++) {
        channel->attempts[i].channel = channel;
        pthread_mutex_init(&channel->attempts[i].emitting, NULL);
        pthread_mutex_init(&channel->attempts[i].keeping, NULL);
    }
    weir_reader_open(&channel->reader, serving->socket);
    /* A raised descriptor is read to clear it; one that was cleared by another thread must not block this one. */
    fcntl(serving->cancel, F_SETFL, fcntl(serving->cancel, F_GETFL) | O_NONBLOCK);
    return channel;
}

int weir_serve(const weir_serving *serving) {
    weir_channel *channel = channel_new(serving);
    int result = greet(channel, serving);
    if (result == WEIR_SERVED) {
        result = serve_tasks(channel);
        if (channel->plugin->close) channel->plugin->close();
        fflush(stdout);
        fflush(stderr);
    }
    weir_arrival left;
    while (weir_take_stashed(channel, &left)) free(left.block);
    weir_scratch_leave(&channel->scratch, true);       /* what stays behind, the host removes with the folder around it */
    weir_reader_close(&channel->reader);
    weir_text_free(&channel->outbox);
    /* The channel itself, its HELLO and its entries stay: the plugin was given the host, and threads of it may live on. */
    return result;
}
