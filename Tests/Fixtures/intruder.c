/* Methods that each try to reach further than their call, and report as numbers how far they got. */
#define _GNU_SOURCE
#include "fixture.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <asm/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const assay_host *host;
static char scratch[4096];
static int door = -1;

/* Before the table is read: through a link beside the library, by a path, by /proc. */
__attribute__((constructor)) static void look_around(void) {
  Dl_info info;
  char path[4096];
  if (!dladdr((void *)look_around, &info)) return;
  const char *slash = strrchr(info.dli_fname, '/');
  int length = slash ? (int)(slash - info.dli_fname) : 0;
  const char *tries[] = {"libdoor.so/secret", "secret.so.txt", "libfolder.so.d/secret", "secret"};
  door = 0;
  for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
    snprintf(path, sizeof path, "%.*s/%s", length, info.dli_fname, tries[i]);
    int fd = open(path, O_RDONLY);
    if (fd >= 0) door++, close(fd);
  }
}

static void report(const char *name, double value) {
  host->metric(host->ctx, (assay_str){name, strlen(name)}, value);
}

static assay_status create(const assay_host *given, const assay_run *run, assay_str config,
                           void **self) {
  (void)config, (void)self;
  host = given;
  snprintf(scratch, sizeof scratch, "%.*s", (int)run->scratch_dir.len, run->scratch_dir.ptr);
  return ASSAY_OK;
}

static void destroy(void *self) { (void)self; }
static assay_status fit(void *self, const assay_call *call) {
  (void)self, (void)call;
  return ASSAY_OK;
}

#define PREDICT(name)                                     \
  static void name(const assay_call *call);               \
  static assay_status predict_##name(void *self, const assay_call *call) { \
    (void)self;                                           \
    fill(call, 1);                                        \
    name(call);                                           \
    return ASSAY_OK;                                      \
  }                                                       \
  static void name(const assay_call *call)

PREDICT(doors) {
  (void)call;
  report("opened", door);
}

/* The query rows begin with 1, 2, 3: fit looks for them wherever a descriptor leads. */
static assay_status fit_early(void *self, const assay_call *call) {
  (void)self, (void)call;
  int found = 0;
  for (int fd = 3; fd < 1024; fd++) {
    float row[3] = {0};
    if (pread(fd, row, sizeof row, 0) == sizeof row && row[0] == 1 && row[1] == 2 && row[2] == 3)
      found++;
  }
  report("found", found);
  return ASSAY_OK;
}

PREDICT(nothing) { (void)call; }

/* Asks for the query rows in fit, as only the worker's own code should. */
static assay_status fit_asking(void *self, const assay_call *call) {
  (void)self, (void)call;
  unsigned number = 1;
  report("asked", (double)write(6, &number, sizeof number));
  return ASSAY_OK;
}

/* The same, and takes what comes: whose file is it? */
static assay_status fit_taking(void *self, const assay_call *call) {
  (void)self, (void)call;
  unsigned number = 1;
  char byte, control[CMSG_SPACE(64 * sizeof(int))];
  struct iovec vector = {&byte, 1};
  struct msghdr header = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control,
                          .msg_controllen = sizeof control};
  if (write(6, &number, sizeof number) != sizeof number || recvmsg(6, &header, 0) < 0)
    return ASSAY_OK;
  int first;
  struct stat status;
  memcpy(&first, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof first);
  if (fstat(first, &status) != 0) return ASSAY_OK;
  report("file", (double)status.st_ino);
  report("bytes", (double)status.st_size);
  return ASSAY_OK;
}

/* Keeps a second mapping of its outputs and writes to it in the next call. */
PREDICT(late) {
  static float *kept;
  if (kept) {
    kept[0] = 1e9f;
    return;
  }
  float *out = call->out[0].tensor.data;
  char *page = (char *)((unsigned long)out & ~4095ul);
  char *copy = mremap(page, 0, 4096, MREMAP_MAYMOVE);
  if (copy != MAP_FAILED) kept = (float *)(copy + ((char *)out - page));
  report("kept", kept != NULL);
}

