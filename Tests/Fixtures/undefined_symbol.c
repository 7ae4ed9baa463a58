/* A plugin that needs a function that nobody has. */
#include "fixture.h"

const assay_library *fixture_missing(void);

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return fixture_missing();
}
