#ifndef ASSAY_SOFTMAX_H
#define ASSAY_SOFTMAX_H

#include <stddef.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* What a row of scores adds to its softmax, many scores at a time. Every processor gets the same bits.
 *
 * For n scores x, none above the maximum: adds exp(x - maximum) to *sum and its square to *squares,
 * in f64, each term within 1e-15 of itself. */
void assay_shim_softmax_terms(const float *_Nonnull x, size_t n, float maximum,
                              double *_Nonnull sum, double *_Nonnull squares);

#pragma GCC visibility pop

#endif
