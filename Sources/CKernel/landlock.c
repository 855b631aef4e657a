#define _GNU_SOURCE
#include "weir_sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Debian 12's <linux/landlock.h> is of Landlock 3; the kernel may be newer, so the values stand here.
 * Source: Linux 6.18, include/uapi/linux/landlock.h. */
#define FS(bit) (UINT64_C(1) << (bit))
enum { CREATE_VERSION = 1, RULE_PATH = 1 };
enum { EXECUTE = 0, WRITE_FILE = 1, READ_FILE = 2, READ_DIR = 3, MAKE_CHAR = 6, MAKE_SYM = 12, REFER = 13,
       TRUNCATE = 14, IOCTL_DEV = 15 };

struct rule_set { uint64_t files, net, scopes; };
struct __attribute__((packed)) path_rule { uint64_t allowed; int32_t parent; };

int weir_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
    return version < 0 ? 0 : (int)version;
}

/* Every file right that a version knows: all bits up to its last. */
static uint64_t all_rights(int version) {
    int last = version >= 5 ? IOCTL_DEV : version >= 3 ? TRUNCATE : version == 2 ? REFER : MAKE_SYM;
    return FS(last + 1) - 1;
}

int weir_landlock_new(int version, uint32_t deny) {
    struct rule_set rules = { 0, 0, 0 };
    if (deny & WEIR_DENY_FILES) rules.files = all_rights(version);
    if (deny & WEIR_DENY_TCP && version >= 4) rules.net = 3;              /* bind and connect */
    if (deny & WEIR_DENY_OUTSIDE && version >= 6) rules.scopes = 3;       /* abstract Unix sockets and signals */
    if (!rules.files && !rules.net && !rules.scopes) {
        errno = ENOSYS;
        return -1;
    }
    size_t size = version >= 6 ? sizeof rules : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

static uint64_t rights(uint32_t use, int is_folder, int version) {
    uint64_t granted = 0;
    if (use & WEIR_PATH_READ) granted |= FS(READ_FILE) | FS(READ_DIR);
    if (use & WEIR_PATH_RUN) granted |= FS(EXECUTE);
    if (use & WEIR_PATH_DEVICE) granted |= FS(WRITE_FILE) | FS(IOCTL_DEV);
    if (use & WEIR_PATH_WRITE) granted = all_rights(version) & ~(FS(EXECUTE) | FS(MAKE_CHAR) | FS(IOCTL_DEV) | FS(11));
    if (!is_folder) granted &= FS(EXECUTE) | FS(WRITE_FILE) | FS(READ_FILE) | FS(TRUNCATE) | FS(IOCTL_DEV);
    return granted & all_rights(version);
}

int weir_landlock_allow(int rules, int version, const char *path, uint32_t use) {
    struct path_rule rule = { 0, open(path, O_PATH | O_CLOEXEC) };
    struct stat what;
    if (rule.parent < 0) return -1;
    long result = fstat(rule.parent, &what);
    if (result == 0) {
        rule.allowed = rights(use, S_ISDIR(what.st_mode), version);
        result = syscall(SYS_landlock_add_rule, rules, RULE_PATH, &rule, 0);
    }
    int error = errno;
    close(rule.parent);
    errno = error;
    return result == 0 ? 0 : -1;
}

int weir_landlock_enforce(int rules) {
    return (int)syscall(SYS_landlock_restrict_self, rules, 0);
}

int weir_no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
