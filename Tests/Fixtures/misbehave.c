/* Methods that each break one rule, in predict unless the name says otherwise. */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const assay_host *host;

static assay_status create(const assay_host *given, const assay_run *run, assay_str config,
                           void **self) {
  (void)run;
  (void)config;
  (void)self;
  host = given;
  return ASSAY_OK;
}

static void destroy(void *self) { (void)self; }

static void destroy_exit(void *self) {
  (void)self;
  exit(0);
}

static assay_status fit(void *self, const assay_call *call) {
  (void)self;
  (void)call;
  return ASSAY_OK;
}

static assay_status fit_null_write(void *self, const assay_call *call) {
  (void)self;
  (void)call;
  *(volatile int *)8 = 1;
  return ASSAY_OK;
}

static assay_status fail(const char *text) {
  return host->set_error(host->ctx, ASSAY_E_INTERNAL, (assay_str){text, strlen(text)});
}

#define PREDICT(name) static assay_status name(void *self, const assay_call *call)
#define UNUSED (void)self, (void)call

PREDICT(null_write) {
  UNUSED;
  *(volatile int *)0 = 1;
  return ASSAY_OK;
}

PREDICT(abort_now) {
  UNUSED;
  fputs("about to abort\n", stderr);
  abort();
}

PREDICT(spin) {
  UNUSED;
  for (volatile unsigned turn = 0;; turn++) {
  }
  return ASSAY_OK;
}

PREDICT(sleep_ignoring_sigterm) {
  UNUSED;
  signal(SIGTERM, SIG_IGN);
  for (;;) sleep(100);
  return ASSAY_OK;
}

PREDICT(allocate_forever) {
  UNUSED;
  for (;;) {
    char *block = malloc(16 << 20);
    if (!block) return host->set_error(host->ctx, ASSAY_E_MEMORY, (assay_str)STR("no more"));
    memset(block, 1, 16 << 20);
  }
}

PREDICT(allocate_unchecked) {
  UNUSED;
  for (;;) memset(malloc(16 << 20), 1, 16 << 20);
  return ASSAY_OK;
}

PREDICT(exit_zero) {
  fill(call, 1);
  (void)self;
  exit(0);
}

PREDICT(exit_three) {
  UNUSED;
  exit(3);
}

PREDICT(output_unwritten) {
  (void)self;
  float *out = call->out[0].tensor.data;
  for (size_t i = 0; i + 1 < count_of(&call->out[0]); i++) out[i] = 1;
  return ASSAY_OK;
}

PREDICT(nan_output) {
  (void)self;
  fill(call, 1);
  ((float *)call->out[0].tensor.data)[3] = __builtin_nanf("");
  return ASSAY_OK;
}

/* Tries a wrong rank, a wrong extent and a wrong dtype, and reports the first that is accepted. */
PREDICT(wrong_shape) {
  UNUSED;
  const assay_dtype f32 = {ASSAY_DTYPE_FLOAT, 32, 1}, i32 = {ASSAY_DTYPE_INT, 32, 1};
  const int64_t extents[2] = {call->in[0].tensor.shape[0] + 1, 3};
  const int64_t right[2] = {call->in[0].tensor.shape[0], 3};
  const int64_t huge[2] = {call->in[0].tensor.shape[0], INT64_MAX / 2};
  assay_tensor out;
  const assay_str name = STR("logits"), other = STR("masks");
  if (host->alloc_output(host->ctx, name, f32, 1, extents, &out) != ASSAY_E_CONTRACT)
    return fail("a wrong rank was accepted");
  if (host->alloc_output(host->ctx, name, i32, 2, right, &out) != ASSAY_E_CONTRACT)
    return fail("a wrong dtype was accepted");
  if (host->alloc_output(host->ctx, other, f32, 2, right, &out) != ASSAY_E_CONTRACT)
    return fail("an unknown output was accepted");
  if (host->alloc_output(host->ctx, name, f32, 2, huge, &out) != ASSAY_E_MEMORY)
    return fail("an endless output was accepted");
  return host->alloc_output(host->ctx, name, f32, 2, extents, &out);
}

