#define _GNU_SOURCE
#include "weir_events.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert((int)WEIR_READABLE == (int)EPOLLIN && (int)WEIR_WRITABLE == (int)EPOLLOUT, "epoll");
_Static_assert((int)WEIR_ENDED == ((int)EPOLLHUP | (int)EPOLLERR), "epoll");

int weir_epoll_new(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event event = {.events = events, .data.u64 = tag};
    return epoll_ctl(epoll, operation, fd, &event);
}

int weir_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag) {
    return control(epoll, EPOLL_CTL_ADD, fd, events, tag);
}

int weir_epoll_change(int epoll, int fd, uint32_t events, uint64_t tag) {
    return control(epoll, EPOLL_CTL_MOD, fd, events, tag);
}

int weir_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int weir_epoll_wait(int epoll, weir_event *out, int capacity, int64_t timeout_ns) {
    struct epoll_event events[64];
    if (capacity > 64) capacity = 64;
    int timeout = timeout_ns < 0 ? -1 : (int)((timeout_ns + 999999) / 1000000);     /* up: never early */
    int count = epoll_wait(epoll, events, capacity, timeout);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) out[i] = (weir_event){.tag = events[i].data.u64, .events = events[i].events};
    return count;
}

int weir_eventfd_new(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void weir_eventfd_raise(int fd) {
    uint64_t one = 1;
    if (write(fd, &one, sizeof one) < 0) return;        /* only when the counter is full, and then it is readable */
}

void weir_eventfd_clear(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0) return;     /* only when it was not raised */
}

void weir_nap(int fd, int64_t timeout_ns) {
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
    ppoll(&waited, 1, &timeout, NULL);
}

long weir_send_descriptor(int socket, const void *bytes, size_t size, int descriptor) {
    union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = {{0}};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int weir_socket_pair(int out[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out); }

int weir_pidfd(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

void weir_name_thread(unsigned long thread, const char *name) { pthread_setname_np((pthread_t)thread, name); }
