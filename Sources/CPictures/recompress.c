#include "pictures.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

struct writing {
  struct jpeg_error_mgr errors; /* first, as the library hands out its address */
  struct jpeg_compress_struct info;
  jmp_buf escape;
  unsigned char *bytes;
  unsigned long count;
};

static void fail(j_common_ptr info) { longjmp(((struct writing *)info->err)->escape, 1); }

static void print_nothing(j_common_ptr info) { (void)info; }

/* What may jump out lies in a function whose variables nobody reads afterwards. */
static int compress(struct writing *writing, uint8_t *pixels, uint32_t width, uint32_t height,
                    uint32_t quality) {
  struct jpeg_compress_struct *info = &writing->info;
  if (setjmp(writing->escape)) return 0;
  jpeg_create_compress(info);
  jpeg_mem_dest(info, &writing->bytes, &writing->count);
  info->image_width = width;
  info->image_height = height;
  info->input_components = 3;
  info->in_color_space = JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, (int)quality, TRUE);
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < height) {
    JSAMPROW row = pixels + 3 * (size_t)width * info->next_scanline;
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
  return 1;
}

uint32_t assay_shim_recompress(uint8_t *pixels, uint32_t width, uint32_t height, uint32_t quality) {
  struct writing *writing = calloc(1, sizeof *writing);
  if (!writing) return ASSAY_SHIM_NO_MEMORY;
  writing->info.err = jpeg_std_error(&writing->errors);
  writing->errors.error_exit = fail;
  writing->errors.output_message = print_nothing;
  assay_shim_decoded result = {.status = ASSAY_SHIM_NO_MEMORY};
  if (compress(writing, pixels, width, height, quality)) {
    uint8_t *read = assay_shim_decode(ASSAY_SHIM_JPEG, writing->bytes, writing->count,
                                      (uint64_t)width * height, &result);
    if (read) memcpy(pixels, read, 3 * (size_t)width * height);
    free(read);
  }
  jpeg_destroy_compress(&writing->info);
  free(writing->bytes);
  free(writing);
  return result.status;
}
