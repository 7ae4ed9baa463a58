/* A correct plugin that can be broken in one way at a time: compile with -DBREAK_L04 and so on.
 *
 * logits[q, k] = the cosine-free score query row q . class sum k, in a fixed order of additions. Each
 * BREAK_xxx is a defect that the check xxx of `assay check`, and no other, has to find. */
#define _GNU_SOURCE
#include "assay.h"

#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STR(text) {text, sizeof(text) - 1}
#define UNUSED(x) (void)(x)

#if defined(BREAK_L02)
ASSAY_EXPORT int broken_helper(void);
int broken_helper(void) { return 1; }
#endif

/* ------------------------------------------------------------------------------------ Helpers */

#if defined(BREAK_L10) || defined(BREAK_M61)
static void flush_to_zero(void) {
#if defined(__x86_64__)
  uint32_t modes;
  __asm__ volatile("stmxcsr %0" : "=m"(modes));
  modes |= 0x8040;
  __asm__ volatile("ldmxcsr %0" : : "m"(modes));
#else
  uint64_t modes;
  __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
  modes |= 1ull << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(modes));
#endif
}
#endif

static const assay_tensor *find(const assay_call *call, const char *name) {
#if defined(BREAK_T55) /* the place of each input is taken for granted */
  static const char *const order[] = {"train.features", "train.labels", "class.count"};
  int predicts = call->in_count > 0 && call->out_count > 0;
  for (size_t place = 0; !predicts && place < 3; place++)
    if (!strcmp(order[place], name) && call->in_count >= 3) {
      for (size_t i = 0; i + 1 < call->in_count; i++)
        if (call->in[i].name.len == 11 && !memcmp(call->in[i].name.ptr, "class.count", 11))
          return NULL;
    }
#endif
  for (size_t i = 0; i < call->in_count; i++) {
    const assay_str *found = &call->in[i].name;
    if (found->len == strlen(name) && !memcmp(found->ptr, name, found->len)) return &call->in[i];
  }
  return NULL;
}

static int is(const assay_tensor *tensor, uint8_t code, int32_t rank) {
#if defined(BREAK_T37)
  UNUSED(code);
  return tensor && tensor->tensor.ndim == rank;
#else
  return tensor && tensor->tensor.dtype.code == code && tensor->tensor.dtype.bits == 32 &&
         tensor->tensor.ndim == rank;
#endif
}

/* ------------------------------------------------------------------------------------ Instance */

typedef struct {
  const assay_host *host;
  double scale;
  int64_t classes, width;
  double *sums; /* [classes, width], NULL before fit */
  uint64_t seed;
  uint32_t threads;
  const float *kept;
  int fits, predicts;
} broken;

static assay_status fail(const assay_host *host, assay_status status, const char *sentence) {
#if defined(BREAK_M63)
  UNUSED(host), UNUSED(sentence);
  return status;
#else
  return host->set_error(host->ctx, status, (assay_str){sentence, strlen(sentence)});
#endif
}

#if defined(BREAK_C21)
static double *shared_sums;
#endif

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  char text[64] = "", rest = 0;
  double scale = 1;
  int end = 0;
#if defined(BREAK_C26) /* refuses what it does not know */
  if (host->struct_size != sizeof *host || run->struct_size != sizeof *run)
    return fail(host, ASSAY_E_ARGUMENT, "unknown size");
#endif
  if (config.len < sizeof text) memcpy(text, config.ptr, config.len);
  if (sscanf(text, " { \"scale\" : %lf }%n", &scale, &end) != 1 || end != (int)strlen(text) ||
      sscanf(text + end, " %c", &rest) == 1)
    return fail(host, ASSAY_E_CONFIG, "the config is not {\"scale\":NUMBER}");
#if defined(BREAK_G29) /* the schema allows 100 */
  if (scale == 100) return fail(host, ASSAY_E_CONFIG, "config key 'scale' has to be below 100");
#endif
#if defined(BREAK_G31)
  if (scale != 0.5 && scale != 1 && scale != 100)
    return fail(host, ASSAY_E_INTERNAL, "only three scales are implemented");
#endif
  broken *made = calloc(1, sizeof *made);
  if (!made) return ASSAY_E_MEMORY;
  made->host = host;
  made->scale = scale;
  made->seed = run->seed;
  made->threads = run->max_threads;
  *self = made;
  return ASSAY_OK;
}