PREDICT(alloc_output) {
  UNUSED;
  const assay_dtype f32 = {ASSAY_DTYPE_FLOAT, 32, 1};
  const int64_t shape[2] = {call->in[0].tensor.shape[0], 3};
  assay_tensor out;
  const assay_str name = STR("logits");
  if (!(call->out[0].flags & ASSAY_TENSOR_DYNAMIC) || call->out[0].tensor.data)
    return fail("an output of open shape is not marked as such");
  assay_status status = host->alloc_output(host->ctx, name, f32, 2, shape, &out);
  if (status != ASSAY_OK) return status;
  for (size_t i = 0; i < count_of(&out); i++) ((float *)out.tensor.data)[i] = (float)i;
  if (host->alloc_output(host->ctx, name, f32, 2, shape, &out) != ASSAY_E_STATE)
    return fail("an output was allocated twice");
  return ASSAY_OK;
}

PREDICT(write_input) {
  (void)self;
  ((volatile float *)call->in[0].tensor.data)[0] = 1;
  return ASSAY_OK;
}

static const float *kept;

static assay_status fit_keeping(void *self, const assay_call *call) {
  (void)self;
  const assay_tensor *train = find(call->in, call->in_count, "train.features");
  kept = train ? train->tensor.data : NULL;
  return ASSAY_OK;
}

PREDICT(read_kept) {
  (void)self;
  fill(call, *(volatile const float *)kept);
  return ASSAY_OK;
}

PREDICT(flood) {
  (void)self;
  char block[4096];
  memset(block, 'x', sizeof block);
  for (int i = 0; i < (64 << 20) / (int)sizeof block; i++)
    for (int descriptor = 1; descriptor <= 2; descriptor++)
      if (write(descriptor, block, sizeof block) < 0) return ASSAY_E_IO;
  fill(call, 1);
  return ASSAY_OK;
}

PREDICT(left_child) {
  (void)self;
  fill(call, 1);
  pid_t child = fork();
  if (child < 0) return fail(strerror(errno));
  if (child == 0) {
    for (;;) sleep(100);
  }
  return ASSAY_OK;
}

PREDICT(left_daemon) {
  (void)self;
  fill(call, 1);
  pid_t child = fork();
  if (child < 0) return fail(strerror(errno));
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    for (int descriptor = 0; descriptor < 256; descriptor++) close(descriptor);
    for (;;) sleep(100);
  }
  return ASSAY_OK;
}

/* Left with code 0 when everything was refused. */
PREDICT(network) {
  (void)self;
  fill(call, 1);
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return fail("a TCP socket was made");
  if (socket(AF_UNIX, SOCK_DGRAM, 0) >= 0) return fail("a Unix socket was made");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) return fail("a socket pair was made");
  return ASSAY_OK;
}

PREDICT(processes) {
  (void)self;
  fill(call, 1);
  char *const arguments[] = {"true", NULL};
  if (execv("/bin/true", arguments), errno != EPERM && errno != EACCES) return fail("execv ran");
  if (kill(getppid(), 0) == 0) return fail("the host can be signalled");
  if (setsid() >= 0) return fail("setsid was allowed");
  char byte;
  struct iovec local = {&byte, 1}, remote = {&byte, 1};
  if (process_vm_readv(getppid(), &local, 1, &remote, 1, 0) >= 0)
    return fail("the host's memory was read");
  return ASSAY_OK;
}

