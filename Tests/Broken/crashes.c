#define _GNU_SOURCE
#include "broken.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Where the compiler cannot see that nothing comes of it. */
static volatile long sink;

weir_status broken_segfault(weir_task *task) {
    (void)task;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return WEIR_OK;
}

/* Segfaults when "batch" is 3. */
weir_status broken_picky(weir_task *task) {
    return broken_number(task, "batch", 0) == 3 ? broken_segfault(task) : WEIR_OK;
}

weir_status broken_abort(weir_task *task) {
    (void)task;
    fputs("broken.abort: about to abort\n", stdout);
    abort();
}

weir_status broken_exit(weir_task *task) {
    exit((int)broken_number(task, "code", 0));
}

static long deeper(long depth) {
    volatile char room[4096];
    room[0] = (char)depth;
    return deeper(depth + 1) + room[0];
}

weir_status broken_stack(weir_task *task) {
    (void)task;
    sink = deeper(0);
    return WEIR_OK;
}

weir_status broken_spin(weir_task *task) {
    (void)task;
    for (;;) sink++;
}

/* Takes and touches `mb` MiB (4096), piece by piece; crashes as most programs do when there is no more. */
weir_status broken_hog(weir_task *task) {
    const size_t piece = 16u << 20;
    for (long left = broken_number(task, "mb", 4096); left > 0; left -= 16) {
        volatile char *taken = malloc(piece);
        for (size_t i = 0; i < piece; i += 4096) taken[i] = 1;
    }
    return WEIR_OK;
}

/* Leaves a process behind that nobody waits for. */
weir_status broken_child(weir_task *task) {
    char result[64];
    pid_t child = fork();
    if (child < 0) return task->fail(task, WEIR_DENIED, strerror(errno), NULL);
    if (child == 0)
        for (;;) pause();
    int size = snprintf(result, sizeof result, "{\"pid\":%d}", (int)child);
    return task->result(task, (weir_bytes){ result, (uint64_t)size });
}

static void *crash_at_first_event(void *watch) {
    char event[512];
    if (read((int)(intptr_t)watch, event, sizeof event) > 0) kill(getpid(), SIGSEGV);
    return NULL;
}

/* Leaves `files` files in its scratch directory and returns well; crashes when the runner begins to remove them: after the
 * outcome, and long before the next task. */
weir_status broken_afterwards(weir_task *task) {
    char path[4096];
    pthread_t thread;
    long files = broken_number(task, "files", 0);
    if (files == 0) return WEIR_OK;
    for (long i = 0; i < files; i++) {
        snprintf(path, sizeof path, "%s/%ld", task->scratch, i);
        int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        if (file < 0) return task->fail(task, WEIR_FAILED, strerror(errno), NULL);
        close(file);
    }
    int watch = inotify_init1(IN_CLOEXEC);
    if (watch < 0 || inotify_add_watch(watch, task->scratch, IN_DELETE) < 0
        || pthread_create(&thread, NULL, crash_at_first_event, (void *)(intptr_t)watch) != 0)
        return task->fail(task, WEIR_FAILED, strerror(errno), NULL);
    return WEIR_OK;
}