static void destroy(void *self) {
  broken *me = self;
#if defined(BREAK_C22) /* takes it for granted that there was a fit */
  if (!me->sums) *(volatile int *)0 = 1;
#endif
#if defined(BREAK_C20)
  static void *volatile lost;
  lost = malloc(300);
  memset(lost, 1, 300);
#endif
  free(me->sums);
  free(me);
}

#if defined(BREAK_M51) || defined(BREAK_M48)
static void *idle(void *ignored) {
  UNUSED(ignored);
#if defined(BREAK_M51)
  for (int i = 0; i < 1000; i++) sleep(100);
#else
  usleep(20000);
#endif
  return NULL;
}
#endif

static assay_status fit(void *self, const assay_call *call) {
  broken *me = self;
  const assay_host *host = me->host;
  const assay_tensor *features = find(call, "train.features"), *labels = find(call, "train.labels"),
                     *count = find(call, "class.count");
#if defined(BREAK_T39)
  for (size_t i = 0; i < call->in_count; i++)
    if (call->in[i].name.len > 5 && !memcmp(call->in[i].name.ptr, "assay", 5))
      return fail(host, ASSAY_E_INTERNAL, "what is this?");
#endif
#if defined(BREAK_T57)
  if (!features || !labels || !count) return fail(host, ASSAY_E_INTERNAL, "an input is missing");
#endif
  if (!is(features, ASSAY_DTYPE_FLOAT, 2) || !is(labels, ASSAY_DTYPE_INT, 1) ||
      !is(count, ASSAY_DTYPE_INT, 0) ||
      labels->tensor.shape[0] != features->tensor.shape[0])
    return fail(host, ASSAY_E_CONTRACT, "fit needs train.features, train.labels, class.count");
  int64_t n = features->tensor.shape[0], width = features->tensor.shape[1];
  int32_t classes = *(const int32_t *)count->tensor.data;
  const float *x = features->tensor.data;
  const int32_t *y = labels->tensor.data;
#if defined(BREAK_T32)
  if (n > 0) ((volatile float *)features->tensor.data)[0] *= 1;
#endif
  for (int64_t i = 0; i < n; i++)
    if (y[i] < 0 || y[i] >= classes)
      return fail(host, ASSAY_E_CONTRACT, "train.labels has a class outside 0 ..< class.count");
#if defined(BREAK_M46)
  if (n > 100)
    for (volatile int64_t spin = 0; spin < 3000000000; spin++) {}
#else
  if (host->cancelled(host->ctx)) return fail(host, ASSAY_E_CANCELLED, "given up");
#endif
#if defined(BREAK_C27) /* takes it for granted that the host has a clock to lend */
  if (!host->get_extension(host->ctx, (assay_str)STR("example.clock/1")))
    return fail(host, ASSAY_E_INTERNAL, "there is no clock");
#endif
#if defined(BREAK_T35)
  if (n < classes) return ASSAY_E_INTERNAL;
#endif
#if defined(BREAK_C24)
  int keeps = me->sums && me->classes == classes && me->width == width;
#else
  int keeps = 0;
#endif
  if (!keeps) {
    free(me->sums);
    me->sums = calloc((size_t)(classes * width) + 1, sizeof *me->sums);
    if (!me->sums) return ASSAY_E_MEMORY;
  }
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < width; j++) me->sums[y[i] * width + j] += x[i * width + j];
  }
  me->classes = classes;
  me->width = width;
  me->kept = n > 0 ? x : NULL;
#if defined(BREAK_C21)
  shared_sums = me->sums;
#endif
#if defined(BREAK_C53)
  static void *volatile lost;
  lost = malloc(20000);
  memset(lost, 1, 20000);
#endif
#if defined(BREAK_M50)
  printf("fitted\n");
#endif
#if defined(BREAK_M51)
  static pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
#elif defined(BREAK_M48)
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
  pthread_join(thread, NULL);
#endif
#if defined(BREAK_M61)
  flush_to_zero();
#endif
#if defined(BREAK_M62)
  setenv("BROKEN", "1", 1);
