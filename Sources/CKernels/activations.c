#include "activations.h"

#include "exponential.h"
#include "loops.h"
#include "processors.h"

/* Products may be fused: the matrices come from BLAS, whose bits depend on the processor anyway. */

#define INLINE static inline __attribute__((always_inline))

INLINE float sigmoid(float x) {
  float e = exponential(x < 0 ? x : -x);
  float larger = 1 / (1 + e);
  return x < 0 ? e * larger : larger;
}

INLINE float hyperbolic(float x) {
  float size = x < 0 ? -x : x;
  float e = exponential(-2 * size);
  float square = x * x;
  float large = (1 - e) / (1 + e);
  /* Near 0 the difference loses its digits. */
  float small = size * (1 + square * (-1.0f / 3 + square * (2.0f / 15 - square * (17.0f / 315))));
  float result = size < 0.1f ? small : large;
  return x < 0 ? -result : result;
}

/* The distribution function of the standard normal, and its density through `density`;
 * Abramowitz and Stegun 7.1.26, within 1.5e-7. */
INLINE float normal(float x, float *density) {
  float size = (x < 0 ? -x : x) * 0.70710678f;
  float t = 1 / (1 + 0.3275911f * size);
  float p = 1.061405429f * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float e = exponential(-size * size);
  float tail = 0.5f * p * t * e;
  *density = 0.39894228f * e;
  return x < 0 ? tail : 1 - tail;
}

INLINE float gelu(float x) {
  float density;
  return x * normal(x, &density);
}

INLINE float gelu_slope(float x) {
  float density;
  float value = normal(x, &density);
  return value + x * density;
}

INLINE float tanh_gelu(float x) {
  return 0.5f * x * (1 + hyperbolic(0.79788456f * (x + 0.044715f * x * x * x)));
}

INLINE float tanh_gelu_slope(float x) {
  float t = hyperbolic(0.79788456f * (x + 0.044715f * x * x * x));
  return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * 0.79788456f * (1 + 0.134145f * x * x);
}

INLINE float scaled_silu_slope(float x, float scale) {
  float s = sigmoid(scale * x);
  return s + scale * x * s * (1 - s);
}

INLINE float huber(float x, float p) {
  float size = x < 0 ? -x : x;
  return size < p ? 0.5f * x * x / p : size - 0.5f * p;
}

INLINE float sign(float x) { return (float)((x > 0) - (x < 0)); }

/* One loop for each function, so that each becomes whole vectors. */
#define EACH_FUNCTION                                                                            \
  CASE(ASSAY_SHIM_IDENTITY, v, 1)                                                                \
  CASE(ASSAY_SHIM_RELU, v > 0 ? v : 0, v > 0 ? 1.0f : 0.0f)                                      \
  CASE(ASSAY_SHIM_GELU, gelu(v), gelu_slope(v))                                                  \
  CASE(ASSAY_SHIM_TANH_GELU, tanh_gelu(v), tanh_gelu_slope(v))                                   \
  CASE(ASSAY_SHIM_QUICK_GELU, v *sigmoid(1.702f * v), scaled_silu_slope(v, 1.702f))              \
  CASE(ASSAY_SHIM_SILU, v *sigmoid(v), scaled_silu_slope(v, 1))                                  \
  CASE(ASSAY_SHIM_SIGMOID, sigmoid(v), sigmoid(v) * sigmoid(-v))                                 \
  CASE(ASSAY_SHIM_TANH, hyperbolic(v), 1 - hyperbolic(v) * hyperbolic(v))                        \
  CASE(ASSAY_SHIM_SOFTPLUS, (v > 0 ? v : 0) + log1pf(exponential(v > 0 ? -v : v)), sigmoid(v))   \
  CASE(ASSAY_SHIM_EXP, exponential(v), exponential(v))                                           \
  CASE(ASSAY_SHIM_LOG, logf(v), 1 / v)                                                           \
  CASE(ASSAY_SHIM_SQRT, sqrtf(v), 0.5f / sqrtf(v))                                               \
  CASE(ASSAY_SHIM_RECIPROCAL, 1 / v, -1 / (v * v))                                               \
  CASE(ASSAY_SHIM_SQUARE, v *v, 2 * v)                                                           \
  CASE(ASSAY_SHIM_ABS, v < 0 ? -v : v, sign(v))                                                  \
  CASE(ASSAY_SHIM_CLAMP, v < p ? p : v > q ? q : v, v < p || v > q ? 0.0f : 1.0f)                \
  CASE(ASSAY_SHIM_HUBER, huber(v, p), v > p ? 1.0f : v < -p ? -1.0f : v / p)

FOR_EACH_PROCESSOR
static void values(enum assay_shim_activation f, const float *x, float *y, size_t n, float p,
                   float q) {
#define CASE(NAME, VALUE, SLOPE)       \
  case NAME:                           \
    EACH(i, n) {                       \
      float v = x[i];                  \
      (void)v;                         \
      y[i] = VALUE;                    \
    }                                  \
    break;
  switch (f) { EACH_FUNCTION }
#undef CASE
}

FOR_EACH_PROCESSOR
static void slopes(enum assay_shim_activation f, const float *x, const float *g, float *dx,
                   size_t n, float p, float q) {
#define CASE(NAME, VALUE, SLOPE)       \
  case NAME:                           \
    EACH(i, n) {                       \
      float v = x[i];                  \
      (void)v;                         \
      dx[i] = g[i] * (SLOPE);          \
    }                                  \
    break;
  switch (f) { EACH_FUNCTION }
#undef CASE
}

FOR_EACH_PROCESSOR
static void add_slopes(enum assay_shim_activation f, const float *x, const float *g, float *dx,
                       size_t n, float p, float q) {
#define CASE(NAME, VALUE, SLOPE)       \
  case NAME:                           \
    EACH(i, n) {                       \
      float v = x[i];                  \
      (void)v;                         \
      dx[i] += g[i] * (SLOPE);         \
    }                                  \
    break;
  switch (f) { EACH_FUNCTION }
#undef CASE
}

FOR_EACH_PROCESSOR
static void add_bias(const float *x, const float *bias, float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    float *row = out + r * columns;
    if (x) {
      EACH(c, columns) row[c] = x[r * columns + c] + bias[c];
    } else {
      memcpy(row, bias, columns * sizeof *row);
    }
  }
}

FOR_EACH_PROCESSOR
static void add_column_sums(const float *x, float *sums, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    EACH(c, columns) sums[c] += x[r * columns + c];
}

void assay_shim_activate(enum assay_shim_activation f, const float *x, float *y, size_t n, float p,
                         float q) {
  values(f, x, y, n, p, q);
}

void assay_shim_activation_slopes(enum assay_shim_activation f, const float *x, const float *g,
                                  float *dx, size_t n, float p, float q, int adds) {
  if (adds)
    add_slopes(f, x, g, dx, n, p, q);
  else
    slopes(f, x, g, dx, n, p, q);
}

void assay_shim_add_bias(const float *x, const float *bias, float *out, size_t rows,
                         size_t columns) {
  add_bias(x, bias, out, rows, columns);
}

void assay_shim_add_column_sums(const float *x, float *sums, size_t rows, size_t columns) {
  add_column_sums(x, sums, rows, columns);
}
