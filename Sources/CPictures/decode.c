#include "decode.h"

#include <stdlib.h>
#include <string.h>

uint8_t *assay_shim_decode(uint32_t format, const uint8_t *bytes, size_t count,
                           uint64_t most_pixels, assay_shim_decoded *result) {
  memset(result, 0, sizeof *result);
  switch (format) {
  case ASSAY_SHIM_JPEG: return assay_decode_jpeg(bytes, count, most_pixels, result);
  case ASSAY_SHIM_PNG: return assay_decode_png(bytes, count, most_pixels, result);
  case ASSAY_SHIM_WEBP: return assay_decode_webp(bytes, count, most_pixels, result);
  default: assay_decode_fail(result, ASSAY_SHIM_UNSUPPORTED, "unknown format"); return NULL;
  }
}

void assay_decode_fail(assay_shim_decoded *result, uint32_t status, const char *message) {
  if (result->status != ASSAY_SHIM_DECODED) return;
  result->status = status;
  strncpy(result->message, message, sizeof result->message - 1);
}

uint8_t *assay_decode_room(uint64_t width, uint64_t height, uint64_t most_pixels,
                           assay_shim_decoded *result) {
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
    assay_decode_fail(result, ASSAY_SHIM_CORRUPT, "it has no pixels");
    return NULL;
  }
  result->width = (uint32_t)width;
  result->height = (uint32_t)height;
  if (width > most_pixels / height) {
    assay_decode_fail(result, ASSAY_SHIM_TOO_LARGE, "it has too many pixels");
    return NULL;
  }
  uint8_t *room = malloc((size_t)(width * height * 3));
  if (!room) assay_decode_fail(result, ASSAY_SHIM_NO_MEMORY, "out of memory");
  return room;
}
