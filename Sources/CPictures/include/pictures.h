/* Decodes JPEG, PNG and WebP to eight bits of red, green and blue, as Pillow's convert("RGB")
 * does. */
#ifndef ASSAY_PICTURES_H
#define ASSAY_PICTURES_H

#include <stddef.h>
#include <stdint.h>

#define ASSAY_SHIM_JPEG 1u
#define ASSAY_SHIM_PNG 2u
#define ASSAY_SHIM_WEBP 3u

#define ASSAY_SHIM_DECODED 0u
#define ASSAY_SHIM_TRUNCATED 1u
#define ASSAY_SHIM_CORRUPT 2u
#define ASSAY_SHIM_TOO_LARGE 3u
#define ASSAY_SHIM_UNSUPPORTED 4u
#define ASSAY_SHIM_NO_MEMORY 5u

typedef struct assay_shim_decoded {
  uint32_t status;
  uint32_t width, height;
  char message[116]; /* what the library said, ends with a NUL; empty when it decoded */
} assay_shim_decoded;

/* Decodes a picture of at most `most_pixels` pixels. Where the status of `result` becomes
 * ASSAY_SHIM_DECODED, returns [H, W, 3], which the caller frees; else NULL. */
uint8_t *_Nullable assay_shim_decode(uint32_t format, const uint8_t *_Nonnull bytes, size_t count,
                                     uint64_t most_pixels, assay_shim_decoded *_Nonnull result);

/* Writes [H, W, 3] as JPEG of a quality from 1 to 100, colours at half the resolution, and reads it
 * again into the same place; a status as above. */
uint32_t assay_shim_recompress(uint8_t *_Nonnull pixels, uint32_t width, uint32_t height,
                               uint32_t quality);

#endif
