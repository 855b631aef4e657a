#define _GNU_SOURCE
#include "broken.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* None of these looks at what the host answers: that is what is broken about them. */

weir_status broken_large_result(weir_task *task) {
    size_t size = (size_t)WEIR_MAX_ITEM + 2;
    char *text = malloc(size);
    if (!text) return task->fail(task, WEIR_RETRY, "no memory", NULL);
    memset(text, 'x', size);
    text[0] = text[size - 1] = '"';
    task->result(task, (weir_bytes){ text, size });
    free(text);
    return WEIR_OK;
}

weir_status broken_bad_json(weir_task *task) {
    static const char text[] = "{\"ok\": tru}";
    task->result(task, (weir_bytes){ text, sizeof text - 1 });
    return WEIR_OK;
}

weir_status broken_bad_utf8(weir_task *task) {
    static const char text[] = "{\"name\": \"caf\xE9\"}";
    task->result(task, (weir_bytes){ text, sizeof text - 1 });
    return WEIR_OK;
}

weir_status broken_deep_json(weir_task *task) {
    enum { DEPTH = 200000 };
    char *text = malloc(2 * DEPTH);
    if (!text) return task->fail(task, WEIR_RETRY, "no memory", NULL);
    memset(text, '[', DEPTH);
    memset(text + DEPTH, ']', DEPTH);
    task->result(task, (weir_bytes){ text, 2 * DEPTH });
    free(text);
    return WEIR_OK;
}

/* This one does look, and returns what it was told. */
weir_status broken_bad_item(weir_task *task) {
    static const char text[] = "{\"n\": 01}";
    return task->emit(task, (weir_bytes){ text, sizeof text - 1 });
}

/* Emits for ever, as long as it is let. */
weir_status broken_flood(weir_task *task) {
    weir_status status = WEIR_OK;
    while (status == WEIR_OK) status = task->emit(task, (weir_bytes){ "{\"n\":1}", 7 });
    return status;
}

weir_status broken_status(weir_task *task) {
    return (weir_status)broken_number(task, "status", 999);
}

weir_status broken_emit_after_fail(weir_task *task) {
    weir_status status = task->fail(task, WEIR_FAILED, "it failed, and then it emitted", NULL);
    task->emit(task, (weir_bytes){ "{\"n\":1}", 7 });
    task->result(task, (weir_bytes){ "{}", 2 });
    return status;
}

/* `kb` KiB (1024) on stdout and on stderr: lines, a part without line ends, and bytes that are not UTF-8. */
weir_status broken_print(weir_task *task) {
    char part[1024];
    memset(part, 'p', sizeof part);
    for (long left = broken_number(task, "kb", 1024); left > 0; left--) {
        part[sizeof part - 1] = left % 2 ? '\n' : 'p';
        part[7] = (char)(left % 3 ? 0xFF : 0);
        fwrite(part, 1, sizeof part, stdout);
        fwrite(part, 1, sizeof part, stderr);
    }
    fputs("the last line has no end", stdout);
    return task->result(task, (weir_bytes){ "{}", 2 });
}

/* Leaves in scratch: a link to `target`, a locked folder with a file, and `depth` (300) folders in each other. */
weir_status broken_mess(weir_task *task) {
    char target[4096];
    int here = open(task->scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (here < 0) return task->fail(task, WEIR_FAILED, "scratch cannot be opened", NULL);
    if (broken_text(task, "target", target, sizeof target) && symlinkat(target, here, "link") != 0)
        return task->fail(task, WEIR_FAILED, "the link cannot be made", NULL);
    mkdirat(here, "locked", 0700);
    int file = openat(here, "locked/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    fchmodat(here, "locked", 0, 0);
    for (long left = broken_number(task, "depth", 300); left > 0 && here >= 0; left--) {
        mkdirat(here, "deeper", 0700);
        int next = openat(here, "deeper", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(here);
        here = next;
    }
    if (here >= 0) close(here);
    return task->result(task, (weir_bytes){ "{}", 2 });
}
