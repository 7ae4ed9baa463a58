#include "row_kernels.h"

#include "exponential.h"
#include "loops.h"
#include "processors.h"

enum { lanes = 16 };

#define INLINE static inline __attribute__((always_inline))

/* The sum of TERM over k < n in lanes, always in the same order. */
#define SUM(NAME, TERM)                              \
  float NAME = 0;                                    \
  {                                                  \
    float part[lanes] = {0};                         \
    size_t i = 0;                                    \
    for (; i + lanes <= n; i += lanes)               \
      for (size_t l = 0; l < lanes; l++) {           \
        size_t k = i + l;                            \
        part[l] += TERM;                             \
      }                                              \
    for (size_t k = i; k < n; k++) NAME += TERM;     \
    for (size_t w = lanes / 2; w > 0; w /= 2)        \
      for (size_t l = 0; l < w; l++) part[l] += part[l + w]; \
    NAME += part[0];                                 \
  }

#define STORE(TO, TERM)                                   \
  if (adds)                                               \
    EACH(k, n) TO[k] += TERM;         \
  else                                                    \
    EACH(k, n) TO[k] = TERM;

INLINE float largest(const float *x, size_t n) {
  float best = -INFINITY;
  float part[lanes];
  for (size_t l = 0; l < lanes; l++) part[l] = -INFINITY;
  size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (size_t l = 0; l < lanes; l++) part[l] = x[i + l] > part[l] ? x[i + l] : part[l];
  for (; i < n; i++) best = x[i] > best ? x[i] : best;
  for (size_t l = 0; l < lanes; l++) best = part[l] > best ? part[l] : best;
  return best;
}

/* y = exp(x - shift); returns the sum. */
INLINE float powers(const float *x, float *y, size_t n, float shift) {
  EACH(k, n) y[k] = exponential(x[k] - shift);
  SUM(sum, y[k])
  return sum;
}

FOR_EACH_PROCESSOR
static void softmax(const float *x, float *y, size_t rows, size_t columns,
                    struct assay_shim_mask mask) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    size_t n = columns;
    if (mask.causal) n = r + 1 + columns > rows ? r + 1 + columns - rows : 0;
    n = n > columns ? columns : n;
    for (size_t k = n; k < columns; k++) y[k] = 0;
    const float *scores = x;
    if (mask.added || mask.keys) {
      const float *added = mask.added ? mask.added + r * columns : 0;
      EACH(k, n) {
        float score = added ? x[k] + added[k] : x[k];
        y[k] = mask.keys && !mask.keys[k] ? -INFINITY : score;
      }
      scores = y;
    }
    float shift = largest(scores, n);
    if (shift == -INFINITY) {
      EACH(k, n) y[k] = 0;
      continue;
    }
    float factor = 1 / powers(scores, y, n, shift);
    EACH(k, n) y[k] *= factor;
  }
}

FOR_EACH_PROCESSOR
static void softmax_slopes(const float *y, const float *g, float *dx, size_t rows, size_t n,
                           int adds) {
  for (size_t r = 0; r < rows; r++, y += n, g += n, dx += n) {
    SUM(sum, g[k] * y[k])
    STORE(dx, y[k] * (g[k] - sum))
  }
}

FOR_EACH_PROCESSOR
static void log_softmax(const float *x, float *y, float *sums, size_t rows, size_t n, int shares) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    float shift = largest(x, n);
    if (shift == -INFINITY) {
      sums[r] = -INFINITY;
      EACH(k, n) y[k] = shares ? 0 : -INFINITY;
      continue;
    }
    float sum = powers(x, y, n, shift);
    sums[r] = shift + (float)log((double)sum);
    if (shares) {
      float factor = 1 / sum;
      EACH(k, n) y[k] *= factor;
    } else {
      EACH(k, n) y[k] = x[k] - sums[r];
    }
  }
}

