/* assay_helpers.h: small helpers for method plugins in C, on top of assay.h
 *
 * Copy it beside your plugin or include it where it is installed. Nothing here is part of the ABI:
 * every function is static, and a plugin that does not like one writes its own.
 *
 *     double scale;
 *     if (!assay_config_number(config, "scale", &scale)) return ASSAY_E_CONFIG;
 *     const assay_dl_tensor *rows = assay_f32(call->in, call->in_count, "train.features", 2);
 *     if (!rows) return assay_fail(host, ASSAY_E_CONTRACT, "fit needs train.features [N, D]");
 */
#ifndef ASSAY_HELPERS_H
#define ASSAY_HELPERS_H

#include "assay.h"

#include <stdlib.h>
#include <string.h>

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif

#if defined(__GNUC__)
#define ASSAY_HELPER static inline __attribute__((unused))
#else
#define ASSAY_HELPER static inline
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------ Strings */

/* Whether `text` is the C string `other`. */
ASSAY_HELPER int assay_equal(assay_str text, const char *ASSAY_NONNULL other) {
  size_t length = strlen(other);
  return text.len == length && (length == 0 || memcmp(text.ptr, other, length) == 0);
}

/* Records a sentence for a failing call and returns `status`. */
ASSAY_HELPER assay_status assay_fail(const assay_host *ASSAY_NONNULL host, assay_status status,
                                     const char *ASSAY_NONNULL sentence) {
  assay_str text = {sentence, strlen(sentence)};
  return host->set_error(host->ctx, status, text);
}

/* ------------------------------------------------------------------------------------ Tensors */

/* The tensor `name` among `count`; NULL when it is missing or has another dtype or rank. */
ASSAY_HELPER const assay_dl_tensor *ASSAY_NULLABLE
assay_find(const assay_tensor *ASSAY_NULLABLE tensors, size_t count,
           const char *ASSAY_NONNULL name, uint8_t code, uint8_t bits, int32_t rank) {
  for (size_t i = 0; i < count; i++) {
    const assay_dl_tensor *tensor = &tensors[i].tensor;
    if (!assay_equal(tensors[i].name, name)) continue;
    int fits = tensor->dtype.code == code && tensor->dtype.bits == bits && tensor->ndim == rank;
    return fits ? tensor : NULL;
  }
  return NULL;
}

/* The f32 tensor `name` of a rank; NULL when there is none. */
ASSAY_HELPER const assay_dl_tensor *ASSAY_NULLABLE
assay_f32(const assay_tensor *ASSAY_NULLABLE tensors, size_t count,
          const char *ASSAY_NONNULL name, int32_t rank) {
  return assay_find(tensors, count, name, ASSAY_DTYPE_FLOAT, 32, rank);
}

/* The i32 tensor `name` of a rank; NULL when there is none. */
ASSAY_HELPER const assay_dl_tensor *ASSAY_NULLABLE
assay_i32(const assay_tensor *ASSAY_NULLABLE tensors, size_t count,
          const char *ASSAY_NONNULL name, int32_t rank) {
  return assay_find(tensors, count, name, ASSAY_DTYPE_INT, 32, rank);
}

/* ------------------------------------------------------------------------------------ Config */

