#include "logistic.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "processors.h"

#pragma STDC FP_CONTRACT OFF

/* Sums run in so many lanes whatever the processor's vectors, so that all give the same bits. */
enum { lanes = 16 };

/* Sums and products stay in f32 for so many steps, then go into f64. */
enum { short_run = 16, long_run = 32 };

/* exp(-|s|) by 2^n 2^f, |f| <= 1/2, and the polynomial of degree 5 with the least relative error,
 * 9.2e-8, of those that are 1 at 0; 0 counts as exp(-80). */
static inline __attribute__((always_inline)) float decay(float s) {
  float x = s < 0 ? s : -s;
  x = x < -80 ? -80 : x;
  float t = x * 1.44269504f;
  const float magic = 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
  float shifted = t + magic;
  float f = t - (shifted - magic);
  float square = f * f; /* a shallow tree: Horner's rule would wait for each product */
  float low = 1 + f * 0.6931470037f;
  float high = (0.2402224243f + f * 0.05550733581f) +
               square * (0.009671512991f + f * 0.001326472731f);
  float p = low + square * high;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4B400000 + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

FOR_EACH_PROCESSOR
static double logistic_slopes(float *x, size_t n, float bias, float scale) {
  /* log(1 + exp(s)) = max(s, 0) + log(1 + exp(-|s|)); the second terms by one logarithm of their
   * product, whose factors are at most 2: 2^16 is within f32, 2^512 within f64. */
  double sum = 0;
  size_t i = 0;
  while (i + lanes <= n) {
    double sums[lanes] = {0}, products[lanes];
    for (int l = 0; l < lanes; l++) products[l] = 1;
    for (int run = 0; run < long_run && i + lanes <= n; run++) {
      float parts[lanes] = {0}, factors[lanes];
      for (int l = 0; l < lanes; l++) factors[l] = 1;
      for (int step = 0; step < short_run && i + lanes <= n; step++, i += lanes) {
        for (int l = 0; l < lanes; l++) {
          float s = x[i + l] + bias;
          float e = decay(s);
          float larger = scale / (1 + e);
          parts[l] += s > 0 ? s : 0;
          factors[l] *= 1 + e;
          x[i + l] = s > 0 ? larger : larger * e;
        }
      }
      for (int l = 0; l < lanes; l++) {
        sums[l] += parts[l];
        products[l] *= factors[l];
      }
    }
    for (int l = 0; l < lanes; l++) sum += sums[l] + log(products[l]);
  }
  for (; i < n; i++) {
    float s = x[i] + bias;
    float e = decay(s);
    float larger = scale / (1 + e);
    sum += (s > 0 ? s : 0) + log(1 + (double)e);
    x[i] = s > 0 ? larger : larger * e;
  }
  return sum;
}

FOR_EACH_PROCESSOR
static double logistic_square_slopes(float *x, size_t n, float bias, float scale) {
  double sums[lanes] = {0};
  size_t i = 0;
  while (i + lanes <= n) {
    float parts[lanes] = {0};
    for (int step = 0; step < short_run && i + lanes <= n; step++, i += lanes) {
      for (int l = 0; l < lanes; l++) {
        float s = x[i + l] + bias;
        float e = decay(s);
        float larger = 1 / (1 + e);
        float r = s > 0 ? larger : larger * e;
        parts[l] += r * r;
        x[i + l] = 2 * scale * r * r * (s > 0 ? larger * e : larger);
      }
    }
    for (int l = 0; l < lanes; l++) sums[l] += parts[l];
  }
  double sum = 0;
  for (int l = 0; l < lanes; l++) sum += sums[l];
  for (; i < n; i++) {
    float s = x[i] + bias;
    float e = decay(s);
    float larger = 1 / (1 + e);
    float r = s > 0 ? larger : larger * e;
    sum += r * r;
    x[i] = 2 * scale * r * r * (s > 0 ? larger * e : larger);
  }
  return sum;
}

double assay_shim_logistic_slopes(float *x, size_t n, float bias, float scale) {
  return logistic_slopes(x, n, bias, scale);
}

double assay_shim_logistic_square_slopes(float *x, size_t n, float bias, float scale) {
  return logistic_square_slopes(x, n, bias, scale);
}
