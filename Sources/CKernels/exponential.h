/* exp for kernels in f32, about one unit in the last place; 0 below -87, infinite above 88. */
#ifndef ASSAY_EXPONENTIAL_H
#define ASSAY_EXPONENTIAL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) float exponential(float x) {
  float c = x < -87 ? -87 : x;
  c = c > 88 ? 88 : c;
  const float magic = 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
  float shifted = c * 1.44269504f + magic;
  float n = shifted - magic;
  float r = c - n * 0.693359375f; /* ln 2 in two parts: this product is exact */
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f * r + 1.3981999507e-3f; /* the coefficients of Cephes' expf */
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (int32_t)((uint32_t)(bits - 0x4B400000 + 127) << 23);
  float power;
  memcpy(&power, &bits, sizeof power);
  float result = p * power;
  result = x < -87 ? 0 : result;
  return x > 88 ? INFINITY : result;
}

#endif
