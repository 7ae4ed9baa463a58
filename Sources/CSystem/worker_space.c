#include "worker_space.h"
#include "fork_server.h"
#include "worker_begin.h"
#include "worker_process.h"
#include "worker_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What follows runs before every constructor, a sanitizer's own included. */
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("address", "thread"))), \
                             apply_to = function)
#endif

#define SPACES                                                                              \
  (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
/* A user without rights and without files, where the host may hand out more than its own. */
#define NOBODY 65534
#define MAX_PLAN (1 << 20)

static struct {
  int is_worker, is_server, is_served, has_space, has_process_limit, error;
  const char *step;
} state;

int assay_shim_is_worker(void) { return state.is_worker; }
int assay_shim_is_server(void) { return state.is_server; }
int assay_shim_has_space(void) { return state.has_space; }
int assay_shim_has_process_limit(void) { return state.has_process_limit; }
const char *assay_shim_space_problem(int *error) {
  *error = state.error;
  return state.step;
}

static int write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  ssize_t written = write(fd, text, strlen(text));
  int error = written < 0 ? -errno : 0;
  close(fd);
  return error;
}

/* fork() into new namespaces; the C library's own cannot take flags. Neither side may rely on what
 * the C library remembers of the process, until it forks again. */
static pid_t fork_into(unsigned long flags) {
#if defined(__s390x__)
  return (pid_t)syscall(SYS_clone, NULL, flags | SIGCHLD, NULL, NULL, NULL);
#else
  return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
#endif
}

/* Names the users of a new room. Root gives it `nobody` besides itself, for without that its threads
 * could not be counted; others can give themselves alone. Returns whether nobody was given, or a
 * negative errno. */
static int map_users(pid_t child) {
  char path[64], users[64], groups[64];
  uid_t user = geteuid();
  gid_t group = getegid();
  if (user == 0) {
    snprintf(users, sizeof users, "0 0 1\n%d %d 1\n", NOBODY, NOBODY);
    snprintf(path, sizeof path, "/proc/%d/uid_map", child);
    if (write_text(path, users) == 0) {
      snprintf(groups, sizeof groups, "%u %u 1\n%d %d 1\n", group, group, NOBODY, NOBODY);
      snprintf(path, sizeof path, "/proc/%d/gid_map", child);
      int error = write_text(path, groups);
      return error == 0 ? 1 : error;
    }
  }
  snprintf(path, sizeof path, "/proc/%d/setgroups", child);
  int error = write_text(path, "deny");
  if (error != 0 && error != -ENOENT) return error;
  snprintf(users, sizeof users, "%u %u 1\n", user, user);
  snprintf(path, sizeof path, "/proc/%d/uid_map", child);
  if ((error = write_text(path, users)) != 0) return error;
  snprintf(groups, sizeof groups, "%u %u 1\n", group, group);
  snprintf(path, sizeof path, "/proc/%d/gid_map", child);
  return write_text(path, groups);
}

static int become_nobody(void) {
  /* By number: the C library would look for threads, of which there are none yet. */
  if (syscall(SYS_setgroups, 0, NULL) != 0) return -errno;
  if (syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY) != 0) return -errno;
  return syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY) == 0 ? 0 : -errno;
}

/* Gives up all capabilities, also those that a later program could have gained. */
static int drop_capabilities(int has_nobody) {
  /* First, for it takes a capability. */
  for (int capability = 0; capability < 64; capability++)
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (has_nobody) {
    int error = become_nobody();
    if (error != 0) return error;
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0}};
  return syscall(SYS_capset, &header, none) == 0 ? 0 : -errno;
}

/* ------------------------------------------------------------------------------------- The plan */

struct plan {
  long parent;
  int wants_spaces, wants_gauge;
  struct assay_tree tree;
  unsigned long processes;
};

/* Leaves before there is a worker. Who was forked by a server is not the host's child: the record says
 * what the exit status would. */
static void leave(int status) __attribute__((noreturn));
static void leave(int status) {
  assay_shim_exit record = {.status = status};
  if (state.is_served) {
    ssize_t written = write(ASSAY_SHIM_RECORD, &record, sizeof record);
    (void)written;
  }
  _exit(status);
}