FOR_EACH_PROCESSOR
static void log_softmax_slopes(const float *y, const float *g, float *dx, size_t rows, size_t n,
                               int adds) {
  for (size_t r = 0; r < rows; r++, y += n, g += n, dx += n) {
    /* What counts not at all has no slope, whatever comes back to it. */
    SUM(sum, (y[k] > -INFINITY ? g[k] : 0))
    STORE(dx, (y[k] > -INFINITY ? g[k] - exponential(y[k]) * sum : 0))
  }
}

FOR_EACH_PROCESSOR
static void layer_norm(const float *x, const float *scale, const float *shift, float *y,
                       float *stats, size_t rows, size_t n, float epsilon) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    SUM(sum, x[k])
    float mean = sum / (float)n;
    SUM(squares, (x[k] - mean) * (x[k] - mean))
    float factor = 1 / sqrtf(squares / (float)n + epsilon);
    stats[2 * r] = mean;
    stats[2 * r + 1] = factor;
    if (scale && shift)
      EACH(k, n) y[k] = (x[k] - mean) * factor * scale[k] + shift[k];
    else if (scale)
      EACH(k, n) y[k] = (x[k] - mean) * factor * scale[k];
    else
      EACH(k, n) y[k] = (x[k] - mean) * factor + (shift ? shift[k] : 0);
  }
}

FOR_EACH_PROCESSOR
static void layer_norm_slopes(const float *x, const float *scale, const float *stats,
                              const float *g, float *dx, float *dscale, float *dshift, size_t rows,
                              size_t n, int adds) {
  for (size_t r = 0; r < rows; r++, x += n, g += n) {
    float mean = stats[2 * r], factor = stats[2 * r + 1];
    if (dscale)
      EACH(k, n) dscale[k] += g[k] * (x[k] - mean) * factor;
    if (dshift)
      EACH(k, n) dshift[k] += g[k];
    if (!dx) continue;
    float *to = dx + r * n;
    if (scale) {
      SUM(sum, g[k] * scale[k])
      SUM(product, g[k] * scale[k] * (x[k] - mean))
      float level = sum / (float)n, tilt = product * factor * factor / (float)n;
      STORE(to, factor * (g[k] * scale[k] - level - (x[k] - mean) * tilt))
    } else {
      SUM(sum, g[k])
      SUM(product, g[k] * (x[k] - mean))
      float level = sum / (float)n, tilt = product * factor * factor / (float)n;
      STORE(to, factor * (g[k] - level - (x[k] - mean) * tilt))
    }
  }
}

FOR_EACH_PROCESSOR
static void channel_moments(const float *x, size_t count, size_t channels, size_t n, float *means,
                            float *variances) {
  for (size_t c = 0; c < channels; c++) {
    double total = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
      const float *a = x + (i * channels + c) * n;
      SUM(sum, a[k])
      total += sum;
    }
    float mean = (float)(total / (double)(count * n));
    for (size_t i = 0; i < count; i++) {
      const float *a = x + (i * channels + c) * n;
      SUM(sum, (a[k] - mean) * (a[k] - mean))
      squares += sum;
    }
    means[c] = mean;
    variances[c] = (float)(squares / (double)(count * n));
  }
}

FOR_EACH_PROCESSOR
static void channel_affine(const float *x, const float *factors, const float *shifts, float *y,
                           size_t rows, size_t channels, size_t n) {
  for (size_t r = 0; r < rows * channels; r++, x += n, y += n) {
    float factor = factors[r % channels], shift = shifts[r % channels];
    EACH(k, n) y[k] = x[k] * factor + shift;
  }
}

FOR_EACH_PROCESSOR
static void channel_sums(const float *g, const float *x, size_t rows, size_t channels, size_t n,
                         double *sums, double *products) {
  for (size_t c = 0; c < channels; c++) sums[c] = products[c] = 0;
  for (size_t r = 0; r < rows * channels; r++, x += n, g += n) {
    SUM(sum, g[k])
    SUM(product, g[k] * x[k])
    sums[r % channels] += sum;
    products[r % channels] += product;
  }
}

