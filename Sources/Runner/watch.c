#define _GNU_SOURCE
#include "runner.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* For close() and what a handler has begun; without its host a handler can do no more harm than use time. */
enum { GRACE_SECONDS = 1, STACK = 128 << 10 };

static void *watch(void *argument) {
    struct pollfd host = { .fd = (int)(intptr_t)argument, .events = POLLRDHUP };   /* not POLLIN: frames do not wake it */
    struct timespec grace = { GRACE_SECONDS, 0 };
    while (poll(&host, 1, -1) <= 0) continue;
    nanosleep(&grace, NULL);
    _exit(WEIR_SERVED);
}

int runner_watch_host(int socket) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attributes, watch, (void *)(intptr_t)socket);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}
