#define _GNU_SOURCE
#include "broken.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each attempt returns 0 if it got what it wanted, else the error number. Params: "socket", "folder", "file" (paths that
 * are none of its business), "port", and "pid" (the process to look into; its parent by default). */

static int try_read(const char *path) {
    char byte;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    ssize_t got = read(fd, &byte, 1);
    int error = got < 0 ? errno : 0;
    close(fd);
    return error;
}

static int try_proc(long pid, const char *file) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", pid, file);
    return try_read(path);
}

/* Opening is enough: what follows is only arithmetic. */
static int try_memory(long pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/mem", pid);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int try_vm_read(long pid) {
    char here[8];
    struct iovec local = { here, sizeof here }, remote = { (void *)(uintptr_t)0x400000, sizeof here };
    if (process_vm_readv((pid_t)pid, &local, 1, &remote, 1, 0) >= 0) return 0;
    return errno == EFAULT ? 0 : errno;                /* the address was wrong, not the wish */
}

static int try_attach(long pid) {
    if (ptrace(PTRACE_SEIZE, (pid_t)pid, NULL, NULL) != 0) return errno;
    ptrace(PTRACE_INTERRUPT, (pid_t)pid, NULL, NULL);   /* only a process that has stopped can be let go */
    waitpid((pid_t)pid, NULL, 0);
    ptrace(PTRACE_DETACH, (pid_t)pid, NULL, NULL);
    return 0;
}

static int try_list(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return errno;
    closedir(folder);
    return 0;
}

static int try_write(const char *folder) {
    char path[2048 + sizeof "/stolen"];
    snprintf(path, sizeof path, "%s/stolen", folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int try_connect(int family, const void *address, socklen_t size) {
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    int error = connect(fd, address, size) == 0 ? 0 : errno;
    close(fd);
    return error;
}

static int try_local(const char *path) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t size = strlen(path);
    memcpy(address.sun_path, path, size < sizeof address.sun_path ? size : sizeof address.sun_path - 1);
    return try_connect(AF_UNIX, &address, sizeof address);
}

static int try_tcp(long port) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return try_connect(AF_INET, &address, sizeof address);
}

static int try_program(void) {
    char *const arguments[] = { "/bin/true", NULL }, *const nothing[] = { NULL };
    pid_t child;
    int error = posix_spawn(&child, arguments[0], NULL, NULL, arguments, nothing);
    if (error != 0) return error;
    waitpid(child, NULL, 0);
    return 0;
}

static int try_signal(long pid) {
    return kill((pid_t)pid, SIGCONT) == 0 ? 0 : errno;
}

static size_t say(char *result, size_t used, size_t capacity, const char *what, int error) {
    return used + (size_t)snprintf(result + used, capacity - used, "%s\"%s\":{\"allowed\":%s,\"error\":\"%s\"}",
                                   used > 1 ? "," : "", what, error == 0 ? "true" : "false",
                                   error == 0 ? "" : strerrorname_np(error));
}

weir_status broken_thief(weir_task *task) {
    char result[4096] = "{", path[2048];
    size_t used = 1;
    long host = broken_number(task, "pid", getppid());
    used = say(result, used, sizeof result, "environment", try_proc(host, "environ"));
    used = say(result, used, sizeof result, "command_line", try_proc(host, "cmdline"));
    used = say(result, used, sizeof result, "memory", try_memory(host));
    used = say(result, used, sizeof result, "memory_by_call", try_vm_read(host));
    used = say(result, used, sizeof result, "attach", try_attach(host));
    used = say(result, used, sizeof result, "signal", try_signal(host));
    used = say(result, used, sizeof result, "program", try_program());
    if (broken_text(task, "socket", path, sizeof path)) used = say(result, used, sizeof result, "socket", try_local(path));
    if (broken_text(task, "folder", path, sizeof path)) {
        used = say(result, used, sizeof result, "folder", try_list(path));
        used = say(result, used, sizeof result, "folder_write", try_write(path));
    }
    if (broken_text(task, "file", path, sizeof path)) used = say(result, used, sizeof result, "file", try_read(path));
    if (broken_number(task, "port", 0) > 0)
        used = say(result, used, sizeof result, "tcp", try_tcp(broken_number(task, "port", 0)));
    result[used++] = '}';
    return task->result(task, (weir_bytes){ result, used });
}
