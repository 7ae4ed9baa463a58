#include "card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (1 << 20)
#define MOST_INPUTS 256

struct reader {
  const char *at, *end;
  int is_broken;
};

static assay_str take(struct reader *reader) {
  size_t room = (size_t)(reader->end - reader->at), length = strnlen(reader->at, room);
  assay_str text = {reader->at, length};
  if (length == room) {
    reader->is_broken = 1;
    return text;
  }
  reader->at += length + 1;
  return text;
}

static uint32_t take_number(struct reader *reader) {
  assay_str text = take(reader);
  return reader->is_broken ? 0 : (uint32_t)strtoul(text.ptr, NULL, 10);
}

int card_read(const char *text, size_t size, assay_method *method) {
  struct reader reader = {text, text + size, 0};
  method->id = take(&reader);
  method->version = take(&reader);
  method->summary = take(&reader);
  method->license = take(&reader);
  method->references = take(&reader);
  method->config_schema = take(&reader);
  method->flags = take_number(&reader);
  uint32_t claim_count = take_number(&reader);
  if (reader.is_broken || claim_count > MOST_INPUTS) return 0;
  assay_claim *claims = calloc(claim_count + 1, sizeof *claims);
  if (!claims) return 0;
  for (uint32_t i = 0; i < claim_count; i++) {
    claims[i].task = take(&reader);
    claims[i].major = take_number(&reader);
    claims[i].minor = take_number(&reader);
    uint32_t count = take_number(&reader);
    if (reader.is_broken || count > MOST_INPUTS) return 0;
    assay_input *inputs = calloc(count + 1, sizeof *inputs);
    if (!inputs) return 0;
    for (uint32_t k = 0; k < count; k++) {
      inputs[k].name = take(&reader);
      inputs[k].flags = take_number(&reader);
    }
    claims[i].inputs = inputs;
    claims[i].input_count = count;
  }
  method->claims = claims;
  method->claim_count = claim_count;
  return !reader.is_broken;
}

char *card_file(const char *path, size_t *size) {
  FILE *file = path ? fopen(path, "re") : NULL;
  if (!file) return NULL;
  char *bytes = malloc(MOST_BYTES);
  *size = bytes ? fread(bytes, 1, MOST_BYTES, file) : 0;
  fclose(file);
  return bytes;
}