PREDICT(read_file) {
  (void)self;
  fill(call, 1);
  const char *paths[] = {"/etc/hostname", "/etc/passwd", "/proc/self/maps", "/proc/self/environ",
                         "/proc/1/status", "/usr/lib/os-release", "/dev/zero"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (open(paths[i], O_RDONLY) >= 0) return fail(paths[i]);
  if (open("/proc", O_RDONLY | O_DIRECTORY) >= 0) return fail("/proc");
  return ASSAY_OK;
}

PREDICT(write_outside) {
  (void)self;
  fill(call, 1);
  const char *paths[] = {"/tmp/assay-fixture-outside", "../assay-fixture-outside",
                         "/dev/shm/assay-fixture-outside"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (open(paths[i], O_WRONLY | O_CREAT, 0600) >= 0) {
      unlink(paths[i]);
      return fail(paths[i]);
    }
  return ASSAY_OK;
}

PREDICT(behave) {
  (void)self;
  fill(call, 1);
  return ASSAY_OK;
}

PREDICT(error_status) {
  UNUSED;
  return host->set_error(host->ctx, ASSAY_E_NUMERIC, (assay_str)STR("the matrix is singular"));
}

PREDICT(silent_error) {
  UNUSED;
  return 63;
}

PREDICT(change_rounding) {
  (void)self;
  fill(call, 1);
#if defined(__x86_64__)
  uint32_t modes;
  __asm__ volatile("stmxcsr %0" : "=m"(modes));
  modes |= 0x8040;
  __asm__ volatile("ldmxcsr %0" : : "m"(modes));
#else
  uint64_t modes;
  __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
  modes |= 1ull << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(modes));
#endif
  return ASSAY_OK;
}

PREDICT(overrun) {
  (void)self;
  fill(call, 1);
  ((volatile float *)call->out[0].tensor.data)[count_of(&call->out[0])] = 1;
  return ASSAY_OK;
}

PREDICT(overrun_far) {
  (void)self;
  fill(call, 1);
  ((volatile float *)call->out[0].tensor.data)[count_of(&call->out[0]) + 1024] = 1;
  return ASSAY_OK;
}

PREDICT(forge) {
  (void)self;
  fill(call, 1);
  const char text[] = "{\"type\":\"stage\",\"stage\":0,\"query\":0}";
  uint32_t length = sizeof text - 1;
  if (write(3, &length, 4) < 0 || write(3, text, length) < 0) return ASSAY_E_IO;
  const char garbage[] = "\x05\0\0\0hello";
  if (write(3, garbage, sizeof garbage - 1) < 0) return ASSAY_E_IO;
  return ASSAY_OK;
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int descend(volatile char *above) {
  volatile char frame[65536];
  frame[0] = above ? above[0] : 1;
  return descend(frame) + frame[0];
}

PREDICT(endless_recursion) {
  UNUSED;
  return descend(NULL);
}

/* The bytes that the test hides in the labels of the query rows, which no worker may hold. The mask
 * keeps the pattern itself out of this file and off the stack. */
#define PATTERN_LENGTH 32
static unsigned char pattern_byte(size_t i) { return (unsigned char)((37 * i + 11) ^ 0x5a); }

static size_t occurrences(const unsigned char *bytes, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i + PATTERN_LENGTH <= count; i++) {
    size_t matched = 0;
    while (matched < PATTERN_LENGTH && bytes[i + matched] == pattern_byte(matched)) matched++;
    found += matched == PATTERN_LENGTH;
  }
  return found;
}

/* Copies a page through a pipe, which answers EFAULT where a load would crash; 0 when unmapped. */
static int read_page(int pipes[2], const void *address, unsigned char *page) {
  if (write(pipes[1], address, 4096) != 4096) return 0;
  return read(pipes[0], page, 4096) == 4096;
}

struct spy {
  size_t pages, descriptors, found;
};

static void scan(struct spy *spy, int pipes[2], uintptr_t start, uintptr_t end) {
  static unsigned char page[4096];
  for (uintptr_t at = start; at < end; at += 4096) {
    if (!read_page(pipes, (const void *)at, page)) continue;
    spy->pages++;
    if (at != ((uintptr_t)page & ~4095ul)) spy->found += occurrences(page, 4096);
  }
}

PREDICT(label_spy) {
  (void)self;
  fill(call, 1);
  struct spy spy = {0, 0, 0};
  int pipes[2];
  if (pipe(pipes) != 0) return fail("no pipe");
  FILE *maps = fopen("/proc/self/maps", "r");
  if (maps) {
    char line[512];
    while (fgets(line, sizeof line, maps)) {
      unsigned long start, end;
      char mode;
      if (sscanf(line, "%lx-%lx %c", &start, &end, &mode) == 3 && mode == 'r' && end < 1ul << 47)
        scan(&spy, pipes, start, end);
    }
    fclose(maps);
  }
  for (size_t i = 0; i < call->in_count + 1; i++) {
    uintptr_t middle = i < call->in_count ? (uintptr_t)call->in[i].tensor.data
                                          : (uintptr_t)call->out[0].tensor.data;
    middle &= ~4095ul;
    scan(&spy, pipes, middle - (8ul << 20), middle + (8ul << 20));
  }
  scan(&spy, pipes, (uintptr_t)&spy & ~4095ul, ((uintptr_t)&spy & ~4095ul) + (256ul << 10));
  static unsigned char block[65536];
  for (int descriptor = 0; descriptor < 256; descriptor++) {
    if (descriptor == pipes[0] || descriptor == pipes[1] || fcntl(descriptor, F_GETFD) < 0) continue;
    spy.descriptors++;
    ssize_t count;
    off_t at = 0;
    while ((count = pread(descriptor, block, sizeof block, at)) > 0 && at < 256l << 20) {
      spy.found += occurrences(block, (size_t)count);
      at += count;
    }
  }
  host->metric(host->ctx, (assay_str)STR("pages"), (double)spy.pages);
  host->metric(host->ctx, (assay_str)STR("descriptors"), (double)spy.descriptors);
  host->metric(host->ctx, (assay_str)STR("found"), (double)spy.found);
  host->metric(host->ctx, (assay_str)STR("maps"), maps ? 1 : 0);
  return ASSAY_OK;
}

static assay_status unsupported(void *self, const assay_call *call) {
  UNUSED;
  return host->set_error(host->ctx, ASSAY_E_UNSUPPORTED, (assay_str)STR("not these rows"));
}

static const assay_method methods[] = {
    METHOD("unsupported-fit", create, destroy, unsupported, behave),
    METHOD("unsupported-predict", create, destroy, fit, unsupported),
    METHOD("null-write", create, destroy, fit, null_write),
    METHOD("fit-null-write", create, destroy, fit_null_write, null_write),
    METHOD("abort", create, destroy, fit, abort_now),
    METHOD("spin", create, destroy, fit, spin),
    METHOD("sleep-ignoring-sigterm", create, destroy, fit, sleep_ignoring_sigterm),
    METHOD("allocate-forever", create, destroy, fit, allocate_forever),
    METHOD("allocate-unchecked", create, destroy, fit, allocate_unchecked),
    METHOD("exit-zero", create, destroy, fit, exit_zero),
    METHOD("exit-three", create, destroy, fit, exit_three),
    METHOD("behave", create, destroy, fit, behave),
    METHOD("destroy-exit", create, destroy_exit, fit, behave),
    METHOD("output-unwritten", create, destroy, fit, output_unwritten),
    METHOD("nan-output", create, destroy, fit, nan_output),
    METHOD("wrong-shape", create, destroy, fit, wrong_shape),
    METHOD("alloc-output", create, destroy, fit, alloc_output),
    METHOD("write-input", create, destroy, fit, write_input),
    METHOD("read-kept", create, destroy, fit_keeping, read_kept),
    METHOD("flood", create, destroy, fit, flood),
    METHOD("left-child", create, destroy, fit, left_child),
    METHOD("left-daemon", create, destroy, fit, left_daemon),
    METHOD("network", create, destroy, fit, network),
    METHOD("processes", create, destroy, fit, processes),
    METHOD("read-file", create, destroy, fit, read_file),
    METHOD("write-outside", create, destroy, fit, write_outside),
    METHOD("error-status", create, destroy, fit, error_status),
    METHOD("silent-error", create, destroy, fit, silent_error),
    METHOD("change-rounding", create, destroy, fit, change_rounding),
    METHOD("overrun", create, destroy, fit, overrun),
    METHOD("overrun-far", create, destroy, fit, overrun_far),
    METHOD("forge", create, destroy, fit, forge),
    METHOD("endless-recursion", create, destroy, fit, endless_recursion),
    METHOD("label-spy", create, destroy, fit, label_spy),
};

#define METHOD_COUNT (sizeof methods / sizeof methods[0])

static const assay_method *method_at(uint32_t index) {
  return index < METHOD_COUNT ? &methods[index] : NULL;
}

static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, METHOD_COUNT, method_at, NULL};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
