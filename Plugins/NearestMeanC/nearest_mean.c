/* nearest-mean-c: the nearest class mean in plain C, a method plugin to read from top to bottom and
 * to start your own from.
 *
 *     cc -O2 -shared -fPIC -I<folder of assay.h> nearest_mean.c -o libassay-nearest-mean-c.so -lm
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
} nearest_mean;

/* ------------------------------------------------------------------------------------ Calls */

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **result) {
  (void)run;
  nearest_mean *self = calloc(1, sizeof *self);
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
  nearest_mean *self = instance;
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
  nearest_mean *self = instance;
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
  nearest_mean *self = instance;
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
    .id = ASSAY_STR("nearest-mean-c"),
    .version = ASSAY_STR("1.0.0"),
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
