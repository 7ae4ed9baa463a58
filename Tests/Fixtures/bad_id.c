/* A library whose only method has an id that would colour a screen, and texts that would too. */
#include "fixture.h"

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)host;
  (void)run;
  (void)config;
  (void)self;
  return ASSAY_OK;
}
static void destroy(void *self) { (void)self; }
static assay_status call(void *self, const assay_call *call) {
  (void)self;
  (void)call;
  return ASSAY_OK;
}

static const assay_method method = METHOD("red\x1b[31m", create, destroy, call, call);
static const assay_method *method_at(uint32_t index) { return index == 0 ? &method : NULL; }
static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, 1, method_at, NULL};

ASSAY_EXPORT const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return &library;
}