static const char *next(const char **at, const char *end) {
  const char *text = *at;
  size_t room = (size_t)(end - text), length = strnlen(text, room);
  if (length == room) leave(64);
  *at = text + length + 1;
  return text;
}

/* The text of the plan is never freed: the tree points into it. */
static void read_plan(struct plan *plan) {
  off_t size = lseek(ASSAY_SHIM_PLAN, 0, SEEK_END);
  if (size <= 0 || size > MAX_PLAN) leave(64);
  char *text = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, ASSAY_SHIM_PLAN, 0);
  if (text == MAP_FAILED) leave(64);
  const char *at = text, *end = text + size;
  plan->parent = atol(next(&at, end));
  plan->wants_spaces = strcmp(next(&at, end), "spaces") == 0;
  plan->wants_gauge = strcmp(next(&at, end), "gauge") == 0;
  plan->tree.scratch = next(&at, end);
  plan->tree.scratch_bytes = strtoull(next(&at, end), NULL, 10);
  plan->tree.scratch_files = strtoull(next(&at, end), NULL, 10);
  plan->processes = strtoul(next(&at, end), NULL, 10);
  plan->tree.items = at;
  plan->tree.end = end;
  close(ASSAY_SHIM_PLAN);
}

/* ---------------------------------------------------------------------------------- The worker */

static void open_at(const char *path, int number) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fd == number) return;
  dup3(fd, number, O_CLOEXEC);
  close(fd);
}

static void open_gauge(const struct plan *plan) {
  if (!plan->wants_gauge) return;
  open_at("/proc/self/stat", ASSAY_SHIM_STAT);
  open_at("/proc/self/statm", ASSAY_SHIM_STATM);
}

/* What the parts of a room tell the supervisor. */
struct word {
  int kind; /* 1: the room stands; 2: it does not; 3: the worker's wait status */
  int value;
  char step[32];
};

static void tell(int pipe, int kind, int value, const char *step) {
  struct word word = {.kind = kind, .value = value};
  strncpy(word.step, step, sizeof word.step - 1);
  ssize_t written = write(pipe, &word, sizeof word);
  (void)written;
}

static void move_in(const struct plan *plan, int pipe, int has_nobody) {
  const char *step = "tree";
  open_gauge(plan);
  int error = assay_tree_build(&plan->tree, has_nobody ? NOBODY : (int)geteuid(), &step);
  if (error == 0) {
    step = "capabilities";
    error = drop_capabilities(has_nobody);
  }
  /* Without a user of its own, root's processes are not counted. */
  struct rlimit limit = {plan->processes, plan->processes};
  state.has_process_limit =
      (has_nobody || geteuid() != 0) && setrlimit(RLIMIT_NPROC, &limit) == 0;
  tell(pipe, error == 0 ? 1 : 2, error, step);
  if (error != 0) _exit(68);
  close(pipe);
  /* A change of user clears it. Its parent is process 1, with which it dies anyway. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  state.has_space = 1;
}

/* Process 1: waits for the worker, and for orphans. Returns in the worker only. */
static void be_init(const struct plan *plan, int go, int pipe) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) _exit(68);
  char has_nobody = 0;
  if (read(go, &has_nobody, 1) != 1) _exit(68);
  pid_t worker = fork();
  if (worker < 0) {
    tell(pipe, 2, -errno, "fork");
    _exit(68);
  }
  if (worker == 0) {
    close(go);
    move_in(plan, pipe, has_nobody);
    return;
  }
  drop_capabilities(has_nobody);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int fd = 0; fd < 16; fd++)
    if (fd != pipe && fd != go) close(fd);
  struct pollfd end = {.fd = go, .events = 0};
  /* The supervisor may have gone while that signal was not set. */
  if (poll(&end, 1, 0) > 0 && (end.revents & POLLHUP)) _exit(68);
  for (;;) {
    int status = 0;
    pid_t reaped = waitpid(-1, &status, 0);
    if (reaped < 0 && errno == EINTR) continue;
    if (reaped == worker) tell(pipe, 3, status, "");
    if (reaped == worker || reaped < 0) _exit(0);
  }
}

/* ------------------------------------------------------------------------------ The supervisor */

static int receive(int pipe, struct word *word) {
  ssize_t count;
  do count = read(pipe, word, sizeof *word);
  while (count < 0 && errno == EINTR);
  return count == (ssize_t)sizeof *word;
}

