#include "logistic.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define FOR_EACH_PROCESSOR \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

#pragma STDC FP_CONTRACT OFF

/* Sums run in so many lanes whatever the processor's vectors, so that all give the same bits. */
enum { lanes = 16 };

/* Where s is below -80, log(1 + exp(s)) counts as 0. */
static const float vanishing = 80;

/* exp(x) by 2^n exp(y), |y| <= ln 2 / 2, and the Taylor polynomial of degree 7; x within +-80. */
static inline __attribute__((always_inline)) float exponential(float x) {
  x = x > vanishing ? vanishing : x;
  x = x < -vanishing ? -vanishing : x;
  const float magic = 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
  float shifted = x * 1.44269504f + magic;
  float n = shifted - magic;
  float y = (x - n * 0.693359375f) + n * 2.1219444e-4f;
  float p = y * (1.0f / 5040) + (1.0f / 720);
  p = p * y + (1.0f / 120);
  p = p * y + (1.0f / 24);
  p = p * y + (1.0f / 6);
  p = p * y + 0.5f;
  p = p * y + 1;
  p = p * y + 1;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4B400000 + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

FOR_EACH_PROCESSOR
static double logistic_slopes(float *x, size_t n, float bias, float scale) {
  /* log(1 + exp(s)) = s + log(1 + exp(-s)); the second terms by one logarithm of their product,
   * whose exponents are kept apart. */
  double sums[lanes] = {0}, products[lanes];
  uint64_t exponents[lanes] = {0};
  for (int l = 0; l < lanes; l++) products[l] = 1;
  size_t i = 0, steps = 0;
  while (i + lanes <= n) {
    /* Eight factors below 2^117 stay within f64. */
    for (int step = 0; step < 8 && i + lanes <= n; step++, i += lanes) {
      for (int l = 0; l < lanes; l++) {
        float s = x[i + l] + bias;
        float e = exponential(-s);
        sums[l] += s < -vanishing ? -vanishing : s;
        products[l] *= (double)(1 + e);
        x[i + l] = scale / (1 + e);
      }
    }
    steps++;
    for (int l = 0; l < lanes; l++) {
      uint64_t bits;
      memcpy(&bits, &products[l], sizeof bits);
      exponents[l] += bits >> 52;
      bits = (bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000;
      /* NaN and infinity stay what they are. */
      double rest;
      memcpy(&rest, &bits, sizeof rest);
      products[l] = products[l] - products[l] == 0 ? rest : products[l];
    }
  }
  double sum = 0;
  for (int l = 0; l < lanes; l++) {
    sum += sums[l] + log(products[l]);
    sum += ((double)exponents[l] - 1023.0 * (double)steps) * 0.69314718055994530942;
  }
  for (; i < n; i++) {
    float s = x[i] + bias;
    float e = exponential(-s);
    sum += (s < -vanishing ? -vanishing : s) + log(1 + (double)e);
    x[i] = scale / (1 + e);
  }
  return sum;
}

FOR_EACH_PROCESSOR
static double logistic_square_slopes(float *x, size_t n, float bias, float scale) {
  double sums[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (int l = 0; l < lanes; l++) {
      float r = 1 / (1 + exponential(-(x[i + l] + bias)));
      sums[l] += r * r;
      x[i + l] = 2 * scale * r * r * (1 - r);
    }
  }
  double sum = 0;
  for (int l = 0; l < lanes; l++) sum += sums[l];
  for (; i < n; i++) {
    float r = 1 / (1 + exponential(-(x[i] + bias)));
    sum += r * r;
    x[i] = 2 * scale * r * r * (1 - r);
  }
  return sum;
}

double assay_shim_logistic_slopes(float *x, size_t n, float bias, float scale) {
  return logistic_slopes(x, n, bias, scale);
}

double assay_shim_logistic_square_slopes(float *x, size_t n, float bias, float scale) {
  return logistic_square_slopes(x, n, bias, scale);
}
