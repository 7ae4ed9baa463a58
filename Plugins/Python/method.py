"""The part of the plugin that is done in Python: one method is one file.

Runs inside the interpreter of the method, from 3.9 on, and needs nothing but its standard library.
"""

import gc
import os
import random
import sys
import warnings

OK, UNSUPPORTED, CONFIG, CONTRACT, NUMERIC, MEMORY = 0, 2, 3, 4, 6, 7
INTERNAL = 11
LOG_INFO, LOG_NOTE, LOG_WARNING = 1, 2, 3

# The code and bits of a dtype: its name, and its letter for memoryview.
DTYPES = {
    (2, 16): ("float16", "e"), (2, 32): ("float32", "f"), (2, 64): ("float64", "d"),
    (4, 16): ("bfloat16", "H"), (6, 8): ("bool", "?"),
    (0, 8): ("int8", "b"), (0, 16): ("int16", "h"), (0, 32): ("int32", "i"), (0, 64): ("int64", "q"),
    (1, 8): ("uint8", "B"), (1, 16): ("uint16", "H"), (1, 32): ("uint32", "I"),
    (1, 64): ("uint64", "Q"),
}

# What a method of these tasks asks for when it names no inputs.
USUAL_INPUTS = {
    "classify": ["train.features", "train.labels", "class.count", "query.features"],
    "detect-ood": ["train.features", "train.labels", "class.count", "query.features"],
}

FLAGS = {"deterministic": 2, "row-independent": 4, "cross-validates": 8, "uses-threads": 16}


class Problem(Exception):
    """What is wrong with a method, in a sentence, and the status that says so."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


# ------------------------------------------------------------------------------------- The file


class Source:
    """The file of a method, compiled once; each instance runs it in a module of its own."""

    def __init__(self, path):
        self.path = path
        self.folder = os.path.dirname(path)
        self.name = os.path.splitext(os.path.basename(path))[0]
        if self.folder not in sys.path:
            sys.path.insert(0, self.folder)
        with open(path, "rb") as file:
            self.code = compile(file.read(), path, "exec")
        self.is_settled = False

    def run(self):
        """Runs the file in a fresh module, which is the one that `import` finds by its name."""
        module = type(sys)(self.name)
        module.__file__ = self.path
        sys.modules[self.name] = module
        exec(self.code, module.__dict__)
        if not self.is_settled:
            # What the libraries made stays: collecting what a method leaves is quick then.
            gc.collect()
            gc.freeze()
            self.is_settled = True
        return module


_sources = {}


def source(path):
    if path not in _sources:
        _sources[path] = Source(path)
        # What a method prints is no answer of the plugin's.
        sys.stdout = sys.stderr
    return _sources[path]


def implementation(module):
    """The class or the module that has the method's functions."""
    if callable(getattr(module, "predict", None)):
        return module
    classes = [
        value for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
        and callable(getattr(value, "predict", None))
    ]
    named = [value for value in classes if value.__name__ == "Method"]
    found = named or classes
    if len(found) != 1:
        raise Problem(
            INTERNAL,
            "the file should have a function 'predict' or one class with it, and has "
            + ("none" if not found else ", ".join(c.__name__ for c in found))
            + ("" if not found else "; call the one that is meant Method"))
    return found[0]


# ---------------------------------------------------------------------------- What it says of itself


def describe(path):
    """The card of a method (card.h); whatever is wrong with the file goes to stderr as one line."""
    try:
        return card(source(path)).encode()
    except BaseException as error:
        sys.stderr.write("%s\n" % sentence(error, os.path.dirname(path)))
        return b""


