// Made by tools/embed_sources.sh; a test holds it against the files it is made from.
// swift-format-ignore-file

/// The text of `assay.h`, the plugin ABI.
let assayHeader = #"""
/* assay.h: the Assay plugin ABI, version 1.0
 *
 * A plugin is one dynamic library that holds one or more METHODS. It exports one function,
 * `assay_plugin_entry`, and needs nothing but this header:
 *
 *     cc -O2 -shared -fPIC -I<folder of this file> my_method.c -o libassay-my-method.so -lm
 *
 * `assay_helpers.h` beside it has small helpers for plugins in C, `assay new plugin NAME --lang c`
 * writes a plugin to start from, and `assay check` holds a plugin against this specification.
 *
 * How a trial goes. Each trial runs in a fresh process, the worker. The host calls, in this order,
 *
 *     assay_plugin_entry -> method_at -> create -> fit -> predict (once or more) -> destroy
 *
 *     created --fit--> fitted --predict--> fitted        (a method without ASSAY_METHOD_NEEDS_FIT
 *     created --fit--> fitted (a second fit replaces      may also be asked to predict at once)
 *                              the first)
 *     any state --destroy--> gone
 *
 * `predict` before `fit` returns ASSAY_E_STATE. After any other status than ASSAY_OK the host only
 * calls `destroy`.
 *
 * Tags used below
 *   [thread: any]      may be called from any thread; [thread: one] calls on one instance never
 *                      overlap, though successive calls may come from different threads.
 *   [lifetime: call]   what is passed in is valid until the call returns, and not a moment longer;
 *                      [lifetime: static] valid until the process ends.
 *   [owner: host]      the host allocates and frees it; [owner: plugin] the plugin does.
 * The host owns ALL memory that crosses the border, so no allocator is ever shared.
 *
 * What a method sees. Each task has a CONTRACT: the names of its tensors, their dtypes, shapes and
 * domains, which of them are optional, and what is measured. `assay list tasks` names the tasks,
 * `assay info classify` prints the contract of one, docs/contracts has a page for each. A method
 * gets only tensors that its claim lists. The labels of the rows it has to predict, and anything
 * derived from them, never enter the process.
 *
 * What the host has checked. The config passed `config_schema` and is complete; inputs have the
 * dtypes, shapes and domains of the contract (finite features, labels below the number of classes),
 * and symbols such as D stand for one extent throughout a trial. A plugin may rely on it. It looks
 * up each tensor, and returns ASSAY_E_CONTRACT where one that it needs is missing or has another
 * dtype or shape than it can read.
 *
 * Manners. A plugin must not write to stdout, change locale, working directory, environment, signal
 * handlers or floating-point modes, call exit, fork, open sockets, or touch files outside
 * `assay_run.scratch_dir`; the worker refuses what the kernel lets it refuse, and reports the rest.
 * No C++ or Swift error and no longjmp may cross the border.
 *
 * Growth. A new MAJOR breaks layouts. A new MINOR only appends members, flags and status codes:
 * read no member beyond the `struct_size` that you were given. Frozen for ever: assay_str,
 * assay_dl_tensor, assay_tensor, the signature of the entry, and the first 16 bytes of every table.
 */
#ifndef ASSAY_H
#define ASSAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_ABI_MAJOR 1u
#define ASSAY_ABI_MINOR 0u

#if defined(__GNUC__)
#define ASSAY_EXPORT __attribute__((visibility("default")))
#else
#define ASSAY_EXPORT
#endif

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define ASSAY_NULLABLE _Nullable
#define ASSAY_NONNULL _Nonnull
#else
#define ASSAY_NULLABLE
#define ASSAY_NONNULL
#endif

/* ------------------------------------------------------------------------------------ Status */

/* What a call returns. Say why through `assay_host.set_error` before returning anything but OK. */
typedef int32_t assay_status;

#define ASSAY_OK 0            /* the call did what it promises                                     */
#define ASSAY_E_ARGUMENT 1    /* an argument is wrong in a way that no other code describes        */
#define ASSAY_E_UNSUPPORTED 2 /* a legal request that this method does not handle                  */
#define ASSAY_E_CONFIG 3      /* the config is not acceptable                                      */
#define ASSAY_E_CONTRACT 4    /* a required tensor is missing, or has a dtype or shape not allowed */
#define ASSAY_E_STATE 5       /* the call is not legal now, such as predict before fit             */
#define ASSAY_E_NUMERIC 6     /* diverged, singular, or not finite                                 */
#define ASSAY_E_MEMORY 7      /* an allocation failed, also through alloc_output or scratch        */
#define ASSAY_E_CANCELLED 8   /* `cancelled` answered non-zero and the call gave up                */
#define ASSAY_E_DEADLINE 9    /* the method saw that it will not meet the deadline                 */
#define ASSAY_E_IO 10         /* reading or writing in scratch_dir failed                          */
#define ASSAY_E_INTERNAL 11   /* a defect of the plugin                                            */
/* 12..63 are kept for later minors; 64 and up are the host's own (crashed, timed out, ...).       */

/* ------------------------------------------------------------------------------------ Strings */

/* UTF-8, `len` bytes, not NUL-terminated. `ptr` may be NULL when `len` is 0. */
typedef struct assay_str {
  const char *ASSAY_NULLABLE ptr;
  size_t len;
} assay_str;

/* An assay_str in a table: `.id = ASSAY_STR("my-method")`. */
#define ASSAY_STR(literal) {literal, sizeof(literal) - 1}

/* ------------------------------------------------------------------------------------ Tables */

/* The first members of a table that a plugin fills, `struct_size` among them:
 *
 *     static const assay_method method = {ASSAY_METHOD_TABLE, .id = ASSAY_STR("my-method"), ...};
 *     static const assay_library library = {ASSAY_LIBRARY_TABLE, .method_count = 1, ...};
 */
#define ASSAY_METHOD_TABLE .struct_size = sizeof(assay_method)
#define ASSAY_LIBRARY_TABLE                                                                  \
  .struct_size = sizeof(assay_library), .abi_major = ASSAY_ABI_MAJOR, .abi_minor = ASSAY_ABI_MINOR

/* Whether the table that `table` points to holds `member`: ask before reading a member that a later
 * minor than 1.0 added. */
#define ASSAY_HAS(table, member) \
  ((size_t)((const char *)(&(table)->member + 1) - (const char *)(table)) <= (table)->struct_size)

/* ------------------------------------------------------------------------------------ Tensors */

/* Codes of assay_dtype.code, as in DLPack. */
#define ASSAY_DTYPE_INT 0u
#define ASSAY_DTYPE_UINT 1u
#define ASSAY_DTYPE_FLOAT 2u
#define ASSAY_DTYPE_BFLOAT 4u
#define ASSAY_DTYPE_BOOL 6u

typedef struct assay_dtype {
  uint8_t code;   /* one of ASSAY_DTYPE_*              */
  uint8_t bits;   /* 8, 16, 32 or 64                   */
  uint16_t lanes; /* always 1                          */
} assay_dtype;

typedef struct assay_device {
  int32_t device_type; /* always 1, the CPU            */
  int32_t device_id;   /* always 0                     */
} assay_device;

/* Byte for byte DLPack's DLTensor, under a name of its own so that a plugin may include dlpack.h
 * too. Rank 0 to 8, native endian, compact row-major. A tensor of zero elements may have data NULL. */
typedef struct assay_dl_tensor {
  void *ASSAY_NULLABLE data; /* 64-byte aligned; inputs are mapped read-only: a write is a crash  */
  assay_device device;
  int32_t ndim;
  assay_dtype dtype;
  const int64_t *ASSAY_NULLABLE shape;   /* `ndim` extents, each >= 0                              */
  const int64_t *ASSAY_NULLABLE strides; /* `ndim` strides in ELEMENTS; always the compact ones    */
  uint64_t byte_offset;                  /* always 0                                               */
} assay_dl_tensor;

#define ASSAY_TENSOR_READ_ONLY 1u /* set on every input                                            */
#define ASSAY_TENSOR_DYNAMIC 2u   /* an output to be allocated with host->alloc_output; data is NULL */

/* A named tensor. Strings travel as two tensors: `name.bytes` (u8 [B]) and `name.offsets`
 * (i64 [n+1]); string i is bytes[offsets[i] ..< offsets[i+1]]. A prefix group such as `encoder.*`
 * arrives as one entry for each member, with the full name. */
typedef struct assay_tensor {
  assay_str name;
  uint64_t flags;
  assay_dl_tensor tensor;
  uint64_t reserved[2];
} assay_tensor;

/* ------------------------------------------------------------------------------------ The host */

/* Levels of assay_host.log. */
#define ASSAY_LOG_DEBUG 0   /* shown with --verbose                                                */
#define ASSAY_LOG_INFO 1    /* shown with --verbose                                                */
#define ASSAY_LOG_NOTE 2    /* kept in the trial's `notes`: a fact that its reader must know       */
#define ASSAY_LOG_WARNING 3 /* kept in the trial's `warnings`                                      */
#define ASSAY_LOG_ERROR 4   /* kept in the trial's `warnings`; use set_error for a failing call    */

/* Services of the host. The table lives until `destroy` returns. Every function takes `ctx` first;
 * all but get_extension may only be called while a call into the instance is under way.
 * [owner: host] [lifetime: until destroy] */
