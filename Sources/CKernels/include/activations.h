/* Functions of one number and their slopes, many numbers at a time, for the tape of Autograd. */
#ifndef ASSAY_ACTIVATIONS_H
#define ASSAY_ACTIVATIONS_H

#include <stddef.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

enum assay_shim_activation {
  ASSAY_SHIM_IDENTITY,
  ASSAY_SHIM_RELU,
  ASSAY_SHIM_GELU,       /* x Phi(x) */
  ASSAY_SHIM_TANH_GELU,  /* x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 */
  ASSAY_SHIM_QUICK_GELU, /* x sigmoid(1.702 x) */
  ASSAY_SHIM_SILU,
  ASSAY_SHIM_SIGMOID,
  ASSAY_SHIM_TANH,
  ASSAY_SHIM_SOFTPLUS,
  ASSAY_SHIM_EXP,
  ASSAY_SHIM_LOG,
  ASSAY_SHIM_SQRT,
  ASSAY_SHIM_RECIPROCAL,
  ASSAY_SHIM_SQUARE,
  ASSAY_SHIM_ABS,
  ASSAY_SHIM_CLAMP, /* into p ... q, with no slope outside */
  ASSAY_SHIM_HUBER, /* x^2 / (2 p) within p, |x| - p / 2 outside */
};

/* y = f(x). */
void assay_shim_activate(enum assay_shim_activation f, const float *_Nonnull x, float *_Nonnull y,
                         size_t n, float p, float q);

/* dx = g f'(x), or dx += g f'(x) where `adds`. */
void assay_shim_activation_slopes(enum assay_shim_activation f, const float *_Nonnull x,
                                  const float *_Nonnull g, float *_Nonnull dx, size_t n, float p,
                                  float q, int adds);

/* out = x + bias on every row, or the bias alone where x is null; x may be out. */
void assay_shim_add_bias(const float *_Nullable x, const float *_Nonnull bias,
                         float *_Nonnull out, size_t rows, size_t columns);

/* sums += the sums of the columns of x [rows, columns]. */
void assay_shim_add_column_sums(const float *_Nonnull x, float *_Nonnull sums, size_t rows,
                                size_t columns);

#pragma GCC visibility pop

#endif
