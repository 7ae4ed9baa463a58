#include "fault_handler.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define MAX_RANGES 4096
#define ALTERNATE_STACK (64 * 1024)
#define NULL_ZONE (64 * 1024)
/* What a method that runs out of memory can no longer map. */
#define MEMORY_PROBE (64u * 1024 * 1024)

static struct range {
  uintptr_t start, end;
  uint32_t kind, index;
} ranges[MAX_RANGES];
static _Atomic size_t range_count;
static int control_descriptor = -1;

void assay_shim_fault_watch(const void *start, size_t length, uint32_t kind, uint32_t index) {
  size_t slot = atomic_load(&range_count);
  if (slot == MAX_RANGES || length == 0) return;
  ranges[slot] = (struct range){(uintptr_t)start, (uintptr_t)start + length, kind, index};
  atomic_store(&range_count, slot + 1);
}

static uintptr_t stack_pointer(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#else
  return (uintptr_t)context->uc_mcontext.sp;
#endif
}

static char *append(char *at, const char *text) {
  size_t length = strlen(text);
  memcpy(at, text, length);
  return at + length;
}

static char *append_number(char *at, uint32_t number) {
  char digits[10];
  size_t count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count) *at++ = digits[--count];
  return at;
}

/* Async-signal-safe: no allocation, no stdio, no lock. */
static void on_fault(int signal_number, siginfo_t *info, void *raw_context) {
  int saved = errno;
  uint32_t kind = ASSAY_SHIM_FAULT_ELSEWHERE, index = 0;
  if (signal_number == SIGSEGV || signal_number == SIGBUS) {
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t stack = stack_pointer(raw_context);
    if (address < NULL_ZONE) kind = ASSAY_SHIM_FAULT_NULL;
    else if (address + NULL_ZONE > stack && address < stack + 4096) kind = ASSAY_SHIM_FAULT_STACK;
    for (size_t slot = atomic_load(&range_count); slot-- > 0;) {
      if (address < ranges[slot].start || address >= ranges[slot].end) continue;
      kind = ranges[slot].kind;
      index = ranges[slot].index;
      break;
    }
  }
  void *probe = mmap(NULL, MEMORY_PROBE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char message[160];
  char *end = append(message + 4, "{\"type\":\"fault\",\"signal\":");
  end = append_number(end, (uint32_t)signal_number);
  end = append(end, ",\"kind\":");
  end = append_number(end, kind);
  end = append(end, ",\"index\":");
  end = append_number(end, index);
  end = append(end, probe == MAP_FAILED ? ",\"memory\":1}" : ",\"memory\":0}");
  uint32_t length = (uint32_t)(end - message - 4);
  memcpy(message, &length, 4);
  ssize_t written = write(control_descriptor, message, (size_t)(end - message));
  (void)written;
  /* Blocked while the handler runs, the signal comes back with its default action on return. */
  signal(signal_number, SIG_DFL);
  raise(signal_number);
  errno = saved;
}

int assay_shim_fault_install(int control) {
  control_descriptor = control;
  void *memory = mmap(NULL, ALTERNATE_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);
  if (memory == MAP_FAILED) return -errno;
  stack_t stack = {.ss_sp = memory, .ss_size = ALTERNATE_STACK, .ss_flags = 0};
  if (sigaltstack(&stack, NULL) != 0) return -errno;
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    if (sigaction(signals[i], &action, NULL) != 0) return -errno;
  return 0;
}
