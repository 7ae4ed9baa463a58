#ifndef ASSAY_CONVERT_H
#define ASSAY_CONVERT_H

#include <stddef.h>
#include <stdint.h>

/* Conversion of numbers to float, and L2 normalisation.
 *
 * Pointers need no alignment. Ranges may not overlap. Every function gives the same bits on every
 * machine, with or without the vector instructions that are looked for when the program runs.
 * [thread: any] */

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

#ifdef __cplusplus
extern "C" {
#endif

typedef enum assay_element {
  ASSAY_ELEMENT_BOOL,
  ASSAY_ELEMENT_U8,
  ASSAY_ELEMENT_I8,
  ASSAY_ELEMENT_U16,
  ASSAY_ELEMENT_I16,
  ASSAY_ELEMENT_U32,
  ASSAY_ELEMENT_I32,
  ASSAY_ELEMENT_U64,
  ASSAY_ELEMENT_I64,
  ASSAY_ELEMENT_F16,
  ASSAY_ELEMENT_BF16,
  ASSAY_ELEMENT_F32,
  ASSAY_ELEMENT_F64
} assay_element;

/* Converts `count` elements to float, rounding to nearest even. bool: any byte but 0 gives 1. */
void assay_convert_to_f32(assay_element element, const void *_Nonnull source,
                          float *_Nonnull target, size_t count);

/* The place of the first element that is NaN, infinite or beyond float; `count` if there is none. */
size_t assay_first_not_finite(assay_element element, const void *_Nonnull source, size_t count);

/* Divides `count` floats by their L2 norm, which is summed in double. A zero row stays zero; a row
 * whose norm is not finite becomes NaN throughout, so that no later check overlooks it. */
void assay_normalise_f32(float *_Nonnull row, size_t count);

/* The same from doubles, without rounding them to float first. */
void assay_normalise_f64(const double *_Nonnull source, float *_Nonnull target, size_t count);

/* The squared L2 norm of each of `count` rows of `length` elements, as floats summed in double: the
 * given rows, or with NULL the first ones. -1 without memory. */
int assay_row_squares(assay_element element, const void *_Nonnull source,
                      const int64_t *_Nullable rows, size_t count, size_t length,
                      double *_Nonnull out);

/* 128 bits for each of `count` rows, equal for rows of equal numbers whatever type holds them. The
 * numbers are taken as floats, or rounded to `grid` where that is F16 or BF16; -0 is 0. Not for
 * defence against those who choose rows so as to collide. -1 without memory. */
int assay_row_digests(assay_element element, const void *_Nonnull source,
                      const int64_t *_Nullable rows, size_t count, size_t length,
                      assay_element grid, uint64_t *_Nonnull out);

/* The place of the first of `count` numbers that is at least `least`; `count` if there is none. */
size_t assay_first_at_least(const float *_Nonnull numbers, size_t count, float least);

/* The portable path of F16, to be compared with the vector instructions. */
void assay_convert_f16_portable(const void *_Nonnull source, float *_Nonnull target, size_t count);

/* The portable path of `assay_normalise_f32`, to be compared with the vector instructions. */
void assay_normalise_f32_portable(float *_Nonnull row, size_t count);

/* 1 where the processor has AVX2 and F16C. */
int assay_convert_is_accelerated(void);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop
#endif
