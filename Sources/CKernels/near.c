#include "near.h"

#include <math.h>

#include "processors.h"

enum { lanes = 32 };

/* 1 where a score may be near; no branch, so that the compiler takes whole vectors. */
static inline __attribute__((always_inline)) int32_t is_near(float score, float cut) {
  return !((score > cut) & (score < INFINITY));
}

FOR_EACH_PROCESSOR
static size_t near(const float *products, const float *halves, size_t n, float cut,
                   int32_t *places) {
  size_t count = 0, i = 0;
  for (; i + lanes <= n; i += lanes) {
    int32_t any = 0;
    for (int l = 0; l < lanes; l++) any |= is_near(halves[i + l] - products[i + l], cut);
    if (!any) continue;
    for (int l = 0; l < lanes; l++) {
      places[count] = (int32_t)i + l;
      count += (size_t)is_near(halves[i + l] - products[i + l], cut);
    }
  }
  for (; i < n; i++) {
    places[count] = (int32_t)i;
    count += (size_t)is_near(halves[i] - products[i], cut);
  }
  return count;
}

FOR_EACH_PROCESSOR
static size_t near_each(const float *products, float half, const float *cuts, size_t n,
                        int32_t *places) {
  size_t count = 0, i = 0;
  for (; i + lanes <= n; i += lanes) {
    int32_t any = 0;
    for (int l = 0; l < lanes; l++) any |= is_near(half - products[i + l], cuts[i + l]);
    if (!any) continue;
    for (int l = 0; l < lanes; l++) {
      places[count] = (int32_t)i + l;
      count += (size_t)is_near(half - products[i + l], cuts[i + l]);
    }
  }
  for (; i < n; i++) {
    places[count] = (int32_t)i;
    count += (size_t)is_near(half - products[i], cuts[i]);
  }
  return count;
}

size_t assay_shim_near(const float *products, const float *halves, size_t n, float cut,
                       int32_t *places) {
  return near(products, halves, n, cut, places);
}

size_t assay_shim_near_each(const float *products, float half, const float *cuts, size_t n,
                            int32_t *places) {
  return near_each(products, half, cuts, n, places);
}
