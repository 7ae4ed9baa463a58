#include "decoder_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

struct request {
  uint32_t format, padding;
  uint64_t count, most_pixels;
};

/* MARK: The process */

/* Memory, the one socket, and the end. Descriptors that are open decide what `read` can reach. */
static const uint32_t allowed[] = {
    SYS_read,     SYS_write,        SYS_recvfrom,     SYS_sendto,       SYS_brk,   SYS_mmap,
    SYS_munmap,   SYS_mremap,       SYS_mprotect,     SYS_madvise,      SYS_futex, SYS_getrandom,
    SYS_exit,     SYS_exit_group,   SYS_rt_sigreturn, SYS_sched_yield,  SYS_clock_gettime,
};
#define ALLOWED_COUNT (sizeof allowed / sizeof allowed[0])

static int give_up_calls(void) {
  struct sock_filter code[ALLOWED_COUNT + 7];
  unsigned short n = 0;
  code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                           offsetof(struct seccomp_data, arch));
  code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
  code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  code[n++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < ALLOWED_COUNT; i++)
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i],
                                             (uint8_t)(ALLOWED_COUNT - i), 0);
  code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {.len = n, .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : -errno;
}

/* The address space of this process in bytes. */
static uint64_t address_space(void) {
  char text[64] = {0};
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  return count <= 0 ? 0 : strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int limit(int resource, uint64_t value) {
  struct rlimit limits;
  if (getrlimit((__rlimit_resource_t)resource, &limits) != 0) return -errno;
  if (value < limits.rlim_max) limits.rlim_max = value;
  if (limits.rlim_cur > limits.rlim_max) limits.rlim_cur = limits.rlim_max;
  return setrlimit((__rlimit_resource_t)resource, &limits) == 0 ? 0 : -errno;
}

static void receive(void *target, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t got = recv(3, (char *)target + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(0);
    done += (size_t)got;
  }
}

static void send_all(const void *source, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t sent = send(3, (const char *)source + done, count - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) _exit(0);
    done += (size_t)sent;
  }
}

_Noreturn static void serve(void) {
  for (;;) {
    struct request request;
    assay_shim_decoded result = {.status = ASSAY_SHIM_NO_MEMORY, .message = "out of memory"};
    receive(&request, sizeof request);
    uint8_t *bytes = malloc(request.count ? request.count : 1), *pixels = NULL;
    if (!bytes) _exit(ENOMEM);
    receive(bytes, request.count);
    pixels =
        assay_shim_decode(request.format, bytes, request.count, request.most_pixels, &result);
    free(bytes);
    send_all(&result, sizeof result);
    if (pixels) send_all(pixels, 3 * (size_t)result.width * result.height);
    free(pixels);
  }
}

_Noreturn static void become_decoder(int socket, uint64_t memory) {
  /* A terminal's interruption is for the caller, which closes the socket when it has cleaned up. */
  static const int ignored[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  for (int i = 0; i < 4; i++) signal(ignored[i], SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  uint64_t now = address_space();
  if (dup2(socket, 3) < 0) _exit(errno);
  int32_t error = 0;
  if (syscall(SYS_close_range, 4u, ~0u, 0u) != 0) error = -errno;
  for (int file = 0; file < 3; file++) close(file);
  prctl(PR_SET_DUMPABLE, 0);
  if (!error) error = now ? limit(RLIMIT_AS, now + memory) : -ENOENT;
  if (!error) error = limit(RLIMIT_CORE, 0);
  if (!error) error = limit(RLIMIT_FSIZE, 0);
  if (!error) error = give_up_calls();
  /* No picture comes before all that is given up is told to be. */
  send_all(&error, sizeof error);
  if (error) _exit(1);
  serve();
}

/* MARK: The caller */

static int64_t clock_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket can be read or written, within the time. */
static int await(int socket, short event, int64_t *milliseconds) {
  for (;;) {
    if (*milliseconds <= 0) return -ETIMEDOUT;
    struct pollfd waited = {.fd = socket, .events = event};
    int64_t start = clock_milliseconds();
    int count = poll(&waited, 1, *milliseconds > INT32_MAX ? INT32_MAX : (int)*milliseconds);
    *milliseconds -= clock_milliseconds() - start;
    if (count > 0) return 0;
    if (count < 0 && errno != EINTR) return -errno;
  }
}

static int exchange(int socket, void *bytes, size_t count, int is_sending, int64_t *milliseconds) {
  for (size_t done = 0; done < count;) {
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    ssize_t moved = is_sending ? send(socket, (char *)bytes + done, count - done, flags)
                               : recv(socket, (char *)bytes + done, count - done, flags);
    if (moved > 0) {
      done += (size_t)moved;
    } else if (moved == 0 || errno == EPIPE || errno == ECONNRESET) {
      return -EPIPE;
    } else if (errno == EAGAIN) {
      int error = await(socket, is_sending ? POLLOUT : POLLIN, milliseconds);
      if (error) return error;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

int assay_shim_decoder_start(uint64_t memory, int *socket, pid_t *process) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  pid_t child = fork();
  if (child < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
  }
  if (child == 0) become_decoder(ends[1], memory);
  close(ends[1]);
  int32_t error = 0;
  int64_t milliseconds = 10000;
  int status = exchange(ends[0], &error, sizeof error, 0, &milliseconds);
  if (!status) status = error;
  if (status) {
    assay_shim_decoder_stop(ends[0], child);
    return status;
  }
  *socket = ends[0];
  *process = child;
  return 0;
}

int assay_shim_decoder_ask(int socket, uint32_t format, const uint8_t *bytes, size_t count,
                           uint64_t most_pixels, int64_t *milliseconds,
                           assay_shim_decoded *result) {
  if (*milliseconds <= 0) return -ETIMEDOUT;
  struct request request = {.format = format, .count = count, .most_pixels = most_pixels};
  int error = exchange(socket, &request, sizeof request, 1, milliseconds);
  if (!error) error = exchange(socket, (void *)bytes, count, 1, milliseconds);
  if (!error) error = exchange(socket, result, sizeof *result, 0, milliseconds);
  /* The process may have been taken over by a picture: it gets no say on sizes beyond the limit. */
  if (!error && result->status == ASSAY_SHIM_DECODED &&
      (result->width == 0 || result->height == 0 || result->width > most_pixels / result->height))
    error = -EPROTO;
  result->message[sizeof result->message - 1] = 0;
  return error;
}

int assay_shim_decoder_take(int socket, uint8_t *pixels, size_t count, int64_t *milliseconds) {
  return exchange(socket, pixels, count, 0, milliseconds);
}

int assay_shim_decoder_stop(int socket, pid_t process) {
  int status = 0;
  close(socket);
  kill(process, SIGKILL);
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  int ended_by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return ended_by == SIGKILL ? 0 : ended_by;
}
