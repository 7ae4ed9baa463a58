/* Switches flush-to-zero on while loading, as old linkers do for -ffast-math. In predict the product
 * of two small numbers shows whether the host took that back. */
#include "fixture.h"

#if defined(__x86_64__)
__attribute__((constructor)) static void flush_to_zero(void) {
  uint32_t modes;
  __asm__ volatile("stmxcsr %0" : "=m"(modes));
  modes |= 0x8040;
  __asm__ volatile("ldmxcsr %0" : : "m"(modes));
}
#else
__attribute__((constructor)) static void flush_to_zero(void) {
  uint64_t modes;
  __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
  modes |= 1ull << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(modes));
}
#endif

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)host;
  (void)run;
  (void)config;
  (void)self;
  return ASSAY_OK;
}

static void destroy(void *self) { (void)self; }

static assay_status fit(void *self, const assay_call *call) {
  (void)self;
  (void)call;
  return ASSAY_OK;
}

static assay_status predict(void *self, const assay_call *call) {
  (void)self;
  volatile float small = 1e-30f;
  volatile float product = small * 1e-10f;
  fill(call, product > 0 ? 1 : 0);
  return ASSAY_OK;
}

static const assay_method method = METHOD("flush", create, destroy, fit, predict);

static const assay_method *method_at(uint32_t index) { return index == 0 ? &method : NULL; }

static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, 1, method_at, NULL};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return &library;
}