def card(file):
    import json

    module = file.run()
    found = implementation(module)

    def said(name, default):
        return getattr(module, name, default)

    task = said("TASK", "classify")
    inputs = said("INPUTS", USUAL_INPUTS.get(task))
    if inputs is None:
        raise Problem(
            CONTRACT,
            "a method of '%s' names its INPUTS, such as %r; 'assay info %s' lists them"
            % (task, USUAL_INPUTS["classify"], task))
    major, minor = (str(said("CONTRACT", "1.0")).split(".") + ["0"])[:2]
    flags = 1 if callable(getattr(found, "fit", None)) else 0
    for flag in said("FLAGS", []):
        if flag not in FLAGS:
            raise Problem(INTERNAL, "FLAGS has %r, which is none of %s" % (flag, sorted(FLAGS)))
        flags |= FLAGS[flag]
    text = (module.__doc__ or getattr(found, "__doc__", None) or "A method in Python.").strip()
    schema = {
        "type": "object", "additionalProperties": False,
        "properties": {
            name: setting(name, value) for name, value in said("CONFIG", {}).items()
        },
    }
    strings = [
        said("ID", file.name.lower().replace("_", "-")), said("VERSION", "0.0.0"),
        " ".join(text.split("\n\n")[0].split()), said("LICENSE", ""), said("REFERENCES", ""),
        json.dumps(schema, sort_keys=True), flags, 1, task, major, minor, len(inputs),
    ]
    for name in inputs:
        strings += [name.rstrip("?"), 0 if name.endswith("?") else 1]
    for value in strings:
        if "\0" in str(value):
            raise Problem(INTERNAL, "%r has a NUL" % value)
    return "".join("%s\0" % value for value in strings)


def setting(name, value):
    """The schema of one setting: its default alone, or a dictionary with it and its bounds."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    schema = dict(value) if isinstance(value, dict) else {"default": value}
    if "default" not in schema or type(schema["default"]) not in kinds:
        raise Problem(
            CONFIG, "CONFIG[%r] has no default that is a bool, int, float, str or list" % name)
    schema.setdefault("type", kinds[type(schema["default"])])
    return schema


# ------------------------------------------------------------------------------------- Instances


class Config(dict):
    """The settings: config["alpha"] or config.alpha."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Inputs(dict):
    """The tensors of a call by name; what was not handed over is told of by name."""

    def __missing__(self, name):
        raise Problem(
            CONTRACT,
            "%r was not handed over; there are %s (INPUTS says what is asked for, a name that "
            "ends in '?' may be absent)" % (name, ", ".join(sorted(self)) or "none"))


class Run:
    """The circumstances of a call, and what a method may tell the host."""

    def __init__(self, values, services):
        (self.seed, self.stream, self.threads, self.memory, self.deadline, self.scratch,
         self.task) = values
        self._say, self._progress, self._metric, self._cancelled, self._allocate = services

    def log(self, text):
        """Says something to who watches."""
        self._say(LOG_INFO, str(text))

    def note(self, text):
        """Says what the reader of the report must know."""
        self._say(LOG_NOTE, str(text))

    def warn(self, text):
        """Says what may be wrong with the trial."""
        self._say(LOG_WARNING, str(text))

    def progress(self, fraction, stage=""):
        """Says how far the call has come, from 0 to 1."""
        self._progress(float(fraction), str(stage))

    def metric(self, name, value):
        """Reports a number about the fit; kept apart from what the host measures."""
        self._metric(str(name), float(value))

    def cancelled(self):
        """Whether the call should end."""
        return bool(self._cancelled())


