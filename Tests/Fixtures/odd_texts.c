/* A library whose texts are what the compiler is told: VERSION, SUMMARY, LICENSE, ... */
#include "fixture.h"

#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef SUMMARY
#define SUMMARY "A fixture of the tests."
#endif
#ifndef LICENSE
#define LICENSE "MIT"
#endif
#ifndef REFERENCES
#define REFERENCES ""
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\"}"
#endif
#ifndef INPUT
#define INPUT "query.features"
#endif

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)host, (void)run, (void)config, (void)self;
  return ASSAY_OK;
}
static void destroy(void *self) { (void)self; }
static assay_status call(void *self, const assay_call *call) {
  (void)self, (void)call;
  return ASSAY_OK;
}

static const assay_input inputs[] = {{STR(INPUT), ASSAY_INPUT_REQUIRED, 0}};
static const assay_claim claims[] = {{STR("classify"), 1, 0, inputs, 1}};
static const assay_method method = {
    sizeof(assay_method), 0, STR("odd-texts"), STR(VERSION), STR(SUMMARY), STR(LICENSE),
    STR(REFERENCES), STR(SCHEMA), claims, 1, create, destroy, call, call, NULL};
static const assay_method *method_at(uint32_t index) { return index == 0 ? &method : NULL; }
static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, 1, method_at, NULL};

ASSAY_EXPORT const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major, (void)host_minor;
  return &library;
}
