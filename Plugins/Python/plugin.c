/* A method that is a Python file, as a plugin.
 *
 * The host finds the interpreter and says in the environment which it is, where the file lies, and,
 * once it knows, what the method says of itself; then no table costs a start of Python. */
#include "card.h"
#include "interpreter.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_helpers.h"

typedef struct instance {
  const assay_host *host;
  python_object *object;
  int is_fitted;
} instance;

static const struct python *py;

/* ------------------------------------------------------------------------------------ To Python */

static python_object *text(assay_str text) {
  return py->PyUnicode_DecodeUTF8(text.ptr ? text.ptr : "", (ptrdiff_t)text.len, "replace");
}

static python_object *number(long long value) { return py->PyLong_FromLongLong(value); }

/* A tuple of new references, which it takes over; NULL when one of them is. */
static python_object *tuple(python_object **items, size_t count) {
  python_object *result = py->PyTuple_New((ptrdiff_t)count);
  int is_fine = result != NULL;
  for (size_t i = 0; i < count; i++) {
    if (!items[i]) is_fine = 0;
    if (result)
      py->PyTuple_SetItem(result, (ptrdiff_t)i, items[i]);
    else
      py->Py_DecRef(items[i]);
  }
  if (is_fine) return result;
  py->Py_DecRef(result);
  return NULL;
}

#define TUPLE(...)                                     \
  tuple((python_object *[]){__VA_ARGS__},              \
        sizeof((python_object *[]){__VA_ARGS__}) / sizeof(python_object *))

static python_object *nothing(void) {
  py->Py_IncRef(py->none);
  return py->none;
}

/* (name, memory or None, code of the dtype, its bits, shape, whether the method decides the shape) */
static python_object *tensor(const assay_tensor *from) {
  const assay_dl_tensor *view = &from->tensor;
  int64_t count = 1;
  python_object *shape = py->PyTuple_New(view->ndim);
  for (int32_t i = 0; shape && i < view->ndim; i++) {
    count *= view->shape[i];
    py->PyTuple_SetItem(shape, i, number(view->shape[i]));
  }
  ptrdiff_t bytes = (ptrdiff_t)count * view->dtype.bits / 8;
  int mode = from->flags & ASSAY_TENSOR_READ_ONLY ? PYTHON_READ : PYTHON_WRITE;
  python_object *memory = view->data && bytes > 0
                              ? py->PyMemoryView_FromMemory(view->data, bytes, mode)
                              : nothing();
  return TUPLE(text(from->name), memory, number(view->dtype.code), number(view->dtype.bits), shape,
               number((from->flags & ASSAY_TENSOR_DYNAMIC) != 0));
}

static python_object *tensors(const assay_tensor *from, size_t count) {
  python_object *list = py->PyTuple_New((ptrdiff_t)count);
  for (size_t i = 0; list && i < count; i++)
    py->PyTuple_SetItem(list, (ptrdiff_t)i, tensor(&from[i]));
  return list;
}

static python_object *circumstances(const assay_run *run) {
  return TUPLE(py->PyLong_FromUnsignedLongLong(run->seed),
               py->PyLong_FromUnsignedLongLong(run->stream), number(run->max_threads),
               number((long long)run->memory_budget), number(run->deadline_ns),
               text(run->scratch_dir), text(run->task));
}

/* --------------------------------------------------------------------------------- From Python */

static instance *owner(python_object *self) { return py->PyCapsule_GetPointer(self, "assay"); }

static assay_str argument_text(python_object *arguments, ptrdiff_t index) {
  ptrdiff_t length = 0;
  const char *text =
      py->PyUnicode_AsUTF8AndSize(py->PyTuple_GetItem(arguments, index), &length);
  return (assay_str){text, text ? (size_t)length : 0};
}

static long long argument_number(python_object *arguments, ptrdiff_t index) {
  return py->PyLong_AsLongLong(py->PyTuple_GetItem(arguments, index));
}

static python_object *say(python_object *self, python_object *arguments) {
  instance *on = owner(self);
  long long level = argument_number(arguments, 0);
  assay_str words = argument_text(arguments, 1);
  if (!on || py->PyErr_Occurred()) return NULL;
  on->host->log(on->host->ctx, (int32_t)level, words);
  return nothing();
}

static python_object *progress(python_object *self, python_object *arguments) {
  instance *on = owner(self);
  double fraction = py->PyFloat_AsDouble(py->PyTuple_GetItem(arguments, 0));
  assay_str stage = argument_text(arguments, 1);
  if (!on || py->PyErr_Occurred()) return NULL;
  on->host->progress(on->host->ctx, fraction, stage);
  return nothing();
}

