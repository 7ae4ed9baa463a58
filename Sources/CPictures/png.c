#include "decode.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct reading {
  const uint8_t *bytes;
  size_t count, place;
  assay_shim_decoded *result;
  uint8_t *pixels;
  uint8_t *raw;   /* rows as they are stored, one sample a byte but for grey of 16 bits */
  png_bytep *rows;
};

static void fail(png_structp png, png_const_charp message) {
  struct reading *reading = png_get_error_ptr(png);
  uint32_t status =
      strstr(message, "memory") ? ASSAY_SHIM_NO_MEMORY : ASSAY_SHIM_CORRUPT;
  assay_decode_fail(reading->result, status, message);
  png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  struct reading *reading = png_get_io_ptr(png);
  if (count > reading->count - reading->place) {
    assay_decode_fail(reading->result, ASSAY_SHIM_TRUNCATED, "it ends too early");
    png_longjmp(png, 1);
  }
  memcpy(target, reading->bytes + reading->place, count);
  reading->place += count;
}

/* The colours of a palette, black beyond its end. */
static void take_palette(png_structp png, png_infop info, uint8_t colours[256][3]) {
  png_colorp palette = NULL;
  int count = 0;
  memset(colours, 0, 256 * 3);
  if (!png_get_PLTE(png, info, &palette, &count)) png_error(png, "it has no palette");
  for (int i = 0; i < count && i < 256; i++) {
    colours[i][0] = palette[i].red;
    colours[i][1] = palette[i].green;
    colours[i][2] = palette[i].blue;
  }
}

/* Writes what was stored as red, green and blue. */
static void convert(const uint8_t *raw, size_t count, int depth, uint8_t (*colours)[3],
                    uint8_t *pixels) {
  for (size_t i = 0; i < count; i++, pixels += 3) {
    if (colours) {
      memcpy(pixels, colours[raw[i]], 3);
    } else {
      /* Pillow cuts grey of 16 bits at 255 and does not scale it. */
      uint8_t grey = depth != 16 ? raw[i] : raw[2 * i] ? 255 : raw[2 * i + 1];
      pixels[0] = pixels[1] = pixels[2] = grey;
    }
  }
}

/* What may jump out lies in a function whose variables nobody reads afterwards. */
static int decode(struct reading *reading, png_structp png, png_infop info, uint64_t most_pixels) {
  uint8_t colours[256][3];
  if (setjmp(png_jmpbuf(png))) return 0;
  png_set_read_fn(png, reading, read_bytes);
  /* Profiles, texts and times are not looked at. */
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_user_limits(png, INT32_MAX, INT32_MAX);
  png_read_info(png, info);
  size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  int depth = png_get_bit_depth(png, info), kind = png_get_color_type(png, info);
  reading->pixels = assay_decode_room(width, height, most_pixels, reading->result);
  if (!reading->pixels) return 0;

  int is_palette = kind == PNG_COLOR_TYPE_PALETTE, is_grey = kind == PNG_COLOR_TYPE_GRAY;
  if (is_palette) take_palette(png, info, colours);
  if (is_palette && depth < 8) png_set_packing(png);
  if (is_grey && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  /* The high byte alone, as Pillow takes it. */
  if (depth == 16 && !is_grey) png_set_strip_16(png);
  if (kind & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
  if (kind == PNG_COLOR_TYPE_GRAY_ALPHA) png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);

  size_t stride = png_get_rowbytes(png, info);
  int is_ready = !is_palette && !is_grey;
  if (stride != width * (is_ready ? 3 : is_grey && depth == 16 ? 2 : 1))
    png_error(png, "its rows have another length");
  uint8_t *first = reading->pixels;
  if (!is_ready) first = reading->raw = malloc(stride * height);
  reading->rows = malloc(height * sizeof *reading->rows);
  if (!first || !reading->rows) {
    assay_decode_fail(reading->result, ASSAY_SHIM_NO_MEMORY, "out of memory");
    return 0;
  }
  for (size_t y = 0; y < height; y++) reading->rows[y] = first + y * stride;
  png_read_image(png, reading->rows);
  png_read_end(png, NULL);
  if (!is_ready)
    convert(first, width * height, depth, is_palette ? colours : NULL, reading->pixels);
  return 1;
}

uint8_t *assay_decode_png(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                          assay_shim_decoded *result) {
  struct reading reading = {.bytes = bytes, .count = count, .result = result};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, fail, warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int decoded = 0;
  if (info)
    decoded = decode(&reading, png, info, most_pixels);
  else
    assay_decode_fail(result, ASSAY_SHIM_NO_MEMORY, "out of memory");
  if (png) png_destroy_read_struct(&png, &info, NULL);
  free(reading.raw);
  free(reading.rows);
  if (decoded) return reading.pixels;
  free(reading.pixels);
  return NULL;
}