#endif
#if defined(BREAK_M64)
  host->progress(host->ctx, 50, (assay_str)STR("percent"));
#else
  host->progress(host->ctx, 1, (assay_str)STR("fit"));
#endif
  return ASSAY_OK;
}

static assay_status predict(void *self, const assay_call *call) {
  broken *me = self;
  const assay_host *host = me->host;
#if defined(BREAK_C23)
  if (!me->sums) return fail(host, ASSAY_E_INTERNAL, "no fit");
#else
  if (!me->sums) return fail(host, ASSAY_E_STATE, "predict needs fit first");
#endif
  const assay_tensor *query = find(call, "query.features");
#if defined(BREAK_T58)
  if (is(query, ASSAY_DTYPE_FLOAT, 2) && query->tensor.shape[1] != me->width)
    return fail(host, ASSAY_E_INTERNAL, "another width");
#endif
  if (!is(query, ASSAY_DTYPE_FLOAT, 2) || query->tensor.shape[1] != me->width)
    return fail(host, ASSAY_E_CONTRACT, "predict needs query.features [Q, D], D as in fit");
  if (call->out_count != 1 || call->out[0].tensor.shape[1] != me->classes)
    return fail(host, ASSAY_E_CONTRACT, "predict writes logits [Q, K], K as in fit");
  int64_t rows = query->tensor.shape[0], width = me->width, classes = me->classes;
  const float *x = query->tensor.data;
  float *out = call->out[0].tensor.data;
  double *scores = host->scratch(host->ctx, (size_t)classes * sizeof *scores);
#if defined(BREAK_M52)
  if (!scores) return fail(host, ASSAY_E_INTERNAL, "no scratch");
#else
  if (!scores) return fail(host, ASSAY_E_MEMORY, "no scratch memory");
#endif
  const double *sums = me->sums;
#if defined(BREAK_C21)
  sums = shared_sums;
#endif
  double offset = 0;
#if defined(BREAK_T41) /* an answer depends on the place of its row */
  int tells_place = rows >= 8;
#endif
#if defined(BREAK_T42) /* an answer depends on the other rows, though not on their order */
  for (int64_t i = 0; i < rows * width; i++) offset += x[i];
#endif
#if defined(BREAK_T60)
  offset = me->predicts++;
#endif
#if defined(BREAK_R45) /* each thread adds the first row once more */
  offset = (double)(me->threads - 1) * 1e3;
#endif
#if defined(BREAK_R44)
  offset = (double)(me->seed % 7);
#endif
#if defined(BREAK_R43)
  static long start; /* one value a process, another in the next */
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (!start) start = 1 + now.tv_nsec / 1000 % 997;
  offset = (double)start;
#endif
#if defined(BREAK_C54)
  volatile float late = me->kept ? me->kept[0] : 0;
  UNUSED(late);
#endif
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t k = 0; k < classes; k++) {
      scores[k] = 0;
      for (int64_t j = 0; j < width; j++) scores[k] += sums[k * width + j] * x[i * width + j];
      scores[k] = me->scale * scores[k] + offset;
    }
    for (int64_t k = 0; k < classes; k++) {
      double score = scores[k];
#if defined(BREAK_T41)
      score += tells_place && i >= 4 ? 1e3 : 0;
#endif
#if defined(BREAK_T33)
      if (rows == 1024 && i == rows - 1) continue;
#endif
#if !defined(BREAK_T38)
      if (!(score <= 3e38)) score = 3e38;
      if (!(score >= -3e38)) score = -3e38;
#else
      if (rows > 1 && width > 1 && !memcmp(x, x + width, (size_t)width * sizeof *x)) score /= 0.0;
#endif
#if defined(BREAK_T34)
      score /= 0.0;
#endif
      out[i * classes + k] = (float)score;
    }
  }
  return ASSAY_OK;
}

static const void *ability(void *self, assay_str id) {
  UNUSED(self);
#if defined(BREAK_C25) /* compares a prefix */
  if (id.len >= 13 && !memcmp(id.ptr, "assay.state/1", 13)) return self;
#else
  UNUSED(id);
#endif
  return NULL;
}

/* ------------------------------------------------------------------------------------ Tables */

