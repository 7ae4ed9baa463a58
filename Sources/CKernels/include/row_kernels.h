/* Soft-max and normalisation of rows, forwards and backwards, for the tape of Autograd. */
#ifndef ASSAY_ROW_KERNELS_H
#define ASSAY_ROW_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* Which scores [rows, columns] of attention count; a null pointer allows all. */
struct assay_shim_mask {
  /* Row r sees the columns up to r + columns - rows. */
  int causal;
  /* [columns], 0 for a key that is not seen. */
  const uint8_t *_Nullable keys;
  /* [rows, columns], added to the scores. */
  const float *_Nullable added;
};

/* y = the soft-max of each row of x, which may be y; zeros for a row that may see nothing. */
void assay_shim_softmax(const float *_Nonnull x, float *_Nonnull y, size_t rows, size_t columns,
                        struct assay_shim_mask mask);

/* dx = y (g - the sum of g y), or dx += where `adds`; dx may be g. */
void assay_shim_softmax_slopes(const float *_Nonnull y, const float *_Nonnull g,
                               float *_Nonnull dx, size_t rows, size_t columns, int adds);

/* sums[r] = log of the sum of exp over row r of x; y = x - sums[r], or where `shares` exp of it.
 * A row of minus infinity alone stays one, with shares of 0. */
void assay_shim_log_softmax(const float *_Nonnull x, float *_Nonnull y, float *_Nonnull sums,
                            size_t rows, size_t columns, int shares);

/* dx = g - exp(y) times the sum of g, or dx += where `adds`; 0 where y is minus infinity. */
void assay_shim_log_softmax_slopes(const float *_Nonnull y, const float *_Nonnull g,
                                   float *_Nonnull dx, size_t rows, size_t columns, int adds);

/* y = scale (x - mean) / sqrt(variance + epsilon) + shift, row by row; scale and shift [columns]
 * may be null. stats [rows, 2] receives the mean and the factor. */
void assay_shim_layer_norm(const float *_Nonnull x, const float *_Nullable scale,
                           const float *_Nullable shift, float *_Nonnull y, float *_Nonnull stats,
                           size_t rows, size_t columns, float epsilon);

/* The slopes of it: dx (added where `adds`), dscale and dshift (always added), each where not
 * null. */
void assay_shim_layer_norm_slopes(const float *_Nonnull x, const float *_Nullable scale,
                                  const float *_Nonnull stats, const float *_Nonnull g,
                                  float *_Nullable dx, float *_Nullable dscale,
                                  float *_Nullable dshift, size_t rows, size_t columns, int adds);

/* Means and variances (divided by n) of each channel of x [n, channels, size], in f64. */
void assay_shim_channel_moments(const float *_Nonnull x, size_t n, size_t channels, size_t size,
                                float *_Nonnull means, float *_Nonnull variances);

/* y = x factor + shift by channel. */
void assay_shim_channel_affine(const float *_Nonnull x, const float *_Nonnull factors,
                               const float *_Nonnull shifts, float *_Nonnull y, size_t n,
                               size_t channels, size_t size);

/* sums[c] = the sum of g over channel c, products[c] = that of g x, in f64. */
void assay_shim_channel_sums(const float *_Nonnull g, const float *_Nonnull x, size_t n,
                             size_t channels, size_t size, double *_Nonnull sums,
                             double *_Nonnull products);

/* dx = g u + x v + w by channel, or dx += where `adds`. */
void assay_shim_channel_combine(const float *_Nonnull g, const float *_Nonnull x,
                                const float *_Nonnull u, const float *_Nonnull v,
                                const float *_Nonnull w, float *_Nonnull dx, size_t n,
                                size_t channels, size_t size, int adds);

/* y = x / max(norm, epsilon) row by row; factors[r] receives what row r was multiplied by. */
void assay_shim_unit_rows(const float *_Nonnull x, float *_Nonnull y, float *_Nonnull factors,
                          size_t rows, size_t columns, float epsilon);

/* dx = factor (g - y (y . g)), or dx += where `adds`. */
void assay_shim_unit_rows_slopes(const float *_Nonnull y, const float *_Nonnull factors,
                                 const float *_Nonnull g, float *_Nonnull dx, size_t rows,
                                 size_t columns, float epsilon, int adds);

#pragma GCC visibility pop

#endif
