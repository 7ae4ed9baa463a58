"""Looks for labels wherever it can, and for ways out; answers with what it found."""

import gc
import os
import socket
import subprocess
import sys

import numpy as np

FLAGS = ["deterministic"]
CONFIG = {"labels": ""}
INPUTS = ["train.features", "train.labels", "query.features"]


def attempt(action):
    try:
        action()
        return True
    except (OSError, ValueError):
        return False


def readable_files():
    """Files that are neither the interpreter's nor the method's own."""
    own = [os.path.dirname(__file__), os.environ["HOME"]]
    own += [path for path in sys.path if path] + [os.path.dirname(os.__file__)]
    own = [os.path.realpath(path) + "/" for path in own]
    found = []
    places = ["/", "/work", "/src", "/home", "/root", "/tmp", "/var", "/etc", "/proc", "/dev", "."]
    places += [os.path.dirname(path[:-1]) for path in own]
    places += [os.path.dirname(sys.prefix), sys.prefix]
    for place in places:
        for folder, _, files in os.walk(place, followlinks=True):
            for name in files:
                path = os.path.realpath(os.path.join(folder, name))
                is_own = any(path.startswith(start) for start in own)
                if not is_own and attempt(lambda: open(path, "rb").read(1)):
                    found.append(path)
    return found


def held_arrays():
    return [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.dtype == np.int32]


class Method:
    def fit(self, inputs, config, run):
        self.count = len(inputs["train.labels"])
        ways = {
            "a socket": lambda: socket.socket(),
            "a process": lambda: os.fork(),
            "a program": lambda: subprocess.run([sys.executable, "-c", ""]),
            "the list of processes": lambda: os.listdir("/proc/1"),
            "its own descriptors": lambda: os.listdir("/proc/self/fd"),
            "the accounts": lambda: open("/etc/passwd"),
            "a package's folder": lambda: open(os.path.join(os.path.dirname(np.__file__), "x"), "w"),
            "the file of labels": lambda: open(config.labels, "rb"),
            "its folder": lambda: os.listdir(os.path.dirname(config.labels)),
            "its parent": lambda: os.kill(os.getppid(), 0),
        }
        for name, way in ways.items():
            if attempt(way):
                run.note("found " + name)
        for path in readable_files():
            run.note("found " + path)

    def predict(self, inputs, run):
        for array in held_arrays():
            run.note("found an array of whole numbers of %d bytes" % array.nbytes)
        return np.zeros((len(inputs["query.features"]), 3))