static python_object *metric(python_object *self, python_object *arguments) {
  instance *on = owner(self);
  assay_str name = argument_text(arguments, 0);
  double value = py->PyFloat_AsDouble(py->PyTuple_GetItem(arguments, 1));
  if (!on || py->PyErr_Occurred()) return NULL;
  on->host->metric(on->host->ctx, name, value);
  return nothing();
}

static python_object *cancelled(python_object *self, python_object *arguments) {
  (void)arguments;
  instance *on = owner(self);
  return on ? number(on->host->cancelled(on->host->ctx)) : NULL;
}

/* (name, code, bits, shape): memory for an output whose shape the method decides, or the status. */
static python_object *allocate(python_object *self, python_object *arguments) {
  instance *on = owner(self);
  assay_str name = argument_text(arguments, 0);
  long long code = argument_number(arguments, 1), bits = argument_number(arguments, 2);
  python_object *extents = py->PyTuple_GetItem(arguments, 3);
  int64_t shape[8];
  ptrdiff_t rank = extents ? py->PyTuple_Size(extents) : 0;
  if (rank > 8) {
    py->PyErr_SetString(*py->runtime_error, "an output has at most 8 dimensions");
    return NULL;
  }
  for (ptrdiff_t i = 0; i < rank; i++) shape[i] = argument_number(extents, i);
  if (!on || py->PyErr_Occurred()) return NULL;
  assay_dtype dtype = {(uint8_t)code, (uint8_t)bits, 1};
  assay_tensor out;
  memset(&out, 0, sizeof out);
  assay_status status =
      on->host->alloc_output(on->host->ctx, name, dtype, (int32_t)rank, shape, &out);
  if (status != ASSAY_OK) return number(status);
  out.flags = 0;
  return tensor(&out);
}

static struct python_method services[] = {
    {"say", say, PYTHON_VARARGS, NULL},
    {"progress", progress, PYTHON_VARARGS, NULL},
    {"metric", metric, PYTHON_VARARGS, NULL},
    {"cancelled", cancelled, PYTHON_VARARGS, NULL},
    {"allocate", allocate, PYTHON_VARARGS, NULL},
};

static python_object *make_services(instance *on) {
  python_object *functions[sizeof services / sizeof services[0]];
  for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
    python_object *self = py->PyCapsule_New(on, "assay", NULL);
    functions[i] = self ? py->PyCFunction_NewEx(&services[i], self, NULL) : NULL;
    py->Py_DecRef(self);
  }
  return tuple(functions, sizeof services / sizeof services[0]);
}

/* ---------------------------------------------------------------------------------- The calls */

#define SIGNALS 32

/* Packages settle what signals do when they are imported, and that is the host's. */
static void keep_signals(struct sigaction *actions) {
  for (int number = 1; number < SIGNALS; number++) sigaction(number, NULL, &actions[number]);
}

static void restore_signals(const struct sigaction *actions) {
  for (int number = 1; number < SIGNALS; number++)
    if (number != SIGKILL && number != SIGSTOP) sigaction(number, &actions[number], NULL);
}

/* Calls a function of method.py, which answers (status, sentence or None, result); gives `result`
 * away when asked for. */
static assay_status call_glue(const assay_host *host, const char *name, python_object *arguments,
                              python_object **result) {
  struct sigaction actions[SIGNALS];
  keep_signals(actions);
  python_object *function = py->PyDict_GetItemString(py->names, name);
  python_object *answer =
      function && arguments ? py->PyObject_CallObject(function, arguments) : NULL;
  restore_signals(actions);
  py->Py_DecRef(arguments);
  if (!answer) {
    py->PyErr_Print();
    return assay_fail(host, ASSAY_E_INTERNAL,
                      "what wraps the method in Python failed, for want of memory or because the "
                      "method changed what it stands on; see the traceback");
  }
  assay_status status = (assay_status)argument_number(answer, 0);
  if (status != ASSAY_OK) host->set_error(host->ctx, status, argument_text(answer, 1));
  if (result && status == ASSAY_OK) {
    *result = py->PyTuple_GetItem(answer, 2);
    py->Py_IncRef(*result);
  }
  py->Py_DecRef(answer);
  return status;
}

static python_object *method_path(void) {
  const char *path = getenv("ASSAY_PYTHON_METHOD");
  return text((assay_str){path, path ? strlen(path) : 0});
}

