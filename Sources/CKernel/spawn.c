#define _GNU_SOURCE
#include "weir_process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <unistd.h>

enum { GIVEN = 6 };

/* The six sources, each above the six targets, so that no dup2 in the child overwrites one that is still needed. */
static int lift(const int descriptors[GIVEN], int lifted[GIVEN]) {
    for (int i = 0; i < GIVEN; i++) lifted[i] = -1;
    for (int i = 0; i < GIVEN; i++) {
        lifted[i] = descriptors[i] < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC)
                                       : fcntl(descriptors[i], F_DUPFD_CLOEXEC, GIVEN);
        if (lifted[i] < 0) return errno;
        if (lifted[i] < GIVEN) {
            int above = fcntl(lifted[i], F_DUPFD_CLOEXEC, GIVEN);
            int error = errno;
            close(lifted[i]);
            lifted[i] = above;
            if (above < 0) return error;
        }
    }
    return 0;
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    return error;
}

int weir_spawn(const char *program, char *const *arguments, char *const *environment, const int descriptors[6]) {
    static char *const nothing[] = { NULL };
    int lifted[GIVEN];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = -1;
    int error = lift(descriptors, lifted);
    if (error != 0) goto close_lifted;
    if ((error = posix_spawn_file_actions_init(&actions)) != 0) goto close_lifted;
    if ((error = posix_spawnattr_init(&attributes)) != 0) goto destroy_actions;
    error = set_attributes(&attributes);
    for (int i = 0; error == 0 && i < GIVEN; i++) error = posix_spawn_file_actions_adddup2(&actions, lifted[i], i);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, GIVEN);
    if (error == 0)
        error = posix_spawn(&pid, program, &actions, &attributes, arguments, environment ? environment : nothing);
    posix_spawnattr_destroy(&attributes);
destroy_actions:
    posix_spawn_file_actions_destroy(&actions);
close_lifted:
    for (int i = 0; i < GIVEN; i++)
        if (lifted[i] >= 0) close(lifted[i]);
    return error == 0 ? (int)pid : -error;
}
