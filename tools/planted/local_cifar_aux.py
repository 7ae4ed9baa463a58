#!/usr/bin/env python3
"""Lay out 500 CIFAR-10 images as CLIP features beside gradient histograms, outside the project.

    ASSAY_DATA_PATH=../shared/data tools/planted/local_cifar_aux.py ../local-features/cifar10-500

Runs of suites/claims/amu-tuning-real.json find it with `--data ../local-features`. The features carry
no licence, so that they are never part of the project. Needs NumPy.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np

# CIFAR-10's names in LVIS; several are averaged.
NAMES = [
    ["airplane"], ["car_(automobile)"], ["bird"], ["cat"], ["deer"], ["dog"], ["frog"], ["horse"],
    ["boat", "cargo_ship", "cruise_ship", "passenger_ship"], ["truck"],
]
CLASSES = ["airplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
TRAIN, VAL = 20, 5


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def histograms(images):
    """Nine orientations in 4 x 4 cells of 8 x 8 pixels, each cell of unit length: [N, 144]."""
    grey = images.astype(np.float64).mean(3)
    down, right = np.gradient(grey, axis=(1, 2))
    size = np.hypot(down, right)
    bin_ = np.minimum((np.mod(np.arctan2(down, right), np.pi) / np.pi * 9).astype(int), 8)
    parts = np.stack([np.where(bin_ == b, size, 0) for b in range(9)], -1)
    cells = parts.reshape(-1, 4, 8, 4, 8, 9).sum((2, 4))
    cells /= np.linalg.norm(cells, axis=-1, keepdims=True) + 1
    return cells.reshape(len(images), -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_cifar_aux: {target} lies in the project; these features must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_cifar_aux: set ASSAY_DATA_PATH to the folder with local-only and open")
    data = pathlib.Path(os.environ["ASSAY_DATA_PATH"])
    source, detic = data / "local-only" / "cifar10-500", data / "open" / "detic"
    x, y = np.load(source / "clip_vitb32_x.npy"), np.load(source / "y.npy")
    aux = histograms(np.load(source / "images_u8.npy"))
    lvis = json.loads((detic / "lvis_v1_train_cat_info.json").read_text())
    rows = {entry["name"]: row for row, entry in enumerate(lvis)}
    text = unit(np.load(detic / "lvis_v1_clip_a+cname.npy").astype(np.float64))
    text = np.stack([text[[rows[name] for name in names]].mean(0) for names in NAMES])
    rng = np.random.default_rng(500)
    splits = {"train": [], "val": [], "test": []}
    for label in range(10):
        order = rng.permutation(np.flatnonzero(y == label))
        splits["train"] += list(order[:TRAIN])
        splits["val"] += list(order[TRAIN:TRAIN + VAL])
        splits["test"] += list(order[TRAIN + VAL:])
    centre = aux[splits["train"]].mean(0)
    target.mkdir(parents=True, exist_ok=True)
    arrays = {"text.class": {"file": "text.npy", "normalize": "l2"}}
    np.save(target / "text.npy", text.astype(np.float32))
    for split, chosen in splits.items():
        for name, file, values in (("features", "x", x), ("aux", "aux", aux - centre)):
            np.save(target / f"{split}_{file}.npy", values[chosen].astype(np.float32))
            arrays[f"{split}.{name}"] = {"file": f"{split}_{file}.npy", "normalize": "l2"}
        np.save(target / f"{split}_y.npy", y[chosen].astype(np.int32))
        arrays[f"{split}.labels"] = {"file": f"{split}_y.npy"}
    (target / "dataset.json").write_text(json.dumps({
        "schema": "assay.dataset/1", "id": "cifar10-500", "version": "1.0.0",
        "title": "500 CIFAR-10 images: CLIP features beside gradient histograms",
        "source": "CLIP ViT-B/32 features and images found beside the project; text features: "
                  "LVIS names of the Detic repository",
        "licence": "none stated for the images and their features: for checks on this machine "
                   "only; text Apache-2.0",
        "feature_source": "CLIP ViT-B/32; aux: 9 orientations in 4 x 4 cells, centred",
        "classes": CLASSES, "arrays": arrays,
    }, indent=2) + "\n")


if __name__ == "__main__":
    main()
