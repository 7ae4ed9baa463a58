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
