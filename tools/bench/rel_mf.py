"""rel-mf fit: the plugin, and the same descent in NumPy, on the same clicks.

Both run in one process, one BLAS thread each, interleaved, best of the rounds: steps of Adam on the
unbiased loss over all pairs, from the plugin's own start. NumPy computes in f32 as the plugin does.
"""
import json
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance

USERS, ITEMS, DIM, STEPS, ROUNDS = 943, 1_682, 10, 50, 5
RATE, PENALTY = np.float32(0.01), np.float32(1e-5)
plugin = sys.argv[1]
rng = np.random.default_rng(0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


theta = sigmoid(1.5 * rng.standard_normal((1, ITEMS)) + 0.5 * rng.standard_normal((USERS, 1)) - 2)
gamma = sigmoid(rng.standard_normal((USERS, 4)) @ rng.standard_normal((4, ITEMS)))
clicked = (rng.random(theta.shape) < theta) & (rng.random(theta.shape) < gamma)
clicks = np.argwhere(clicked).astype(np.int32, order="C")
propensity = np.maximum(theta[clicked], 0.05).astype(np.float32)
every = np.argwhere(np.ones_like(clicked)).astype(np.int32, order="C")


def assay(steps=STEPS):
    method = Instance(plugin, "rel-mf", json.dumps({
        "estimator": "unbiased", "dim": DIM, "steps": steps, "rate": float(RATE),
        "l2": float(PENALTY)}))
    method.fit({"interactions": clicks, "propensity": propensity,
                "user.count": np.array(USERS, np.int32), "item.count": np.array(ITEMS, np.int32)})
    return method


def start():
    """Factors and biases of the plugin before its first step."""
    shapes = {"user_factors": (USERS, DIM), "item_factors": (ITEMS, DIM), "user_bias": (USERS,),
              "item_bias": (ITEMS,), "bias": (), "scores": (0,)}
    outputs = {name: np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    assay(0).predict({"query.pairs": np.zeros((0, 2), np.int32)}, outputs)
    return [np.atleast_1d(outputs[name]) for name in list(shapes)[:5]]


def numpy_descent():
    parameters = [p.copy() for p in initial]
    p, q, b, c, b0 = parameters
    weights = np.zeros((USERS, ITEMS), np.float32)
    weights[clicks[:, 0], clicks[:, 1]] = 1 / propensity
    means = [np.zeros_like(x) for x in parameters]
    squares = [np.zeros_like(x) for x in parameters]
    for step in range(1, STEPS + 1):
        logits = p @ q.T
        logits += b[:, None]
        logits += c + b0
        np.negative(logits, out=logits)
        np.exp(logits, out=logits)
        logits += 1
        np.reciprocal(logits, out=logits)
        logits -= weights
        logits *= np.float32(1 / logits.size)
        gradients = [logits @ q + PENALTY * p, logits.T @ p + PENALTY * q,
                     logits.sum(1) + PENALTY * b, logits.sum(0) + PENALTY * c, logits.sum()[None]]
        for x, g, m, v in zip(parameters, gradients, means, squares):
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            v += np.float32(0.001) * g * g
            x -= (RATE / np.float32(1 - 0.9 ** step) * m
                  / (np.sqrt(v / np.float32(1 - 0.999 ** step)) + np.float32(1e-8)))
    return (p @ q.T + b[:, None] + c + b0).ravel()


initial = start()
scores = np.full(len(every), np.nan, np.float32)
assay().predict({"query.pairs": every}, {"scores": scores})
expected = numpy_descent()
best = {}
for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("numpy", numpy_descent)):
        begin = time.perf_counter()
        work()
        best[name] = min(best.get(name, 1e9), time.perf_counter() - begin)
print(f"rel-mf, {USERS} users, {ITEMS} items, {len(clicks)} clicks, {DIM} factors, {STEPS} steps "
      f"over all pairs, float32, one thread, best of {ROUNDS}, NumPy {np.__version__}")
print(f"  plugin {1e3 * best['plugin'] / STEPS:.2f} ms a step, "
      f"numpy {1e3 * best['numpy'] / STEPS:.2f} ms a step")
print(f"  numpy / plugin = {best['numpy'] / best['plugin']:.1f}   (aim: at least 3)")
print(f"  largest difference of a logit {np.abs(scores - expected).max():.1e}")