class Specs:
    """The dtypes and extents that the contracts of the task give the tensors, by name."""

    def __init__(self, path):
        self.specs = {}
        try:
            with open(path, encoding="utf-8") as file:
                words = file.read().split("\0")
        except OSError:
            return
        at = 8
        for _ in range(int(words[7])):
            at += 4 + 2 * int(words[at + 3])
        for place in range(at, len(words) - 3, 4):
            name, dtypes, extents, anew = words[place : place + 4]
            self.specs[name] = dtypes.split(), extents.split(), anew

    def check(self, tensors, symbols):
        """Raises where a tensor has another dtype or extent than it should; settles the symbols."""
        for tensor in tensors:
            anew = self.specs.get(tensor[0], ((), (), ""))[2]
            symbols.pop(anew, None)
        for name, _, code, bits, shape, is_open in tensors:
            if name not in self.specs or is_open:
                continue
            dtypes, extents, _ = self.specs[name]
            found = {0: "i", 1: "u", 2: "f", 4: "bf"}.get(code, "bool")
            found += str(bits) if found != "bool" else ""
            if found not in dtypes:
                raise Problem(CONTRACT, "%r should be %s and is %s" % (name, dtypes[0], found))
            if len(extents) != len(shape):
                raise Problem(
                    CONTRACT,
                    "%r should be [%s] and is %s" % (name, ", ".join(extents), list(shape)))
            for word, extent in zip(extents, shape):
                symbol, _, more = word.partition("+")
                wanted = extent - int(more or 0)
                known = int(word) if word.isdigit() else symbols.setdefault(symbol, wanted)
                if known != wanted:
                    raise Problem(
                        CONTRACT, "%r is %s, where %s is %d" % (name, list(shape), symbol, known))


class Instance:
    def __init__(self, path, config, services):
        self.specs = Specs(os.environ.get("ASSAY_PYTHON_CARD", ""))
        self.symbols = {}
        self.file = source(path)
        self.config = config
        self.services = services
        self.module = None
        self.object = None
        self.model = None

    def call(self, name, **extra):
        """Calls a function of the method with those of its parameters that it names."""
        function = getattr(self.object, name)
        offered = dict(extra, config=self.config)
        if self.object is self.module:
            offered["model"] = self.model
        return function(**chosen(function, offered, name))


def chosen(function, offered, name):
    """The arguments that a function names, so that the order of its parameters is its own."""
    plain = function
    while hasattr(plain, "__wrapped__"):
        plain = plain.__wrapped__
    plain = getattr(plain, "__func__", plain)
    code = getattr(plain, "__code__", None)
    if code is None:
        import inspect

        wanted = list(inspect.signature(function).parameters)
    else:
        wanted = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
        required = code.co_argcount - len(plain.__defaults__ or ())
        optional = set(wanted[required : code.co_argcount]) | set(plain.__kwdefaults__ or ())
        wanted = [n for n in wanted if n != "self" and (n in offered or n not in optional)]
    unknown = [n for n in wanted if n not in offered]
    if unknown:
        raise Problem(
            INTERNAL, "'%s' has a parameter %r, which is none of %s"
            % (name, unknown[0], ", ".join(sorted(offered))))
    return {n: offered[n] for n in wanted}


