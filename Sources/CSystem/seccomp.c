#include "sandbox.h"
#include "worker_space.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

/* What a numerical library, the Swift runtime and an embedded Python need, as far as it reaches no
 * further than the process: its memory, its threads, its open files, the files that it may see. A
 * name that an architecture has not is left out there. Not here, among others: sockets, new
 * processes and programs, other processes, memory files, locks, owners, marks and times of files,
 * devices, priorities, keys, mounts, tracing, every privilege, and what tells or settles which pages of
 * a file that others see too are in memory. */
static const uint16_t allowed[] = {
    /* Open files. */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev,
    SYS_close, SYS_lseek, SYS_fstat, SYS_statx, SYS_ftruncate, SYS_fsync,
    SYS_fdatasync, SYS_sendfile, SYS_copy_file_range, SYS_dup, SYS_dup3, SYS_pipe2, SYS_eventfd2,
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_timerfd_create,
    SYS_timerfd_settime, SYS_timerfd_gettime, SYS_signalfd4, SYS_close_range,
    /* Names of files: Landlock and the tree say which. */
    SYS_openat, SYS_faccessat, SYS_faccessat2, SYS_newfstatat, SYS_readlinkat, SYS_getcwd, SYS_chdir,
    SYS_fchdir, SYS_mkdirat, SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_getdents64,
    SYS_umask,
    /* Memory. */
    SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_msync,
    SYS_mlock, SYS_mlock2, SYS_munlock, SYS_membarrier, SYS_get_mempolicy,
    /* Threads and time. */
    SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_rseq, SYS_gettid,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getcpu, SYS_nanosleep,
    SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_times,
    SYS_getitimer, SYS_setitimer, SYS_restart_syscall, SYS_exit, SYS_exit_group,
    /* Signals to itself. */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait, SYS_sigaltstack,
    /* What it is. */
    SYS_getpid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid,
    SYS_getresgid, SYS_getgroups, SYS_uname, SYS_sysinfo, SYS_getrusage, SYS_getrandom, SYS_wait4,
    SYS_waitid,
    /* What only takes away. */
    SYS_landlock_create_ruleset, SYS_landlock_add_rule, SYS_landlock_restrict_self,
#if defined(__x86_64__)
    SYS_open, SYS_creat, SYS_access, SYS_stat, SYS_lstat, SYS_readlink, SYS_mkdir, SYS_rmdir,
    SYS_unlink, SYS_rename, SYS_renameat, SYS_link, SYS_symlink, SYS_getdents, SYS_dup2, SYS_pipe,
    SYS_poll, SYS_select, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_signalfd, SYS_pause,
    SYS_alarm, SYS_time, SYS_getpgrp, SYS_getrlimit, SYS_arch_prctl,
#endif
};

static const uint32_t file_commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,
                                         F_SETFD, F_GETFL,         F_SETFL};
static const uint32_t device_commands[] = {FIONREAD, FIONBIO,     FIOCLEX,
                                           FIONCLEX, TCGETS, TIOCGWINSZ};
/* Not here: what throws a file's pages out of memory, or lets equal pages of processes become one. */
static const uint32_t memory_hints[] = {
    MADV_NORMAL,   MADV_RANDOM,   MADV_SEQUENTIAL, MADV_WILLNEED,   MADV_DONTNEED,
    MADV_FREE,     MADV_DONTFORK, MADV_DOFORK,     MADV_HUGEPAGE,   MADV_NOHUGEPAGE,
    MADV_DONTDUMP, MADV_DODUMP,   MADV_WIPEONFORK, MADV_KEEPONFORK,
};
static const uint32_t process_commands[] = {PR_SET_NAME,     PR_GET_NAME,         PR_GET_DUMPABLE,
                                            PR_GET_PDEATHSIG, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ,
                                            PR_GET_TIMERSLACK, PR_GET_SECCOMP};

