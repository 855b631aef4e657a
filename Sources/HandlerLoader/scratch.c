#define _GNU_SOURCE
#include "channel.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static bool is_dot(const char *name) {
    return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static int open_folder(int parent, const char *name) {
    int fd = openat(parent, name, OPEN_FOLDER);
    if (fd >= 0 || errno != EACCES) return fd;
    fchmodat(parent, name, 0700, 0);    /* a handler may have locked it; a link is not one: EACCES is of a folder */
    return openat(parent, name, OPEN_FOLDER);
}

/* Empties the folder `name` of `top`. Folders in it that are not empty move up beside it, to be emptied in their turn: so
 * no depth is too great for the stack or for the descriptors. */
static int empty_folder(int top, const char *name, unsigned *moved) {
    int fd = open_folder(top, name), error = 0;
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        error = errno;
        if (fd >= 0) close(fd);
        return error;
    }
    fchmod(fd, 0700);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_dot(entry->d_name) || unlinkat(fd, entry->d_name, 0) == 0) continue;
        if ((errno == EISDIR || errno == EPERM) && unlinkat(fd, entry->d_name, AT_REMOVEDIR) == 0) continue;
        char higher[32];
        do snprintf(higher, sizeof higher, ".weir-%u", (*moved)++);
        while (renameat2(fd, entry->d_name, top, higher, RENAME_NOREPLACE) != 0 && errno == EEXIST);
        if (faccessat(fd, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) error = EACCES;
    }
    closedir(folder);
    if (unlinkat(top, name, AT_REMOVEDIR) != 0 && error == 0) error = errno;
    return error;
}

/* One round over what lies directly in `top`: 1 if something was removed, 0 if nothing is left, or an error negated. */
static int empty_round(int top, unsigned *moved) {
    int error = 0, removed = 0;
    int copy = openat(top, ".", OPEN_FOLDER);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (!folder) {
        error = errno;
        if (copy >= 0) close(copy);
        return -error;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_dot(entry->d_name)) continue;
        int failed = unlinkat(top, entry->d_name, 0) == 0 ? 0 : errno;
        if (failed == EISDIR || failed == EPERM) failed = empty_folder(top, entry->d_name, moved);
        if (failed == 0) removed = 1;
        else error = failed;
    }
    closedir(folder);
    return removed ? 1 : -error;
}

static int remove_folder(const char *path) {
    if (rmdir(path) == 0 || errno == ENOENT) return 0;
    if (errno == ENOTDIR) return unlink(path) == 0 ? 0 : errno;
    int top = open_folder(AT_FDCWD, path), round;
    unsigned moved = 0;
    if (top < 0) return errno;
    fchmod(top, 0700);
    do round = empty_round(top, &moved);
    while (round > 0);
    close(top);
    if (round < 0) return -round;
    return rmdir(path) == 0 ? 0 : errno;
}

/* Whether the path still leads to the folder that was made, and that is as empty as then. */
static bool is_untouched(const weir_scratch *scratch) {
    struct stat now;
    _Alignas(struct dirent64) char entries[4 * sizeof(struct dirent64)];        /* room for more than "." and ".." */
    if (stat(scratch->path, &now) != 0 || now.st_ino != scratch->inode || now.st_mode != (S_IFDIR | 0700)) return false;
    if (lseek(scratch->fd, 0, SEEK_SET) != 0) return false;
    ssize_t size = getdents64(scratch->fd, entries, sizeof entries);
    for (ssize_t at = 0; at < size;) {
        const struct dirent64 *entry = (const struct dirent64 *)(const void *)(entries + at);
        if (!is_dot(entry->d_name)) return false;
        at += entry->d_reclen;
    }
    return size > 0;
}

int weir_scratch_make(weir_scratch *scratch) {
    struct stat made;
    if (!scratch->path || scratch->fd >= 0) return 0;
    if (mkdir(scratch->path, 0700) != 0) {
        if (errno != EEXIST) return errno;
        int error = remove_folder(scratch->path);
        if (error != 0) return error;
        if (mkdir(scratch->path, 0700) != 0) return errno;
    }
    int fd = open_folder(AT_FDCWD, scratch->path);
    if (fd < 0) return errno;
    scratch->fd = fcntl(fd, F_DUPFD_CLOEXEC, 100);      /* out of the way of a handler that counts on low numbers */
    if (scratch->fd < 0) scratch->fd = fd;
    else close(fd);
    if (fstat(scratch->fd, &made) != 0 || fchmod(scratch->fd, 0700) != 0) return errno;
    scratch->inode = made.st_ino;
    return 0;
}

int weir_scratch_leave(weir_scratch *scratch, bool for_good) {
    if (scratch->fd < 0 || (!for_good && is_untouched(scratch))) return 0;
    close(scratch->fd);
    scratch->fd = -1;
    return remove_folder(scratch->path);
}