def seed_all(run):
    """Seeds every generator that the method may draw from without being asked to be given one."""
    value = (run.seed * 0x9E3779B97F4A7C15 + run.stream) % 2**64
    random.seed(value)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(value % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(value)


def answering(function):
    """Answers (status, sentence, result), whatever is raised."""

    def answer(*arguments):
        try:
            return OK, None, function(*arguments)
        except BaseException as error:
            folder = next((s.folder for s in _sources.values()), "")
            if not isinstance(error, Problem):
                sys.stderr.write(traceback_text(error, folder))
            # A frame of the traceback would keep the tensors of the call.
            text, status = sentence(error, folder), status_of(error)
            error.__traceback__ = None
            return status, text, None

    return answer


@answering
def create(path, config, run, services):
    import json

    config = json.loads(config)
    if not isinstance(config, dict):
        raise Problem(CONFIG, "the config is no object")
    instance = Instance(path, Config(config), services)
    run = Run(run, services)
    # Before the file runs, which may draw; its libraries are there only afterwards.
    seed_all(run)
    instance.module = instance.file.run()
    seed_all(run)
    found = implementation(instance.module)
    if found is instance.module:
        instance.object = found
    else:
        offered = {"config": instance.config, "run": run}
        make = found.__init__
        own = isinstance(make, type(create))
        instance.object = found(**(chosen(make, offered, "__init__") if own else {}))
    return instance


@answering
def fit(instance, inputs, outputs, run):
    run = Run(run, instance.services)
    seed_all(run)
    if not callable(getattr(instance.object, "fit", None)):
        return
    instance.symbols = {}
    instance.specs.check(inputs, instance.symbols)
    lent = Lent(inputs)
    try:
        model = instance.call("fit", inputs=Inputs(lent.arrays), run=run)
        if instance.object is instance.module:
            instance.model = model
    except BaseException as error:
        forget(error)
        raise
    finally:
        model = None
    lent.take_back("fit")


@answering
def predict(instance, inputs, outputs, run):
    run = Run(run, instance.services)
    seed_all(run)
    instance.specs.check(list(inputs) + list(outputs), dict(instance.symbols))
    lent, written = Lent(inputs), Lent([o for o in outputs if not o[5]])
    try:
        result = instance.call(
            "predict", inputs=Inputs(lent.arrays), outputs=dict(written.arrays), run=run)
        if result is not None:
            put(result, outputs, written.arrays, run)
    except BaseException as error:
        forget(error)
        raise
    finally:
        result = None
    lent.take_back("predict")
    written.take_back("predict")


def destroy(instance):
    instance.object = instance.module = instance.model = None
    if instance.file.is_settled:
        gc.collect()


# ------------------------------------------------------------------------------------- Tensors


class Lent:
    """Arrays over memory that the host lends for one call.

    Tensors of torch where the method has imported it, else arrays of NumPy where it is installed, else
    memoryviews of the same shape.
    """

    def __init__(self, tensors):
        self.roots = {t[0]: root(*t[1:4]) for t in tensors if t[1] is not None}
        self.before = references(self.roots)
        self.arrays = {t[0]: array(self.roots.get(t[0]), *t[2:5]) for t in tensors}

    def take_back(self, call):
        """Raises where the method still holds what is gone when the call returns."""
        self.arrays.clear()
        if self.kept():
            gc.collect()
        kept = self.kept()
        self.roots.clear()
        if kept:
            raise Problem(
                INTERNAL, "%s keeps %s, whose memory is lent for the call alone; keep a copy "
                "(.copy() of an array, .clone() of a tensor)"
                % (call, " and ".join(repr(name) for name in kept)))

    def kept(self):
        now = references(self.roots)
        return [name for name in now if now[name] > self.before[name]]


def references(objects):
    return {name: sys.getrefcount(value) for name, value in objects.items()}


def root(memory, code, bits):
    """What every array over the memory refers to, so that its references tell whether one is left."""
    name, letter = DTYPES[code, bits]
    if "torch" in sys.modules:
        return memory
    numpy = numpy_module()
    if numpy is not None:
        return numpy.frombuffer(memory, dtype=numpy_name(name))
    return memory.cast("B").cast(letter)


def array(root, code, bits, shape):
    """The array of a tensor; of one without elements there is no memory."""
    name, letter = DTYPES[code, bits]
    torch = sys.modules.get("torch")
    if torch is not None:
        dtype = getattr(torch, name)
        if root is None:
            return torch.empty(shape, dtype=dtype)
        with warnings.catch_warnings():
            # That the memory may not be written is known.
            warnings.simplefilter("ignore")
            return torch.frombuffer(root, dtype=dtype).reshape(shape)
    numpy = numpy_module()
    if numpy is not None:
        return numpy.empty(shape, numpy_name(name)) if root is None else root.reshape(shape)
    if root is None:
        return memoryview(b"")
    return root.cast("B").cast(letter, shape) if len(shape) > 1 else root


def numpy_name(name):
    """NumPy has no bfloat16: its bits come as whole numbers."""
    return "uint16" if name == "bfloat16" else name


_numpy = []


def numpy_module():
    if not _numpy:
        try:
            import numpy

            _numpy.append(numpy)
        except ImportError:
            _numpy.append(None)
    return _numpy[0]


def put(result, outputs, written, run):
    """Copies what predict returned to where the host reads it."""
    names = [output[0] for output in outputs]
    if not isinstance(result, dict):
        if len(names) != 1:
            raise Problem(
                CONTRACT, "predict returns a dictionary of %s, not one array" % ", ".join(names))
        result = {names[0]: result}
    for name in result:
        if name not in names:
            raise Problem(
                CONTRACT, "predict returned %r; the outputs are %s" % (name, ", ".join(names)))
    for name, _, code, bits, shape, is_open in outputs:
        if name not in result or result[name] is written.get(name):
            continue
        value = result[name]
        found = tuple(getattr(value, "shape", None) or shape_of(value))
        if is_open:
            made = run._allocate(name, code, bits, found)
            if isinstance(made, int):
                raise Problem(made, "the host gives no memory for %r %s" % (name, list(found)))
            target = None if made[1] is None else array(root(*made[1:4]), *made[2:5])
        elif found != shape:
            raise Problem(
                CONTRACT, "%r should be %s, but predict returned %s"
                % (name, list(shape), list(found)))
        else:
            target = written[name]
        if target is not None:
            copy(value, target)


def shape_of(value):
    extents = []
    while isinstance(value, (list, tuple)):
        extents.append(len(value))
        value = value[0] if value else 0
    return extents


def copy(value, target):
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(target, torch.Tensor):
        with torch.no_grad():
            target.copy_(torch.as_tensor(value))
    elif isinstance(target, memoryview):
        flat = target.cast("B").cast(target.format)
        for place, number in enumerate(numbers(value)):
            flat[place] = number
    else:
        target[...] = value


def numbers(value):
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, memoryview):
        yield from numbers(value.tolist())
    else:
        yield value