typedef struct assay_host {
  uint32_t struct_size; /* sizeof(assay_host) as compiled by the host */
  uint32_t abi_major, abi_minor;
  uint32_t reserved;
  void *ASSAY_NULLABLE ctx;

  /* Says something. The host copies `text`. [thread: any] */
  void (*ASSAY_NONNULL log)(void *ASSAY_NULLABLE ctx, int32_t level, assay_str text);

  /* Says how far the call has come, `fraction` in 0...1. [thread: any] */
  void (*ASSAY_NONNULL progress)(void *ASSAY_NULLABLE ctx, double fraction, assay_str stage);

  /* Non-zero when the call should give up with ASSAY_E_CANCELLED. Cheap: poll every 100 ms.
   * [thread: any] */
  int32_t (*ASSAY_NONNULL cancelled)(void *ASSAY_NULLABLE ctx);

  /* Records the sentence for a failing call and returns `code`, so that a plugin can write
   * `return host->set_error(host->ctx, ASSAY_E_NUMERIC, text);`. The host copies. [thread: any] */
  assay_status (*ASSAY_NONNULL set_error)(void *ASSAY_NULLABLE ctx, assay_status code,
                                          assay_str text);

  /* Allocates the output `name`, whose shape the contract leaves open, and fills `out`.
   * ASSAY_E_CONTRACT if the contract has no such output or forbids dtype or shape,
   * ASSAY_E_STATE if it was allocated before, ASSAY_E_MEMORY. [thread: one] [lifetime: call] */
  assay_status (*ASSAY_NONNULL alloc_output)(void *ASSAY_NULLABLE ctx, assay_str name,
                                             assay_dtype dtype, int32_t ndim,
                                             const int64_t *ASSAY_NULLABLE shape,
                                             assay_tensor *ASSAY_NONNULL out);

  /* 64-byte aligned memory that the host frees when the call returns; NULL when there is none.
   * [thread: one] [lifetime: call] */
  void *ASSAY_NULLABLE (*ASSAY_NONNULL scratch)(void *ASSAY_NULLABLE ctx, size_t bytes);

  /* Reports a number about the fit, such as a chosen constant. Kept as `self_reported`, apart from
   * the host's metrics. [thread: one] */
  void (*ASSAY_NONNULL metric)(void *ASSAY_NULLABLE ctx, assay_str name, double value);

  /* An optional service by id; NULL when unknown. Version 1.0 has none. [thread: any]
   * [lifetime: until destroy] */
  const void *ASSAY_NULLABLE (*ASSAY_NONNULL get_extension)(void *ASSAY_NULLABLE ctx, assay_str id);
} assay_host;

/* The circumstances of a run. [owner: host] [lifetime: call] */
typedef struct assay_run {
  uint32_t struct_size;
  uint32_t max_threads;     /* threads the method may use; 1 by default                            */
  uint64_t seed;            /* the only source of randomness; (seed, stream) key a generator       */
  uint64_t stream;
  uint64_t memory_budget;   /* bytes; 0 when there is no limit                                     */
  int64_t deadline_ns;      /* CLOCK_MONOTONIC time by which the call must return; 0 without       */
  assay_str scratch_dir;    /* the one folder that may be written; empty when there is none        */
  assay_str task;           /* the task that this instance is run on                               */
  uint32_t contract_major, contract_minor;
} assay_run;

/* What one call of fit or predict gets. [owner: host] [lifetime: call]
 * Inputs come in contract order; look them up by name and ignore unknown ones. Outputs of known
 * shape come allocated and filled with a canary: every element has to be written. */
typedef struct assay_call {
  uint32_t struct_size;
  uint32_t reserved;
  const assay_tensor *ASSAY_NULLABLE in;
  size_t in_count;
  assay_tensor *ASSAY_NULLABLE out;
  size_t out_count;
  const assay_run *ASSAY_NONNULL run;
} assay_call;

/* ------------------------------------------------------------------------------------ A method */

#define ASSAY_INPUT_OPTIONAL 0u
#define ASSAY_INPUT_REQUIRED 1u

/* A tensor that a method wants. `name` is a name of the task's contract (`assay info TASK`) or a
 * prefix group (`text.*`). */
typedef struct assay_input {
  assay_str name;
  uint32_t flags; /* ASSAY_INPUT_*; a trial that cannot offer a required input is `unsupported`   */
  uint32_t reserved;
} assay_input;

/* A task that a method claims, with every input it may use: what is not listed is not mapped.
 * `major` must equal the contract's, `minor` must not exceed it. [lifetime: static] */
typedef struct assay_claim {
  assay_str task;
  uint32_t major, minor;
  const assay_input *ASSAY_NULLABLE inputs;
  size_t input_count;
} assay_claim;

#define ASSAY_METHOD_NEEDS_FIT 1u        /* predict is illegal before fit                          */
#define ASSAY_METHOD_DETERMINISTIC 2u    /* the seed changes nothing                               */
#define ASSAY_METHOD_ROW_INDEPENDENT 4u  /* each query row is answered without the others: order
                                            and batching of the rows do not matter                 */
#define ASSAY_METHOD_CROSS_VALIDATES 8u  /* tunes on train.* by cross-validation                   */
#define ASSAY_METHOD_USES_THREADS 16u    /* honours run->max_threads above 1                       */

/* One algorithm. [owner: plugin] [lifetime: static] */
typedef struct assay_method {
  uint32_t struct_size;
  uint32_t flags;          /* ASSAY_METHOD_*                                                       */
  assay_str id;            /* lower case letters, digits, '-' and '.'; unique within the library   */
  assay_str version;       /* semantic version                                                     */
  assay_str summary;       /* one sentence                                                         */
  assay_str license;       /* SPDX expression                                                      */
  assay_str references;    /* where the algorithm comes from                                       */
  assay_str config_schema; /* JSON Schema of the config object, with a default for each property;
                              without `pattern` and `patternProperties`                            */
  const assay_claim *ASSAY_NULLABLE claims;
  size_t claim_count;

  /* Makes an instance. `config` is a canonical JSON object that passed `config_schema` and is
   * complete: every default is filled in. On success `*self` is what the other calls get; it may
   * be NULL. `host` lives until destroy, `run` and `config` until the call returns. [thread: any]
   * OK, ARGUMENT, UNSUPPORTED, CONFIG, MEMORY, INTERNAL */
  assay_status (*ASSAY_NONNULL create)(const assay_host *ASSAY_NONNULL host,
                                       const assay_run *ASSAY_NONNULL run, assay_str config,
                                       void *ASSAY_NULLABLE *ASSAY_NONNULL self);

  /* Frees the instance. Never called twice, never while another call is under way. [thread: one] */
  void (*ASSAY_NONNULL destroy)(void *ASSAY_NULLABLE self);

  /* Learns from the fit inputs; has no outputs unless the contract lists some. [thread: one]
   * OK and every error code. */
  assay_status (*ASSAY_NONNULL fit)(void *ASSAY_NULLABLE self, const assay_call *ASSAY_NONNULL call);

  /* Answers the query inputs by writing the outputs. [thread: one]
   * OK and every error code. */
  assay_status (*ASSAY_NONNULL predict)(void *ASSAY_NULLABLE self,
                                        const assay_call *ASSAY_NONNULL call);

  /* An optional ability by id; NULL when unknown. The member itself may be NULL. [thread: any] */
  const void *ASSAY_NULLABLE (*ASSAY_NULLABLE get_extension)(void *ASSAY_NULLABLE self,
                                                             assay_str id);
} assay_method;

/* ------------------------------------------------------------------------------------ The entry */

/* What a library holds. [owner: plugin] [lifetime: static] */
typedef struct assay_library {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor; /* ASSAY_ABI_MAJOR and ASSAY_ABI_MINOR as compiled by the plugin  */
  uint32_t method_count;

  /* Method `index`, NULL out of range. [thread: any] [lifetime: static] */
  const assay_method *ASSAY_NULLABLE (*ASSAY_NONNULL method_at)(uint32_t index);

  /* An optional ability of the library by id; NULL when unknown. The member itself may be NULL.
   * [thread: any] */
  const void *ASSAY_NULLABLE (*ASSAY_NULLABLE get_extension)(assay_str id);
} assay_library;

/* The one exported function. Pure, quick (under 100 ms), the same pointer every time; NULL only to
 * refuse the host's major. [thread: any] [lifetime: static] */
ASSAY_EXPORT const assay_library *ASSAY_NULLABLE assay_plugin_entry(uint32_t host_major,
                                                                    uint32_t host_minor);

/* ------------------------------------------------------------------------------------ Layout */

