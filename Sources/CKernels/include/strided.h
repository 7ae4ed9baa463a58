/* Products and sums of arrays whose axes lie at any strides: broadcasting, reductions, slices and
 * permutations are this one walk. */
#ifndef ASSAY_STRIDED_H
#define ASSAY_STRIDED_H

#include <stddef.h>
#include <stdint.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

enum { ASSAY_SHIM_MAXIMUM_RANK = 8 };

/* out[i] = scale a[i] b[i] at all places i of the extents, or out[i] += where `adds`; without b its
 * numbers count as 1. A stride is in elements; one of 0 repeats a number of a or b, and sums into
 * out, which needs `adds`. There are 1 to 8 axes. */
void assay_shim_strided(size_t rank, const size_t *_Nonnull extents, float *_Nonnull out,
                        const ptrdiff_t *_Nonnull out_strides, const float *_Nonnull a,
                        const ptrdiff_t *_Nonnull a_strides, const float *_Nullable b,
                        const ptrdiff_t *_Nullable b_strides, float scale, int adds);

/* out [columns, rows] = the transpose of a matrix [rows, columns] whose rows are `stride` apart. */
void assay_shim_transpose(const float *_Nonnull matrix, size_t stride, size_t rows, size_t columns,
                          float *_Nonnull out);

/* out[i] = table[places[i]] for n rows of some columns; rows of zeros for a negative place. */
void assay_shim_gather_rows(const float *_Nonnull table, const int32_t *_Nonnull places, size_t n,
                            size_t columns, float *_Nonnull out);

/* table[places[i]] += rows[i], in this order; rows of a negative place are left out. */
void assay_shim_scatter_add_rows(const float *_Nonnull rows, const int32_t *_Nonnull places,
                                 size_t n, size_t columns, float *_Nonnull table);

#pragma GCC visibility pop

#endif
