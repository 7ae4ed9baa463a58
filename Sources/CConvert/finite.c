#include <float.h>
#include <string.h>

#include "convert.h"

/* Blocks are judged as a whole, which is one vector loop; only a bad one is looked through. */
enum { block = 4096 };

#define FIRST_NOT_FINITE(name, number, is_bad)                                   \
  static size_t name(const char *source, size_t count) {                         \
    for (size_t start = 0; start < count; start += block) {                      \
      const size_t end = start + block < count ? start + block : count;          \
      unsigned bad = 0;                                                          \
      for (size_t index = start; index < end; index++) {                         \
        number x;                                                                \
        memcpy(&x, source + index * sizeof x, sizeof x);                         \
        bad |= (is_bad);                                                         \
      }                                                                          \
      for (size_t index = start; bad && index < end; index++) {                  \
        number x;                                                                \
        memcpy(&x, source + index * sizeof x, sizeof x);                         \
        if (is_bad) return index;                                                \
      }                                                                          \
    }                                                                            \
    return count;                                                                \
  }

FIRST_NOT_FINITE(first_f16, uint16_t, (x & 0x7c00) == 0x7c00)
FIRST_NOT_FINITE(first_bf16, uint16_t, (x & 0x7f80) == 0x7f80)
FIRST_NOT_FINITE(first_f32, uint32_t, (x & 0x7f800000) == 0x7f800000)
FIRST_NOT_FINITE(first_f64, double, !(x >= -FLT_MAX && x <= FLT_MAX))

size_t assay_first_not_finite(assay_element element, const void *source, size_t count) {
  switch (element) {
    case ASSAY_ELEMENT_F16: return first_f16(source, count);
    case ASSAY_ELEMENT_BF16: return first_bf16(source, count);
    case ASSAY_ELEMENT_F32: return first_f32(source, count);
    case ASSAY_ELEMENT_F64: return first_f64(source, count);
    default: return count;
  }
}
