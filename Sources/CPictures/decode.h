#ifndef ASSAY_CPICTURES_DECODE_H
#define ASSAY_CPICTURES_DECODE_H

#include "pictures.h"

uint8_t *assay_decode_jpeg(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                           assay_shim_decoded *result);
uint8_t *assay_decode_png(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                          assay_shim_decoded *result);
uint8_t *assay_decode_webp(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                           assay_shim_decoded *result);

/* Notes why there is no picture; the first reason stays. */
void assay_decode_fail(assay_shim_decoded *result, uint32_t status, const char *message);

/* Notes the size and makes room for the pixels, or notes why there is none and returns NULL. */
uint8_t *assay_decode_room(uint64_t width, uint64_t height, uint64_t most_pixels,
                           assay_shim_decoded *result);

#endif
