#include "fork_server.h"
#include "worker_begin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_DESCRIPTORS 8
#define ANSWER_MILLISECONDS 60000

struct letter {
  struct msghdr header;
  struct iovec vector;
  union {
    char bytes[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
    struct cmsghdr aligned;
  } control;
};

static void address(struct letter *letter, void *bytes, size_t size) {
  memset(letter, 0, sizeof *letter);
  letter->vector = (struct iovec){bytes, size};
  letter->header.msg_iov = &letter->vector;
  letter->header.msg_iovlen = 1;
}

static int post(int socket, void *bytes, size_t size, const int *descriptors, size_t count) {
  struct letter letter;
  address(&letter, bytes, size);
  if (count > 0) {
    letter.header.msg_control = letter.control.bytes;
    letter.header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *item = CMSG_FIRSTHDR(&letter.header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(item), descriptors, count * sizeof(int));
  }
  ssize_t result;
  do result = sendmsg(socket, &letter.header, MSG_NOSIGNAL);
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : result == (ssize_t)size ? 0 : -EMSGSIZE;
}

/* The size of the message, 0 at the end, or a negative errno. */
static ssize_t take(int socket, void *bytes, size_t size, int *descriptors, size_t *count) {
  struct letter letter;
  address(&letter, bytes, size);
  letter.header.msg_control = letter.control.bytes;
  letter.header.msg_controllen = sizeof letter.control;
  ssize_t result;
  do result = recvmsg(socket, &letter.header, MSG_CMSG_CLOEXEC);
  while (result < 0 && errno == EINTR);
  *count = 0;
  if (result < 0) return -errno;
  struct cmsghdr *item = CMSG_FIRSTHDR(&letter.header);
  if (item && item->cmsg_type == SCM_RIGHTS) {
    *count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(descriptors, CMSG_DATA(item), *count * sizeof(int));
  }
  return letter.header.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EMSGSIZE : result;
}

/* ------------------------------------------------------------------------------------- The host */

int assay_shim_server_pair(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}

int assay_shim_ask_server(int socket, const char *environment, size_t size, const int *descriptors,
                          size_t count, int *pidfd) {
  if (size > ASSAY_SHIM_ENVIRONMENT || count > MOST_DESCRIPTORS) return -EMSGSIZE;
  int error = post(socket, (void *)environment, size, descriptors, count);
  if (error != 0) return error;
  struct pollfd answer = {.fd = socket, .events = POLLIN};
  int ready;
  do ready = poll(&answer, 1, ANSWER_MILLISECONDS);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0) return ready == 0 ? -ETIMEDOUT : -errno;
  int32_t word = 0;
  int got[MOST_DESCRIPTORS];
  size_t gotten = 0;
  ssize_t length = take(socket, &word, sizeof word, got, &gotten);
  if (length == sizeof word && word == 0 && gotten == 1) {
    *pidfd = got[0];
    return 0;
  }
  for (size_t i = 0; i < gotten; i++) close(got[i]);
  return length < 0 ? (int)length : word < 0 ? word : -EPIPE;
}

int assay_shim_signal(int pidfd, int signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ? 0 : -errno;
}

/* ----------------------------------------------------------------------------------- The server */

static int thread_count(void) {
  char text[1024];
  int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return -1;
  text[size] = 0;
  /* The 18th field after the name, which stands in brackets. */
  const char *at = strrchr(text, ')');
  for (int field = 0; at && field < 18; field++) at = strchr(at + 1, ' ');
  return at ? atoi(at + 1) : -1;
}

/* In the child: nothing that it has open was open in the server, and nothing of the server's stays. */
static void settle(const char *environment, size_t size, const int *descriptors, size_t count) {
  signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpgid(0, 0);
  int lifted[MOST_DESCRIPTORS];
  for (size_t i = 0; i < count; i++) {
    lifted[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 64);
    if (lifted[i] < 0) _exit(65);
  }
  /* Opened anew: one that all workers had would carry flags between them. */
  close(0);
  if (open("/dev/null", O_RDONLY) != 0) _exit(65);
  for (size_t i = 0; i < count; i++)
    if (dup2(lifted[i], (int)i + 1) < 0) _exit(65);
  if (close_range((unsigned)count + 1, ~0u, 0) != 0) _exit(65);
  const char *at = environment, *end = environment + size;
  if (chdir(at) != 0) _exit(65);
  for (at += strlen(at) + 1; at < end; at += strlen(at) + 1) {
    /* Copied, for the message lies on the stack of a function that is left. */
    char *text = strdup(at);
    if (!text || putenv(text) != 0) _exit(65);
  }
}

static void reap(void) {
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
}

void assay_shim_serve(void) {
  /* A fork has one thread alone, and what the others held would stay locked. */
  if (thread_count() != 1) _exit(71);
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ended, NULL);
  int signals = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) _exit(71);
  pid_t server = getpid();
  for (;;) {
    struct pollfd news[] = {{.fd = ASSAY_SHIM_SERVER, .events = POLLIN},
                            {.fd = signals, .events = POLLIN}};
    if (poll(news, 2, -1) < 0 && errno != EINTR) _exit(71);
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) > 0) {
    }
    reap();
    if (news[0].revents == 0) continue;
    char environment[ASSAY_SHIM_ENVIRONMENT];
    int descriptors[MOST_DESCRIPTORS];
    size_t count = 0;
    ssize_t size = take(ASSAY_SHIM_SERVER, environment, sizeof environment, descriptors, &count);
    if (size <= 0 || environment[size - 1] != 0) _exit(size == 0 ? 0 : 71);
    pid_t child = fork();
    if (child == 0) {
      settle(environment, (size_t)size, descriptors, count);
      assay_worker_begin(server);
      return;
    }
    int32_t word = child < 0 ? -errno : 0;
    for (size_t i = 0; i < count; i++) close(descriptors[i]);
    /* Not yet reaped, so the number is still the child's. */
    int pidfd = child < 0 ? -1 : (int)syscall(SYS_pidfd_open, child, 0);
    if (child > 0 && pidfd < 0) {
      word = -errno;
      kill(child, SIGKILL);
    }
    int error = post(ASSAY_SHIM_SERVER, &word, sizeof word, &pidfd, pidfd < 0 ? 0 : 1);
    if (pidfd >= 0) close(pidfd);
    if (error != 0) _exit(71);
  }
}
