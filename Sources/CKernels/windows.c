#include "windows.h"

#include <math.h>
#include <string.h>

#include "processors.h"

/* Calls BODY for each row of a window place: `row` counts places, `y` is the row of the image. */
#define EACH_LINE(BODY)                                                                  \
  for (ptrdiff_t c = 0; c < w.channels; c++)                                             \
    for (ptrdiff_t i = 0; i < w.size[0]; i++)                                            \
      for (ptrdiff_t j = 0; j < w.size[1]; j++)                                          \
        for (ptrdiff_t r = 0; r < w.count[0]; r++, columns += w.count[1]) {              \
          ptrdiff_t y = r * w.stride[0] + i * w.dilation[0] - w.padding[0];              \
          ptrdiff_t start = j * w.dilation[1] - w.padding[1], step = w.stride[1];        \
          ptrdiff_t line = (c * w.height + y) * w.width + start;                         \
          /* The windows k in first ..< end have this pixel within the image. */         \
          ptrdiff_t first = start < 0 ? (-start + step - 1) / step : 0;                  \
          ptrdiff_t end = w.width > start ? (w.width - start + step - 1) / step : 0;     \
          if (y < 0 || y >= w.height) end = 0;                                           \
          end = end > w.count[1] ? w.count[1] : end;                                     \
          first = first > end ? end : first;                                             \
          BODY                                                                           \
        }

FOR_EACH_PROCESSOR
static void unfold(struct assay_shim_windows w, const float *image, float *columns) {
  EACH_LINE({
    for (ptrdiff_t k = 0; k < first; k++) columns[k] = 0;
    if (step == 1)
      for (ptrdiff_t k = first; k < end; k++) columns[k] = image[line + k];
    else
      for (ptrdiff_t k = first; k < end; k++) columns[k] = image[line + k * step];
    for (ptrdiff_t k = end; k < w.count[1]; k++) columns[k] = 0;
  })
}

FOR_EACH_PROCESSOR
static void fold_add(struct assay_shim_windows w, const float *columns, float *image) {
  EACH_LINE({
    if (step == 1)
      for (ptrdiff_t k = first; k < end; k++) image[line + k] += columns[k];
    else
      for (ptrdiff_t k = first; k < end; k++) image[line + k * step] += columns[k];
  })
}

void assay_shim_unfold(struct assay_shim_windows windows, const float *image, float *columns) {
  unfold(windows, image, columns);
}

void assay_shim_fold_add(struct assay_shim_windows windows, const float *columns, float *image) {
  fold_add(windows, columns, image);
}

void assay_shim_maxima(struct assay_shim_windows w, const float *image, float *maxima,
                       int32_t *places) {
  for (ptrdiff_t c = 0; c < w.channels; c++)
    for (ptrdiff_t r = 0; r < w.count[0]; r++)
      for (ptrdiff_t k = 0; k < w.count[1]; k++, maxima++, places++) {
        *maxima = -INFINITY;
        *places = -1;
        for (ptrdiff_t i = 0; i < w.size[0]; i++)
          for (ptrdiff_t j = 0; j < w.size[1]; j++) {
            ptrdiff_t y = r * w.stride[0] + i * w.dilation[0] - w.padding[0];
            ptrdiff_t x = k * w.stride[1] + j * w.dilation[1] - w.padding[1];
            if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
            ptrdiff_t place = (c * w.height + y) * w.width + x;
            /* NaN counts as largest, so that it is seen. */
            if (*places >= 0 && !(image[place] > *maxima) && image[place] == image[place]) continue;
            *maxima = image[place];
            *places = (int32_t)place;
          }
      }
}

void assay_shim_scatter_add(const float *g, const int32_t *places, size_t n, float *image) {
  for (size_t i = 0; i < n; i++)
    if (places[i] >= 0) image[places[i]] += g[i];
}
