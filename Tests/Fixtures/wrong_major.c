/* A plugin of the next ABI major. */
#include "fixture.h"

static const assay_method *method_at(uint32_t index) {
  (void)index;
  return NULL;
}

static const assay_library library = {sizeof(assay_library), ASSAY_ABI_MAJOR + 1, 0, 0, method_at,
                                      NULL};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return &library;
}
