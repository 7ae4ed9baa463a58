"""rel-mf fit: the plugin, and the same descent in NumPy, on the same clicks.

Both run in one process, one BLAS thread each, interleaved, least processor time of the rounds: steps
of Adam on the unbiased loss over all pairs, from the plugin's own start. NumPy computes in f32 as the
plugin does. Values: one plain step against its gradient in f64; and the logits at the end against the
same descent in f64, where the plugin may be off by twice what NumPy in f32 is.
"""
import json
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from tally import ratio

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


def assay(steps=STEPS, **config):
    method = Instance(plugin, "rel-mf", json.dumps({
        "estimator": "unbiased", "dim": DIM, "steps": steps, "rate": float(RATE),
        "l2": float(PENALTY), **config}))
    method.fit({"interactions": clicks, "propensity": propensity,
                "user.count": np.array(USERS, np.int32), "item.count": np.array(ITEMS, np.int32)})
    return method


def parameters(method):
    """Factors and biases of the plugin."""
    shapes = {"user_factors": (USERS, DIM), "item_factors": (ITEMS, DIM), "user_bias": (USERS,),
              "item_bias": (ITEMS,), "bias": (), "scores": (0,)}
    outputs = {name: np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    method.predict({"query.pairs": np.zeros((0, 2), np.int32)}, outputs)
    return [np.atleast_1d(outputs[name]) for name in list(shapes)[:5]]


def weights(number):
    dense = np.zeros((USERS, ITEMS), number)
    dense[clicks[:, 0], clicks[:, 1]] = 1 / propensity
    return dense


def gradients(p, q, b, c, b0, weights):
    logits = p @ q.T
    logits += b[:, None]
    logits += c + b0
    np.negative(logits, out=logits)
    np.exp(logits, out=logits)
    logits += 1
    np.reciprocal(logits, out=logits)
    logits -= weights
    logits *= logits.dtype.type(1 / logits.size)
    return [logits @ q + PENALTY * p, logits.T @ p + PENALTY * q, logits.sum(1) + PENALTY * b,
            logits.sum(0) + PENALTY * c, logits.sum()[None]]


def numpy_descent(number=np.float32):
    moved = [x.astype(number) for x in initial]
    seen = weights(number)
    means = [np.zeros_like(x) for x in moved]
    squares = [np.zeros_like(x) for x in moved]
    for step in range(1, STEPS + 1):
        for x, g, m, v in zip(moved, gradients(*moved, seen), means, squares):
            m *= number(0.9)
            m += number(0.1) * g
            v *= number(0.999)
            v += number(0.001) * g * g
            x -= (number(RATE) / number(1 - 0.9 ** step) * m
                  / (np.sqrt(v / number(1 - 0.999 ** step)) + number(1e-8)))
    p, q, b, c, b0 = moved
    return (p @ q.T + b[:, None] + c + b0).ravel()


def update_error():
    """Of one plain step, so long that the start hardly counts beside it, relative to f64."""
    rate = 1e3
    stepped = parameters(assay(1, optimiser="sgd", rate=rate))
    wanted = gradients(*[x.astype(np.float64) for x in initial], weights(np.float64))
    return max(np.abs((before - after) / rate - gradient).max() / np.abs(gradient).max()
               for before, after, gradient in zip(initial, stepped, wanted))


initial = parameters(assay(0))
scores = np.full(len(every), np.nan, np.float32)
assay().predict({"query.pairs": every}, {"scores": scores})
expected = numpy_descent(np.float64)
size = np.abs(expected).max()
error, peer_error = (np.abs(x - expected).max() / size for x in (scores, numpy_descent()))
best = {}
for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("numpy", numpy_descent)):
        begin = time.process_time()
        work()
        best[name] = min(best.get(name, 1e9), time.process_time() - begin)
print(f"rel-mf, {USERS} users, {ITEMS} items, {len(clicks)} clicks, {DIM} factors, {STEPS} steps "
      f"over all pairs, float32, one thread, least processor time of {ROUNDS}; NumPy's logits are "
      f"{peer_error:.0e} of the largest from those of the same descent in f64")
ratio("Rel-MF, descent", f"{USERS} x {ITEMS:,}, {STEPS} steps", f"NumPy {np.__version__}",
      best["numpy"], best["plugin"], 3, [(update_error(), 1e-6), (error, 2 * peer_error)])
