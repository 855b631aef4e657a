/* weir_sandbox.h - what a process gives up for ever: files, network and system calls. Threads that it starts later and
 * programs that it runs inherit the loss; threads that run already do not. */
#ifndef WEIR_SANDBOX_H
#define WEIR_SANDBOX_H
#include <stdint.h>

/* What a path may still be used for. */
enum { WEIR_PATH_READ = 1, WEIR_PATH_RUN = 2, WEIR_PATH_WRITE = 4, WEIR_PATH_DEVICE = 8 };
/* What to forbid besides files, where the kernel can. */
enum { WEIR_DENY_FILES = 1, WEIR_DENY_TCP = 2, WEIR_DENY_OUTSIDE = 4 };   /* OUTSIDE: abstract sockets, signals */

/* The version of Landlock that this kernel has; 0: none. */
int weir_landlock_version(void);
/* A new rule set that handles WEIR_DENY_* as far as `version` knows them; -1 and errno. */
int weir_landlock_new(int version, uint32_t deny);
/* Allows WEIR_PATH_* below `path`. 0, or -1 and errno (ENOENT: no such path). */
int weir_landlock_allow(int rules, int version, const char *path, uint32_t use);
/* Puts the rules in force for this thread. Needs weir_no_new_privileges first. 0, or -1 and errno. */
int weir_landlock_enforce(int rules);

/* This process and its children gain no rights by exec. 0, or -1 and errno. */
int weir_no_new_privileges(void);
/* What weir_refuse_calls() refuses besides what it always does. */
enum { WEIR_REFUSE_INTERNET = 1, WEIR_REFUSE_PROGRAMS = 2 };   /* sockets of IPv4 and IPv6; fork and exec */
/* Refuses with EPERM: sockets but for IPv4 and IPv6 (a pair of connected ones may be made), looking into other processes,
 * keys, BPF, mounts, namespaces. A refused call never kills. 0; -1 and errno; ENOSYS: not known for this processor. */
int weir_refuse_calls(uint32_t also);
#endif
