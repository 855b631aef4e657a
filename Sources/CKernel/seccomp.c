#define _GNU_SOURCE
#include "weir_sandbox.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_PROCESSOR AUDIT_ARCH_AARCH64
#endif

#ifdef THIS_PROCESSOR

static const uint32_t always[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp, SYS_pidfd_getfd,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_add_key, SYS_request_key, SYS_keyctl,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_open_by_handle_at,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_fsopen, SYS_fsmount, SYS_move_mount, SYS_open_tree, SYS_mount_setattr,
};
static const uint32_t programs_too[] = {
    SYS_execve, SYS_execveat,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
};

enum { COUNT_ALWAYS = sizeof always / sizeof *always, COUNT_PROGRAMS = sizeof programs_too / sizeof *programs_too };
enum { MOST = 24 + 2 * (COUNT_ALWAYS + COUNT_PROGRAMS) };

typedef struct filter { struct sock_filter code[MOST]; unsigned short length; } filter;

static void add(filter *f, struct sock_filter instruction) {
    f->code[f->length++] = instruction;
}

static void load(filter *f, size_t offset) {
    add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void refuse(filter *f, uint32_t error) {
    add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

static void refuse_call(filter *f, uint32_t call, uint32_t error) {
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    refuse(f, error);
}

/* A thread shares memory with its maker, a process does not. clone3 hides its flags behind a pointer, so it gets ENOSYS,
 * upon which the C library asks again by clone. */
static void refuse_new_processes(filter *f) {
    refuse_call(f, SYS_clone3, ENOSYS);
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
    load(f, offsetof(struct seccomp_data, args[0]));
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0));
    refuse(f, EPERM);
}

static void refuse_sockets(filter *f, int internet) {
    if (internet) {
        refuse_call(f, SYS_socket, EPERM);
        return;
    }
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5));
    load(f, offsetof(struct seccomp_data, args[0]));
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0));
    add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0));
    refuse(f, EPERM);
    add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

int weir_refuse_calls(uint32_t also) {
    filter f = { .length = 0 };
    load(&f, offsetof(struct seccomp_data, arch));
    add(&f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_PROCESSOR, 1, 0));
    refuse(&f, ENOSYS);
    load(&f, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    add(&f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1));   /* the x32 numbers */
    refuse(&f, ENOSYS);
#endif
    for (int i = 0; i < COUNT_ALWAYS; i++) refuse_call(&f, always[i], EPERM);
    refuse_sockets(&f, (also & WEIR_REFUSE_INTERNET) != 0);
    if (also & WEIR_REFUSE_PROGRAMS) {
        for (int i = 0; i < COUNT_PROGRAMS; i++) refuse_call(&f, programs_too[i], EPERM);
        refuse_new_processes(&f);
    }
    add(&f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    struct sock_fprog program = { .len = f.length, .filter = f.code };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

#else

int weir_refuse_calls(uint32_t also) {
    (void)also;
    errno = ENOSYS;
    return -1;
}

#endif