FOR_EACH_PROCESSOR
static void channel_combine(const float *g, const float *x, const float *u, const float *v,
                            const float *w, float *dx, size_t rows, size_t channels, size_t n,
                            int adds) {
  for (size_t r = 0; r < rows * channels; r++, x += n, g += n, dx += n) {
    float a = u[r % channels], b = v[r % channels], c = w[r % channels];
    STORE(dx, g[k] * a + x[k] * b + c)
  }
}

FOR_EACH_PROCESSOR
static void unit_rows(const float *x, float *y, float *factors, size_t rows, size_t n,
                      float epsilon) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    SUM(square, x[k] * x[k])
    float norm = sqrtf(square);
    float factor = 1 / (norm > epsilon ? norm : epsilon);
    factors[r] = factor;
    EACH(k, n) y[k] = x[k] * factor;
  }
}

FOR_EACH_PROCESSOR
static void unit_rows_slopes(const float *y, const float *factors, const float *g, float *dx,
                             size_t rows, size_t n, float epsilon, int adds) {
  for (size_t r = 0; r < rows; r++, y += n, g += n, dx += n) {
    float factor = factors[r];
    SUM(product, g[k] * y[k])
    /* Below epsilon the row was only scaled. */
    float along = factor * epsilon >= 1 ? 0 : product;
    STORE(dx, factor * (g[k] - y[k] * along))
  }
}

void assay_shim_softmax(const float *x, float *y, size_t rows, size_t columns,
                        struct assay_shim_mask mask) {
  softmax(x, y, rows, columns, mask);
}

void assay_shim_softmax_slopes(const float *y, const float *g, float *dx, size_t rows,
                               size_t columns, int adds) {
  softmax_slopes(y, g, dx, rows, columns, adds);
}

void assay_shim_log_softmax(const float *x, float *y, float *sums, size_t rows, size_t columns,
                            int shares) {
  log_softmax(x, y, sums, rows, columns, shares);
}

void assay_shim_log_softmax_slopes(const float *y, const float *g, float *dx, size_t rows,
                                   size_t columns, int adds) {
  log_softmax_slopes(y, g, dx, rows, columns, adds);
}

void assay_shim_layer_norm(const float *x, const float *scale, const float *shift, float *y,
                           float *stats, size_t rows, size_t columns, float epsilon) {
  layer_norm(x, scale, shift, y, stats, rows, columns, epsilon);
}

void assay_shim_layer_norm_slopes(const float *x, const float *scale, const float *stats,
                                  const float *g, float *dx, float *dscale, float *dshift,
                                  size_t rows, size_t columns, int adds) {
  layer_norm_slopes(x, scale, stats, g, dx, dscale, dshift, rows, columns, adds);
}

void assay_shim_channel_moments(const float *x, size_t n, size_t channels, size_t size,
                                float *means, float *variances) {
  channel_moments(x, n, channels, size, means, variances);
}

void assay_shim_channel_affine(const float *x, const float *factors, const float *shifts, float *y,
                               size_t n, size_t channels, size_t size) {
  channel_affine(x, factors, shifts, y, n, channels, size);
}

void assay_shim_channel_sums(const float *g, const float *x, size_t n, size_t channels,
                             size_t size, double *sums, double *products) {
  channel_sums(g, x, n, channels, size, sums, products);
}

void assay_shim_channel_combine(const float *g, const float *x, const float *u, const float *v,
                                const float *w, float *dx, size_t n, size_t channels, size_t size,
                                int adds) {
  channel_combine(g, x, u, v, w, dx, n, channels, size, adds);
}

void assay_shim_unit_rows(const float *x, float *y, float *factors, size_t rows, size_t columns,
                          float epsilon) {
  unit_rows(x, y, factors, rows, columns, epsilon);
}

void assay_shim_unit_rows_slopes(const float *y, const float *factors, const float *g, float *dx,
                                 size_t rows, size_t columns, float epsilon, int adds) {
  unit_rows_slopes(y, factors, g, dx, rows, columns, epsilon, adds);
}
