/* weir-runner loads one handler library and runs its tasks for a host that talks to it over descriptors 3, 4 and 5; see
 * Sources/HandlerLoader/include/weir/frames.h. It is started by a host only. */
#define _GNU_SOURCE
#include "runner.h"
#include "probe.h"
#include "weir_process.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int host_socket;

void runner_note_add(runner_note *note, const char *format, ...) {
    va_list arguments;
    size_t used = strlen(note->text);
    va_start(arguments, format);
    int size = vsnprintf(note->text + used, note->capacity - used, format, arguments);
    va_end(arguments);
    if (size > 0 && used + (size_t)size + 1 < note->capacity) strcat(note->text, "\n");
}

/* What libraries make behind a handler's back, they make in scratch: elsewhere they may not. */
static void work_in_scratch(const weir_hello *hello, runner_note *note) {
    char path[PATH_MAX];
    if (!hello->scratch || !*hello->scratch) return;
    int size = snprintf(path, sizeof path, "%s/" WEIR_SCRATCH, hello->scratch);
    if (size < 0 || (size_t)size >= sizeof path || setenv("TMPDIR", path, 1) != 0 || chdir(hello->scratch) != 0)
        runner_note_add(note, "the scratch directory %s cannot be the working directory: %s", hello->scratch, strerror(errno));
}

static int restrict_process(const weir_hello *hello, char *text, size_t capacity) {
    runner_note note = { text, capacity };
    work_in_scratch(hello, &note);
    runner_limit(hello, &note);
    if (runner_enter_sandbox(hello, &note) != 0) return -1;
    int error = runner_watch_host(host_socket);     /* after the sandbox: a thread of before would stay outside */
    if (error != 0) runner_note_add(&note, "a runner without its host will not leave a running task: %s", strerror(error));
    return 0;
}

/* Moves a descriptor to a high number that nobody can guess, so that a plugin's stray close(3) or write(3) misses it. */
static int hide(int fd) {
    uint16_t chance = 0;
    if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0) chance = 0;
    int hidden = fcntl(fd, F_DUPFD_CLOEXEC, 300 + chance % 600);
    if (hidden < 0) return fd;
    close(fd);
    return hidden;
}

static int is_socket(int fd) {
    struct stat what;
    return fstat(fd, &what) == 0 && S_ISSOCK(what.st_mode);
}

static int usage(void) {
    fputs("weir-runner: it is started by weir, not by hand. To call one handler: weir run PLUGIN HANDLER --params JSON\n", stderr);
    return EXIT_FAILURE;
}

/* --as UID GID: what a host that is root has its runners become. */
static int become(int count, char **arguments) {
    char *uid_end = "", *gid_end = "";
    if (count == 1) return 0;
    if (count != 4 || strcmp(arguments[1], "--as") != 0) return usage();
    unsigned long uid = strtoul(arguments[2], &uid_end, 10), gid = strtoul(arguments[3], &gid_end, 10);
    if (*uid_end || *gid_end || uid == 0 || gid == 0) return usage();
    if (runner_become((unsigned)uid, (unsigned)gid) == 0) return 0;
    fprintf(stderr, "weir-runner: cannot become user %lu, group %lu: %s\n", uid, gid, strerror(errno));
    return EXIT_FAILURE;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--probe") == 0) return weir_probe(count - 2, arguments + 2);
    if (!is_socket(WEIR_FD_SOCKET)) return usage();
    if (become(count, arguments) != 0) return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);   /* what a handler printed before it crashed must not be lost */
    weir_page *page = weir_shared_map(WEIR_FD_PAGE, sizeof *page, 1);
    if (!page) {
        fprintf(stderr, "weir-runner: descriptor %d is not the shared page: %s\n", WEIR_FD_PAGE, strerror(errno));
        return EXIT_FAILURE;
    }
    close(WEIR_FD_PAGE);
    host_socket = hide(WEIR_FD_SOCKET);
    const weir_serving serving = { host_socket, hide(WEIR_FD_CANCEL), page, restrict_process };
    _exit(weir_serve(&serving));        /* not exit(): destructors of a plugin may hang */
}
