"""Scores each class by the cosine to the mean of its training rows, in NumPy."""

import numpy as np

VERSION = "1.0.0"
LICENSE = "Apache-2.0"
REFERENCES = "doi:10.1007/978-3-642-33709-3_35"
TASK = "classify"
INPUTS = ["train.features", "train.labels", "class.count", "query.features"]
FLAGS = ["deterministic", "row-independent"]
CONFIG = {
    "scale": {
        "default": 100.0,
        "minimum": 0.001,
        "maximum": 10000.0,
        "description": "What the cosine is multiplied by.",
    },
}


def unit(rows):
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


class Method:
    def fit(self, inputs, config):
        rows = unit(inputs["train.features"].astype(np.float64))
        sums = np.zeros((int(inputs["class.count"]), rows.shape[1]))
        np.add.at(sums, inputs["train.labels"], rows)
        self.means = unit(sums)
        self.absent = ~sums.any(axis=1)
        self.scale = config.scale

    def predict(self, inputs):
        cosines = unit(inputs["query.features"].astype(np.float64)) @ self.means.T
        cosines[:, self.absent] = -1  # the lowest cosine
        return self.scale * cosines
