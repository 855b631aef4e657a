/* weir_events.h - waiting for many descriptors at once: epoll, eventfd and sockets, which Swift's Glibc module does not show. */
#ifndef WEIR_EVENTS_H
#define WEIR_EVENTS_H
#include <stddef.h>
#include <stdint.h>

enum { WEIR_READABLE = 1, WEIR_WRITABLE = 4, WEIR_ENDED = 16 | 8 };     /* EPOLLIN, EPOLLOUT, EPOLLHUP | EPOLLERR */

typedef struct weir_event { uint64_t tag; uint32_t events, reserved; } weir_event;

/* A new epoll descriptor, close-on-exec; -1 and errno. */
int weir_epoll_new(void);
/* Watches fd for `events`; `tag` comes back with each. 0, or -1 and errno. */
int weir_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag);
int weir_epoll_change(int epoll, int fd, uint32_t events, uint64_t tag);
int weir_epoll_remove(int epoll, int fd);
/* Waits up to timeout_ns (negative: for ever); the number of events, 0 also after a signal, or -1 and errno. */
int weir_epoll_wait(int epoll, weir_event *out, int capacity, int64_t timeout_ns);

/* A new eventfd, non-blocking and close-on-exec; -1 and errno. */
int weir_eventfd_new(void);
void weir_eventfd_raise(int fd);
void weir_eventfd_clear(int fd);
/* Sleeps up to timeout_ns, or until fd is readable. */
void weir_nap(int fd, int64_t timeout_ns);

/* Sends bytes with one descriptor attached to the first; as send() with MSG_DONTWAIT | MSG_NOSIGNAL. */
long weir_send_descriptor(int socket, const void *bytes, size_t size, int descriptor);
/* A connected pair of stream sockets, both close-on-exec. 0, or -1 and errno. */
int weir_socket_pair(int out[2]);
/* Names a thread, as top and gdb show it; at most 15 letters. */
void weir_name_thread(unsigned long thread, const char *name);
/* A pidfd for pid, close-on-exec; -1 and errno. */
int weir_pidfd(int pid);
#endif
