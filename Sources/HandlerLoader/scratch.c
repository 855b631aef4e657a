#define _GNU_SOURCE
#include "session.h"
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

int weir_scratch_remove(const char *path) {
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

int weir_scratch_make(const char *path) {
    if (mkdir(path, 0700) == 0) return 0;
    if (errno != EEXIST) return errno;
    int error = weir_scratch_remove(path);
    if (error != 0) return error;
    return mkdir(path, 0700) == 0 ? 0 : errno;
}