# ------------------------------------------------------------------------------------- Failures


def status_of(error):
    if isinstance(error, Problem):
        return error.status
    if isinstance(error, MemoryError):
        return MEMORY
    if isinstance(error, NotImplementedError):
        return UNSUPPORTED
    if isinstance(error, ArithmeticError) or type(error).__name__ == "LinAlgError":
        return NUMERIC
    return INTERNAL


def frames(error, folder):
    """The places of a traceback outside this file, the innermost last."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename != "<assay>":
            name = code.co_filename
            if folder and name.startswith(folder + "/"):
                name = name[len(folder) + 1 :]
            found.append((name, code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return found


def words_of(error):
    """What an error says; a class of the method's own may fail to say it."""
    try:
        return str(error)
    except BaseException:
        return "its text cannot be made"


def sentence(error, folder):
    """The error and the last place of the method's own files that it passed, on one line."""
    words = " ".join(words_of(error).split())
    if isinstance(error, Problem):
        text = words
    else:
        text = type(error).__name__ + (": " + words if words else "")
    if isinstance(error, SyntaxError) and error.filename:
        return "%s (%s, line %s)" % (text.split(" (")[0], os.path.basename(error.filename),
                                     error.lineno)
    places = frames(error, folder)
    own = [place for place in places if place[1].startswith(folder + "/")] or places
    if own:
        text += " (%s, line %d, in %s)" % (own[-1][0], own[-1][2], own[-1][3])
    return text


def traceback_text(error, folder):
    """The last lines of a traceback, as Python prints them, with short names of the own files."""
    import linecache

    lines = ["Traceback (most recent call last):"]
    for name, path, line, function in frames(error, folder)[-12:]:
        lines.append('  File "%s", line %d, in %s' % (name, line, function))
        code = linecache.getline(path, line).strip()
        if code:
            lines.append("    " + code)
    lines.append("%s: %s" % (type(error).__name__, words_of(error)))
    return "\n".join(lines) + "\n"


def forget(error):
    """Lets go of the variables of the frames that an error passed, tensors of the call among them."""
    trace = error.__traceback__
    while trace is not None:
        try:
            trace.tb_frame.clear()
        except RuntimeError:
            pass
        trace = trace.tb_next