#if defined(__cplusplus)
#define ASSAY_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define ASSAY_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#if UINTPTR_MAX == UINT64_MAX
ASSAY_STATIC_ASSERT(sizeof(assay_str) == 16, "assay_str is frozen");
ASSAY_STATIC_ASSERT(sizeof(assay_dtype) == 4, "assay_dtype is frozen");
ASSAY_STATIC_ASSERT(sizeof(assay_dl_tensor) == 48, "assay_dl_tensor is DLPack's DLTensor");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, device) == 8, "assay_dl_tensor.device");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, ndim) == 16, "assay_dl_tensor.ndim");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, dtype) == 20, "assay_dl_tensor.dtype");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, shape) == 24, "assay_dl_tensor.shape");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, strides) == 32, "assay_dl_tensor.strides");
ASSAY_STATIC_ASSERT(offsetof(assay_dl_tensor, byte_offset) == 40, "assay_dl_tensor.byte_offset");
ASSAY_STATIC_ASSERT(sizeof(assay_tensor) == 88, "assay_tensor is frozen");
ASSAY_STATIC_ASSERT(offsetof(assay_tensor, flags) == 16, "assay_tensor.flags");
ASSAY_STATIC_ASSERT(offsetof(assay_tensor, tensor) == 24, "assay_tensor.tensor");
ASSAY_STATIC_ASSERT(sizeof(assay_input) == 24, "assay_input");
ASSAY_STATIC_ASSERT(sizeof(assay_claim) == 40, "assay_claim");
ASSAY_STATIC_ASSERT(sizeof(assay_run) == 80, "assay_run, version 1.0");
ASSAY_STATIC_ASSERT(offsetof(assay_run, scratch_dir) == 40, "assay_run.scratch_dir");
ASSAY_STATIC_ASSERT(sizeof(assay_call) == 48, "assay_call, version 1.0");
ASSAY_STATIC_ASSERT(sizeof(assay_host) == 88, "assay_host, version 1.0");
ASSAY_STATIC_ASSERT(offsetof(assay_host, log) == 24, "assay_host.log");
ASSAY_STATIC_ASSERT(sizeof(assay_method) == 160, "assay_method, version 1.0");
ASSAY_STATIC_ASSERT(offsetof(assay_method, create) == 120, "assay_method.create");
ASSAY_STATIC_ASSERT(sizeof(assay_library) == 32, "assay_library, version 1.0");
ASSAY_STATIC_ASSERT(offsetof(assay_library, method_at) == 16, "assay_library.method_at");
#endif

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* ASSAY_H */

"""#

/// The text of `assay_helpers.h`.
let assayHelpers = #"""
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

"""#

/// The source of a plugin in C.
let cPlugin = #"""
/* {{name}}: the nearest class mean in plain C, a method plugin to read from top to bottom and
 * to start your own from.
 *
 *     cc -O2 -shared -fPIC -I<folder of assay.h> {{name}}.c -o libassay-{{name}}.so -lm
 *
 * Each training row is brought to unit length, the rows of a class are averaged, and a query row
 * scores `scale` times its cosine to each mean. `assay info classify` lists what fit and predict
 * may ask for.
 */
#include "assay_helpers.h"

#include <math.h>

/* ------------------------------------------------------------------------------------ Vectors */

static double dot(const float *x, const float *y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (double)x[i] * y[i];
  return sum;
}

/* What brings a vector to unit length; 0 for zeros. */
static double inverse_norm(const float *x, int64_t n) {
  double square = dot(x, x, n);
  return square > 0 ? 1 / sqrt(square) : 0;
}

/* ------------------------------------------------------------------------------------ Instance */

typedef struct {
  const assay_host *host; /* lives until destroy */
  float scale;
  int64_t classes, width;
  float *means; /* [classes, width] of unit length, NULL before fit */
  char *absent; /* [classes], 1 for a class without training rows */
} {{symbol}};

/* ------------------------------------------------------------------------------------ Calls */

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **result) {
  (void)run;
  {{symbol}} *self = calloc(1, sizeof *self);
  if (!self) return ASSAY_E_MEMORY;
  self->host = host;
  /* The host checked the config against the schema below and filled in the defaults. */
  double scale = 100;
  assay_config_number(config, "scale", &scale);
  self->scale = (float)scale;
  *result = self;
  return ASSAY_OK;
}

static assay_status fit(void *instance, const assay_call *call) {
  {{symbol}} *self = instance;
  const assay_host *host = self->host;
  const assay_dl_tensor *rows = assay_f32(call->in, call->in_count, "train.features", 2);
  const assay_dl_tensor *labels = assay_i32(call->in, call->in_count, "train.labels", 1);
  const assay_dl_tensor *count = assay_i32(call->in, call->in_count, "class.count", 0);
  if (!rows || !labels || !count || labels->shape[0] != rows->shape[0])
    return assay_fail(host, ASSAY_E_CONTRACT,
                      "fit needs train.features f32 [N, D], train.labels i32 [N], class.count i32");

  int64_t n = rows->shape[0], width = rows->shape[1], classes = *(const int32_t *)count->data;
  const float *x = rows->data;
  const int32_t *y = labels->data;
  /* Sums of unit rows in double. The direction of the mean is the direction of the sum. */
  double *sums = calloc((size_t)(classes * width) + 1, sizeof *sums);
  float *means = calloc((size_t)(classes * width) + 1, sizeof *means);
  char *absent = calloc((size_t)classes + 1, 1);
  if (!sums || !means || !absent)
    return free(sums), free(means), free(absent),
           assay_fail(host, ASSAY_E_MEMORY, "no memory for the class means");
  for (int64_t i = 0; i < n; i++) {
    double factor = inverse_norm(x + i * width, width);
    double *sum = sums + y[i] * width;
    for (int64_t j = 0; j < width; j++) sum[j] += factor * x[i * width + j];
  }
  for (int64_t k = 0; k < classes; k++) {
    double square = 0;
    for (int64_t j = 0; j < width; j++) square += sums[k * width + j] * sums[k * width + j];
    absent[k] = square == 0;
    double factor = absent[k] ? 0 : 1 / sqrt(square);
    for (int64_t j = 0; j < width; j++)
      means[k * width + j] = (float)(factor * sums[k * width + j]);
  }
  free(sums);
  free(self->means), free(self->absent); /* a second fit replaces the first */
  self->means = means;
  self->absent = absent;
  self->classes = classes;
  self->width = width;
  return ASSAY_OK;
}

static assay_status predict(void *instance, const assay_call *call) {
  {{symbol}} *self = instance;
  const assay_host *host = self->host;
  if (!self->means) return assay_fail(host, ASSAY_E_STATE, "predict needs fit first");
  const assay_dl_tensor *rows = assay_f32(call->in, call->in_count, "query.features", 2);
  const assay_dl_tensor *logits = assay_f32(call->out, call->out_count, "logits", 2);
  if (!rows || rows->shape[1] != self->width)
    return assay_fail(host, ASSAY_E_CONTRACT, "predict needs query.features f32 [Q, D]");
  if (!logits || logits->shape[0] != rows->shape[0] || logits->shape[1] != self->classes)
    return assay_fail(host, ASSAY_E_CONTRACT, "predict writes logits f32 [Q, K]");

  for (int64_t i = 0; i < rows->shape[0]; i++) {
    const float *x = (const float *)rows->data + i * self->width;
    float *z = (float *)logits->data + i * self->classes;
    double factor = self->scale * inverse_norm(x, self->width);
    for (int64_t k = 0; k < self->classes; k++) {
      double cosine = dot(x, self->means + k * self->width, self->width);
      z[k] = self->absent[k] ? -self->scale : (float)(factor * cosine); /* -1: the lowest cosine */
    }
  }
  return ASSAY_OK;
}

static void destroy(void *instance) {
  {{symbol}} *self = instance;
  free(self->means), free(self->absent), free(self);
}

/* ------------------------------------------------------------------------------------ Tables */

static const assay_input inputs[] = {
    {ASSAY_STR("train.features"), ASSAY_INPUT_REQUIRED, 0},
    {ASSAY_STR("train.labels"), ASSAY_INPUT_REQUIRED, 0},
    {ASSAY_STR("class.count"), ASSAY_INPUT_REQUIRED, 0},
    {ASSAY_STR("query.features"), ASSAY_INPUT_REQUIRED, 0},
};

static const assay_claim claims[] = {{ASSAY_STR("classify"), 1, 0, inputs, 4}};

static const assay_method method = {
    ASSAY_METHOD_TABLE,
    .flags = ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC | ASSAY_METHOD_ROW_INDEPENDENT,
    .id = ASSAY_STR("{{name}}"),
    .version = ASSAY_STR("0.1.0"),
    .summary = ASSAY_STR("Scores each class by the cosine to the mean of its training rows, in C."),
    .license = ASSAY_STR("Apache-2.0"),
    .references = ASSAY_STR("doi:10.1007/978-3-642-33709-3_35"),
    .config_schema = ASSAY_STR(
        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
        "\"scale\":{\"type\":\"number\",\"minimum\":0.001,\"maximum\":10000,"
        "\"default\":100,\"description\":\"What the cosine is multiplied by.\"}}}"),
    .claims = claims,
    .claim_count = 1,
    .create = create,
    .destroy = destroy,
    .fit = fit,
    .predict = predict,
};

static const assay_method *method_at(uint32_t index) { return index == 0 ? &method : NULL; }

static const assay_library library = {
    ASSAY_LIBRARY_TABLE, .method_count = 1, .method_at = method_at};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}

