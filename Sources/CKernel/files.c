#define _GNU_SOURCE
#include "weir_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int weir_open_beneath(int folder, const char *path, int flags, unsigned mode) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC);
    how.mode = (flags & O_CREAT) ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    for (;;) {
        long fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
        if (fd >= 0) return (int)fd;
        if (errno != EINTR && errno != EAGAIN) return -errno;
    }
}

int weir_open_unnamed(int folder, unsigned mode) {
    int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
    return fd >= 0 ? fd : -errno;
}

int weir_link(int fd, int folder, const char *name) {
    if (linkat(fd, "", folder, name, AT_EMPTY_PATH) == 0) return 0;
    if (errno != ENOENT && errno != EPERM) return -errno;
    /* Before Linux 6.10 AT_EMPTY_PATH needs a capability; /proc does not. */
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

int weir_rename_new(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0 ? 0 : -errno;
}

int64_t weir_copy_range(int target, int source, uint64_t size) {
    for (;;) {
        ssize_t copied = copy_file_range(source, NULL, target, NULL, (size_t)size, 0);
        if (copied >= 0) return copied;
        if (errno != EINTR) return -errno;
    }
}

int weir_clone(int target, int source) { return ioctl(target, FICLONE, source) == 0 ? 0 : -errno; }

int weir_get_attribute(int fd, const char *name, void *value, uint64_t size) {
    ssize_t got = fgetxattr(fd, name, value, (size_t)size);
    return got >= 0 ? (int)got : -errno;
}

int weir_set_attribute(int fd, const char *name, const void *value, uint64_t size) {
    return fsetxattr(fd, name, value, (size_t)size, 0) == 0 ? 0 : -errno;
}
