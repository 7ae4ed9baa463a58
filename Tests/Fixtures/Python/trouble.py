"""Gets into the trouble that its config names."""

import ctypes
import os
import sys
import time

import numpy as np

import beside.helper

FLAGS = ["deterministic"]
INPUTS = ["train.features", "train.labels", "query.features"]
CONFIG = {"trouble": {"default": "none"}}


class Wordless(BaseException):
    def __str__(self):
        raise Wordless()


class Method:
    def __init__(self, config):
        if config.trouble == "raise in create":
            raise ValueError("not today")
        self.trouble = config.trouble

    def fit(self, inputs):
        if self.trouble == "keep":
            self.rows = inputs["train.features"][1:]
        if self.trouble == "keep a copy":
            self.rows = inputs["train.features"].copy()

    def predict(self, inputs, outputs):
        rows, logits = inputs["query.features"], outputs["logits"]
        logits[...] = 1
        trouble = getattr(self, self.trouble.replace(" ", "_"), None)
        return trouble(rows, logits) if trouble else None

    def raise_beside(self, rows, logits):
        beside.helper.fail()

    def write_input(self, rows, logits):
        rows[0, 0] = 1

    def write_at_its_address(self, rows, logits):
        ctypes.memset(rows.ctypes.data, 0, 4)

    def write_past_the_output(self, rows, logits):
        ctypes.memset(logits.ctypes.data + logits.nbytes, 0, 4096)

    def exit(self, rows, logits):
        sys.exit(0)

    def leave(self, rows, logits):
        os._exit(0)

    def hang(self, rows, logits):
        time.sleep(1000)

    def spin(self, rows, logits):
        while True:
            pass

    def fork(self, rows, logits):
        os.fork()

    def segfault(self, rows, logits):
        ctypes.string_at(8)

    def grow(self, rows, logits):
        kept = []
        while True:
            kept.append(np.ones(1 << 24))

    def raise_without_words(self, rows, logits):
        raise Wordless()

    def hang_when_freed(self, rows, logits):
        Method.__del__ = lambda self: time.sleep(1000)

    def other_shape(self, rows, logits):
        return np.zeros((1, 2))

    def look_up(self, rows, logits):
        return inputs_of_another_name

    def say(self, rows, logits):
        print("printed")