"""#

/// The text of `assay.hpp`.
let assayCppHeader = #"""
// assay.hpp: method plugins in C++20, on top of assay.h
//
//     c++ -std=c++20 -O2 -shared -fPIC -I<folder of this file> my_method.cpp -o libassay-my-method.so
//
// A method is a class with a constructor and two member functions:
//
//     struct MyMethod {
//       MyMethod(const assay::Host& host, const assay::Run& run, const assay::Config& config);
//       void fit(const assay::Call& call);
//       void predict(const assay::Call& call);
//     };
//
// `assay::method<MyMethod>(about)` makes its table, ASSAY_LIBRARY the entry of the library. What a
// method throws becomes a status and its sentence: no exception crosses the border. Nothing here is
// part of the ABI, and there is nothing to link.
#ifndef ASSAY_HPP
#define ASSAY_HPP

#include "assay.h"
#include "assay_helpers.h"

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay {

constexpr assay_str str(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view view(assay_str text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

// ------------------------------------------------------------------------------------ Failures

// Ends a call with a status other than ASSAY_OK and a sentence.
class Error : public std::exception {
 public:
  Error(assay_status status, std::string sentence)
      : status_(status), sentence_(std::move(sentence)) {}
  assay_status status() const noexcept { return status_; }
  const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  assay_status status_;
  std::string sentence_;
};

// ------------------------------------------------------------------------------------ Tensors

// The dtype of a tensor of `T`: f32 and f64, i8 to i64, u8 to u64, bool.
template <class T>
constexpr assay_dtype dtype() {
  static_assert(std::is_arithmetic_v<T>, "a tensor holds numbers");
  constexpr std::uint8_t code = std::is_same_v<T, bool>       ? ASSAY_DTYPE_BOOL
                                : std::is_floating_point_v<T> ? ASSAY_DTYPE_FLOAT
                                : std::is_signed_v<T>         ? ASSAY_DTYPE_INT
                                                              : ASSAY_DTYPE_UINT;
  return {code, static_cast<std::uint8_t>(8 * sizeof(T)), 1};
}

// A view of the host's memory, row by row, that is valid until the call returns.
template <class T>
class Tensor {
 public:
  explicit Tensor(const assay_dl_tensor& tensor)
      : data_(static_cast<T*>(tensor.data)),
        shape_(tensor.shape, static_cast<std::size_t>(tensor.ndim)) {
    for (std::int64_t extent : shape_) count_ *= static_cast<std::size_t>(extent);
  }

  std::span<const std::int64_t> shape() const { return shape_; }
  // The extent of an axis.
  std::size_t extent(std::size_t axis) const { return static_cast<std::size_t>(shape_[axis]); }
  // All elements.
  std::span<T> elements() const { return {data_, count_}; }
  // The elements of one index of the first axis.
  std::span<T> row(std::size_t index) const {
    std::size_t width = extent(0) == 0 ? 0 : count_ / extent(0);
    return elements().subspan(index * width, width);
  }
  // The element of a scalar.
  T& value() const { return *data_; }

 private:
  T* data_;
  std::span<const std::int64_t> shape_;
  std::size_t count_ = 1;
};

// ------------------------------------------------------------------------------------ The host

// The circumstances of a run.
class Run {
 public:
  explicit Run(const assay_run* run) : run_(run) {}
  std::uint64_t seed() const { return run_->seed; }
  std::uint64_t stream() const { return run_->stream; }
  std::uint32_t max_threads() const { return run_->max_threads; }
  std::uint64_t memory_budget() const { return run_->memory_budget; }
  std::int64_t deadline_ns() const { return run_->deadline_ns; }
  std::string_view scratch_dir() const { return view(run_->scratch_dir); }
  std::string_view task() const { return view(run_->task); }

 private:
  const assay_run* run_;
};

// Services of the host, from the constructor to the destructor.
class Host {
 public:
  explicit Host(const assay_host* host) : host_(host) {}
  void log(std::int32_t level, std::string_view text) const {
    host_->log(host_->ctx, level, str(text));
  }
  void note(std::string_view text) const { log(ASSAY_LOG_NOTE, text); }
  void warn(std::string_view text) const { log(ASSAY_LOG_WARNING, text); }
  void progress(double fraction, std::string_view stage = {}) const {
    host_->progress(host_->ctx, fraction, str(stage));
  }
  bool cancelled() const { return host_->cancelled(host_->ctx) != 0; }
  void metric(std::string_view name, double value) const {
    host_->metric(host_->ctx, str(name), value);
  }
  const assay_host* get() const { return host_; }

 private:
  const assay_host* host_;
};

// The settings, complete with their defaults. A key that the schema does not have is a defect.
class Config {
 public:
  explicit Config(assay_str text) : text_(text) {}
  double number(const char* key) const {
    double value = 0;
    return found(assay_config_number(text_, key, &value), key), value;
  }
  std::int64_t integer(const char* key) const {
    std::int64_t value = 0;
    return found(assay_config_integer(text_, key, &value), key), value;
  }
  bool boolean(const char* key) const {
    int value = 0;
    return found(assay_config_bool(text_, key, &value), key), value != 0;
  }
  // Whether the string under `key` is `choice`.
  bool is(const char* key, const char* choice) const {
    return assay_config_is(text_, key, choice) != 0;
  }
  std::vector<double> numbers(const char* key) const {
    std::vector<double> values(text_.len);
    std::int64_t count =
        assay_config_numbers(text_, key, values.data(), static_cast<std::int64_t>(text_.len));
    found(count >= 0, key);
    values.resize(static_cast<std::size_t>(count));
    return values;
  }
  // The whole object as JSON.
  std::string_view json() const { return view(text_); }

 private:
  void found(int is_there, const char* key) const {
    if (!is_there)
      throw Error(ASSAY_E_CONFIG, std::string("config has no fitting value for '") + key + "'");
  }
  assay_str text_;
};

// ------------------------------------------------------------------------------------ A call

// What one call of fit or predict gets.
class Call {
 public:
  Call(const assay_host* host, const assay_call* call) : host_(host), call_(call) {}

  Host host() const { return Host(host_); }
  Run run() const { return Run(call_->run); }

  // The input `name`; nothing where it is absent or of another dtype or rank.
  template <class T>
  std::optional<Tensor<const T>> find(const char* name, std::int32_t rank) const {
    const assay_dl_tensor* tensor = assay_find(call_->in, call_->in_count, name, dtype<T>().code,
                                               dtype<T>().bits, rank);
    if (!tensor) return std::nullopt;
    return Tensor<const T>(*tensor);
  }

  // The input `name`, which has to be there.
  template <class T>
  Tensor<const T> in(const char* name, std::int32_t rank) const {
    std::optional<Tensor<const T>> found = find<T>(name, rank);
    if (!found) throw missing("input", name, rank);
    return *found;
  }

  // The output `name`, to be written in full.
  template <class T>
  Tensor<T> out(const char* name, std::int32_t rank) const {
    const assay_dl_tensor* tensor = assay_find(call_->out, call_->out_count, name, dtype<T>().code,
                                               dtype<T>().bits, rank);
    if (!tensor) throw missing("output", name, rank);
    return Tensor<T>(*tensor);
  }

  // The output `name` whose shape the contract leaves open.
  template <class T>
  Tensor<T> allocate(std::string_view name, std::initializer_list<std::int64_t> shape) const {
    assay_tensor tensor = {};
    assay_status status =
        host_->alloc_output(host_->ctx, str(name), dtype<T>(),
                            static_cast<std::int32_t>(shape.size()), shape.begin(), &tensor);
    if (status != ASSAY_OK)
      throw Error(status, "output '" + std::string(name) + "' was not allocated");
    return Tensor<T>(tensor.tensor);
  }

  // The strings that travel as `name.bytes` and `name.offsets`.
  std::vector<std::string_view> strings(const std::string& name) const {
    Tensor<const std::uint8_t> bytes = in<std::uint8_t>((name + ".bytes").c_str(), 1);
    std::span<const std::int64_t> offsets =
        in<std::int64_t>((name + ".offsets").c_str(), 1).elements();
    std::vector<std::string_view> texts;
    const char* text = reinterpret_cast<const char*>(bytes.elements().data());
    for (std::size_t i = 0; i + 1 < offsets.size(); i++)
      texts.emplace_back(text + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
    return texts;
  }

 private:
  static Error missing(const char* kind, const char* name, std::int32_t rank) {
    return Error(ASSAY_E_CONTRACT, std::string("there is no ") + kind + " '" + name +
                                       "' of the wanted dtype and rank " + std::to_string(rank));
  }
  const assay_host* host_;
  const assay_call* call_;
};

// ------------------------------------------------------------------------------------ Tables

constexpr assay_input required(std::string_view name) {
  return {str(name), ASSAY_INPUT_REQUIRED, 0};
}
constexpr assay_input optional(std::string_view name) {
  return {str(name), ASSAY_INPUT_OPTIONAL, 0};
}
// A claim of a task; `inputs` lives as long as the library.
constexpr assay_claim claim(std::string_view task, std::span<const assay_input> inputs,
                            std::uint32_t major = 1, std::uint32_t minor = 0) {
  return {str(task), major, minor, inputs.data(), inputs.size()};
}

// What a method says of itself; see assay_method.
struct About {
  std::string_view id = {};
  std::string_view version = {};
  std::string_view summary = {};
  std::string_view license = {};
  std::string_view references = {};
  std::string_view config_schema = R"({"type":"object","additionalProperties":false})";
  std::uint32_t flags = 0;
  std::span<const assay_claim> claims = {};
};

namespace detail {

// Runs a body and makes a status of what it throws.
template <class Body>
assay_status guarded(const assay_host* host, Body body) noexcept {
  try {
    body();
    return ASSAY_OK;
  } catch (const Error& error) {
    return assay_fail(host, error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return assay_fail(host, ASSAY_E_MEMORY, "an allocation failed");
  } catch (const std::exception& error) {
    return assay_fail(host, ASSAY_E_INTERNAL, error.what());
  } catch (...) {
    return assay_fail(host, ASSAY_E_INTERNAL, "something that is no std::exception was thrown");
  }
}

template <class M>
struct Instance {
  const assay_host* host;
  M method;
};

}  // namespace detail

// The table of a method of class `M`.
template <class M>
constexpr assay_method method(const About& about) {
  using Instance = detail::Instance<M>;
  return {
      sizeof(assay_method),
      about.flags,
      str(about.id),
      str(about.version),
      str(about.summary),
      str(about.license),
      str(about.references),
      str(about.config_schema),
      about.claims.data(),
      about.claims.size(),
      [](const assay_host* host, const assay_run* run, assay_str config, void** self) {
        return detail::guarded(host, [&] {
          *self = new Instance{host, M(Host(host), Run(run), Config(config))};
        });
      },
      [](void* self) { delete static_cast<Instance*>(self); },
      [](void* self, const assay_call* call) {
        auto* instance = static_cast<Instance*>(self);
        return detail::guarded(instance->host,
                               [&] { instance->method.fit(Call(instance->host, call)); });
      },
      [](void* self, const assay_call* call) {
        auto* instance = static_cast<Instance*>(self);
        return detail::guarded(instance->host,
                               [&] { instance->method.predict(Call(instance->host, call)); });
      },
      nullptr,
  };
}

}  // namespace assay

// The entry of a library whose methods are the array `methods`.
#define ASSAY_LIBRARY(methods)                                                                    \
  extern "C" const assay_library* assay_plugin_entry(std::uint32_t host_major, std::uint32_t) {   \
    static constexpr assay_library library = {                                                    \
        sizeof(assay_library),                                                                    \
        ASSAY_ABI_MAJOR,                                                                          \
        ASSAY_ABI_MINOR,                                                                          \
        static_cast<std::uint32_t>(std::size(methods)),                                           \
        [](std::uint32_t index) -> const assay_method* {                                          \
          return index < std::size(methods) ? &methods[index] : nullptr;                          \
        },                                                                                        \
        nullptr,                                                                                  \
    };                                                                                            \
    return host_major == ASSAY_ABI_MAJOR ? &library : nullptr;                                    \
  }

#endif  // ASSAY_HPP

"""#

/// The source of a plugin in C++.
let cppPlugin = #"""
// {{name}}: the nearest class mean in C++, a method plugin to start your own from.
//
//     c++ -std=c++20 -O2 -shared -fPIC -I<folder of assay.hpp> {{name}}.cpp
//       -o libassay-{{name}}.so
//
// Each training row is brought to unit length, the rows of a class are averaged, and a query row
// scores `scale` times its cosine to each mean. `assay info classify` lists what fit and predict
// may ask for.
#include "assay.hpp"

#include <cmath>
#include <numeric>

namespace {

double dot(std::span<const float> x, std::span<const float> y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0, std::plus<>(),
                            [](float a, float b) { return static_cast<double>(a) * b; });
}

// What brings a vector to unit length; 0 for zeros.
double inverse_norm(std::span<const float> x) {
  double square = dot(x, x);
  return square > 0 ? 1 / std::sqrt(square) : 0;
}

class {{type}} {
 public:
  {{type}}(const assay::Host&, const assay::Run&, const assay::Config& config)
      : scale_(static_cast<float>(config.number("scale"))) {}

  void fit(const assay::Call& call) {
    auto rows = call.in<float>("train.features", 2);
    auto labels = call.in<std::int32_t>("train.labels", 1).elements();
    auto classes = static_cast<std::size_t>(call.in<std::int32_t>("class.count", 0).value());
    std::size_t width = rows.extent(1);
    // Sums of unit rows in double. The direction of the mean is the direction of the sum.
    std::vector<std::vector<double>> sums(classes, std::vector<double>(width));
    for (std::size_t i = 0; i < labels.size(); i++) {
      double factor = inverse_norm(rows.row(i));
      std::vector<double>& sum = sums[static_cast<std::size_t>(labels[i])];
      for (std::size_t j = 0; j < width; j++) sum[j] += factor * rows.row(i)[j];
    }
    width_ = width;
    means_.assign(classes, std::vector<float>(width));
    for (std::size_t k = 0; k < classes; k++) {
      double square = std::inner_product(sums[k].begin(), sums[k].end(), sums[k].begin(), 0.0);
      if (square == 0) means_[k].clear();
      for (std::size_t j = 0; j < means_[k].size(); j++)
        means_[k][j] = static_cast<float>(sums[k][j] / std::sqrt(square));
    }
    fitted_ = true;
  }

  void predict(const assay::Call& call) {
    if (!fitted_) throw assay::Error(ASSAY_E_STATE, "predict needs fit first");
    auto rows = call.in<float>("query.features", 2);
    auto logits = call.out<float>("logits", 2);
    if (rows.extent(1) != width_)
      throw assay::Error(ASSAY_E_CONTRACT, "query.features has another width than train.features");
    for (std::size_t i = 0; i < rows.extent(0); i++) {
      double factor = scale_ * inverse_norm(rows.row(i));
      for (std::size_t k = 0; k < means_.size(); k++) {
        // A class without training rows has the lowest cosine.
        logits.row(i)[k] = means_[k].empty()
                               ? -scale_
                               : static_cast<float>(factor * dot(rows.row(i), means_[k]));
      }
    }
  }

 private:
  float scale_;
  bool fitted_ = false;
  std::size_t width_ = 0;
  std::vector<std::vector<float>> means_;  // of unit length, empty for a class without rows
};

constexpr assay_input inputs[] = {
    assay::required("train.features"),
    assay::required("train.labels"),
    assay::required("class.count"),
    assay::required("query.features"),
};
constexpr assay_claim claims[] = {assay::claim("classify", inputs)};

constexpr assay_method methods[] = {assay::method<{{type}}>({
    .id = "{{name}}",
    .version = "0.1.0",
    .summary = "Scores each class by the cosine to the mean of its training rows, in C++.",
    .license = "Apache-2.0",
    .references = "doi:10.1007/978-3-642-33709-3_35",
    .config_schema = R"({"type":"object","additionalProperties":false,"properties":{
      "scale":{"type":"number","minimum":0.001,"maximum":10000,"default":100,
        "description":"What the cosine is multiplied by."}}})",
    .flags = ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC | ASSAY_METHOD_ROW_INDEPENDENT,
    .claims = claims,
})};

}  // namespace

