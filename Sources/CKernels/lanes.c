#include "lanes.h"

#include "processors.h"

#pragma STDC FP_CONTRACT OFF

enum { lanes = 64 };

FOR_EACH_PROCESSOR
static void lane_sums(const uint8_t *lines, const int32_t *rows, size_t n, const double *values,
                      double *sums) {
  double acc[lanes] = {0};
  for (size_t i = 0; i < n; i++) {
    const uint8_t *line = lines + (size_t)rows[i] * lanes;
    double value = values[rows[i]];
    for (int l = 0; l < lanes; l++) acc[l] += value * line[l];
  }
  for (int l = 0; l < lanes; l++) sums[l] = acc[l];
}

FOR_EACH_PROCESSOR
static void lane_counts(const uint8_t *lines, const int32_t *rows, size_t n, uint32_t *counts) {
  uint32_t acc[lanes] = {0};
  for (size_t i = 0; i < n; i++) {
    const uint8_t *line = lines + (size_t)rows[i] * lanes;
    for (int l = 0; l < lanes; l++) acc[l] += line[l];
  }
  for (int l = 0; l < lanes; l++) counts[l] = acc[l];
}

void assay_shim_lane_sums(const uint8_t *lines, const int32_t *rows, size_t n, const double *values,
                          double *sums) {
  lane_sums(lines, rows, n, values, sums);
}

void assay_shim_lane_counts(const uint8_t *lines, const int32_t *rows, size_t n, uint32_t *counts) {
  lane_counts(lines, rows, n, counts);
}
