#include "convert.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define ACCELERATED 1
#endif

#define INLINE static inline __attribute__((always_inline))

/* MARK: Half precision */

INLINE float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINE float float_of_half(uint16_t half) {
  uint32_t bits = (uint32_t)(half & 0x7fff) << 13;
  const uint32_t exponent = bits & 0x0f800000;
  bits += (uint32_t)(127 - 15) << 23;
  if (exponent == 0x0f800000) {
    bits += (uint32_t)(128 - 16) << 23;
    /* As the instruction does, make a signalling NaN quiet. */
    if (half & 0x03ff) bits |= 0x00400000;
  } else if (exponent == 0) {
    /* Zero and subnormals: the subtraction renormalises exactly. */
    const float value = float_of_bits(bits + (1u << 23)) - float_of_bits(113u << 23);
    memcpy(&bits, &value, sizeof bits);
  }
  return float_of_bits(bits | (uint32_t)(half & 0x8000) << 16);
}

void assay_convert_f16_portable(const void *source, float *target, size_t count) {
  for (size_t index = 0; index < count; index++) {
    uint16_t half;
    memcpy(&half, (const char *)source + index * sizeof half, sizeof half);
    target[index] = float_of_half(half);
  }
}

#ifdef ACCELERATED
__attribute__((target("avx2,f16c"))) static void convert_f16_avx2(const void *source,
                                                                 float *target, size_t count) {
  const char *bytes = source;
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    const __m128i low = _mm_loadu_si128((const __m128i *)(bytes + 2 * index));
    const __m128i high = _mm_loadu_si128((const __m128i *)(bytes + 2 * index + 16));
    _mm256_storeu_ps(target + index, _mm256_cvtph_ps(low));
    _mm256_storeu_ps(target + index + 8, _mm256_cvtph_ps(high));
  }
  assay_convert_f16_portable(bytes + 2 * index, target + index, count - index);
}

__attribute__((target("avx2"))) static void convert_bf16_avx2(const void *source, float *target,
                                                             size_t count) {
  const char *bytes = source;
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    const __m128i halves = _mm_loadu_si128((const __m128i *)(bytes + 2 * index));
    const __m256i words = _mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16);
    _mm256_storeu_si256((__m256i *)(target + index), words);
  }
  for (; index < count; index++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * index, sizeof half);
    target[index] = float_of_bits((uint32_t)half << 16);
  }
}
#endif

int assay_convert_is_accelerated(void) {
#ifdef ACCELERATED
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
#else
  return 0;
#endif
}

/* MARK: All kinds */

#define CONVERT(type, expression)                                              \
  for (size_t index = 0; index < count; index++) {                             \
    type value;                                                                \
    memcpy(&value, (const char *)source + index * sizeof value, sizeof value); \
    target[index] = (expression);                                              \
  }                                                                            \
  break

void assay_convert_to_f32(assay_element element, const void *source, float *target,
                          size_t count) {
#ifdef ACCELERATED
  if (assay_convert_is_accelerated()) {
    if (element == ASSAY_ELEMENT_F16) { convert_f16_avx2(source, target, count); return; }
    if (element == ASSAY_ELEMENT_BF16) { convert_bf16_avx2(source, target, count); return; }
  }
#endif
  switch (element) {
  case ASSAY_ELEMENT_BOOL: CONVERT(uint8_t, value ? 1.0f : 0.0f);
  case ASSAY_ELEMENT_U8: CONVERT(uint8_t, (float)value);
  case ASSAY_ELEMENT_I8: CONVERT(int8_t, (float)value);
  case ASSAY_ELEMENT_U16: CONVERT(uint16_t, (float)value);
  case ASSAY_ELEMENT_I16: CONVERT(int16_t, (float)value);
  case ASSAY_ELEMENT_U32: CONVERT(uint32_t, (float)value);
  case ASSAY_ELEMENT_I32: CONVERT(int32_t, (float)value);
  case ASSAY_ELEMENT_U64: CONVERT(uint64_t, (float)value);
  case ASSAY_ELEMENT_I64: CONVERT(int64_t, (float)value);
  case ASSAY_ELEMENT_F16: assay_convert_f16_portable(source, target, count); break;
  case ASSAY_ELEMENT_BF16: CONVERT(uint16_t, float_of_bits((uint32_t)value << 16));
  case ASSAY_ELEMENT_F32: memcpy(target, source, count * sizeof(float)); break;
  case ASSAY_ELEMENT_F64: CONVERT(double, (float)value);
  }
}

/* MARK: Normalisation */

/* Eight running sums in a fixed order give the same bits whether or not they lie in one vector; the
 * square of a float is exact in double, so a fused multiply-add changes nothing for floats. */
#define LANES 8

INLINE double total(const double *sums) {
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/* 1 / norm; 1 for a zero row, NaN where the norm is not finite. */
INLINE double factor(double squares) {
  if (squares == 0) return 1;
  return isfinite(squares) ? 1 / sqrt(squares) : NAN;
}

INLINE void normalise_f32(float *row, size_t count) {
  double sums[LANES] = {0};
  size_t index = 0;
  for (; index + LANES <= count; index += LANES)
    for (size_t lane = 0; lane < LANES; lane++) {
      const double value = row[index + lane];
      sums[lane] += value * value;
    }
  for (size_t lane = 0; index + lane < count; lane++) {
    const double value = row[index + lane];
    sums[lane] += value * value;
  }
  const double scale = factor(total(sums));
  for (index = 0; index < count; index++) row[index] = (float)(row[index] * scale);
}

void assay_normalise_f32_portable(float *row, size_t count) { normalise_f32(row, count); }

#ifdef ACCELERATED
__attribute__((target("avx2"))) static void normalise_f32_avx2(float *row, size_t count) {
  normalise_f32(row, count);
}
#endif

void assay_normalise_f32(float *row, size_t count) {
#ifdef ACCELERATED
  if (assay_convert_is_accelerated()) { normalise_f32_avx2(row, count); return; }
#endif
  normalise_f32(row, count);
}

void assay_normalise_f64(const double *source, float *target, size_t count) {
  double sums[LANES] = {0};
  for (size_t index = 0; index < count; index++) {
    double value;
    memcpy(&value, (const char *)source + index * sizeof value, sizeof value);
    sums[index % LANES] += value * value;
  }
  const double scale = factor(total(sums));
  for (size_t index = 0; index < count; index++) {
    double value;
    memcpy(&value, (const char *)source + index * sizeof value, sizeof value);
    target[index] = (float)(value * scale);
  }
}