ASSAY_LIBRARY(methods)

"""#

/// The source of a plugin in Rust.
let rustPlugin = #"""
//! {{name}}: the nearest class mean, a method plugin to start your own from.
//!
//! Each training row is brought to unit length, the rows of a class are averaged, and a query row
//! scores `scale` times its cosine to each mean. `assay info classify` lists what fit and predict
//! may ask for.

use assay_plugin::{abi, claim, required, About, Call, Config, Error, Host, Method, Run};

struct {{type}} {
    scale: f32,
    width: usize,
    /// Means of unit length, `None` for a class without training rows; `None` before fit.
    means: Option<Vec<Option<Vec<f32>>>>,
}

fn dot(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// What brings a vector to unit length; 0 for zeros.
fn inverse_norm(x: &[f32]) -> f64 {
    let square = dot(x, x);
    if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 }
}

/// The direction of a sum, which is that of the mean.
fn unit(sum: &[f64]) -> Option<Vec<f32>> {
    let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length == 0.0 {
        return None;
    }
    Some(sum.iter().map(|x| (x / length) as f32).collect())
}

impl Method for {{type}} {
    const ABOUT: About = About {
        id: "{{name}}",
        version: "0.1.0",
        summary: "Scores each class by the cosine to the mean of its training rows, in Rust.",
        license: "Apache-2.0",
        references: "doi:10.1007/978-3-642-33709-3_35",
        config_schema: r#"{"type":"object","additionalProperties":false,"properties":{
            "scale":{"type":"number","minimum":0.001,"maximum":10000,"default":100,
              "description":"What the cosine is multiplied by."}}}"#,
        flags: assay_plugin::NEEDS_FIT
            | assay_plugin::DETERMINISTIC
            | assay_plugin::ROW_INDEPENDENT,
        claims: &[claim(
            "classify",
            &[
                required("train.features"),
                required("train.labels"),
                required("class.count"),
                required("query.features"),
            ],
        )],
    };

    fn new(_: &Host, _: &Run, config: &Config) -> Result<Self, Error> {
        Ok({{type}} { scale: config.number("scale")? as f32, width: 0, means: None })
    }

    fn fit(&mut self, call: &Call) -> Result<(), Error> {
        let rows = call.input::<f32>("train.features", 2)?;
        let labels = call.input::<i32>("train.labels", 1)?;
        let classes = call.input::<i32>("class.count", 0)?.data[0] as usize;
        self.width = rows.extent(1);
        let mut sums = vec![vec![0.0; self.width]; classes];
        for (place, label) in labels.data.iter().enumerate() {
            let row = rows.row(place);
            let factor = inverse_norm(row);
            for (sum, x) in sums[*label as usize].iter_mut().zip(row) {
                *sum += factor * f64::from(*x);
            }
        }
        self.means = Some(sums.iter().map(|sum| unit(sum)).collect());
        Ok(())
    }

    fn predict(&mut self, call: &Call) -> Result<(), Error> {
        let before_fit = || Error::new(abi::E_STATE, "predict needs fit first");
        let means = self.means.as_ref().ok_or_else(before_fit)?;
        let rows = call.input::<f32>("query.features", 2)?;
        if rows.extent(1) != self.width {
            let sentence = "query.features has another width than train.features";
            return Err(Error::new(abi::E_CONTRACT, sentence));
        }
        let mut logits = call.output::<f32>("logits", 2)?;
        for place in 0..rows.extent(0) {
            let row = rows.row(place);
            let factor = f64::from(self.scale) * inverse_norm(row);
            for (logit, mean) in logits.row(place).iter_mut().zip(means) {
                // A class without training rows has the lowest cosine.
                *logit = mean.as_ref().map_or(-self.scale, |mean| (factor * dot(row, mean)) as f32);
            }
        }
        Ok(())
    }
}

