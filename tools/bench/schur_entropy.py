"""Schur-complement entropy on planted pairs: scores against the true numbers of prompts and modes.

    schur_entropy.py PLUGIN

An image is the unit sum of its prompt's centre, its mode's centre and noise of 0.02, in 32 columns;
600 pairs, means over 20 draws (section 7 of the method's card).
"""
import json
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402  (threads are fixed before NumPy loads its BLAS)
from abi import Instance  # noqa: E402

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


print("prompts modes | linear: sce, text, trace of image | gaussian: sce, text, trace of image")
for prompts, modes in ((5, 1), (5, 2), (5, 4), (5, 6), (1, 3), (2, 3), (5, 3)):
    cells = []
    for config in KERNELS.values():
        found = [scores(*pairs(prompts, modes, seed), config) for seed in range(DRAWS)]
        cells.append(" ".join(f"{value:6.2f}" for value in np.mean(found, axis=0)))
    print(f"{prompts:7} {modes:5} | {cells[0]} | {cells[1]}")
