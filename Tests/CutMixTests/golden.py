#!/usr/bin/env python3
"""Packs what the authors' code computed into golden.safetensors: `golden.py FOLDER`.

FOLDER holds step.npz, made by one iteration of `train` and `rand_bbox` of clovaai/CutMix-PyTorch at
2d8eb68faff7fe4962776ad51d175c3b01a25734 (train.py), with the draws of lambda, centre and permutation
given. torch 2.13.0, one thread, f32. Needs NumPy and safetensors.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

if __name__ == "__main__":
    arrays = np.load(pathlib.Path(sys.argv[1]) / "step.npz").items()
    narrow = lambda array: array.astype(np.int32) if array.dtype == np.int64 else array
    save_file(
        {key: narrow(array) for key, array in arrays},
        pathlib.Path(__file__).with_name("golden.safetensors"))