assay_plugin::library!({{type}});

"""#

/// bindings/rust/src/abi.rs.
let rust_abi = #"""
//! The tables of `assay.h`, version 1.0, member by member.

use std::ffi::c_void;

pub type Status = i32;

pub const MAJOR: u32 = 1;
pub const MINOR: u32 = 0;

pub const OK: Status = 0;
pub const E_ARGUMENT: Status = 1;
pub const E_UNSUPPORTED: Status = 2;
pub const E_CONFIG: Status = 3;
pub const E_CONTRACT: Status = 4;
pub const E_STATE: Status = 5;
pub const E_NUMERIC: Status = 6;
pub const E_MEMORY: Status = 7;
pub const E_CANCELLED: Status = 8;
pub const E_DEADLINE: Status = 9;
pub const E_IO: Status = 10;
pub const E_INTERNAL: Status = 11;

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Str {
    pub ptr: *const u8,
    pub len: usize,
}

impl Str {
    pub const fn new(text: &'static str) -> Str {
        Str { ptr: text.as_ptr(), len: text.len() }
    }

    /// # Safety
    /// The text lives for `'a` and is UTF-8, as the header says of all that the host passes.
    pub unsafe fn get<'a>(self) -> &'a str {
        if self.len == 0 {
            return "";
        }
        std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.ptr, self.len))
    }
}

#[derive(Clone, Copy, PartialEq)]
#[repr(C)]
pub struct DType {
    pub code: u8,
    pub bits: u8,
    pub lanes: u16,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Device {
    pub device_type: i32,
    pub device_id: i32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct DLTensor {
    pub data: *mut c_void,
    pub device: Device,
    pub ndim: i32,
    pub dtype: DType,
    pub shape: *const i64,
    pub strides: *const i64,
    pub byte_offset: u64,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Tensor {
    pub name: Str,
    pub flags: u64,
    pub tensor: DLTensor,
    pub reserved: [u64; 2],
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub log: extern "C" fn(*mut c_void, i32, Str),
    pub progress: extern "C" fn(*mut c_void, f64, Str),
    pub cancelled: extern "C" fn(*mut c_void) -> i32,
    pub set_error: extern "C" fn(*mut c_void, Status, Str) -> Status,
    pub alloc_output:
        extern "C" fn(*mut c_void, Str, DType, i32, *const i64, *mut Tensor) -> Status,
    pub scratch: extern "C" fn(*mut c_void, usize) -> *mut c_void,
    pub metric: extern "C" fn(*mut c_void, Str, f64),
    pub get_extension: extern "C" fn(*mut c_void, Str) -> *const c_void,
}

#[repr(C)]
pub struct Run {
    pub struct_size: u32,
    pub max_threads: u32,
    pub seed: u64,
    pub stream: u64,
    pub memory_budget: u64,
    pub deadline_ns: i64,
    pub scratch_dir: Str,
    pub task: Str,
    pub contract_major: u32,
    pub contract_minor: u32,
}

#[repr(C)]
pub struct Call {
    pub struct_size: u32,
    pub reserved: u32,
    pub inputs: *const Tensor,
    pub in_count: usize,
    pub out: *mut Tensor,
    pub out_count: usize,
    pub run: *const Run,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Input {
    pub name: Str,
    pub flags: u32,
    pub reserved: u32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Claim {
    pub task: Str,
    pub major: u32,
    pub minor: u32,
    pub inputs: *const Input,
    pub input_count: usize,
}

#[repr(C)]
pub struct Method {
    pub struct_size: u32,
    pub flags: u32,
    pub id: Str,
    pub version: Str,
    pub summary: Str,
    pub license: Str,
    pub references: Str,
    pub config_schema: Str,
    pub claims: *const Claim,
    pub claim_count: usize,
    pub create: unsafe extern "C" fn(*const Host, *const Run, Str, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub fit: unsafe extern "C" fn(*mut c_void, *const Call) -> Status,
    pub predict: unsafe extern "C" fn(*mut c_void, *const Call) -> Status,
    pub get_extension: *const c_void,
}

#[repr(C)]
pub struct Library {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub method_count: u32,
    pub method_at: extern "C" fn(u32) -> *const Method,
    pub get_extension: *const c_void,
}

/// Fails to compile where a size differs from the header's.
#[cfg(target_pointer_width = "64")]
const _: () = {
    use std::mem::size_of;
    assert!(size_of::<Str>() == 16 && size_of::<DLTensor>() == 48 && size_of::<Tensor>() == 88);
    assert!(size_of::<Host>() == 88 && size_of::<Run>() == 80 && size_of::<Call>() == 48);
    assert!(size_of::<Input>() == 24 && size_of::<Claim>() == 40);
    assert!(size_of::<Method>() == 160 && size_of::<Library>() == 32);
};

"""#

/// bindings/rust/src/call.rs.
let rust_call = #"""
//! What a call gets: tensors, the run, and the services of the host.

use crate::{abi, Error};
use std::cell::RefCell;

mod sealed {
    pub trait Sealed {}
}

/// A number that tensors hold.
pub trait Element: sealed::Sealed + Copy + 'static {
    const DTYPE: abi::DType;
}

macro_rules! elements {
    ($($type:ty: $code:literal),+) => {$(
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const DTYPE: abi::DType =
                abi::DType { code: $code, bits: (8 * std::mem::size_of::<$type>()) as u8, lanes: 1 };
        }
    )+};
}

elements!(i8: 0, i16: 0, i32: 0, i64: 0, u8: 1, u16: 1, u32: 1, u64: 1, f32: 2, f64: 2);

/// An input: the host's own memory, row by row.
#[derive(Clone, Copy)]
pub struct Tensor<'a, T> {
    pub shape: &'a [i64],
    pub data: &'a [T],
}

impl<'a, T> Tensor<'a, T> {
    /// The extent of an axis.
    pub fn extent(&self, axis: usize) -> usize {
        self.shape[axis] as usize
    }

    /// The elements of one index of the first axis.
    pub fn row(&self, index: usize) -> &'a [T] {
        let width = self.data.len() / self.extent(0).max(1);
        &self.data[index * width..(index + 1) * width]
    }
}

/// An output, to be written in full.
pub struct TensorMut<'a, T> {
    pub shape: &'a [i64],
    pub data: &'a mut [T],
}

impl<'a, T> TensorMut<'a, T> {
    /// The elements of one index of the first axis.
    pub fn row(&mut self, index: usize) -> &mut [T] {
        let width = self.data.len() / (self.shape[0] as usize).max(1);
        &mut self.data[index * width..(index + 1) * width]
    }
}

/// The circumstances of a run.
pub struct Run<'a>(pub(crate) &'a abi::Run);

impl<'a> Run<'a> {
    pub fn seed(&self) -> u64 {
        self.0.seed
    }
    pub fn stream(&self) -> u64 {
        self.0.stream
    }
    pub fn max_threads(&self) -> usize {
        self.0.max_threads as usize
    }
    pub fn memory_budget(&self) -> u64 {
        self.0.memory_budget
    }
    pub fn deadline_ns(&self) -> i64 {
        self.0.deadline_ns
    }
    pub fn scratch_dir(&self) -> &'a str {
        unsafe { self.0.scratch_dir.get() }
    }
    pub fn task(&self) -> &'a str {
        unsafe { self.0.task.get() }
    }
}

/// Services of the host, for as long as a call lasts.
pub struct Host<'a>(pub(crate) &'a abi::Host);

fn borrowed(text: &str) -> abi::Str {
    abi::Str { ptr: text.as_ptr(), len: text.len() }
}

impl<'a> Host<'a> {
    /// Keeps a fact that the reader of the trial must know.
    pub fn note(&self, text: &str) {
        (self.0.log)(self.0.ctx, 2, borrowed(text))
    }
    pub fn warn(&self, text: &str) {
        (self.0.log)(self.0.ctx, 3, borrowed(text))
    }
    /// Says how far the call has come, `fraction` in 0...1.
    pub fn progress(&self, fraction: f64, stage: &str) {
        (self.0.progress)(self.0.ctx, fraction, borrowed(stage))
    }
    /// Whether the call should give up with `E_CANCELLED`.
    pub fn is_cancelled(&self) -> bool {
        (self.0.cancelled)(self.0.ctx) != 0
    }
    /// Reports a number about the fit.
    pub fn metric(&self, name: &str, value: f64) {
        (self.0.metric)(self.0.ctx, borrowed(name), value)
    }
    pub(crate) fn fail(&self, error: &Error) -> abi::Status {
        (self.0.set_error)(self.0.ctx, error.status, borrowed(&error.sentence))
    }
}