/* Marks that a later or simultaneous trial could find. */
PREDICT(marks) {
  (void)call;
  int left = 0, outside = 0;
  for (int fd = 0; fd < 64; fd++) {
    if (fcntl(fd, F_GETFD) < 0) continue;
    unsigned long hint = 3;
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    int pid = getpid();
    left += fcntl(fd, F_OFD_SETLK, &lock) == 0;
    left += fcntl(fd, F_SETLK, &lock) == 0;
    left += fcntl(fd, F_GETLK, &lock) == 0;
    left += fcntl(fd, F_SET_RW_HINT, &hint) == 0;
    left += fcntl(fd, F_SETOWN, pid) == 0;
    left += fcntl(fd, F_SETSIG, SIGUSR1) == 0;
    left += ioctl(fd, FIOSETOWN, &pid) == 0;
    left += fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
    left += futimens(fd, NULL) == 0;
    left += fchmod(fd, 0600) == 0;
    struct stat status;
    /* Besides stdin, pipes and sockets nothing is open while the plugin runs. */
    if (fd > 0 && fstat(fd, &status) == 0 && !S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode))
      outside++;
  }
  report("left", left);
  report("outside", outside);
}

/* Signs through pages that every process has of the C library. */
PREDICT(signs) {
  (void)call;
  int given = 0;
  unsigned char resident;
  char *page = (char *)((unsigned long)&strtoull & ~4095ul);
  struct timespec moment = {0, 1000};
  given += syscall(SYS_futex, page, 1 /* FUTEX_WAKE */, 1, NULL, NULL, 0) >= 0;
  given += syscall(SYS_futex, page, 10 /* FUTEX_WAKE_BITSET */, 1, NULL, NULL, 1) >= 0;
  given += syscall(SYS_futex, page, 3 /* FUTEX_REQUEUE */, 1, NULL, page + 4, 0) >= 0;
  given += mincore(page, 1, &resident) == 0;
  given += madvise(page, 4096, 21 /* MADV_PAGEOUT */) == 0;
  given += madvise(page, 4096, 20 /* MADV_COLD */) == 0;
  given += madvise(page, 4096, 12 /* MADV_MERGEABLE */) == 0;
  given += syscall(SYS_preadv2, 0, NULL, 0, 0, 0, 8 /* RWF_NOWAIT */) >= 0;
  given += syscall(SYS_fadvise64, 0, 0, 0, 4) == 0;
  given += syscall(SYS_inotify_init1, 0) >= 0;
  report("given", given);
  /* What a thread needs that waits for another. */
  int wakes = syscall(SYS_futex, &wakes, 1 | 128, 1, NULL, NULL, 0) == 0;
  int waits = syscall(SYS_futex, page, 9, *(int *)page, &moment, NULL, -1) < 0 && errno == ETIMEDOUT;
  report("own", wakes + waits);
}

static int do_nothing(void *argument) {
  (void)argument;
  syscall(SYS_exit, 0);
  return 0;
}

/* Threads that do not share what the process has, so that each could have its own share of it. */
PREDICT(odd_threads) {
  (void)call;
  static char stacks[8][16384] __attribute__((aligned(64)));
  const int whole = CLONE_THREAD | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM;
  const int left_out[] = {CLONE_FILES, CLONE_FS, CLONE_SYSVSEM};
  int made = 0;
  for (int i = 0; i < 3; i++)
    made += clone(do_nothing, stacks[i] + 16384, whole & ~left_out[i], NULL) > 0;
  report("made", made);
  report("whole", clone(do_nothing, stacks[3] + 16384, whole, NULL) > 0);
}

/* What an earlier worker left in its process: variables, flags of open files, handlers. */
PREDICT(traces) {
  (void)call;
  static int marks;
  struct sigaction action;
  sigaction(SIGUSR1, NULL, &action);
  mode_t mask = umask(077);
  report("variables", getenv("MARK") != NULL);
  report("marks", marks++);
  report("umask", mask);
  report("flags", fcntl(0, F_GETFL));
  report("handled", action.sa_handler != SIG_DFL);
  report("generator", rand());
  report("process", getpid());
  setenv("MARK", "1", 1);
  fcntl(0, F_SETFL, O_NONBLOCK | O_APPEND);
  signal(SIGUSR1, SIG_IGN);
}

/* Memory that no limit of the process counts. */
PREDICT(memory_files) {
  (void)call;
  int made = 0;
  made += syscall(SYS_memfd_create, "x", 0) >= 0;
  made += syscall(SYS_shmget, 0, 4096, 01600) >= 0;
  made += syscall(SYS_mq_open, "/x", O_CREAT | O_RDWR, 0600, NULL) >= 0;
  made += syscall(SYS_io_uring_setup, 8, NULL) >= 0 || errno == EFAULT;
  made += syscall(SYS_add_key, "user", "x", "y", 1, -5) >= 0;
  int ends[2];
  if (pipe(ends) == 0) made += fcntl(ends[0], F_SETPIPE_SZ, 1 << 20) >= 0;
  report("made", made);
}

