#include "decode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

/* A progressive picture of few bytes can hold thousands of scans, each over all pixels. Encoders
 * make about ten. */
#define MOST_SCANS 500

struct reading {
  struct jpeg_error_mgr errors; /* first, as the library hands out its address */
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct info;
  jmp_buf escape;
  assay_shim_decoded *result;
  uint8_t *pixels;
  uint8_t *row;
};

static void fail(j_common_ptr info) {
  struct reading *reading = (struct reading *)info->err;
  char message[JMSG_LENGTH_MAX];
  info->err->format_message(info, message);
  int code = info->err->msg_code;
  uint32_t status = code == JERR_OUT_OF_MEMORY ? ASSAY_SHIM_NO_MEMORY
                    : code == JWRN_JPEG_EOF || code == JERR_INPUT_EOF ? ASSAY_SHIM_TRUNCATED
                                                                      : ASSAY_SHIM_CORRUPT;
  assay_decode_fail(reading->result, status, message);
  longjmp(reading->escape, 1);
}

/* The library would fill what is missing of a truncated picture with grey. Its other warnings are
 * about streams that every decoder reads alike. */
static void warn(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) fail(info);
}

static void print_nothing(j_common_ptr info) { (void)info; }

static void watch(j_common_ptr info) {
  struct reading *reading = (struct reading *)info->err;
  if (((j_decompress_ptr)info)->input_scan_number <= MOST_SCANS) return;
  assay_decode_fail(reading->result, ASSAY_SHIM_CORRUPT, "it has too many scans");
  longjmp(reading->escape, 1);
}

/* a * b / 255, rounded. */
static unsigned scaled(unsigned a, unsigned b) {
  unsigned product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/* Writes a row as red, green and blue. Four inks are stored inverted, as Adobe began to. */
static void convert(const uint8_t *row, int channels, uint32_t width, uint8_t *pixels) {
  for (uint32_t x = 0; x < width; x++, row += channels, pixels += 3) {
    for (int c = 0; c < 3; c++) {
      if (channels == 1) {
        pixels[c] = row[0];
      } else {
        unsigned white = row[3];
        unsigned ink = scaled(255u - row[c], white);
        pixels[c] = (uint8_t)(white - ink);
      }
    }
  }
}

/* What may jump out lies in a function whose variables nobody reads afterwards. */
static int decode(struct reading *reading, const uint8_t *bytes, size_t count,
                  uint64_t most_pixels) {
  struct jpeg_decompress_struct *info = &reading->info;
  if (setjmp(reading->escape)) return 0;
  jpeg_create_decompress(info);
  info->progress = &reading->progress;
  jpeg_mem_src(info, bytes, (unsigned long)count);
  jpeg_read_header(info, TRUE);
  switch (info->num_components) {
  case 1: info->out_color_space = JCS_GRAYSCALE; break;
  case 3: info->out_color_space = JCS_RGB; break;
  case 4: info->out_color_space = JCS_CMYK; break;
  default:
    assay_decode_fail(reading->result, ASSAY_SHIM_UNSUPPORTED,
                      "its number of colours is not 1, 3 or 4");
    return 0;
  }
  reading->pixels =
      assay_decode_room(info->image_width, info->image_height, most_pixels, reading->result);
  if (!reading->pixels) return 0;
  jpeg_start_decompress(info);
  int channels = info->output_components;
  size_t stride = 3 * (size_t)info->output_width;
  if (channels != 3) {
    reading->row = malloc((size_t)channels * info->output_width);
    if (!reading->row) {
      assay_decode_fail(reading->result, ASSAY_SHIM_NO_MEMORY, "out of memory");
      return 0;
    }
  }
  while (info->output_scanline < info->output_height) {
    uint8_t *target = reading->pixels + stride * info->output_scanline;
    JSAMPROW row = channels == 3 ? target : reading->row;
    jpeg_read_scanlines(info, &row, 1);
    if (channels != 3) convert(reading->row, channels, info->output_width, target);
  }
  jpeg_finish_decompress(info);
  return 1;
}

uint8_t *assay_decode_jpeg(const uint8_t *bytes, size_t count, uint64_t most_pixels,
                           assay_shim_decoded *result) {
  struct reading *reading = calloc(1, sizeof *reading);
  if (!reading) {
    assay_decode_fail(result, ASSAY_SHIM_NO_MEMORY, "out of memory");
    return NULL;
  }
  reading->result = result;
  reading->info.err = jpeg_std_error(&reading->errors);
  reading->errors.error_exit = fail;
  reading->errors.emit_message = warn;
  reading->errors.output_message = print_nothing;
  reading->progress.progress_monitor = watch;
  int decoded = decode(reading, bytes, count, most_pixels);
  jpeg_destroy_decompress(&reading->info);
  uint8_t *pixels = reading->pixels;
  free(reading->row);
  free(reading);
  if (decoded) return pixels;
  free(pixels);
  return NULL;
}
