/* weir_files.h - the file calls that Swift cannot make itself: openat2 has no wrapper in glibc, the others are variadic
 * or hidden. Each returns a value >= 0, or an error number negated; EINTR never comes out. */
#ifndef WEIR_FILES_H
#define WEIR_FILES_H
#include <stdint.h>

/* Opens `path` below the directory `folder`. No symbolic link, magic link or ".." leaves it, nor is one followed: ELOOP,
 * EXDEV. O_CLOEXEC is always set. */
int weir_open_beneath(int folder, const char *path, int flags, unsigned mode);

/* Opens a new file in `folder` that has no name; it is gone when closed, unless linked. EOPNOTSUPP, EISDIR where the file
 * system knows no such thing. */
int weir_open_unnamed(int folder, unsigned mode);

/* Gives the unnamed or open file `fd` the name `name` in the directory `folder`; EEXIST if that name is taken. */
int weir_link(int fd, int folder, const char *name);

/* Renames inside one directory; EEXIST if `to` is taken. */
int weir_rename_new(int folder, const char *from, const char *to);

/* Copies up to `size` bytes inside the kernel, both files at their positions; 0 at the source's end. */
int64_t weir_copy_range(int target, int source, uint64_t size);

/* Makes `target` share the blocks of `source` where the file system can; EOPNOTSUPP and others where it cannot. */
int weir_clone(int target, int source);

/* An extended attribute of an open file: its size, or what is wrong. */
int weir_get_attribute(int fd, const char *name, void *value, uint64_t size);
int weir_set_attribute(int fd, const char *name, const void *value, uint64_t size);
#endif