static void *sleeper(void *argument) {
  (void)argument;
  while (pause() < 0) {
  }
  return argument;
}

PREDICT(many_threads) {
  (void)call;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 16384);
  int count = 0;
  for (pthread_t thread; count < 3000; count++)
    if (pthread_create(&thread, &attributes, sleeper, NULL) != 0) break;
  usleep(400000);
  report("threads", count);
}

/* Files without end, deep folders, folders without permissions. */
PREDICT(litter) {
  (void)call;
  static char block[1 << 20];
  double bytes = 0;
  int files = 0;
  if (chdir(scratch) != 0) return;
  mkdir("closed", 0);
  for (int depth = 0; depth < 300; depth++)
    if (mkdir("deeeeeeeeeeeeeeeeeeeeeeeeeep", 0700) || chdir("deeeeeeeeeeeeeeeeeeeeeeeeeep")) break;
  for (char name[32]; files < 100000; files++) {
    snprintf(name, sizeof name, "%d", files);
    int fd = open(name, O_CREAT | O_WRONLY, 0600);
    if (fd < 0) break;
    ssize_t count;
    while (bytes < 4e9 && (count = write(fd, block, sizeof block)) > 0) bytes += (double)count;
    close(fd);
  }
  report("bytes", bytes);
  report("files", files);
}

/* Other processes: seen, signalled, moved, read, traced. */
PREDICT(neighbours) {
  (void)call;
  int reached = 0, seen = 0;
  pid_t parent = getppid();
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  for (pid_t pid = 1; pid < 3000; pid++) {
    if (pid == getpid()) continue;
    seen += sched_getaffinity(pid, sizeof one, &one) >= 0;
  }
  const pid_t others[] = {1, parent};
  for (int i = 0; i < 2; i++) {
    if (others[i] == 0) continue;
    reached += kill(others[i], 0) == 0;
    reached += sched_setaffinity(others[i], sizeof one, &one) == 0;
    reached += setpriority(PRIO_PROCESS, (id_t)others[i], 5) == 0;
    reached += syscall(SYS_ioprio_set, 1, others[i], 2 << 13) == 0;
    reached += syscall(SYS_ptrace, 16, others[i], 0, 0) == 0;
    reached += syscall(SYS_pidfd_open, others[i], 0) >= 0;
  }
  reached += prctl(PR_SET_PDEATHSIG, 0) == 0;
  reached += prctl(PR_SET_DUMPABLE, 1) == 0;
  reached += prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
  reached += open("/proc/self/mem", O_RDWR) >= 0;
  reached += open("/proc/1/environ", O_RDONLY) >= 0;
  reached += open("/", O_PATH) >= 0 && open("/etc/passwd", O_PATH) >= 0;
  reached += mknod("device", S_IFCHR | 0600, 0x103) == 0;
  reached += syscall(SYS_unshare, 0x10000000) == 0;
  reached += syscall(SYS_clone, 0x10000000 | SIGCHLD, 0, 0, 0, 0) > 0;
  report("reached", reached);
  report("seen", seen);
}

static const assay_method methods[] = {
    METHOD("doors", create, destroy, fit, predict_doors),
    METHOD("early", create, destroy, fit_early, predict_nothing),
    METHOD("asking", create, destroy, fit_asking, predict_nothing),
    METHOD("taking", create, destroy, fit_taking, predict_nothing),
    METHOD("signs", create, destroy, fit, predict_signs),
    METHOD("traces", create, destroy, fit, predict_traces),
    METHOD("odd-threads", create, destroy, fit, predict_odd_threads),
    METHOD("late", create, destroy, fit, predict_late),
    METHOD("marks", create, destroy, fit, predict_marks),
    METHOD("memory-files", create, destroy, fit, predict_memory_files),
    METHOD("many-threads", create, destroy, fit, predict_many_threads),
    METHOD("litter", create, destroy, fit, predict_litter),
    METHOD("neighbours", create, destroy, fit, predict_neighbours),
};

static const assay_method *method_at(uint32_t index) {
  return index < sizeof methods / sizeof *methods ? &methods[index] : NULL;
}

static const assay_library library = {
    .struct_size = sizeof library, .abi_major = ASSAY_ABI_MAJOR, .abi_minor = ASSAY_ABI_MINOR,
    .method_count = sizeof methods / sizeof *methods, .method_at = method_at};

const assay_library *assay_plugin_entry(uint32_t major, uint32_t minor) {
  (void)major, (void)minor;
  return &library;
}
