#include "softmax.h"

#include <stdint.h>
#include <string.h>

#include "processors.h"

#pragma STDC FP_CONTRACT OFF

/* Sums run in so many lanes whatever the processor's vectors, so that all give the same bits. */
enum { lanes = 16 };

/* exp(x) for x <= 0 by 2^k exp(f), |f| <= ln(2) / 2, and Taylor's polynomial of degree 13, whose rest
 * is below 1e-17; below -700 counts as -700. */
static inline __attribute__((always_inline)) double power(double x) {
  x = x < -700 ? -700 : x;
  const double magic = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to a whole number */
  double shifted = x * 1.4426950408889634 + magic;
  double k = shifted - magic;
  double f = x - k * 0.693147180369123816490; /* ln(2) in two parts: this product is exact */
  f = f - k * 1.90821492927058770002e-10;
  double square = f * f, fourth = square * square; /* shallow: Horner's rule would wait */
  double a = (1 + f) + square * (1.0 / 2 + f * (1.0 / 6));
  double b = (1.0 / 24 + f * (1.0 / 120)) + square * (1.0 / 720 + f * (1.0 / 5040));
  double c = (1.0 / 40320 + f * (1.0 / 362880)) + square * (1.0 / 3628800 + f * (1.0 / 39916800));
  double d = 1.0 / 479001600 + f * (1.0 / 6227020800);
  double p = a + fourth * (b + fourth * (c + fourth * d));
  int64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (int64_t)((uint64_t)bits << 52) + ((int64_t)1023 << 52); /* the whole number lies lowest */
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

FOR_EACH_PROCESSOR
static void softmax_terms(const float *x, size_t n, float maximum, double *sum, double *squares) {
  double sums[lanes] = {0}, products[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (int l = 0; l < lanes; l++) {
      double term = power((double)x[i + l] - (double)maximum);
      sums[l] += term;
      products[l] += term * term;
    }
  }
  for (int l = 0; i < n; i++, l++) {
    double term = power((double)x[i] - (double)maximum);
    sums[l] += term;
    products[l] += term * term;
  }
  for (int l = 0; l < lanes; l++) {
    *sum += sums[l];
    *squares += products[l];
  }
}

void assay_shim_softmax_terms(const float *x, size_t n, float maximum, double *sum,
                              double *squares) {
  softmax_terms(x, n, maximum, sum, squares);
}