/// What one call of fit or predict gets.
pub struct Call<'a> {
    host: &'a abi::Host,
    call: &'a abi::Call,
    /// Outputs that were handed out, so that no two references to one exist.
    taken: RefCell<Vec<String>>,
}

unsafe fn slice<'a, T>(tensors: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    std::slice::from_raw_parts(tensors, count)
}

impl<'a> Call<'a> {
    pub(crate) fn new(host: &'a abi::Host, call: &'a abi::Call) -> Self {
        Call { host, call, taken: RefCell::new(Vec::new()) }
    }

    pub fn host(&self) -> Host<'a> {
        Host(self.host)
    }

    pub fn run(&self) -> Run<'a> {
        Run(unsafe { &*self.call.run })
    }

    /// The input `name`; nothing where it is absent or of another dtype or rank.
    pub fn find<T: Element>(&self, name: &str, rank: usize) -> Option<Tensor<'a, T>> {
        let tensors = unsafe { slice(self.call.inputs, self.call.in_count) };
        let (shape, data, count) = fitting::<T>(tensors, name, rank)?;
        Some(Tensor { shape, data: unsafe { slice(data, count) } })
    }

    /// The input `name`, which has to be there.
    pub fn input<T: Element>(&self, name: &str, rank: usize) -> Result<Tensor<'a, T>, Error> {
        self.find(name, rank).ok_or_else(|| missing("input", name, rank))
    }

    /// The output `name`, which a call may take once.
    pub fn output<T: Element>(&self, name: &str, rank: usize) -> Result<TensorMut<'a, T>, Error> {
        let tensors = unsafe { slice(self.call.out as *const abi::Tensor, self.call.out_count) };
        let found = fitting::<T>(tensors, name, rank);
        let (shape, data, count) = found.ok_or_else(|| missing("output", name, rank))?;
        self.take(name)?;
        Ok(TensorMut { shape, data: unsafe { slice_mut(data, count) } })
    }

    /// The output `name` whose shape the contract leaves open.
    pub fn allocate<T: Element>(
        &self, name: &str, shape: &[i64],
    ) -> Result<TensorMut<'a, T>, Error> {
        self.take(name)?;
        let mut tensor = std::mem::MaybeUninit::<abi::Tensor>::zeroed();
        let status = (self.host.alloc_output)(
            self.host.ctx, borrowed(name), T::DTYPE, shape.len() as i32, shape.as_ptr(),
            tensor.as_mut_ptr(),
        );
        if status != abi::OK {
            return Err(Error::new(status, format!("output '{}' was not allocated", name)));
        }
        let tensor = unsafe { tensor.assume_init() }.tensor;
        let shape = unsafe { slice(tensor.shape, tensor.ndim as usize) };
        let count = shape.iter().product::<i64>() as usize;
        Ok(TensorMut { shape, data: unsafe { slice_mut(tensor.data as *mut T, count) } })
    }

    /// The strings that travel as `name.bytes` and `name.offsets`.
    pub fn strings(&self, name: &str) -> Result<Vec<&'a str>, Error> {
        let bytes = self.input::<u8>(&format!("{}.bytes", name), 1)?.data;
        let offsets = self.input::<i64>(&format!("{}.offsets", name), 1)?.data;
        let text = |pair: &[i64]| {
            std::str::from_utf8(&bytes[pair[0] as usize..pair[1] as usize])
                .map_err(|_| Error::new(abi::E_CONTRACT, format!("'{}' is no UTF-8", name)))
        };
        offsets.windows(2).map(text).collect()
    }

    fn take(&self, name: &str) -> Result<(), Error> {
        let mut taken = self.taken.borrow_mut();
        if taken.iter().any(|other| other == name) {
            return Err(Error::new(abi::E_STATE, format!("output '{}' was taken before", name)));
        }
        taken.push(name.to_string());
        Ok(())
    }
}

unsafe fn slice_mut<'a, T>(data: *mut T, count: usize) -> &'a mut [T] {
    if count == 0 {
        return &mut [];
    }
    std::slice::from_raw_parts_mut(data, count)
}

fn fitting<'a, T: Element>(
    tensors: &'a [abi::Tensor], name: &str, rank: usize,
) -> Option<(&'a [i64], *mut T, usize)> {
    let found = tensors.iter().find(|tensor| unsafe { tensor.name.get() } == name)?.tensor;
    if found.dtype != T::DTYPE || found.ndim as usize != rank {
        return None;
    }
    let shape = unsafe { slice(found.shape, rank) };
    Some((shape, found.data as *mut T, shape.iter().product::<i64>() as usize))
}

fn missing(kind: &str, name: &str, rank: usize) -> Error {
    let sentence = format!("there is no {} '{}' of the wanted dtype and rank {}", kind, name, rank);
    Error::new(abi::E_CONTRACT, sentence)
}

"""#

/// bindings/rust/src/config.rs.
let rust_config = #"""
//! The settings of a method.

use crate::{abi, Error};

/// The settings, complete with their defaults. A key that the schema does not have is a defect of
/// the plugin and fails with `E_CONFIG`.
pub struct Config<'a> {
    text: &'a str,
}

impl<'a> Config<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Config { text }
    }

    /// The whole object, as canonical JSON.
    pub fn json(&self) -> &'a str {
        self.text
    }

    pub fn number(&self, key: &str) -> Result<f64, Error> {
        self.value(key, |text| text.parse().ok())
    }

    pub fn integer(&self, key: &str) -> Result<i64, Error> {
        let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= 9007199254740992.0;
        let read = |text: &str| text.parse().ok().filter(whole).map(|number: f64| number as i64);
        self.value(key, read)
    }

    pub fn boolean(&self, key: &str) -> Result<bool, Error> {
        self.value(key, |text| text.parse().ok())
    }

    /// Whether the string under `key` is `choice`; a string without escapes, as choices are.
    pub fn is(&self, key: &str, choice: &str) -> Result<bool, Error> {
        let inner = |text: &'a str| text.strip_prefix('"')?.strip_suffix('"');
        self.value(key, inner).map(|text| text == choice)
    }

    pub fn numbers(&self, key: &str) -> Result<Vec<f64>, Error> {
        self.value(key, |text| {
            let list = text.strip_prefix('[')?.strip_suffix(']')?;
            list.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
        })
    }

    fn value<T>(&self, key: &str, read: impl Fn(&'a str) -> Option<T>) -> Result<T, Error> {
        let missing = || Error::new(abi::E_CONFIG, format!("no fitting value for '{}'", key));
        find(self.text, key).and_then(read).ok_or_else(missing)
    }
}

/// The JSON text under a key of a canonical object.
fn find<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = object.strip_prefix('{')?;
    while rest.starts_with('"') {
        let (name, after) = rest.split_at(end_of_value(rest));
        let value = after.strip_prefix(':')?;
        let (value, after) = value.split_at(end_of_value(value));
        if name[1..name.len() - 1] == *key {
            return Some(value);
        }
        rest = after.strip_prefix(',')?;
    }
    None
}

