"""Schur-complement entropy: scores of planted pairs, and speed beside NumPy.

    schur_entropy.py PLUGIN         scores against the true numbers of prompts and modes
    schur_entropy.py PLUGIN speed   time and values beside the same formula in NumPy, 20,000 pairs

An image is the unit sum of its prompt's centre, its mode's centre and noise of 0.02, in 32 columns;
600 pairs, means over 20 draws. For speed both get f32 rows and the linear kernel, in one process on
one thread, taking turns; least processor time of the rounds. NumPy computes in f64.
"""
import json
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from tally import ratio

N, D, DRAWS = 600, 32, 20
NAMES = ("sce", "text_diversity", "trace_image")
KERNELS = {"linear": {"kernel": "linear"}, "gaussian": {"sigma": 0.5, "rff_dim": 150}}


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def pairs(prompts, modes, seed):
    rng = np.random.default_rng(seed)
    prompt_centres, mode_centres = unit(rng.standard_normal((6, D))), unit(rng.standard_normal((6, D)))
    row = np.arange(N)
    text = prompt_centres[row % prompts]
    image = text + mode_centres[row // prompts % modes] + 0.02 * rng.standard_normal((N, D))
    return text.astype(np.float32), unit(image).astype(np.float32)


def scores(text, image, config):
    method = Instance(sys.argv[1], "schur-entropy", json.dumps(config))
    outputs = {name: np.full((), np.nan) for name in NAMES}
    method.fit({})
    method.predict({"text": text, "image": image}, outputs)
    return [float(outputs[name]) for name in NAMES]


def planted():
    print("prompts modes | linear: sce, text, trace of image | gaussian: sce, text, trace of image")
    for prompts, modes in ((5, 1), (5, 2), (5, 4), (5, 6), (1, 3), (2, 3), (5, 3)):
        cells = []
        for config in KERNELS.values():
            found = [scores(*pairs(prompts, modes, seed), config) for seed in range(DRAWS)]
            cells.append(" ".join(f"{value:6.2f}" for value in np.mean(found, axis=0)))
        print(f"{prompts:7} {modes:5} | {cells[0]} | {cells[1]}")


def score(covariance):
    values = np.maximum(np.linalg.eigvalsh(covariance), 1e-10)
    return np.exp(-(values * np.log(values / values.sum())).sum())


def by_numpy(text, image):
    """The linear kernel's split of the images' covariance, uncentred."""
    text, image = (unit(x.astype(np.float64)) for x in (text, image))
    inverse = np.linalg.pinv(text.T @ text / len(text), rcond=1e-10, hermitian=True)
    both = text.T @ image / len(text)
    explained = both.T @ inverse @ both
    rest = image.T @ image / len(text) - explained
    return [score(rest), score(explained), np.trace(rest)]


def speed():
    n, d, rounds = 20_000, 256, 5
    rng = np.random.default_rng(0)
    text = rng.standard_normal((n, d)).astype(np.float32)
    image = (text @ rng.standard_normal((d, d)) / 16 + rng.standard_normal((n, d))).astype(np.float32)
    work = {"plugin": lambda: scores(text, image, KERNELS["linear"]),
            "numpy": lambda: by_numpy(text, image)}
    best, value = {}, {}
    for _ in range(rounds):
        for name, run in work.items():
            start = time.process_time()
            value[name] = run()
            best[name] = min(best.get(name, 1e9), time.process_time() - start)
    error = max(abs(a / b - 1) for a, b in zip(value["plugin"], value["numpy"]))
    print(f"schur-entropy, linear kernel, N={n} D={d}, one thread, least processor time of {rounds}")
    ratio("Schur-complement entropy", f"{n:,} x {d}, twice", f"NumPy {np.__version__}",
          best["numpy"], best["plugin"], 1, [(error, 1e-6)])


speed() if sys.argv[2:] == ["speed"] else planted()