static assay_status create(const assay_host *host, const assay_run *run, assay_str config,
                           void **self) {
  char problem[512] = "";
  py = interpreter_start(problem, sizeof problem);
  if (!py) return assay_fail(host, ASSAY_E_INTERNAL, problem);
  instance *made = calloc(1, sizeof *made);
  if (!made) return assay_fail(host, ASSAY_E_MEMORY, "no memory for an instance");
  made->host = host;
  int lock = py->PyGILState_Ensure();
  assay_status status =
      call_glue(host, "create",
                TUPLE(method_path(), text(config), circumstances(run), make_services(made)),
                &made->object);
  py->PyGILState_Release(lock);
  if (status == ASSAY_OK)
    *self = made;
  else
    free(made);
  return status;
}

static assay_status call_method(instance *on, const char *name, const assay_call *call) {
  const assay_host *host = on->host;
  if (host->cancelled(host->ctx))
    return assay_fail(host, ASSAY_E_CANCELLED, "cancelled before the call");
  int lock = py->PyGILState_Ensure();
  py->Py_IncRef(on->object);
  assay_status status =
      call_glue(host, name,
                TUPLE(on->object, tensors(call->in, call->in_count),
                      tensors(call->out, call->out_count), circumstances(call->run)),
                NULL);
  py->PyGILState_Release(lock);
  return status;
}

static assay_status fit(void *self, const assay_call *call) {
  instance *on = self;
  on->is_fitted = 0;
  assay_status status = call_method(on, "fit", call);
  on->is_fitted = status == ASSAY_OK;
  return status;
}

static assay_method method;

static assay_status predict(void *self, const assay_call *call) {
  instance *on = self;
  if (!on->is_fitted && method.flags & ASSAY_METHOD_NEEDS_FIT)
    return assay_fail(on->host, ASSAY_E_STATE, "predict came before fit");
  return call_method(on, "predict", call);
}

static void destroy(void *self) {
  instance *on = self;
  int lock = py->PyGILState_Ensure();
  python_object *function = py->PyDict_GetItemString(py->names, "destroy");
  python_object *arguments = py->PyTuple_New(1);
  if (function && arguments) {
    py->PyTuple_SetItem(arguments, 0, on->object);
    py->Py_DecRef(py->PyObject_CallObject(function, arguments));
  }
  if (py->PyErr_Occurred()) py->PyErr_Clear();
  py->Py_DecRef(arguments);
  py->PyGILState_Release(lock);
  free(on);
}

/* -------------------------------------------------------------------------------------- Tables */

static const assay_method *method_at(uint32_t index);

/* Without a file there is no method: so it lies among the plugins of an installation. */
static assay_library library = {ASSAY_LIBRARY_TABLE, .method_count = 0, .method_at = method_at};

static const assay_method *method_at(uint32_t index) {
  return index < library.method_count ? &method : NULL;
}

/* Asks the file itself. What is wrong with it is told on stderr, for an entry has no other way. */
static char *ask_for_card(size_t *size) {
  char problem[512] = "";
  py = interpreter_start(problem, sizeof problem);
  if (!py) {
    fprintf(stderr, "%s\n", problem);
    return NULL;
  }
  char *card = NULL;
  int lock = py->PyGILState_Ensure();
  python_object *function = py->PyDict_GetItemString(py->names, "describe");
  python_object *arguments = TUPLE(method_path());
  python_object *answer =
      function && arguments ? py->PyObject_CallObject(function, arguments) : NULL;
  char *bytes = NULL;
  ptrdiff_t length = 0;
  if (answer && py->PyBytes_AsStringAndSize(answer, &bytes, &length) == 0 && length > 0) {
    card = malloc((size_t)length);
    if (card) memcpy(card, bytes, (size_t)length);
    *size = (size_t)length;
  }
  if (py->PyErr_Occurred()) py->PyErr_Print();
  py->Py_DecRef(answer);
  py->Py_DecRef(arguments);
  py->PyGILState_Release(lock);
  return card;
}

const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  if (host_major != ASSAY_ABI_MAJOR) return NULL;
  if (library.method_count > 0 || !getenv("ASSAY_PYTHON_METHOD")) return &library;
  size_t size = 0;
  char *card = card_file(getenv("ASSAY_PYTHON_CARD"), &size);
  if (!card) card = ask_for_card(&size);
  assay_method read = {ASSAY_METHOD_TABLE,   .create = create,   .destroy = destroy,
                       .fit = fit,           .predict = predict};
  if (!card || !card_read(card, size, &read)) return NULL;
  method = read;
  library.method_count = 1;
  return &library;
}