static void supervise(pid_t init, int pipe) __attribute__((noreturn));
static void supervise(pid_t init, int pipe) {
  for (int fd = 0; fd < ASSAY_SHIM_STAT; fd++)
    if (fd != ASSAY_SHIM_RECORD && fd != pipe) close(fd);
  prctl(PR_SET_DUMPABLE, 0);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  int status = 0;
  struct rusage usage = {{0}};
  while (wait4(init, &status, WNOHANG, &usage) != init)
    if (sigwaitinfo(&signals, NULL) == SIGTERM) kill(init, SIGKILL);
  assay_shim_exit record;
  assay_shim_take_exit(WIFSIGNALED(status) ? status : SIGKILL, &usage, &record);
  struct word word;
  fcntl(pipe, F_SETFL, O_NONBLOCK);
  if (receive(pipe, &word) && word.kind == 3) assay_shim_take_exit(word.value, &usage, &record);
  ssize_t written = write(ASSAY_SHIM_RECORD, &record, sizeof record);
  _exit(written == (ssize_t)sizeof record ? 0 : 69);
}

/* Returns in the worker, and in this very process when no room can be had. */
static void enter(const struct plan *plan) {
  int go[2], words[2];
  if (pipe2(go, O_CLOEXEC) != 0) return;
  if (pipe2(words, O_CLOEXEC) != 0) {
    close(go[0]), close(go[1]);
    return;
  }
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, &before);
  pid_t init = fork_into(SPACES);
  if (init == 0) {
    close(go[1]), close(words[0]);
    be_init(plan, go[0], words[1]);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return;
  }
  state.step = "namespaces";
  state.error = init < 0 ? errno : 0;
  close(go[0]), close(words[1]);
  if (init > 0) {
    int mapped = map_users(init);
    char has_nobody = mapped == 1;
    struct word word;
    if (mapped < 0) {
      state.error = -mapped;
      state.step = "users";
    } else if (write(go[1], &has_nobody, 1) == 1 && receive(words[0], &word)) {
      if (word.kind == 1) supervise(init, words[0]);
      word.step[sizeof word.step - 1] = 0;
      /* Only where the kernel refuses a step does the worker go on without a room: other errors, such
       * as a path that is too long, are the plugin's to make. */
      int is_refused = word.value == -EPERM || word.value == -EACCES || word.value == -ENOSYS ||
                       word.value == -EINVAL;
      if (!is_refused || strcmp(word.step, "libraries") == 0) leave(68);
      state.error = word.value < 0 ? -word.value : word.value;
      state.step = strdup(word.step);
    }
    kill(init, SIGKILL);
    while (waitpid(init, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  close(go[1]), close(words[0]);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

static void become_worker(pid_t parent) {
  static struct plan plan;
  read_plan(&plan);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) leave(65);
  /* The parent may have died before the line above. */
  if (getppid() != (parent ? parent : plan.parent)) leave(65);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) leave(65);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  /* When memory runs out, the system ends a worker and not the run. */
  write_text("/proc/self/oom_score_adj", "1000");
  if (plan.wants_spaces) enter(&plan);
  if (!state.has_space) {
    /* Such a one is started by the host, which then watches it more closely. */
    if (state.is_served) leave(ASSAY_SHIM_NO_ROOM);
    open_gauge(&plan);
    if (drop_capabilities(0) != 0) _exit(65);
  }
  close(ASSAY_SHIM_RECORD);
  state.is_worker = 1;
}

void assay_worker_begin(pid_t server) {
  state.is_server = 0;
  state.is_served = 1;
  become_worker(server);
}

static void begin(int count, char **arguments, char **environment) {
  (void)environment;
  if (count < 3 || strcmp(arguments[1], "worker") != 0) return;
  state.is_server = strcmp(arguments[2], "serve") == 0;
  if (strcmp(arguments[2], "planned") == 0) become_worker(0);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **,
                                                                          char **) = begin;

int assay_shim_probe_spaces(void) {
  pid_t child = fork_into(SPACES);
  if (child < 0) return -errno;
  if (child == 0) _exit(0);
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
  return 0;
}

#if defined(__clang__)
#pragma clang attribute pop
#endif
