#define _GNU_SOURCE
#include "channel.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { MOST_PARTS = 8 };

void weir_break(weir_channel *channel) {
    atomic_store(&channel->broken, true);
    atomic_store(&channel->ended, true);
}

/* Writes all pieces; a socket whose owner made it non-blocking is waited for. */
static bool write_all(weir_channel *channel, struct iovec *pieces, size_t count) {
    while (count > 0) {
        struct msghdr message = { .msg_iov = pieces, .msg_iovlen = count };
        ssize_t sent = sendmsg(channel->socket, &message, MSG_NOSIGNAL);
        if (sent < 0) {
            struct pollfd writable = { .fd = channel->socket, .events = POLLOUT };
            if (errno == EINTR || (errno == EAGAIN && poll(&writable, 1, -1) >= 0)) continue;
            if (errno == EPIPE || errno == ECONNRESET) atomic_store(&channel->ended, true);
            else weir_break(channel);
            return false;
        }
        while (count > 0 && (size_t)sent >= pieces->iov_len) {
            sent -= (ssize_t)pieces->iov_len;
            pieces++;
            count--;
        }
        if (count > 0) {
            pieces->iov_base = (char *)pieces->iov_base + sent;
            pieces->iov_len -= (size_t)sent;
        }
    }
    return true;
}

bool weir_send(weir_channel *channel, weir_frame head, const weir_span *parts, int count) {
    struct iovec pieces[MOST_PARTS + 2];
    size_t used = 0, size = 0;
    pthread_mutex_lock(&channel->sending);
    if (channel->outbox.size > 0) pieces[used++] = (struct iovec){ channel->outbox.data, channel->outbox.size };
    pieces[used++] = (struct iovec){ &head, sizeof head };
    for (int i = 0; i < count; i++) {
        size += parts[i].size;
        pieces[used++] = (struct iovec){ (void *)(uintptr_t)parts[i].data, parts[i].size };
    }
    head.size = (uint32_t)size;
    bool sent = write_all(channel, pieces, used);
    weir_text_clear(&channel->outbox);
    pthread_mutex_unlock(&channel->sending);
    return sent;
}

bool weir_flush(weir_channel *channel) {
    bool sent = true;
    pthread_mutex_lock(&channel->sending);
    if (channel->outbox.size > 0) {
        struct iovec all = { channel->outbox.data, channel->outbox.size };
        sent = write_all(channel, &all, 1);
        weir_text_clear(&channel->outbox);
    }
    pthread_mutex_unlock(&channel->sending);
    return sent;
}

size_t weir_frame_begin(weir_text *text, uint16_t kind, uint64_t task) {
    size_t begin = text->size;
    weir_frame head = { .size = 0, .kind = kind, .flags = 0, .task = task, .call = 0 };
    weir_text_add(text, &head, sizeof head);
    return begin;
}

void weir_frame_end(weir_text *text, size_t begin) {
    uint32_t size = (uint32_t)(text->size - begin - sizeof(weir_frame));
    memcpy(text->data + begin, &size, sizeof size);
}

void weir_put_number(weir_text *text, uint64_t number) {
    weir_text_add(text, &number, sizeof number);
}

void weir_put_bytes(weir_text *text, const void *data, size_t size) {
    uint32_t length = (uint32_t)size;
    weir_text_add(text, &length, sizeof length);
    weir_text_add(text, data, size);
}

void weir_put_string(weir_text *text, const char *string) {
    uint32_t null = WEIR_NULL;
    if (string) weir_put_bytes(text, string, strlen(string));
    else weir_text_add(text, &null, sizeof null);
}

uint64_t weir_get_number(weir_cursor *cursor) {
    uint64_t number = 0;
    if (cursor->broken || (size_t)(cursor->end - cursor->at) < sizeof number) {
        cursor->broken = true;
        return 0;
    }
    memcpy(&number, cursor->at, sizeof number);
    memset(cursor->at, 0, 1);           /* ends the string in front of it */
    cursor->at += sizeof number;
    return number;
}

bool weir_get_bytes(weir_cursor *cursor, weir_bytes *out) {
    uint32_t length;
    *out = (weir_bytes){ NULL, 0 };
    if (cursor->broken || (size_t)(cursor->end - cursor->at) < sizeof length) {
        cursor->broken = true;
        return false;
    }
    memcpy(&length, cursor->at, sizeof length);
    memset(cursor->at, 0, 1);
    cursor->at += sizeof length;
    if (length == WEIR_NULL) return false;
    if ((size_t)(cursor->end - cursor->at) < length) {
        cursor->broken = true;
        return false;
    }
    *out = (weir_bytes){ cursor->at, length };
    cursor->at += length;
    return true;
}

const char *weir_get_string(weir_cursor *cursor) {
    weir_bytes bytes;
    return weir_get_bytes(cursor, &bytes) ? bytes.data : NULL;
}
