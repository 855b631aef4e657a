#define _GNU_SOURCE
#include "runner.h"
#include "weir_process.h"
#include "weir_sandbox.h"
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct { const char *path; uint32_t use; } system_paths[] = {
    { "/lib", WEIR_PATH_READ | WEIR_PATH_RUN }, { "/lib64", WEIR_PATH_READ | WEIR_PATH_RUN },
    { "/usr/lib", WEIR_PATH_READ | WEIR_PATH_RUN }, { "/usr/lib64", WEIR_PATH_READ | WEIR_PATH_RUN },
    { "/usr/local/lib", WEIR_PATH_READ | WEIR_PATH_RUN }, { "/usr/share", WEIR_PATH_READ },
    { "/usr/local/share", WEIR_PATH_READ }, { "/etc/ld.so.cache", WEIR_PATH_READ }, { "/etc/localtime", WEIR_PATH_READ },
    { "/proc/self", WEIR_PATH_READ }, { "/proc/meminfo", WEIR_PATH_READ }, { "/proc/cpuinfo", WEIR_PATH_READ },
    { "/proc/sys/vm", WEIR_PATH_READ }, { "/sys/devices/system/cpu", WEIR_PATH_READ },
    { "/dev/null", WEIR_PATH_READ | WEIR_PATH_DEVICE }, { "/dev/zero", WEIR_PATH_READ | WEIR_PATH_DEVICE },
    { "/dev/full", WEIR_PATH_READ | WEIR_PATH_DEVICE }, { "/dev/random", WEIR_PATH_READ },
    { "/dev/urandom", WEIR_PATH_READ },
};
enum { SYSTEM_PATHS = sizeof system_paths / sizeof *system_paths };
/* What a plugin needs besides, to find and trust a server, if it may open connections. */
static const char *const network_paths[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf",
                                             "/etc/ssl" };
enum { NETWORK_PATHS = sizeof network_paths / sizeof *network_paths };

typedef struct rules { int fd, version; runner_note *note; } rules;

/* A path that is not there needs no rule. */
static void allow(const rules *rules, const char *path, uint32_t use) {
    if (weir_landlock_allow(rules->fd, rules->version, path, use) != 0 && errno != ENOENT)
        runner_note_add(rules->note, "%s cannot be allowed to the plugin: %s", path, strerror(errno));
}

static void allow_library(const rules *rules, const char *library) {
    char real[PATH_MAX], given[PATH_MAX], swift[PATH_MAX];
    if (realpath(library, real)) allow(rules, dirname(real), WEIR_PATH_READ | WEIR_PATH_RUN);
    if (strlen(library) < sizeof given) allow(rules, dirname(strcpy(given, library)), WEIR_PATH_READ | WEIR_PATH_RUN);
    if (runner_find_swift(library, swift, sizeof swift)) allow(rules, swift, WEIR_PATH_READ | WEIR_PATH_RUN);
}

static void allow_readable(const rules *rules, const char *lines) {
    char path[PATH_MAX];
    while (lines && *lines) {
        size_t size = strcspn(lines, "\n");
        if (size > 0 && size < sizeof path) {
            memcpy(path, lines, size);
            path[size] = 0;
            allow(rules, path, WEIR_PATH_READ);
        }
        lines += size + (lines[size] == '\n');
    }
}

static int restrict_files(const weir_hello *hello, const rules *rules) {
    for (int i = 0; i < SYSTEM_PATHS; i++) allow(rules, system_paths[i].path, system_paths[i].use);
    for (int i = 0; i < NETWORK_PATHS && !(hello->sandbox & WEIR_SANDBOX_TCP); i++)
        allow(rules, network_paths[i], WEIR_PATH_READ);
    allow_library(rules, hello->library ? hello->library : "");
    allow_readable(rules, hello->readable);
    if (!hello->scratch || !*hello->scratch) return 0;
    if (weir_landlock_allow(rules->fd, rules->version, hello->scratch, WEIR_PATH_WRITE) == 0) return 0;
    runner_note_add(rules->note, "the scratch directory %s: %s", hello->scratch, strerror(errno));
    return -1;
}

static uint32_t denied(uint64_t sandbox) {
    uint32_t deny = 0;
    if (sandbox & WEIR_SANDBOX_FILES) deny |= WEIR_DENY_FILES;
    if (sandbox & WEIR_SANDBOX_TCP) deny |= WEIR_DENY_TCP;
    if (sandbox & (WEIR_SANDBOX_FILES | WEIR_SANDBOX_CALLS)) deny |= WEIR_DENY_OUTSIDE;
    return deny;
}

static int enter_landlock(const weir_hello *hello, runner_note *note) {
    rules rules = { -1, weir_landlock_version(), note };
    uint32_t deny = denied(hello->sandbox);
    if (rules.version == 0) {
        runner_note_add(note, "this kernel has no Landlock: files outside the scratch directory are not protected");
        return 0;
    }
    if (rules.version < 6) runner_note_add(note, "this kernel has Landlock %d: signals to processes of the same user and "
                                                 "abstract sockets are not refused", rules.version);
    rules.fd = weir_landlock_new(rules.version, deny);
    int result = 0;
    if (rules.fd >= 0 && deny & WEIR_DENY_FILES) result = restrict_files(hello, &rules);
    if (rules.fd < 0 || weir_landlock_enforce(rules.fd) != 0)
        runner_note_add(note, "Landlock could not be put in force: %s", strerror(errno));
    if (rules.fd >= 0) close(rules.fd);
    return result;
}

int runner_enter_sandbox(const weir_hello *hello, runner_note *note) {
    int result = 0;
    if (weir_no_new_privileges() != 0) runner_note_add(note, "no_new_privs cannot be set: %s", strerror(errno));
    if (hello->sandbox == 0) return 0;
    if (weir_forbid_inspection() != 0) runner_note_add(note, "the process cannot be closed to inspection: %s", strerror(errno));
    result = enter_landlock(hello, note);
    if (hello->sandbox & (WEIR_SANDBOX_TCP | WEIR_SANDBOX_CALLS)) {
        uint32_t also = 0;
        if (hello->sandbox & WEIR_SANDBOX_TCP) also |= WEIR_REFUSE_INTERNET;
        if (hello->sandbox & WEIR_SANDBOX_CALLS) also |= WEIR_REFUSE_PROGRAMS;
        if (weir_refuse_calls(also) != 0)
            runner_note_add(note, "sockets, other processes and programs are not refused: seccomp: %s", strerror(errno));
    }
    return result;
}
