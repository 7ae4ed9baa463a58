/* nearest-mean-c: the nearest class mean in plain C, the example of the bare ABI.
 *
 *     cc -O2 -shared -fPIC -I<folder of assay.h> nearest_mean.c -o libassay-nearest-mean-c.so -lm
 *
 * Each training row is brought to unit length, the rows of a class are averaged, and a query row
 * scores `scale` times its cosine to each mean. Read from top to bottom.
 */
#include "assay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STR(text) {text, sizeof(text) - 1}

/* ------------------------------------------------------------------------------------ Helpers */

static int equal(assay_str text, const char *other) {
  return text.len == strlen(other) && memcmp(text.ptr, other, text.len) == 0;
}

/* The tensor `name` among `count`, or NULL when its dtype or rank is not the wanted one. */
static const assay_dl_tensor *find(const assay_tensor *tensors, size_t count, const char *name,
                                   uint8_t code, int32_t rank) {
  for (size_t i = 0; i < count; i++) {
    const assay_dl_tensor *tensor = &tensors[i].tensor;
    if (!equal(tensors[i].name, name)) continue;
    int fits = tensor->dtype.code == code && tensor->dtype.bits == 32 && tensor->ndim == rank;
    return fits ? tensor : NULL;
  }
  return NULL;
}

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

static assay_status fail(const nearest_mean *self, assay_status status, const char *sentence) {
  assay_str text = {sentence, strlen(sentence)};
  return self->host->set_error(self->host->ctx, status, text);
}

/* ------------------------------------------------------------------------------------ Calls */

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **result) {
  (void)run;
  nearest_mean *self = calloc(1, sizeof *self);
  if (!self) return ASSAY_E_MEMORY;
  self->host = host;
  /* The host checked the config against the schema below and filled in the defaults, so
   * {"scale":NUMBER} is all that it can be; a plugin that is handed something else says so. */
  char text[64] = "";
  if (config.len < sizeof text) memcpy(text, config.ptr, config.len);
  double scale;
  int end = 0; /* stays 0 where the closing brace is missing */
  if (sscanf(text, " { \"scale\" : %lf } %n", &scale, &end) != 1 || end == 0 ||
      (size_t)end != config.len || !(scale >= 1e-3 && scale <= 1e4)) {
    fail(self, ASSAY_E_CONFIG, "config key 'scale' has to be a number from 0.001 to 10000");
    free(self);
    return ASSAY_E_CONFIG;
  }
  self->scale = (float)scale;
  *result = self;
  return ASSAY_OK;
}

static assay_status fit(void *instance, const assay_call *call) {
  nearest_mean *self = instance;
  const assay_dl_tensor *rows =
      find(call->in, call->in_count, "train.features", ASSAY_DTYPE_FLOAT, 2);
  const assay_dl_tensor *labels =
      find(call->in, call->in_count, "train.labels", ASSAY_DTYPE_INT, 1);
  const assay_dl_tensor *count = find(call->in, call->in_count, "class.count", ASSAY_DTYPE_INT, 0);
  if (!rows || !labels || !count || labels->shape[0] != rows->shape[0])
    return fail(self, ASSAY_E_CONTRACT,
                "fit needs train.features f32 [N, D], train.labels i32 [N], class.count i32 []");

  int64_t n = rows->shape[0], width = rows->shape[1], classes = *(const int32_t *)count->data;
  const float *x = rows->data;
  const int32_t *y = labels->data;
  for (int64_t i = 0; i < n; i++)
    if (y[i] < 0 || y[i] >= classes)
      return fail(self, ASSAY_E_CONTRACT, "train.labels has a class outside 0 ..< class.count");

  /* Sums of unit rows in double. The direction of the mean is the direction of the sum. */
  double *sums = calloc((size_t)(classes * width) + 1, sizeof *sums);
  float *means = calloc((size_t)(classes * width) + 1, sizeof *means);
  char *absent = calloc((size_t)classes + 1, 1);
  if (!sums || !means || !absent)
    return free(sums), free(means), free(absent),
           fail(self, ASSAY_E_MEMORY, "no memory for the class means");
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
    for (int64_t j = 0; j < width; j++) means[k * width + j] = (float)(factor * sums[k * width + j]);
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
  if (!self->means) return fail(self, ASSAY_E_STATE, "predict needs fit first");
  const assay_dl_tensor *rows =
      find(call->in, call->in_count, "query.features", ASSAY_DTYPE_FLOAT, 2);
  const assay_dl_tensor *logits = find(call->out, call->out_count, "logits", ASSAY_DTYPE_FLOAT, 2);
  if (!rows || rows->shape[1] != self->width)
    return fail(self, ASSAY_E_CONTRACT, "predict needs query.features f32 [Q, D], D as in fit");
  if (!logits || logits->shape[0] != rows->shape[0] || logits->shape[1] != self->classes)
    return fail(self, ASSAY_E_CONTRACT, "predict writes logits f32 [Q, K], K as in fit");

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
    {STR("train.features"), ASSAY_INPUT_REQUIRED, 0},
    {STR("train.labels"), ASSAY_INPUT_REQUIRED, 0},
    {STR("class.count"), ASSAY_INPUT_REQUIRED, 0},
    {STR("query.features"), ASSAY_INPUT_REQUIRED, 0},
};

static const assay_claim claims[] = {{STR("classify"), 1, 0, inputs, 4}};

static const assay_method method = {
    .struct_size = sizeof(assay_method),
    .flags = ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC | ASSAY_METHOD_ROW_INDEPENDENT,
    .id = STR("nearest-mean-c"),
    .version = STR("1.0.0"),
    .summary = STR("Scores each class by the cosine to the mean of its training rows, in C."),
    .license = STR("Apache-2.0"),
    .references = STR("doi:10.1007/978-3-642-33709-3_35"),
    .config_schema = STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
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
    .struct_size = sizeof library, .abi_major = ASSAY_ABI_MAJOR, .abi_minor = ASSAY_ABI_MINOR,
    .method_count = 1, .method_at = method_at};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
