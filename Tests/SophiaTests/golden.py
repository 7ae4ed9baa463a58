#!/usr/bin/env python3
"""Packs what the authors' code computed into golden.safetensors: `golden.py FOLDER`.

FOLDER holds optimizer.npz and loop_softmax.npz, made by `SophiaG.step` and `update_hessian` of
Liuhong99/Sophia at a7e157229b71d58cf995d32854f1be15c265b350 (sophia.py; the loop as in
train_sophiag.py), and sophia_h.npz, made by `scale_by_sophia_h` and `stochastic_hessian_diagonal` of
stanford-crfm/levanter at 9263f81e8b453241332c2c0b2d2001bfb2d2241c (src/levanter/optim/sophia.py).
torch 2.13.0, one thread, f32. Needs NumPy and safetensors.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

NARROW = {np.dtype("int64"): np.int32, np.dtype("float64"): np.float32}

if __name__ == "__main__":
    tensors = {}
    for name in ("optimizer", "loop_softmax", "sophia_h"):
        for key, array in np.load(pathlib.Path(sys.argv[1]) / f"{name}.npz").items():
            tensors[f"{name}/{key}"] = array.astype(NARROW.get(array.dtype, array.dtype))
    save_file(tensors, pathlib.Path(__file__).with_name("golden.safetensors"))
