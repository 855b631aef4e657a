#define _GNU_SOURCE
#include "runner.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The host samples what a runner really uses and kills it above memory_mb; the address space is a backstop for what grows
 * between two samples. It must be roomy: a thread reserves 8 MiB of stack and up to 128 MiB for its heap without using
 * them, and a library like GDAL maps 200 MiB. */
enum { ROOM_MB = 1024, ROOM_FACTOR = 2, MOST_DESCRIPTORS = 4096 };

static int set(int which, rlim_t value) {
    struct rlimit limit;
    if (getrlimit(which, &limit) != 0) return -1;
    if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
    limit.rlim_cur = limit.rlim_max = value;
    return setrlimit(which, &limit);
}

static void die_first(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;                 /* a container may hide it; the host's own sampling stays */
    ssize_t written = write(fd, "1000", 4);
    (void)written;
    close(fd);
}

void runner_limit(const weir_hello *hello, runner_note *note) {
    if (set(RLIMIT_CORE, 0) != 0) runner_note_add(note, "core dumps cannot be turned off: %s", strerror(errno));
    if (set(RLIMIT_NOFILE, MOST_DESCRIPTORS) != 0) runner_note_add(note, "descriptors are not limited: %s", strerror(errno));
    if (hello->memory_mb > 0 && set(RLIMIT_AS, (rlim_t)(hello->memory_mb * ROOM_FACTOR + ROOM_MB) << 20) != 0)
        runner_note_add(note, "the address space is not limited: %s", strerror(errno));
    die_first();
}

int runner_become(unsigned uid, unsigned gid) {
    if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) return -1;
    return 0;
}
