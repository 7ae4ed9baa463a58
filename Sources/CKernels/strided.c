#include "strided.h"

#include <string.h>

#include "processors.h"

enum { lanes = 16, block = 256 };

/* The sum of a run in f64 over blocks of f32, always in the same order. */
#define SUM(TERM)                                                     \
  double sum = 0;                                                     \
  size_t i = 0;                                                       \
  while (i + lanes <= n) {                                            \
    size_t end = n - i < block ? n : i + block;                       \
    float part[lanes] = {0};                                          \
    for (; i + lanes <= end; i += lanes)                              \
      for (size_t l = 0; l < lanes; l++) {                            \
        size_t k = i + l;                                             \
        part[l] += TERM;                                              \
      }                                                               \
    for (size_t l = 0; l < lanes; l++) sum += part[l];                \
  }                                                                   \
  for (size_t k = i; k < n; k++) sum += TERM;                         \
  *out += scale * (float)sum;

#define RUN(TERM)                                                     \
  if (adds)                                                           \
    for (size_t k = 0; k < n; k++) out[k] += scale * (TERM);          \
  else                                                                \
    for (size_t k = 0; k < n; k++) out[k] = scale * (TERM);

FOR_EACH_PROCESSOR
static void run(size_t n, float *out, ptrdiff_t so, const float *a, ptrdiff_t sa, const float *b,
                ptrdiff_t sb, float scale, int adds) {
  if (so == 0 && sa == 1 && (!b || sb == 0)) {
    if (b) scale *= *b;
    SUM(a[k])
  } else if (so == 0 && sa == 1 && sb == 1) {
    SUM(a[k] * b[k])
  } else if (so == 1 && sa == 1 && (!b || sb == 0)) {
    if (b) scale *= *b;
    RUN(a[k])
  } else if (so == 1 && sa == 1 && sb == 1) {
    RUN(a[k] * b[k])
  } else if (so == 1 && sa == 0 && b && sb == 1) {
    scale *= *a;
    RUN(b[k])
  } else {
    for (ptrdiff_t k = 0; k < (ptrdiff_t)n; k++) {
      float value = scale * a[k * sa] * (b ? b[k * sb] : 1);
      if (adds)
        out[k * so] += value;
      else
        out[k * so] = value;
    }
  }
}

void assay_shim_strided(size_t rank, const size_t *extents, float *out,
                        const ptrdiff_t *out_strides, const float *a, const ptrdiff_t *a_strides,
                        const float *b, const ptrdiff_t *b_strides, float scale, int adds) {
  size_t last = rank - 1;
  size_t place[ASSAY_SHIM_MAXIMUM_RANK] = {0};
  for (size_t axis = 0; axis < rank; axis++)
    if (extents[axis] == 0) return;
  for (;;) {
    run(extents[last], out, out_strides[last], a, a_strides[last], b, b ? b_strides[last] : 0,
        scale, adds);
    size_t axis = last;
    for (;;) {
      if (axis == 0) return;
      axis--;
      out += out_strides[axis];
      a += a_strides[axis];
      if (b) b += b_strides[axis];
      if (++place[axis] < extents[axis]) break;
      ptrdiff_t back = (ptrdiff_t)extents[axis];
      place[axis] = 0;
      out -= back * out_strides[axis];
      a -= back * a_strides[axis];
      if (b) b -= back * b_strides[axis];
    }
  }
}

void assay_shim_transpose(const float *matrix, size_t stride, size_t rows, size_t columns,
                          float *out) {
  for (size_t c = 0; c < columns; c++)
    for (size_t r = 0; r < rows; r++) out[c * rows + r] = matrix[r * stride + c];
}

void assay_shim_gather_rows(const float *table, const int32_t *places, size_t n, size_t columns,
                            float *out) {
  for (size_t i = 0; i < n; i++) {
    if (places[i] < 0)
      memset(out + i * columns, 0, columns * sizeof *out);
    else
      memcpy(out + i * columns, table + (size_t)places[i] * columns, columns * sizeof *out);
  }
}

FOR_EACH_PROCESSOR
static void add_row(float *to, const float *from, size_t columns) {
  for (size_t c = 0; c < columns; c++) to[c] += from[c];
}

void assay_shim_scatter_add_rows(const float *rows, const int32_t *places, size_t n,
                                 size_t columns, float *table) {
  for (size_t i = 0; i < n; i++)
    if (places[i] >= 0) add_row(table + (size_t)places[i] * columns, rows + i * columns, columns);
}