/* The end of the JSON value that begins at `at`; NULL when it does not end before `end`. */
ASSAY_HELPER const char *ASSAY_NULLABLE assay_json_end(const char *ASSAY_NONNULL at,
                                                       const char *ASSAY_NONNULL end) {
  int depth = 0, in_string = 0;
  for (; at < end; at++) {
    char c = *at;
    if (in_string) {
      if (c == '\\')
        at++;
      else if (c == '"')
        in_string = 0;
      if (!in_string && depth == 0) return at + 1;
    } else if (c == '"') {
      in_string = 1;
    } else if (c == '[' || c == '{') {
      depth++;
    } else if (c == ']' || c == '}') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return NULL;
}

/* Finds the value of a key of the config, as JSON text; 0 when there is none. Keys without escapes
 * only, which is what parameters are called. */
ASSAY_HELPER int assay_config_value(assay_str config, const char *ASSAY_NONNULL key,
                                    assay_str *ASSAY_NONNULL value) {
  if (config.len < 2) return 0;
  size_t length = strlen(key);
  const char *at = config.ptr + 1, *end = config.ptr + config.len;
  while (at < end && *at == '"') {
    const char *name = at + 1, *colon = assay_json_end(at, end);
    if (!colon || colon >= end || *colon != ':') return 0;
    const char *stop = assay_json_end(colon + 1, end);
    if (!stop) return 0;
    if ((size_t)(colon - 1 - name) == length && memcmp(name, key, length) == 0) {
      value->ptr = colon + 1;
      value->len = (size_t)(stop - (colon + 1));
      return 1;
    }
    at = stop < end && *stop == ',' ? stop + 1 : end;
  }
  return 0;
}

/* Reads a number of at most 63 characters out of JSON text; 0 when it is none. */
ASSAY_HELPER int assay_json_number(assay_str text, double *ASSAY_NONNULL value) {
  char digits[64], *end = digits;
  if (text.len == 0 || text.len >= sizeof digits || strchr("-0123456789", text.ptr[0]) == NULL)
    return 0;
  memcpy(digits, text.ptr, text.len);
  digits[text.len] = 0;
  double number = strtod(digits, &end);
  if (end != digits + text.len) return 0;
  *value = number;
  return 1;
}

/* Reads the number under `key`; 0 when there is none. */
ASSAY_HELPER int assay_config_number(assay_str config, const char *ASSAY_NONNULL key,
                                     double *ASSAY_NONNULL value) {
  assay_str text;
  return assay_config_value(config, key, &text) && assay_json_number(text, value);
}

/* Reads the whole number under `key`, at most 2^53 in size; 0 when there is none. */
ASSAY_HELPER int assay_config_integer(assay_str config, const char *ASSAY_NONNULL key,
                                      int64_t *ASSAY_NONNULL value) {
  double number;
  if (!assay_config_number(config, key, &number)) return 0;
  if (!(number >= -9007199254740992.0 && number <= 9007199254740992.0)) return 0;
  if ((double)(int64_t)number != number) return 0;
  *value = (int64_t)number;
  return 1;
}

/* Reads true (1) or false (0) under `key`; 0 when there is neither. */
ASSAY_HELPER int assay_config_bool(assay_str config, const char *ASSAY_NONNULL key,
                                   int *ASSAY_NONNULL value) {
  assay_str text;
  if (!assay_config_value(config, key, &text)) return 0;
  if (!assay_equal(text, "true") && !assay_equal(text, "false")) return 0;
  *value = text.len == 4;
  return 1;
}

/* Whether the string under `key` is `other`, which is how a choice is read. */
ASSAY_HELPER int assay_config_is(assay_str config, const char *ASSAY_NONNULL key,
                                 const char *ASSAY_NONNULL other) {
  assay_str text;
  if (!assay_config_value(config, key, &text) || text.len < 2 || text.ptr[0] != '"') return 0;
  assay_str inner = {text.ptr + 1, text.len - 2};
  return assay_equal(inner, other);
}

/* Reads the list of numbers under `key` into `values` and returns how many there are; -1 when there
 * is no such list or it has more than `most`. */
ASSAY_HELPER int64_t assay_config_numbers(assay_str config, const char *ASSAY_NONNULL key,
                                          double *ASSAY_NULLABLE values, int64_t most) {
  assay_str text;
  if (!assay_config_value(config, key, &text) || text.len < 2 || text.ptr[0] != '[') return -1;
  const char *at = text.ptr + 1, *end = text.ptr + text.len;
  int64_t count = 0;
  while (at < end && *at != ']') {
    const char *stop = assay_json_end(at, end);
    if (!stop || count == most) return -1;
    assay_str element = {at, (size_t)(stop - at)};
    if (!assay_json_number(element, &values[count])) return -1;
    count++;
    at = *stop == ',' ? stop + 1 : stop;
  }
  return count;
}

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* ASSAY_HELPERS_H */
