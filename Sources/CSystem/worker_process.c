#include "worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Copies the descriptors above the numbers that the child will use, so that no dup2 of the child
 * overwrites one that is still needed. */
static int lift(const assay_shim_spawn *spawn, int *lifted) {
  int floor = 3 + (int)spawn->descriptor_count;
  for (size_t i = 0; i < spawn->descriptor_count + 2; i++) {
    int from = i == 0 ? spawn->output : i == 1 ? spawn->error : spawn->descriptors[i - 2];
    lifted[i] = fcntl(from, F_DUPFD_CLOEXEC, floor);
    if (lifted[i] < 0) return errno;
  }
  return 0;
}

static int spawn_lifted(const assay_shim_spawn *spawn, const int *lifted, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  for (size_t i = 0; !error && i < spawn->descriptor_count + 2; i++)
    error = posix_spawn_file_actions_adddup2(&actions, lifted[i], (int)i + 1);
  if (!error)
    error = posix_spawn_file_actions_addclosefrom_np(&actions, 3 + (int)spawn->descriptor_count);
  if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, spawn->folder);
  if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
  if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
  if (!error)
    error = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!error)
    error = posix_spawn(pid, spawn->executable, &actions, &attributes, spawn->arguments,
                        spawn->environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int assay_shim_spawn_process(const assay_shim_spawn *spawn, pid_t *pid) {
  size_t count = spawn->descriptor_count + 2;
  int *lifted = malloc(count * sizeof(int));
  if (!lifted) return ENOMEM;
  for (size_t i = 0; i < count; i++) lifted[i] = -1;
  int error = lift(spawn, lifted);
  if (!error) error = spawn_lifted(spawn, lifted, pid);
  for (size_t i = 0; i < count; i++)
    if (lifted[i] >= 0) close(lifted[i]);
  free(lifted);
  return error;
}

int assay_shim_pidfd(pid_t pid) {
#ifdef SYS_pidfd_open
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  return fd < 0 ? -errno : fd;
#else
  return -ENOSYS;
#endif
}

int assay_shim_reap(pid_t pid, int block, assay_shim_exit *result) {
  int status = 0;
  struct rusage usage;
  pid_t reaped;
  do reaped = wait4(pid, &status, block ? 0 : WNOHANG, &usage);
  while (reaped < 0 && errno == EINTR);
  if (reaped < 0) return -errno;
  if (reaped == 0) return 0;
  assay_shim_take_exit(status, &usage, result);
  return 1;
}

void assay_shim_take_exit(int status, const struct rusage *usage, assay_shim_exit *result) {
  result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result->cpu_seconds = (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
                        1e-6 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
  result->peak_resident_bytes = (int64_t)usage->ru_maxrss * 1024;
}

static int limit(__rlimit_resource_t resource, uint64_t soft, uint64_t hard) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return -errno;
  struct rlimit next = {.rlim_cur = soft, .rlim_max = hard};
  if (now.rlim_max != RLIM_INFINITY && next.rlim_max > now.rlim_max) next.rlim_max = now.rlim_max;
  if (next.rlim_cur > next.rlim_max) next.rlim_cur = next.rlim_max;
  return setrlimit(resource, &next) == 0 ? 0 : -errno;
}

int assay_shim_hide_process(void) { return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -errno; }

int assay_shim_limit_memory(uint64_t bytes) { return limit(RLIMIT_AS, bytes, bytes); }

/* At the soft limit comes SIGXCPU, which tells its reason; at the hard one SIGKILL. */
int assay_shim_limit_cpu(uint64_t seconds) { return limit(RLIMIT_CPU, seconds, seconds + 2); }

int assay_shim_limit_file_size(uint64_t bytes) {
  /* A write beyond the limit then fails with EFBIG instead of killing the worker. */
  signal(SIGXFSZ, SIG_IGN);
  return limit(RLIMIT_FSIZE, bytes, bytes);
}

int assay_shim_limit_descriptors(uint64_t count) { return limit(RLIMIT_NOFILE, count, count); }

int assay_shim_socket_pair(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}

int assay_shim_output_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return 0;
  int error = errno;
  close(ends[0]);
  close(ends[1]);
  return -error;
}
