#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"

static size_t size_of(assay_element element) {
  switch (element) {
    case ASSAY_ELEMENT_BOOL:
    case ASSAY_ELEMENT_U8:
    case ASSAY_ELEMENT_I8: return 1;
    case ASSAY_ELEMENT_U16:
    case ASSAY_ELEMENT_I16:
    case ASSAY_ELEMENT_F16:
    case ASSAY_ELEMENT_BF16: return 2;
    case ASSAY_ELEMENT_U64:
    case ASSAY_ELEMENT_I64:
    case ASSAY_ELEMENT_F64: return 8;
    default: return 4;
  }
}

/* Rounds to the nearest number with so many bits after the leading one and exponents from `least`
 * on, ties to even, beyond `most` to infinity. From double in one step, since rounding to float
 * first would now and then land on the other neighbour. */
static double rounded(double x, int bits, int least, double most) {
  if (x == 0) return 0;
  int exponent = ilogb(x);
  if (exponent < least) exponent = least;
  const double quantum = ldexp(1, exponent - bits);
  const double value = nearbyint(x / quantum) * quantum;
  return fabs(value) > most ? copysign(INFINITY, x) : value;
}

static void round_row(assay_element element, const char *source, float *row, size_t length,
                      assay_element grid) {
  if (grid != ASSAY_ELEMENT_F16 && grid != ASSAY_ELEMENT_BF16) return;
  if (element == grid) return;
  const int half = grid == ASSAY_ELEMENT_F16;
  for (size_t index = 0; index < length; index++) {
    double x = row[index];
    if (element == ASSAY_ELEMENT_F64) memcpy(&x, source + index * sizeof x, sizeof x);
    row[index] = (float)(half ? rounded(x, 10, -14, 65504) : rounded(x, 7, -126, 0x1.fep127));
  }
}

/* Multiplies to 128 bits and folds. */
static inline uint64_t mixed(uint64_t a, uint64_t b) {
  const __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Two lanes that see the same words under different constants. */
static void digest(const float *row, size_t length, uint64_t *out) {
  uint64_t low = 0x9e3779b97f4a7c15u ^ length, high = 0xc2b2ae3d27d4eb4fu + length;
  for (size_t index = 0; index < length; index += 2) {
    /* The sum makes -0 to 0, which is the same number. */
    const float pair[2] = {row[index] + 0.0f, index + 1 < length ? row[index + 1] + 0.0f : 0.0f};
    uint64_t word;
    memcpy(&word, pair, sizeof word);
    low = mixed(low ^ word, 0xa0761d6478bd642fu) + (word << 23 | word >> 41);
    high = mixed(high ^ (word + 0xe7037ed1a0b428dbu), 0x8ebc6af09c88c6e3u) + (word << 7 | word >> 57);
  }
  out[0] = mixed(low ^ 0x589965cc75374cc3u, high | 1);
  out[1] = mixed(high ^ 0x1d8e4e27c47d124fu, low | 1);
}

int assay_row_digests(assay_element element, const void *source, const int64_t *rows, size_t count,
                      size_t length, assay_element grid, uint64_t *out) {
  float *row = malloc((length ? length : 1) * sizeof *row);
  if (!row) return -1;
  const size_t stride = length * size_of(element);
  for (size_t index = 0; index < count; index++) {
    const char *bytes = (const char *)source + (rows ? (size_t)rows[index] : index) * stride;
    assay_convert_to_f32(element, bytes, row, length);
    round_row(element, bytes, row, length, grid);
    digest(row, length, out + 2 * index);
  }
  free(row);
  return 0;
}

int assay_row_squares(assay_element element, const void *source, const int64_t *rows, size_t count,
                      size_t length, double *out) {
  float *row = malloc((length ? length : 1) * sizeof *row);
  if (!row) return -1;
  const size_t stride = length * size_of(element);
  for (size_t index = 0; index < count; index++) {
    const char *bytes = (const char *)source + (rows ? (size_t)rows[index] : index) * stride;
    assay_convert_to_f32(element, bytes, row, length);
    double sums[8] = {0};
    size_t place = 0;
    for (; place + 8 <= length; place += 8)
      for (int lane = 0; lane < 8; lane++) sums[lane] += (double)row[place + lane] * row[place + lane];
    for (; place < length; place++) sums[0] += (double)row[place] * row[place];
    out[index] = (sums[0] + sums[4]) + (sums[1] + sums[5]) + (sums[2] + sums[6]) + (sums[3] + sums[7]);
  }
  free(row);
  return 0;
}

size_t assay_first_at_least(const float *numbers, size_t count, float least) {
  enum { block = 64 };
  size_t index = 0;
  for (; index + block <= count; index += block) {
    int any = 0;
    for (size_t place = 0; place < block; place++) any |= numbers[index + place] >= least;
    if (any) break;
  }
  for (; index < count; index++)
    if (numbers[index] >= least) return index;
  return count;
}
