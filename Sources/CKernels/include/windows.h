/* Windows that slide over images [channels, height, width]: convolution as a product, pooling. */
#ifndef ASSAY_WINDOWS_H
#define ASSAY_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

/* Hidden: a plugin that links these exports its entry only. */
#pragma GCC visibility push(hidden)

/* All in numbers of pixels; y before x. */
struct assay_shim_windows {
  ptrdiff_t channels, height, width;
  ptrdiff_t size[2], stride[2], padding[2], dilation[2];
  /* How many windows there are down and across. */
  ptrdiff_t count[2];
};

/* columns [channels size size, count count] = the pixel that each window has at each place; 0
 * outside. */
void assay_shim_unfold(struct assay_shim_windows windows, const float *_Nonnull image,
                       float *_Nonnull columns);

/* The transpose: adds each number of the columns to the pixel that it came from. */
void assay_shim_fold_add(struct assay_shim_windows windows, const float *_Nonnull columns,
                         float *_Nonnull image);

/* The largest pixel of each window [channels, count count], and its place in the image. */
void assay_shim_maxima(struct assay_shim_windows windows, const float *_Nonnull image,
                       float *_Nonnull maxima, int32_t *_Nonnull places);

/* image[places[i]] += g[i] for n numbers; those of a negative place are left out. */
void assay_shim_scatter_add(const float *_Nonnull g, const int32_t *_Nonnull places, size_t n,
                            float *_Nonnull image);

#pragma GCC visibility pop

#endif
