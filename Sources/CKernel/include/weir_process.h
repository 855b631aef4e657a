/* weir_process.h - starting, signalling and reaping a process, and the memory that two processes share. */
#ifndef WEIR_PROCESS_H
#define WEIR_PROCESS_H
#include <stddef.h>
#include <stdint.h>

/* How a process ended. */
typedef struct weir_ended {
    int32_t exited;                     /* 1: by exit(), 0: by a signal */
    int32_t status;                     /* exit status or signal number */
    uint64_t cpu_us;                    /* user and system time of its whole life */
    uint64_t peak_rss_kb;
} weir_ended;

/* Starts `program` in a session and process group of its own, all signals at their defaults and none blocked.
 * descriptors[0..5] become its descriptors 0 to 5 (-1: /dev/null), every other one is closed. `environment` NULL: empty.
 * Returns the process id, or an error number negated. */
int weir_spawn(const char *program, char *const *arguments, char *const *environment, const int descriptors[6]);

/* Sends a signal through a pidfd: it can never hit another process. 0, or -1 and errno. */
int weir_signal(int pidfd, int signal);
/* Sends a signal to a whole process group. 0, or -1 and errno (ESRCH: nobody is left). */
int weir_signal_group(int group, int signal);
/* Reaps the process of a pidfd. 1: reaped; 0: it still runs; -1 and errno (ECHILD: another reaped it). */
int weir_reap(int pidfd, weir_ended *out);

/* A sealed piece of shared memory of `size` zero bytes, close-on-exec; -1 and errno. */
int weir_shared_new(const char *name, size_t size);
/* Maps it, for reading or also for writing; NULL and errno. */
void *weir_shared_map(int fd, size_t size, int writable);
void weir_shared_unmap(void *address, size_t size);

/* A pipe, both ends close-on-exec, the end for reading non-blocking. 0, or -1 and errno. */
int weir_pipe(int out[2]);
/* Receives bytes and up to one descriptor (-1: none came), close-on-exec; as recv() with MSG_DONTWAIT. */
long weir_receive_descriptor(int socket, void *bytes, size_t size, int *descriptor);

/* The environment and memory of this process become closed to others of its user (PR_SET_DUMPABLE 0). 0, or -1. */
int weir_forbid_inspection(void);
#endif
