/* A method that answers what a library beside it says; `SAY` is its own word where it has none. */
#include "fixture.h"

#ifdef SAY
static float answer(void) { return SAY; }
#else
float answer(void);
#endif

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)host, (void)run, (void)config, (void)self;
  return ASSAY_OK;
}

static void destroy(void *self) { (void)self; }

static assay_status fit(void *self, const assay_call *call) {
  (void)self, (void)call;
  return ASSAY_OK;
}

static assay_status predict(void *self, const assay_call *call) {
  (void)self;
  fill(call, answer());
  return ASSAY_OK;
}

static const assay_method method = METHOD("says", create, destroy, fit, predict);

static const assay_method *method_at(uint32_t index) { return index == 0 ? &method : NULL; }

static const assay_library library = {
    .struct_size = sizeof library, .abi_major = ASSAY_ABI_MAJOR, .abi_minor = ASSAY_ABI_MINOR,
    .method_count = 1, .method_at = method_at};

const assay_library *assay_plugin_entry(uint32_t major, uint32_t minor) {
  (void)major, (void)minor;
  return &library;
}
