#include "decode.h"

#include <stdlib.h>

#include <webp/decode.h>

static void fail(assay_shim_decoded *result, VP8StatusCode status) {
  switch (status) {
  case VP8_STATUS_NOT_ENOUGH_DATA:
  case VP8_STATUS_SUSPENDED:
    assay_decode_fail(result, ASSAY_SHIM_TRUNCATED, "it ends too early");
    break;
  case VP8_STATUS_OUT_OF_MEMORY:
    assay_decode_fail(result, ASSAY_SHIM_NO_MEMORY, "out of memory");
    break;
  case VP8_STATUS_UNSUPPORTED_FEATURE:
    assay_decode_fail(result, ASSAY_SHIM_UNSUPPORTED, "it has an unsupported feature");
    break;
  default: assay_decode_fail(result, ASSAY_SHIM_CORRUPT, "its bit stream is broken"); break;
  }
}

uint8_t *assay_decode_webp(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                           assay_shim_decoded *result) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    assay_decode_fail(result, ASSAY_SHIM_UNSUPPORTED, "the library is of another version");
    return NULL;
  }
  VP8StatusCode status = WebPGetFeatures(bytes, count, &config.input);
  if (status != VP8_STATUS_OK) {
    fail(result, status);
    return NULL;
  }
  if (config.input.has_animation) {
    assay_decode_fail(result, ASSAY_SHIM_UNSUPPORTED, "it is an animation");
    return NULL;
  }
  uint64_t width = (uint64_t)config.input.width, height = (uint64_t)config.input.height;
  uint8_t *pixels = assay_decode_room(width, height, most_pixels, result);
  if (!pixels) return NULL;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = (int)(3 * width);
  config.output.u.RGBA.size = (size_t)(3 * width * height);
  status = WebPDecode(bytes, count, &config);
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_OK) return pixels;
  fail(result, status);
  free(pixels);
  return NULL;
}
