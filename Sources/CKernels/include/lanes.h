/* Sums over rows in 64 lanes at once: the inner loop of the bootstrap. */
#ifndef ASSAY_LANES_H
#define ASSAY_LANES_H

#include <stddef.h>
#include <stdint.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* sums[l] = sum over i < n, in this order, of values[rows[i]] * lines[64 * rows[i] + l].
 * Products and sums are rounded one by one, so every processor gets the same bits. */
void assay_shim_lane_sums(const uint8_t *_Nonnull lines, const int32_t *_Nonnull rows, size_t n,
                          const double *_Nonnull values, double *_Nonnull sums);

/* counts[l] = sum over i < n of lines[64 * rows[i] + l]. */
void assay_shim_lane_counts(const uint8_t *_Nonnull lines, const int32_t *_Nonnull rows, size_t n,
                            uint32_t *_Nonnull counts);

#pragma GCC visibility pop

#endif