/* A new thread shares all with this process and is in its namespaces, under its parent. */
#define THREAD_FORBIDS                                                                             \
  (CLONE_VFORK | CLONE_PARENT | CLONE_PTRACE | CLONE_UNTRACED | CLONE_NEWNS | CLONE_NEWCGROUP |    \
   CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* What it shares: with open files of its own each thread could fill as many pipes again. */
#define THREAD_SHARES                                                                              \
  (CLONE_THREAD | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM)

/* Waiting that is not marked private goes by the file behind a page, as of the C library, which other
 * workers see too. To join a thread takes such a wait; to wake or to count others takes none. */
static const uint32_t shared_waits[] = {FUTEX_WAIT, FUTEX_WAIT_BITSET,
                                        FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME};

/* Calls from this number on are younger than 2019: the C library takes their absence for an older
 * kernel and has another way. */
#define FIRST_YOUNG_CALL 424

#define ALLOWED_COUNT (sizeof allowed / sizeof allowed[0])
#define MAX_INSTRUCTIONS (2 * ALLOWED_COUNT + 256)

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

/* For the call `number` only: allowed when argument `n` is one of the values. */
static void allow_values(struct program *program, uint32_t number, int n, const uint32_t *values,
                         size_t count) {
  unless_equal_skip(program, number, (uint8_t)(2 + 2 * count));
  load(program, ARGUMENT_LOW(n));
  for (size_t i = 0; i < count; i++) {
    unless_equal_skip(program, values[i], 1);
    answer(program, SECCOMP_RET_ALLOW);
  }
  answer(program, SECCOMP_RET_ERRNO | EPERM);
}

#define ALLOW_VALUES(program, number, n, values)                                                   \
  allow_values(program, number, n, values, sizeof values / sizeof values[0])

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
  for (size_t i = 0; i < ALLOWED_COUNT; i++) {
    unless_equal_skip(&program, allowed[i], 1);
    answer(&program, SECCOMP_RET_ALLOW);
  }
  /* A filter cannot see the flags of clone3; on ENOSYS the C library falls back to clone. */
  unless_equal_skip(&program, SYS_clone3, 1);
  answer(&program, SECCOMP_RET_ERRNO | ENOSYS);
  unless_equal_skip(&program, SYS_clone, 6);
  load(&program, ARGUMENT_LOW(0));
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, THREAD_FORBIDS, 3, 0));
  emit(&program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, THREAD_SHARES));
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THREAD_SHARES, 0, 1));
  answer(&program, SECCOMP_RET_ALLOW);
  answer(&program, SECCOMP_RET_ERRNO | EPERM);
  const uint32_t self[] = {(uint32_t)getpid()};
  const uint32_t self_or_zero[] = {0, (uint32_t)getpid()};
  ALLOW_VALUES(&program, SYS_kill, 0, self);
  ALLOW_VALUES(&program, SYS_tgkill, 0, self);
  ALLOW_VALUES(&program, SYS_sched_setaffinity, 0, self_or_zero);
  ALLOW_VALUES(&program, SYS_fcntl, 1, file_commands);
  ALLOW_VALUES(&program, SYS_ioctl, 1, device_commands);
  ALLOW_VALUES(&program, SYS_prctl, 0, process_commands);
  ALLOW_VALUES(&program, SYS_madvise, 2, memory_hints);
  unless_equal_skip(&program, SYS_futex, 3);
  load(&program, ARGUMENT_LOW(1));
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FUTEX_PRIVATE_FLAG, 0, 1));
  answer(&program, SECCOMP_RET_ALLOW);
  load(&program, FIELD(nr));
  ALLOW_VALUES(&program, SYS_futex, 1, shared_waits);
  const uint32_t tensors[] = {ASSAY_SHIM_TENSORS};
  ALLOW_VALUES(&program, SYS_recvmsg, 0, tensors);
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
  emit(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_YOUNG_CALL, 0, 1));
  answer(&program, SECCOMP_RET_ERRNO | ENOSYS);
  answer(&program, SECCOMP_RET_ERRNO | EPERM);

  struct sock_fprog filter = {.len = program.length, .filter = program.code};
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  /* With TSYNC a positive answer names a thread that could not be brought under the filter. */
  return result == 0 ? 0 : result > 0 ? -EBUSY : -errno;
}
