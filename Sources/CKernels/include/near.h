#ifndef ASSAY_NEAR_H
#define ASSAY_NEAR_H

#include <stddef.h>
#include <stdint.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* The inner loop of a search for neighbours: of many scores, half a square less a product, the few
 * that do not exceed a cut. NaN and infinity count among them, since a sum that overflows on its way
 * says nothing of a row.
 *
 * Writes the places i, ascending, where halves[i] - products[i] is not beyond the cut, and returns
 * their number; there is room for n of them. */
size_t assay_shim_near(const float *_Nonnull products, const float *_Nonnull halves, size_t n,
                       float cut, int32_t *_Nonnull places);

/* The same for one row and the cuts of many queries: half - products[i] against cuts[i]. */
size_t assay_shim_near_each(const float *_Nonnull products, float half,
                            const float *_Nonnull cuts, size_t n, int32_t *_Nonnull places);

#pragma GCC visibility pop

#endif
