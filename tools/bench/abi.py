"""Calls an Assay plugin through assay.h, in this process, with NumPy arrays for tensors.

Only what the benchmarks need. A real host runs plugins in workers; timing one against NumPy has to
happen in one process, on the same memory.
"""
import ctypes as c
import time

import numpy as np


class Str(c.Structure):
    _fields_ = [("ptr", c.c_char_p), ("len", c.c_size_t)]

    @classmethod
    def of(cls, text):
        data = text.encode()
        return cls(data, len(data))

    @property
    def text(self):
        return c.string_at(self.ptr, self.len).decode() if self.len else ""


class DType(c.Structure):
    _fields_ = [("code", c.c_uint8), ("bits", c.c_uint8), ("lanes", c.c_uint16)]


class DLTensor(c.Structure):
    _fields_ = [
        ("data", c.c_void_p), ("device_type", c.c_int32), ("device_id", c.c_int32),
        ("ndim", c.c_int32), ("dtype", DType), ("shape", c.POINTER(c.c_int64)),
        ("strides", c.POINTER(c.c_int64)), ("byte_offset", c.c_uint64)]


class Tensor(c.Structure):
    _fields_ = [("name", Str), ("flags", c.c_uint64), ("tensor", DLTensor),
                ("reserved", c.c_uint64 * 2)]


class RunInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("max_threads", c.c_uint32), ("seed", c.c_uint64),
        ("stream", c.c_uint64), ("memory_budget", c.c_uint64), ("deadline_ns", c.c_int64),
        ("scratch_dir", Str), ("task", Str), ("major", c.c_uint32), ("minor", c.c_uint32)]


class Call(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("inputs", c.POINTER(Tensor)),
        ("in_count", c.c_size_t), ("outputs", c.POINTER(Tensor)), ("out_count", c.c_size_t),
        ("run", c.POINTER(RunInfo))]


LOG = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, Str)
PROGRESS = c.CFUNCTYPE(None, c.c_void_p, c.c_double, Str)
CANCELLED = c.CFUNCTYPE(c.c_int32, c.c_void_p)
SET_ERROR = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int32, Str)
ALLOC = c.CFUNCTYPE(c.c_int32, c.c_void_p, Str, DType, c.c_int32, c.c_void_p, c.c_void_p)
SCRATCH = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_size_t)
METRIC = c.CFUNCTYPE(None, c.c_void_p, Str, c.c_double)
EXTENSION = c.CFUNCTYPE(c.c_void_p, c.c_void_p, Str)


class Host(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("major", c.c_uint32), ("minor", c.c_uint32),
        ("reserved", c.c_uint32), ("ctx", c.c_void_p), ("log", LOG), ("progress", PROGRESS),
        ("cancelled", CANCELLED), ("set_error", SET_ERROR), ("alloc_output", ALLOC),
        ("scratch", SCRATCH), ("metric", METRIC), ("get_extension", EXTENSION)]


CREATE = c.CFUNCTYPE(c.c_int32, c.POINTER(Host), c.POINTER(RunInfo), Str, c.POINTER(c.c_void_p))
DESTROY = c.CFUNCTYPE(None, c.c_void_p)
CALL = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.POINTER(Call))


class Method(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("flags", c.c_uint32), ("id", Str), ("version", Str),
        ("summary", Str), ("license", Str), ("references", Str), ("config_schema", Str),
        ("claims", c.c_void_p), ("claim_count", c.c_size_t), ("create", CREATE),
        ("destroy", DESTROY), ("fit", CALL), ("predict", CALL), ("get_extension", c.c_void_p)]


class Library(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("major", c.c_uint32), ("minor", c.c_uint32),
        ("count", c.c_uint32), ("method_at", c.CFUNCTYPE(c.POINTER(Method), c.c_uint32)),
        ("get_extension", c.c_void_p)]


CODES = {"f": 2, "i": 0, "u": 1}


def tensor(name, array, keep):
    shape = (c.c_int64 * max(array.ndim, 1))(*array.shape)
    strides = (c.c_int64 * max(array.ndim, 1))(*[s // array.itemsize for s in array.strides])
    name_bytes = Str.of(name)
    keep += [shape, strides, name_bytes, array]
    kind = DType(CODES[array.dtype.kind], array.itemsize * 8, 1)
    return Tensor(name_bytes, 0, DLTensor(array.ctypes.data, 1, 0, array.ndim, kind, shape, strides, 0))


class Instance:
    """One instance of a method; `fit` and `predict` take dictionaries of compact arrays."""

    def __init__(self, path, method, config):
        library = c.CDLL(path)
        library.assay_plugin_entry.restype = c.POINTER(Library)
        table = library.assay_plugin_entry(1, 0).contents
        methods = [table.method_at(i).contents for i in range(table.count)]
        self.method = next(m for m in methods if m.id.text == method)
        self.error, self.metrics, self.stages = "", {}, []

        def set_error(_, code, text):
            self.error = text.text
            return code

        def progress(_, fraction, stage):
            self.stages.append((stage.text, time.process_time()))

        def metric(_, name, value):
            self.metrics[name.text] = value

        self.host = Host(
            c.sizeof(Host), 1, 0, 0, None, LOG(lambda *_: None), PROGRESS(progress),
            CANCELLED(lambda _: 0), SET_ERROR(set_error), ALLOC(lambda *_: 2),
            SCRATCH(lambda *_: None), METRIC(metric), EXTENSION(lambda *_: None))
        self.run = RunInfo(c.sizeof(RunInfo), 1, 1, 0, 0, 0, Str(), Str.of("classify"), 1, 0)
        self.handle = c.c_void_p()
        self.check(self.method.create(
            c.byref(self.host), c.byref(self.run), Str.of(config), c.byref(self.handle)))

    def check(self, status):
        if status != 0:
            raise RuntimeError(f"status {status}: {self.error}")

    def call(self, function, inputs, outputs):
        keep = []
        ins = (Tensor * max(len(inputs), 1))(*[tensor(k, v, keep) for k, v in inputs.items()])
        outs = (Tensor * max(len(outputs), 1))(*[tensor(k, v, keep) for k, v in outputs.items()])
        call = Call(c.sizeof(Call), 0, ins, len(inputs), outs, len(outputs), c.pointer(self.run))
        self.check(function(self.handle, c.byref(call)))

    def fit(self, inputs):
        self.call(self.method.fit, inputs, {})

    def predict(self, inputs, outputs):
        self.call(self.method.predict, inputs, outputs)
