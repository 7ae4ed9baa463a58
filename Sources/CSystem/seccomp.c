#include "sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

#define FIELD(member) ((uint32_t)offsetof(struct seccomp_data, member))
/* Little endian: the lower half of argument `n` comes first. */
#define ARGUMENT_LOW(n) (FIELD(args) + 8 * (n))
#define ARGUMENT_HIGH(n) (FIELD(args) + 8 * (n) + 4)

static const uint16_t denied[] = {
    /* The network. */
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_recvmsg, SYS_recvmmsg,
    /* Other programs, other processes. */
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_process_madvise, SYS_kcmp, SYS_tkill,
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_setpgid, SYS_setsid, SYS_setns, SYS_unshare,
    SYS_setpriority, SYS_sched_setscheduler, SYS_sched_setattr, SYS_sched_setparam,
    /* Ways around this filter. */
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_personality,
    /* Shared memory and queues that outlive the worker. */
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_semget, SYS_mq_open,
    /* What Landlock does not watch. */
    SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_truncate,
    /* The system. */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_fsopen, SYS_fsmount, SYS_fsconfig,
    SYS_move_mount, SYS_open_tree, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module,
    SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname,
    SYS_setdomainname, SYS_acct, SYS_quotactl, SYS_syslog, SYS_setrlimit, SYS_setuid, SYS_setgid,
    SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setgroups, SYS_capset,
#if defined(__x86_64__)
    SYS_fork, SYS_vfork, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

#define DENIED_COUNT (sizeof denied / sizeof denied[0])
#define MAX_INSTRUCTIONS (2 * DENIED_COUNT + 64)

struct program {
  struct sock_filter code[MAX_INSTRUCTIONS];
  uint16_t length;
};

static void emit(struct program *program, struct sock_filter instruction) {
  program->code[program->length++] = instruction;
}

static void load(struct program *program, uint32_t offset) {
  emit(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void answer(struct program *program, uint32_t action) {
  emit(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Skips the next `count` instructions unless the loaded word equals `value`. */
static void unless_equal_skip(struct program *program, uint32_t value, uint8_t count) {
  emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count));
}

/* For the call `number` only: allowed when its first argument is this process. */
static void allow_own_process(struct program *program, uint32_t number) {
  unless_equal_skip(program, number, 4);
  load(program, ARGUMENT_LOW(0));
  unless_equal_skip(program, (uint32_t)getpid(), 1);
  answer(program, SECCOMP_RET_ALLOW);
  answer(program, SECCOMP_RET_ERRNO | EPERM);
}

int assay_shim_seccomp_enforce(void) {
  struct program program = {.length = 0};
  load(&program, FIELD(arch));
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
  answer(&program, SECCOMP_RET_KILL_PROCESS);
  load(&program, FIELD(nr));
#if defined(__x86_64__)
  /* The x32 calls have numbers of their own. */
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1));
  answer(&program, SECCOMP_RET_ERRNO | ENOSYS);
#endif
  for (size_t i = 0; i < DENIED_COUNT; i++) {
    unless_equal_skip(&program, denied[i], 1);
    answer(&program, SECCOMP_RET_ERRNO | EPERM);
  }
  /* A filter cannot see the flags of clone3; on ENOSYS the C library falls back to clone. */
  unless_equal_skip(&program, SYS_clone3, 1);
  answer(&program, SECCOMP_RET_ERRNO | ENOSYS);
  unless_equal_skip(&program, SYS_clone, 4);
  load(&program, ARGUMENT_LOW(0));
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1));
  answer(&program, SECCOMP_RET_ALLOW);
  answer(&program, SECCOMP_RET_ERRNO | EPERM);
  allow_own_process(&program, SYS_kill);
  allow_own_process(&program, SYS_tgkill);
  /* Limits may be read (no new value), of this process only. */
  unless_equal_skip(&program, SYS_prlimit64, 8);
  load(&program, ARGUMENT_LOW(2));
  unless_equal_skip(&program, 0, 5);
  load(&program, ARGUMENT_HIGH(2));
  unless_equal_skip(&program, 0, 3);
  load(&program, ARGUMENT_LOW(0));
  unless_equal_skip(&program, 0, 1);
  answer(&program, SECCOMP_RET_ALLOW);
  answer(&program, SECCOMP_RET_ERRNO | EPERM);
  answer(&program, SECCOMP_RET_ALLOW);

  struct sock_fprog filter = {.len = program.length, .filter = program.code};
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  /* With TSYNC a positive answer names a thread that could not be brought under the filter. */
  return result == 0 ? 0 : result > 0 ? -EBUSY : -errno;
}
