/* runner.h - the parts of the program weir-runner. */
#ifndef WEIR_RUNNER_H
#define WEIR_RUNNER_H
#include "handler_loader.h"
#include <stddef.h>

/* What could not be done, one sentence a line, for the host and its operator. */
typedef struct runner_note { char *text; size_t capacity; } runner_note;
void runner_note_add(runner_note *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Core dumps off, address space and descriptors bounded, first victim when the machine has no memory left. */
void runner_limit(const weir_hello *, runner_note *);
/* Gives up what hello->sandbox says. Not 0: the scratch directory could not be opened. */
int runner_enter_sandbox(const weir_hello *, runner_note *);
/* Takes another user and group, for good. 0, or -1 and errno. */
int runner_become(unsigned uid, unsigned gid);
/* The first folder in the library's RUNPATH that holds the Swift runtime; false: it names none. */
int runner_find_swift(const char *library, char *folder, size_t capacity);
/* Starts the thread that ends this process when the host is gone while a handler computes and nobody reads the socket. */
int runner_watch_host(int socket);
#endif
