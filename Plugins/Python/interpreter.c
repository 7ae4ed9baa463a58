#include "interpreter.h"

#include <dlfcn.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is done in Python itself: reading the file, arrays over the host's memory, tracebacks. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif
static const char glue[] = {
#embed "method.py"
    , 0};
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

static struct python python;

static const char *find_functions(void *library) {
#define FIND(type, name, parameters)                   \
  *(void **)&python.name = dlsym(library, #name);      \
  if (!python.name) return #name;
  PYTHON_FUNCTIONS(FIND)
#undef FIND
  python.none = dlsym(library, "_Py_NoneStruct");
  python.runtime_error = dlsym(library, "PyExc_RuntimeError");
  return !python.none ? "None" : !python.runtime_error ? "RuntimeError" : NULL;
}

static int run_glue(void) {
  python_object *code = python.Py_CompileString(glue, "<assay>", PYTHON_FILE_INPUT);
  if (!code) return 0;
  python.names = python.PyDict_New();
  python.PyDict_SetItemString(python.names, "__builtins__", python.PyEval_GetBuiltins());
  python_object *result = python.PyEval_EvalCode(code, python.names, python.names);
  python.Py_DecRef(code);
  if (!result) return 0;
  python.Py_DecRef(result);
  return 1;
}

const struct python *interpreter_start(char *problem, size_t size) {
  if (python.names) return &python;
  const char *path = getenv("ASSAY_PYTHON_LIBRARY");
  const char *executable = getenv("ASSAY_PYTHON_EXECUTABLE");
  if (!path || !executable) {
    snprintf(problem, size, "no interpreter is named; give assay the method's .py file");
    return NULL;
  }
  /* Extension modules look for these names in the whole process. */
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  const char *missing = library ? find_functions(library) : NULL;
  if (!library || missing) {
    snprintf(problem, size, "%s: %s%s", path, missing ? "has no " : "",
             missing ? missing : dlerror());
    return NULL;
  }
  /* Starting sets the locale, which is the host's. */
  const char *before = setlocale(LC_ALL, NULL);
  char *locale = before ? strdup(before) : NULL;
  wchar_t *program = python.Py_DecodeLocale(executable, NULL);
  if (program) python.Py_SetProgramName(program);
  /* Without handlers of signals. */
  python.Py_InitializeEx(0);
  if (locale) setlocale(LC_ALL, locale);
  free(locale);
  int is_fine = run_glue();
  if (!is_fine) {
    python.PyErr_Print();
    python.names = NULL;
    snprintf(problem, size, "%s does not run what Assay needs of it", executable);
  }
  python.PyEval_SaveThread();
  return is_fine ? &python : NULL;
}
