/* A plugin that refuses every host. */
#include "fixture.h"

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return NULL;
}
