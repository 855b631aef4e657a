#define _GNU_SOURCE
#include "broken.h"
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 4096 };

weir_status broken_close_all(weir_task *task) {
    for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) close(fd);
    return task->result(task, (weir_bytes){ "{}", 2 });
}

/* Writes to every socket of the process. */
static void write_everywhere(const void *data, size_t size) {
    struct stat what;
    for (int fd = 0; fd < MOST_DESCRIPTORS; fd++)
        if (fstat(fd, &what) == 0 && S_ISSOCK(what.st_mode) && send(fd, data, size, MSG_NOSIGNAL) < 0) continue;
}

weir_status broken_garbage(weir_task *task) {
    char garbage[4096];
    memset(garbage, 0xA5, sizeof garbage);
    write_everywhere(garbage, sizeof garbage);
    return task->result(task, (weir_bytes){ "{}", 2 });
}

/* A well-formed frame that speaks of another task: OUTCOME of task `task`, which succeeded. */
weir_status broken_forged(weir_task *task) {
    struct { uint32_t size; uint16_t kind, flags; uint64_t task, call; uint64_t status; } frame = {
        sizeof(uint64_t), 35, 0, (uint64_t)broken_number(task, "task", 4711), 0, 0 };
    write_everywhere(&frame, sizeof frame);
    return task->result(task, (weir_bytes){ "{}", 2 });
}

/* Goes on emitting for the task of before until it is refused, some time after run() has returned. */
static void *go_on(void *argument) {
    weir_task *task = argument;
    int refused = 0;
    while (refused < 1000)
        if (task->emit(task, (weir_bytes){ "{\"late\":true}", 13 }) != WEIR_OK) refused++;
    return NULL;
}

weir_status broken_late(weir_task *task) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, go_on, task) != 0) return task->fail(task, WEIR_RETRY, "no thread", NULL);
    pthread_detach(thread);
    return task->result(task, (weir_bytes){ "{}", 2 });
}
