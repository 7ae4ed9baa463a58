/* What the fixture plugins share: a method table from a name and three functions. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "assay.h"

#include <string.h>

#define STR(text) {text, sizeof(text) - 1}

#define CONFIG_SCHEMA                                                                              \
  STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}")

static const assay_input fixture_inputs[] = {
    {STR("query.features"), ASSAY_INPUT_REQUIRED, 0},
    {STR("train.features"), ASSAY_INPUT_OPTIONAL, 0},
    {STR("train.labels"), ASSAY_INPUT_OPTIONAL, 0},
};

static const assay_claim fixture_claims[] = {{STR("classify"), 1, 0, fixture_inputs, 3}};

#define METHOD(name, create, destroy, fit, predict)                                                \
  {sizeof(assay_method), ASSAY_METHOD_DETERMINISTIC, STR(name), STR("1.0.0"),                      \
   STR("A fixture of the tests."), STR("MIT"), STR(""), CONFIG_SCHEMA, fixture_claims, 1, create,  \
   destroy, fit, predict, NULL}

static inline const assay_tensor *find(const assay_tensor *tensors, size_t count,
                                       const char *name) {
  for (size_t i = 0; i < count; i++)
    if (tensors[i].name.len == strlen(name) && !memcmp(tensors[i].name.ptr, name, strlen(name)))
      return &tensors[i];
  return NULL;
}

static inline size_t count_of(const assay_tensor *tensor) {
  size_t count = 1;
  for (int32_t axis = 0; axis < tensor->tensor.ndim; axis++)
    count *= (size_t)tensor->tensor.shape[axis];
  return count;
}

/* Fills the first output with `value`. */
static inline void fill(const assay_call *call, float value) {
  float *out = call->out[0].tensor.data;
  for (size_t i = 0; i < count_of(&call->out[0]); i++) out[i] = value;
}

#endif
