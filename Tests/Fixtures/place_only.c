/* Answers from the place of what is asked alone: it reads no feature, no text and no label. */
#include "fixture.h"

/* The class, or the rank, that the place of row i of n stands for among k. */
static int64_t cyclic(int64_t i, int64_t n, int64_t k) { return (void)n, i % k; }
static int64_t rising(int64_t i, int64_t n, int64_t k) { return i * k / n; }
static int64_t falling(int64_t i, int64_t n, int64_t k) { return (n - 1 - i) * k / n; }
static int64_t constant(int64_t i, int64_t n, int64_t k) { return (void)i, (void)n, (void)k, 0; }

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)host, (void)run, (void)config;
  *self = NULL;
  return ASSAY_OK;
}

static void destroy(void *self) { (void)self; }
static assay_status fit(void *self, const assay_call *call) { return (void)self, (void)call, ASSAY_OK; }

/* A score that is highest where the place says so; a single column ranks rows by their place. */
static void answer(const assay_tensor *output, int64_t (*place)(int64_t, int64_t, int64_t)) {
  const assay_dl_tensor *tensor = &output->tensor;
  int64_t rows = tensor->ndim > 0 ? tensor->shape[0] : 1;
  int64_t columns = tensor->ndim > 1 ? tensor->shape[1] : 1;
  for (int64_t row = 0; row < rows; row++)
    for (int64_t column = 0; column < columns; column++) {
      int64_t at = row * columns + column;
      float score = columns > 1 ? (place(row, rows, columns) == column ? 30.0f : 0.0f)
                                : (float)place(row, rows, rows > 1 ? rows / 2 : 1);
      if (tensor->dtype.code == 2 && tensor->dtype.bits == 32) ((float *)tensor->data)[at] = score;
      if (tensor->dtype.code == 2 && tensor->dtype.bits == 64)
        ((double *)tensor->data)[at] = place(row, rows, 2) > 0;
      if (tensor->dtype.bits == 8) ((uint8_t *)tensor->data)[at] = place(row, rows, 2) > 0;
    }
}

#define PLACE(name)                                                                                \
  static assay_status predict_##name(void *self, const assay_call *call) {                        \
    (void)self;                                                                                    \
    answer(&call->out[0], name);                                                                   \
    /* Beside a decision to keep a text stands its probability; all other outputs are optional. */ \
    if (call->out[0].tensor.dtype.bits == 8) answer(&call->out[1], name);                          \
    return ASSAY_OK;                                                                               \
  }
PLACE(cyclic)
PLACE(rising)
PLACE(falling)
PLACE(constant)

#define INPUT(name) {STR(name), ASSAY_INPUT_OPTIONAL, 0}
static const assay_input classify[] = {INPUT("query.features"), INPUT("class.count"),
                                       INPUT("query.text")};
static const assay_input images[] = {INPUT("query.images"), INPUT("query.tokens"),
                                     INPUT("class.count")};
static const assay_input detect[] = {INPUT("query.features")};
static const assay_input retrieve[] = {INPUT("query.image"), INPUT("query.text")};
static const assay_input recommend[] = {INPUT("query.pairs")};
static const assay_input curate[] = {INPUT("texts.offsets")};
static const assay_claim claims[] = {
    {STR("classify"), 1, 1, classify, 3}, {STR("detect-ood"), 1, 0, detect, 1},
    {STR("retrieve"), 1, 0, retrieve, 2}, {STR("recommend"), 1, 0, recommend, 1},
    {STR("curate"), 1, 0, curate, 1},
    {STR("classify-images"), 1, 0, images, 3},
};

#define ANSWERING(name)                                                                            \
  {sizeof(assay_method), ASSAY_METHOD_DETERMINISTIC, STR(#name), STR("1.0.0"),                     \
   STR("Answers from the place of a row."), STR("MIT"), STR(""), CONFIG_SCHEMA, claims, 6, create, \
   destroy, fit, predict_##name, NULL}

static const assay_method methods[] = {
    ANSWERING(cyclic), ANSWERING(rising), ANSWERING(falling), ANSWERING(constant)};

static const assay_method *method_at(uint32_t index) { return index < 4 ? &methods[index] : NULL; }

static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, 4, method_at, NULL};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