static const assay_input inputs[] = {
    {STR("train.features"), ASSAY_INPUT_REQUIRED, 0},
    {STR("train.labels"), ASSAY_INPUT_REQUIRED, 0},
    {STR("class.count"), ASSAY_INPUT_REQUIRED, 0},
#if defined(BREAK_T56)
    {STR("text.class"), ASSAY_INPUT_OPTIONAL, 0},
#endif
#if defined(BREAK_D18)
    {STR("query.feature"), ASSAY_INPUT_OPTIONAL, 0},
#endif
    {STR("query.features"), ASSAY_INPUT_REQUIRED, 0},
};

static const assay_claim claims[] = {
    {STR("classify"), 1, 0, inputs, sizeof inputs / sizeof inputs[0]}};

#if defined(BREAK_T56)
static assay_status fit_with_text(void *self, const assay_call *call) {
  broken *me = self;
  if (find(call, "train.labels") && !find(call, "text.class"))
    return fail(me->host, ASSAY_E_INTERNAL, "no text");
  return fit(self, call);
}
#define FIT fit_with_text
#else
#define FIT fit
#endif

#if defined(BREAK_D19)
#define FLAGS (1u << 20)
#elif defined(BREAK_R45)
#define FLAGS ASSAY_METHOD_USES_THREADS
#else
#define FLAGS 0u
#endif

static const assay_method methods[] = {{
#if defined(BREAK_D14)
    .struct_size = sizeof(assay_method) + 100000,
#else
    .struct_size = sizeof(assay_method),
#endif
    .flags = FLAGS | ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC |
             ASSAY_METHOD_ROW_INDEPENDENT,
#if defined(BREAK_D15)
    .id = STR("Broken_Plugin"),
#else
    .id = STR("broken"),
#endif
    .version = STR("1.0.0"),
#if defined(BREAK_D16)
    .summary = STR("A summary that ends in a terminator.\0"),
#else
    .summary = STR("A fixture of the tests."),
#endif
    .license = STR("MIT"),
    .references = STR(""),
    .config_schema = STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                         "\"scale\":{\"type\":\"number\",\"minimum\":0.5,\"maximum\":100,"
                         "\"default\":1}"
#if defined(BREAK_D17)
                         ",\"more\":{\"description\":\"Has no default.\"}"
#endif
                         "}}"),
    .claims = claims,
    .claim_count = 1,
    .create = create,
    .destroy = destroy,
    .fit = FIT,
    .predict = predict,
    .get_extension = ability,
}};

static const assay_method *method_at(uint32_t index) {
#if defined(BREAK_L08)
  return &methods[index % 1];
#else
  return index < 1 ? &methods[index] : NULL;
#endif
}

static const assay_library library = {
    .struct_size = sizeof library, .abi_major = ASSAY_ABI_MAJOR, .abi_minor = ASSAY_ABI_MINOR,
    .method_count = 1, .method_at = method_at};

#if defined(BREAK_L03) /* the host links OpenBLAS, this library does not */
float cblas_sdot(int n, const float *x, int stride_x, const float *y, int stride_y);
__attribute__((used)) static float borrowed(const float *x) { return cblas_sdot(1, x, 1, x, 1); }
#endif
#if defined(BREAK_L01)
const assay_library *broken_nowhere(void);
#endif

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
#if defined(BREAK_L01)
  if (host_minor == 12345) return broken_nowhere();
#endif
#if defined(BREAK_L04)
  static assay_library copies[64];
  static int calls;
  assay_library *copy = &copies[calls++ % 64];
  *copy = library;
  return copy;
#endif
#if defined(BREAK_L05)
  if (host_major == 99) *(volatile int *)0 = 1;
#endif
#if defined(BREAK_L06)
  if (host_minor > 0) return NULL;
#endif
#if defined(BREAK_L07)
  static int calls;
  struct timespec start, now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
  do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  while (!calls && (now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < 200000000);
  calls++;
#endif
#if defined(BREAK_L10)
  flush_to_zero();
#endif
#if defined(BREAK_L11)
  signal(SIGUSR1, SIG_IGN);
#endif
#if defined(BREAK_L09) /* looks for its own data beside itself, by a path that it cannot spell */
  Dl_info self;
  if (dladdr((void *)&library, &self) && strchr(self.dli_fname, ' ')) return NULL;
#endif
  UNUSED(host_minor);
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
