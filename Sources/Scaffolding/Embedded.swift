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
