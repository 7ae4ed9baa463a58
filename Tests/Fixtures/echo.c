/* A well-behaved plugin: logits[q, k] = sum(query row q) + k + the mean label seen in fit. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

struct echo {
  const assay_host *host;
  double mean_label;
};

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  (void)run;
  struct echo *echo = calloc(1, sizeof *echo);
  if (!echo) return host->set_error(host->ctx, ASSAY_E_MEMORY, (assay_str)STR("no memory"));
  echo->host = host;
  *self = echo;
  host->metric(host->ctx, (assay_str)STR("config_bytes"), (double)config.len);
  return ASSAY_OK;
}

static void destroy(void *self) { free(self); }

static assay_status fit(void *self, const assay_call *call) {
  struct echo *echo = self;
  const assay_tensor *labels = find(call->in, call->in_count, "train.labels");
  if (labels && count_of(labels) > 0) {
    const int32_t *values = labels->tensor.data;
    double sum = 0;
    for (size_t i = 0; i < count_of(labels); i++) sum += values[i];
    echo->mean_label = sum / (double)count_of(labels);
  }
  echo->host->log(echo->host->ctx, ASSAY_LOG_NOTE, (assay_str)STR("fitted"));
  echo->host->log(echo->host->ctx, ASSAY_LOG_WARNING, (assay_str)STR("be careful"));
  echo->host->progress(echo->host->ctx, 1, (assay_str)STR("fit"));
  return ASSAY_OK;
}

static assay_status predict(void *self, const assay_call *call) {
  struct echo *echo = self;
  const assay_tensor *query = find(call->in, call->in_count, "query.features");
  if (!query || call->out_count != 1) return ASSAY_E_CONTRACT;
  int64_t rows = query->tensor.shape[0], width = query->tensor.shape[1];
  int64_t classes = call->out[0].tensor.shape[1];
  double *sums = echo->host->scratch(echo->host->ctx, (size_t)rows * sizeof(double));
  if (!sums) return ASSAY_E_MEMORY;
  const float *in = query->tensor.data;
  float *out = call->out[0].tensor.data;
  for (int64_t row = 0; row < rows; row++) {
    sums[row] = 0;
    for (int64_t column = 0; column < width; column++) sums[row] += in[row * width + column];
    for (int64_t class = 0; class < classes; class++)
      out[row * classes + class] = (float)(sums[row] + (double)class + echo->mean_label);
  }
  return ASSAY_OK;
}

/* Writes and reads a file in the scratch folder: the one place where that is allowed. */
static assay_status predict_with_file(void *self, const assay_call *call) {
  char path[4096];
  snprintf(path, sizeof path, "%.*s/note", (int)call->run->scratch_dir.len,
           call->run->scratch_dir.ptr);
  FILE *file = fopen(path, "w+");
  if (!file || fputs("kept", file) < 0 || fclose(file) != 0) return ASSAY_E_IO;
  return predict(self, call);
}

static const assay_method methods[] = {
    METHOD("echo", create, destroy, fit, predict),
    METHOD("echo-file", create, destroy, fit, predict_with_file),
};

static const assay_method *method_at(uint32_t index) { return index < 2 ? &methods[index] : NULL; }

static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, 2, method_at, NULL};

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
