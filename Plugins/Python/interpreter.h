/* An interpreter found at run time: nothing of Python is there when this library is built.
 *
 * The functions are those of Python's stable ABI, or older than it and unchanged since 3.9. */
#ifndef ASSAY_INTERPRETER_H
#define ASSAY_INTERPRETER_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

typedef struct python_object python_object;
typedef python_object *(*python_function)(python_object *self, python_object *arguments);

/* PyMethodDef. */
struct python_method {
  const char *name;
  python_function function;
  int flags;
  const char *text;
};

#define PYTHON_VARARGS 1
#define PYTHON_FILE_INPUT 257
#define PYTHON_READ 0x100
#define PYTHON_WRITE 0x200

#define PYTHON_FUNCTIONS(F)                                                                  \
  F(wchar_t *, Py_DecodeLocale, (const char *, size_t *))                                    \
  F(void, Py_SetProgramName, (const wchar_t *))                                              \
  F(void, Py_InitializeEx, (int))                                                            \
  F(void *, PyEval_SaveThread, (void))                                                       \
  F(int, PyGILState_Ensure, (void))                                                          \
  F(void, PyGILState_Release, (int))                                                         \
  F(python_object *, Py_CompileString, (const char *, const char *, int))                    \
  F(python_object *, PyEval_EvalCode, (python_object *, python_object *, python_object *))   \
  F(python_object *, PyEval_GetBuiltins, (void))                                             \
  F(python_object *, PyDict_New, (void))                                                     \
  F(int, PyDict_SetItemString, (python_object *, const char *, python_object *))             \
  F(python_object *, PyDict_GetItemString, (python_object *, const char *))                  \
  F(python_object *, PyObject_CallObject, (python_object *, python_object *))                \
  F(python_object *, PyTuple_New, (ptrdiff_t))                                               \
  F(int, PyTuple_SetItem, (python_object *, ptrdiff_t, python_object *))                     \
  F(python_object *, PyTuple_GetItem, (python_object *, ptrdiff_t))                          \
  F(ptrdiff_t, PyTuple_Size, (python_object *))                                              \
  F(python_object *, PyLong_FromLongLong, (long long))                                       \
  F(python_object *, PyLong_FromUnsignedLongLong, (unsigned long long))                      \
  F(long long, PyLong_AsLongLong, (python_object *))                                         \
  F(double, PyFloat_AsDouble, (python_object *))                                             \
  F(python_object *, PyUnicode_DecodeUTF8, (const char *, ptrdiff_t, const char *))          \
  F(const char *, PyUnicode_AsUTF8AndSize, (python_object *, ptrdiff_t *))                   \
  F(int, PyBytes_AsStringAndSize, (python_object *, char **, ptrdiff_t *))                   \
  F(python_object *, PyMemoryView_FromMemory, (char *, ptrdiff_t, int))                      \
  F(python_object *, PyCapsule_New, (void *, const char *, void *))                          \
  F(void *, PyCapsule_GetPointer, (python_object *, const char *))                           \
  F(python_object *, PyCFunction_NewEx,                                                      \
    (struct python_method *, python_object *, python_object *))                              \
  F(void, Py_IncRef, (python_object *))                                                      \
  F(void, Py_DecRef, (python_object *))                                                      \
  F(python_object *, PyErr_Occurred, (void))                                                 \
  F(void, PyErr_Print, (void))                                                               \
  F(void, PyErr_Clear, (void))                                                               \
  F(void, PyErr_SetString, (python_object *, const char *))

struct python {
#define MEMBER(type, name, parameters) type(*name) parameters;
  PYTHON_FUNCTIONS(MEMBER)
#undef MEMBER
  python_object *none;
  python_object **runtime_error;
  /* The names of method.py. */
  python_object *names;
};

/* The interpreter, started when first asked for; NULL where that cannot be, and `problem` says why.
 * Its global lock is free between calls. */
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
const struct python *
interpreter_start(char *problem, size_t size);

#endif
