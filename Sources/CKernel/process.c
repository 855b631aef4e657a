#define _GNU_SOURCE
#include "weir_process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int weir_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int weir_signal_group(int group, int signal) {
    if (group <= 1) {
        errno = EINVAL;
        return -1;
    }
    return kill(-group, signal);
}

int weir_reap(int pidfd, weir_ended *out) {
    siginfo_t info;
    struct rusage usage;
    long result;
    memset(&info, 0, sizeof info);
    /* The system call itself, because waitid() of the C library drops the resource usage. */
    do result = syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG, &usage);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    if (info.si_pid == 0) return 0;
    out->exited = info.si_code == CLD_EXITED;
    out->status = info.si_status;
    out->cpu_us = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000u
                + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    out->peak_rss_kb = (uint64_t)usage.ru_maxrss;
    return 1;
}

int weir_shared_new(const char *name, size_t size) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -1;
    /* A page that could shrink would let one side raise SIGBUS in the other. */
    if (ftruncate(fd, (off_t)size) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

void *weir_shared_map(int fd, size_t size, int writable) {
    void *address = mmap(NULL, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
    return address == MAP_FAILED ? NULL : address;
}

void weir_shared_unmap(void *address, size_t size) {
    munmap(address, size);
}

int weir_pipe(int out[2]) {
    if (pipe2(out, O_CLOEXEC) != 0) return -1;
    return fcntl(out[0], F_SETFL, O_NONBLOCK);
}

long weir_receive_descriptor(int socket, void *bytes, size_t size, int *descriptor) {
    union { char space[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
    struct iovec piece = { .iov_base = bytes, .iov_len = size };
    struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    *descriptor = -1;
    ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
        memcpy(descriptor, CMSG_DATA(header), sizeof(int));
    return got;
}

int weir_forbid_inspection(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
