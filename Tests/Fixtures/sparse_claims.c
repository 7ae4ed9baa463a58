/* A conforming plugin that claims no more than it reads: rows, labels and query rows of classify.
 *
 * The number of classes is the width of the logits that it is handed. An answer is the dot product
 * with the sum of the rows of each class. Like the header allows, it trusts its config. */
#include "assay.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const assay_host *host;
  float *rows;
  int32_t *labels;
  int64_t count, width;
} sparse;

static const assay_dl_tensor *find(const assay_call *call, const char *name, uint8_t code,
                                   int32_t rank) {
  for (size_t i = 0; i < call->in_count; i++) {
    const assay_tensor *tensor = &call->in[i];
    if (tensor->name.len != strlen(name) || memcmp(tensor->name.ptr, name, tensor->name.len))
      continue;
    int fits = tensor->tensor.dtype.code == code && tensor->tensor.dtype.bits == 32 &&
               tensor->tensor.ndim == rank;
    return fits ? &tensor->tensor : NULL;
  }
  return NULL;
}

static assay_status fail(const sparse *self, assay_status status, const char *sentence) {
  return self->host->set_error(self->host->ctx, status, (assay_str){sentence, strlen(sentence)});
}

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **result) {
  (void)run, (void)config;
  sparse *self = calloc(1, sizeof *self);
  if (!self) return ASSAY_E_MEMORY;
  self->host = host;
  *result = self;
  return ASSAY_OK;
}

static void destroy(void *instance) {
  sparse *self = instance;
  free(self->rows), free(self->labels), free(self);
}

static assay_status fit(void *instance, const assay_call *call) {
  sparse *self = instance;
  const assay_dl_tensor *rows = find(call, "train.features", ASSAY_DTYPE_FLOAT, 2);
  const assay_dl_tensor *labels = find(call, "train.labels", ASSAY_DTYPE_INT, 1);
  if (!rows || !labels || rows->shape[0] != labels->shape[0])
    return fail(self, ASSAY_E_CONTRACT, "fit needs train.features [N, D] and train.labels [N]");
  free(self->rows), free(self->labels);
  self->count = rows->shape[0], self->width = rows->shape[1];
  size_t elements = (size_t)(self->count * self->width);
  self->rows = malloc(elements * sizeof(float) + 1);
  self->labels = malloc((size_t)self->count * sizeof(int32_t) + 1);
  if (!self->rows || !self->labels) return fail(self, ASSAY_E_MEMORY, "no memory for the rows");
  if (elements) memcpy(self->rows, rows->data, elements * sizeof(float));
  if (self->count) memcpy(self->labels, labels->data, (size_t)self->count * sizeof(int32_t));
  for (int64_t i = 0; i < self->count; i++)
    if (self->labels[i] < 0) return fail(self, ASSAY_E_CONTRACT, "a label is negative");
  return ASSAY_OK;
}

static assay_status predict(void *instance, const assay_call *call) {
  sparse *self = instance;
  if (!self->rows) return fail(self, ASSAY_E_STATE, "predict needs fit first");
  const assay_dl_tensor *rows = find(call, "query.features", ASSAY_DTYPE_FLOAT, 2);
  if (!rows || rows->shape[1] != self->width || call->out_count != 1)
    return fail(self, ASSAY_E_CONTRACT, "predict needs query.features [Q, D], D as in fit");
  const assay_dl_tensor *logits = &call->out[0].tensor;
  int64_t classes = logits->shape[1];
  double *sums = calloc((size_t)(classes * self->width) + 1, sizeof *sums);
  if (!sums) return fail(self, ASSAY_E_MEMORY, "no memory for the sums");
  assay_status status = ASSAY_OK;
  for (int64_t i = 0; i < self->count && !status; i++) {
    if (self->labels[i] >= classes)
      status = fail(self, ASSAY_E_CONTRACT, "a label is not below the width of the logits");
    else
      for (int64_t j = 0; j < self->width; j++)
        sums[self->labels[i] * self->width + j] += self->rows[i * self->width + j];
  }
  for (int64_t i = 0; i < rows->shape[0] && !status; i++)
    for (int64_t k = 0; k < classes; k++) {
      double score = 0;
      for (int64_t j = 0; j < self->width; j++)
        score += sums[k * self->width + j] * ((const float *)rows->data)[i * self->width + j];
      score = score > 3e38 ? 3e38 : score < -3e38 ? -3e38 : score;
      ((float *)logits->data)[i * classes + k] = (float)score;
    }
  free(sums);
  return status;
}

static const assay_input inputs[] = {
    {ASSAY_STR("train.features"), ASSAY_INPUT_REQUIRED, 0},
    {ASSAY_STR("train.labels"), ASSAY_INPUT_REQUIRED, 0},
    {ASSAY_STR("query.features"), ASSAY_INPUT_REQUIRED, 0},
};
static const assay_claim claims[] = {{ASSAY_STR("classify"), 1, 0, inputs, 3}};
static const assay_method method = {
    ASSAY_METHOD_TABLE,
    .flags = ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC | ASSAY_METHOD_ROW_INDEPENDENT,
    .id = ASSAY_STR("sparse-claims"),
    .version = ASSAY_STR("1.0.0"),
    .summary = ASSAY_STR("A fixture of the tests."),
    .license = ASSAY_STR("MIT"),
    .references = ASSAY_STR(""),
    .config_schema = ASSAY_STR("{\"type\":\"object\",\"additionalProperties\":false,"
                               "\"properties\":{\"width\":{\"type\":\"number\",\"minimum\":1,"
                               "\"maximum\":2,\"default\":1,\"description\":\"Unused.\"}}}"),
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

const assay_library *assay_plugin_entry(uint32_t major, uint32_t minor) {
  (void)minor;
  return major == ASSAY_ABI_MAJOR ? &library : NULL;
}