/// Where the value that a text begins with ends.
fn end_of_value(text: &str) -> usize {
    let (mut depth, mut in_string, mut is_escaped) = (0, false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => {
                if in_string && depth == 0 {
                    return place + 1;
                }
                in_string = !in_string
            }
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => depth -= 1,
            b',' | b'}' | b']' | b':' if depth == 0 => return place,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn reads_each_kind_and_refuses_what_is_not_there() {
        let text = r#"{"a":1.5,"b":[1,2.5],"c":{"a":3},"d":"x\",\"a\":4","e":true,"f":"me","g":7}"#;
        let config = Config::new(text);
        assert_eq!(config.number("a").unwrap(), 1.5);
        assert_eq!(config.numbers("b").unwrap(), [1.0, 2.5]);
        assert!(config.boolean("e").unwrap());
        assert!(config.is("f", "me").unwrap() && !config.is("f", "m").unwrap());
        assert_eq!(config.integer("g").unwrap(), 7);
        assert!(config.integer("a").is_err() && config.number("h").is_err());
        assert!(Config::new("{}").number("a").is_err());
    }
}

"""#

/// bindings/rust/src/lib.rs.
let rust_lib = #"""
//! Method plugins for Assay.
//!
//! A method is a type that implements [`Method`]; [`library!`] makes the one exported function of
//! the dynamic library. Errors become a status and its sentence, and a panic becomes
//! `E_INTERNAL`: nothing unwinds across the border. `examples/nearest_mean.rs` is a whole plugin:
//!
//! ```text
//! cargo build --release --example nearest_mean
//! assay check target/release/examples/libnearest_mean.so
//! ```

pub mod abi;
mod call;
mod config;
#[doc(hidden)]
pub mod table;

pub use call::{Call, Element, Host, Run, Tensor, TensorMut};
pub use config::Config;

/// Why a call failed: a status other than `abi::OK`, and a sentence.
#[derive(Debug)]
pub struct Error {
    pub status: abi::Status,
    pub sentence: String,
}

impl Error {
    pub fn new(status: abi::Status, sentence: impl Into<String>) -> Error {
        Error { status, sentence: sentence.into() }
    }
}

/// One algorithm. Successive calls may come from different threads, but never overlap.
pub trait Method: Sized + Send {
    const ABOUT: About;

    fn new(host: &Host, run: &Run, config: &Config) -> Result<Self, Error>;
    /// Learns from the fit inputs; a second call replaces the first.
    fn fit(&mut self, call: &Call) -> Result<(), Error>;
    /// Answers the query inputs by writing every element of the outputs.
    fn predict(&mut self, call: &Call) -> Result<(), Error>;
}

/// What a method says of itself; see `assay_method` in the header.
pub struct About {
    pub id: &'static str,
    pub version: &'static str,
    pub summary: &'static str,
    pub license: &'static str,
    pub references: &'static str,
    /// JSON Schema of the config object, with a default for each property.
    pub config_schema: &'static str,
    pub flags: u32,
    pub claims: &'static [abi::Claim],
}

pub const NEEDS_FIT: u32 = 1;
pub const DETERMINISTIC: u32 = 2;
pub const ROW_INDEPENDENT: u32 = 4;
pub const CROSS_VALIDATES: u32 = 8;
pub const USES_THREADS: u32 = 16;

/// A tensor that the method cannot do without.
pub const fn required(name: &'static str) -> abi::Input {
    abi::Input { name: abi::Str::new(name), flags: 1, reserved: 0 }
}

/// A tensor that the method uses where it is offered.
pub const fn optional(name: &'static str) -> abi::Input {
    abi::Input { name: abi::Str::new(name), flags: 0, reserved: 0 }
}

/// A task with every input that the method may use: what is not listed is not mapped.
pub const fn claim(task: &'static str, inputs: &'static [abi::Input]) -> abi::Claim {
    abi::Claim {
        task: abi::Str::new(task),
        major: 1,
        minor: 0,
        inputs: inputs.as_ptr(),
        input_count: inputs.len(),
    }
}

/// Exports a library of the methods that are named.
#[macro_export]
macro_rules! library {
    ($($method:ty),+ $(,)?) => {
        extern "C" fn method_at(index: u32) -> *const $crate::abi::Method {
            let tables: &[&'static $crate::abi::Method] =
                &[$(&$crate::table::Table::<$method>::TABLE),+];
            tables.get(index as usize).map_or(std::ptr::null(), |table| *table)
        }

        #[no_mangle]
        pub extern "C" fn assay_plugin_entry(
            host_major: u32, _host_minor: u32,
        ) -> *const $crate::abi::Library {
            const COUNT: u32 = [$(stringify!($method)),+].len() as u32;
            const LIBRARY: $crate::abi::Library = $crate::abi::Library {
                struct_size: std::mem::size_of::<$crate::abi::Library>() as u32,
                abi_major: $crate::abi::MAJOR,
                abi_minor: $crate::abi::MINOR,
                method_count: COUNT,
                method_at,
                get_extension: std::ptr::null(),
            };
            if host_major == $crate::abi::MAJOR { &LIBRARY } else { std::ptr::null() }
        }
    };
}

"""#

/// bindings/rust/src/table.rs.
let rust_table = #"""
//! The table of a method, and the functions in it.

use crate::{abi, Call, Config, Error, Host, Method, Run};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};

pub struct Table<M>(PhantomData<M>);

struct Instance<M> {
    host: *const abi::Host,
    method: M,
}

impl<M: Method> Table<M> {
    pub const TABLE: abi::Method = abi::Method {
        struct_size: std::mem::size_of::<abi::Method>() as u32,
        flags: M::ABOUT.flags,
        id: abi::Str::new(M::ABOUT.id),
        version: abi::Str::new(M::ABOUT.version),
        summary: abi::Str::new(M::ABOUT.summary),
        license: abi::Str::new(M::ABOUT.license),
        references: abi::Str::new(M::ABOUT.references),
        config_schema: abi::Str::new(M::ABOUT.config_schema),
        claims: M::ABOUT.claims.as_ptr(),
        claim_count: M::ABOUT.claims.len(),
        create: create::<M>,
        destroy: destroy::<M>,
        fit: fit::<M>,
        predict: predict::<M>,
        get_extension: std::ptr::null(),
    };
}

/// Runs a body and makes a status of how it ends.
fn guarded(host: &abi::Host, body: impl FnOnce() -> Result<(), Error>) -> abi::Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => abi::OK,
        Ok(Err(error)) => Host(host).fail(&error),
        Err(panic) => {
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no text");
            Host(host).fail(&Error::new(abi::E_INTERNAL, format!("the plugin panicked: {}", said)))
        }
    }
}

unsafe extern "C" fn create<M: Method>(
    host: *const abi::Host, run: *const abi::Run, config: abi::Str, result: *mut *mut c_void,
) -> abi::Status {
    guarded(&*host, || {
        let method = M::new(&Host(&*host), &Run(&*run), &Config::new(config.get()))?;
        *result = Box::into_raw(Box::new(Instance { host, method })) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn destroy<M: Method>(instance: *mut c_void) {
    let instance = Box::from_raw(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || {
        drop(instance);
        Ok(())
    });
}

unsafe extern "C" fn fit<M: Method>(instance: *mut c_void, call: *const abi::Call) -> abi::Status {
    let instance = &mut *(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || instance.method.fit(&Call::new(host, &*call)))
}

unsafe extern "C" fn predict<M: Method>(
    instance: *mut c_void, call: *const abi::Call,
) -> abi::Status {
    let instance = &mut *(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || instance.method.predict(&Call::new(host, &*call)))
}

"""#

/// Its Cargo.toml.
let rust_manifest = #"""
[package]
name = "assay-plugin"
version = "1.0.0"
edition = "2021"
rust-version = "1.63"
license = "Apache-2.0"
description = "Method plugins for Assay, on top of its C ABI; no dependencies."
publish = false


"""#

/// The crate that a plugin in Rust is built on, by path.
let rustCrate = [
  "Cargo.toml": rust_manifest,
  "src/abi.rs": rust_abi,
  "src/call.rs": rust_call,
  "src/config.rs": rust_config,
  "src/lib.rs": rust_lib,
  "src/table.rs": rust_table,
]

/// A method in Python.
let pythonMethod = #"""
"""Scores each class by the cosine to the mean of its training rows, in NumPy."""

import numpy as np

VERSION = "0.1.0"
LICENSE = "Apache-2.0"
REFERENCES = "doi:10.1007/978-3-642-33709-3_35"
TASK = "classify"
INPUTS = ["train.features", "train.labels", "class.count", "query.features"]
FLAGS = ["deterministic", "row-independent"]
CONFIG = {
    "scale": {
        "default": 100.0,
        "minimum": 0.001,
        "maximum": 10000.0,
        "description": "What the cosine is multiplied by.",
    },
}


def unit(rows):
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


class Method:
    def fit(self, inputs, config):
        rows = unit(inputs["train.features"].astype(np.float64))
        sums = np.zeros((int(inputs["class.count"]), rows.shape[1]))
        np.add.at(sums, inputs["train.labels"], rows)
        self.means = unit(sums)
        self.absent = ~sums.any(axis=1)
        self.scale = config.scale

    def predict(self, inputs):
        cosines = unit(inputs["query.features"].astype(np.float64)) @ self.means.T
        cosines[:, self.absent] = -1  # the lowest cosine
        return self.scale * cosines

"""#

/// The source of a plugin in Swift.
let swiftPlugin = #"""
public import AssayKit
internal import LinearAlgebra

/// Cosine to the unit mean of each class's unit training rows, times a scale.
///
/// The prototype classifier (Mensink et al., "Metric Learning for Large Scale Image
/// Classification", 2012, without the metric). A class without rows gets the lowest logit, -scale.
public struct {{type}}: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var scale = 100.0

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("scale", \.scale, 1e-3...1e4, "What the cosine is multiplied by.")
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "{{name}}", version: "0.1.0",
    summary: "Scores each class by the cosine to the mean of its training rows.",
    references: "doi:10.1007/978-3-642-33709-3_35", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: ["train.features", "train.labels", "class.count", "query.features"])
    ])

  /// Averages the rows of each class.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let rows = try inputs.matrix("train.features")
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: rows.rows)
    let statistics = ClassStatistics(
      rows: rows, labels: labels, classCount: classCount, unitRows: true)
    var means = statistics.means
    means.withMutableView { $0.normaliseRows() }
    let absent = statistics.absentClasses
    if !absent.isEmpty {
      context.note("\(absent.count) of \(classCount) classes have no training row: logit -scale")
    }
    return Model(means: means, absent: absent, scale: Float(config.scale))
  }

  /// The unit class means, ready to score.
  public struct Model: FittedMethod {
    let means: Matrix<Float>
    let absent: [Int]
    let scale: Float

    /// Writes scale times cosine.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: means.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: means.rows)
      gemm(queries, means.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: queries.inverseRowNorms())
      for row in 0..<logits.rows {
        for label in absent { logits[row, label] = -scale }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export({{type}}.self, major, minor)
}

"""#
