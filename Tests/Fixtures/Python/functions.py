"""Two functions without a package: a model goes from the one to the other."""

from beside import helper

CONFIG = {"shift": 0.5, "name": "none", "steps": [1, 2]}
FLAGS = ["deterministic", "row-independent"]
INPUTS = ["train.features?", "query.features"]


def fit(inputs, config, run):
    run.metric("helped", float(hasattr(helper, "fail")))
    return {"shift": config.shift, "absent": inputs.get("train.aux")}


def predict(inputs, model):
    rows = inputs["query.features"]
    return {"logits": [[model["shift"] + k for k in range(3)] for _ in range(len(rows))]}
