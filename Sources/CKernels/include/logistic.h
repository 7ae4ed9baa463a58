#ifndef ASSAY_LOGISTIC_H
#define ASSAY_LOGISTIC_H

#include <stddef.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* The logistic function r and what it is the derivative of, many numbers at a time: the inner loop of
 * losses on logits. Every processor gets the same bits.
 *
 * With s = x + bias and r = 1 / (1 + exp(-s)), for n numbers x:
 * replaces x by scale * r and returns the sum of log(1 + exp(s)), whose derivative r is. */
double assay_shim_logistic_slopes(float *_Nonnull x, size_t n, float bias, float scale);

/* The same for r * r: replaces x by scale * 2 r * r * (1 - r) and returns the sum of r * r. */
double assay_shim_logistic_square_slopes(float *_Nonnull x, size_t n, float bias,
                                         float scale);

#pragma GCC visibility pop

#endif
