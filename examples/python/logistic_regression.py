"""Multinomial logistic regression of scikit-learn on the training rows."""

import numpy as np
from sklearn.linear_model import LogisticRegression

VERSION = "1.0.0"
LICENSE = "Apache-2.0"
FLAGS = ["deterministic", "row-independent"]
CONFIG = {
    "C": {
        "default": 1.0,
        "minimum": 0.0001,
        "maximum": 10000.0,
        "description": "Inverse strength of the penalty.",
    },
    "max_iter": {
        "default": 1000,
        "minimum": 1,
        "maximum": 10000,
        "description": "The most iterations of L-BFGS.",
    },
}


def fit(inputs, config):
    labels = inputs["train.labels"]
    if len(np.unique(labels)) < 2:
        raise NotImplementedError("logistic regression needs rows of two classes")
    model = LogisticRegression(C=config.C, max_iter=config.max_iter)
    model.fit(inputs["train.features"], labels)
    return model, int(inputs["class.count"])


def predict(inputs, model):
    fitted, count = model
    scores = fitted.decision_function(inputs["query.features"])
    if scores.ndim == 1:
        scores = np.stack([-scores / 2, scores / 2], axis=1)
    logits = np.full((len(scores), count), scores.min() - 10)  # classes without rows come last
    logits[:, fitted.classes_] = scores
    return logits
