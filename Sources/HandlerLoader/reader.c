#define _GNU_SOURCE
#include "reader.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

weir_block *weir_block_new(size_t size) {
    weir_block *block = weir_allocate(sizeof *block + size + 1);
    *block = (weir_block){ NULL, NULL, size, 1, 0 };
    block->data[size] = 0;
    return block;
}

void weir_reader_open(weir_reader *reader, int socket) {
    memset(reader, 0, sizeof *reader);
    reader->socket = socket;
    reader->buffer = weir_allocate(WEIR_READ_AHEAD);
}

void weir_reader_close(weir_reader *reader) {
    while (reader->waiting > 0) close(reader->descriptors[--reader->waiting]);
    free(reader->large);
    free(reader->buffer);
}

static bool take_large(weir_reader *reader, weir_arrival *out) {
    if (reader->filled < reader->large->size) return false;
    *out = (weir_arrival){ reader->large_head, reader->large->data, reader->large };
    reader->large = NULL;
    return true;
}

int weir_reader_take(weir_reader *reader, weir_arrival *out) {
    if (reader->large) return take_large(reader, out);
    weir_frame head;
    size_t there = reader->end - reader->start;
    if (there < sizeof head) return 0;
    memcpy(&head, reader->buffer + reader->start, sizeof head);
    if (head.size > WEIR_MAX_FRAME) return -1;
    if (there - sizeof head >= head.size) {
        *out = (weir_arrival){ head, reader->buffer + reader->start + sizeof head, NULL };
        reader->start += sizeof head + head.size;
        return 1;
    }
    if (sizeof head + head.size > WEIR_READ_AHEAD) {
        reader->large_head = head;
        reader->large = weir_block_new(head.size);
        reader->filled = there - sizeof head;
        memcpy(reader->large->data, reader->buffer + reader->start + sizeof head, reader->filled);
        reader->start = reader->end = 0;
    }
    return 0;
}

bool weir_reader_has_frame(const weir_reader *reader) {
    weir_frame head;
    size_t there = reader->end - reader->start;
    if (reader->large || there < sizeof head) return false;
    memcpy(&head, reader->buffer + reader->start, sizeof head);
    return there - sizeof head >= head.size;
}

static void keep_descriptors(weir_reader *reader, struct msghdr *message) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            if (reader->waiting < WEIR_MOST_DESCRIPTORS) reader->descriptors[reader->waiting++] = fd;
            else close(fd);
        }
    }
}

long weir_reader_fill(weir_reader *reader, int flags) {
    union { char space[CMSG_SPACE(WEIR_MOST_DESCRIPTORS * sizeof(int))]; struct cmsghdr align; } control;
    struct iovec piece;
    if (reader->large) {
        piece = (struct iovec){ reader->large->data + reader->filled, reader->large->size - reader->filled };
    } else {
        if (reader->start > 0) {
            memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
            reader->end -= reader->start;
            reader->start = 0;
        }
        piece = (struct iovec){ reader->buffer + reader->end, WEIR_READ_AHEAD - reader->end };
    }
    struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    ssize_t got = recvmsg(reader->socket, &message, flags | MSG_CMSG_CLOEXEC);
    if (got <= 0) return got;
    keep_descriptors(reader, &message);
    if (reader->large) reader->filled += (size_t)got;
    else reader->end += (size_t)got;
    return got;
}

int weir_reader_take_descriptor(weir_reader *reader) {
    if (reader->waiting == 0) return -1;
    int fd = reader->descriptors[0];
    memmove(reader->descriptors, reader->descriptors + 1, sizeof(int) * (size_t)--reader->waiting);
    return fd;
}
