#!/usr/bin/env python3
"""Lay out real pictures for the task classify-images, outside of the project.

    tools/local_pictures.py ../local-pictures --data ../shared/data

Runs of suites/local/classify-images.json find them with `--data ../local-pictures`. fashion-pictures is
made of 1,000 and 1,000 pictures of suites/data/fashion/raw; cifar10-500 of the 500 pictures of
CIFAR-10 in DATA/local-only, of which nothing says under which licence they came here: 30 of each class
to learn from, the others to be judged on. Needs NumPy.
"""

import argparse
import json
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]


def write(folder, title, source, licence, train, train_y, test, test_y):
    """One dataset with one case; pictures are u8 [N, C, H, W]."""
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, array):
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        return {"file": f"{name}.npy"}

    classes = int(max(train_y.max(), test_y.max())) + 1
    case = {
        "name": "pixels",
        "fit": {
            "train.images": save("train_x", train),
            "train.labels": save("train_y", train_y.astype(np.int32)),
            "class.count": classes,
        },
        "query": {"query.images": save("test_x", test)},
        "truth": {"labels": save("test_y", test_y.astype(np.int32))},
    }
    manifest = {
        "schema": "assay.dataset/1", "id": folder.name, "version": "1.0.0", "title": title,
        "source": source, "licence": licence, "cases": [case],
    }
    (folder / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{folder.name}: {len(train)} to learn from, {len(test)} to be judged on")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, help="the folder with local-only")
    arguments = parser.parse_args()
    output = arguments.output.resolve()
    if output == ROOT or ROOT in output.parents:
        sys.exit(f"{output} lies in the project, where these pictures must not be")

    raw, data = ROOT / "suites/data/fashion/raw", ROOT / "suites/data/fashion"
    test = np.load(raw / "test_raw.npy")
    write(
        output / "fashion-pictures", "Fashion-MNIST, 1,000 pictures to learn from",
        "suites/data/fashion of Assay", "MIT, copyright 2017 Zalando SE",
        np.load(raw / "train_raw.npy")[:1000, None], np.load(data / "train_y.npy")[:1000],
        test[:, None], np.load(data / "test_y.npy")[: len(test)],
    )
    cifar = arguments.data and arguments.data / "local-only/cifar10-500"
    if not cifar or not cifar.is_dir():
        print("cifar10-500 is left out: there is no local-only/cifar10-500 in --data")
        return
    pictures = np.load(cifar / "images_u8.npy").transpose(0, 3, 1, 2)
    labels = np.load(cifar / "y.npy")
    rank = np.zeros(len(labels), int)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        rank[rows] = np.arange(len(rows))
    known = rank < 30
    write(
        output / "cifar10-500", "500 pictures of CIFAR-10", "local-only/cifar10-500",
        "not stated; not to be passed on",
        pictures[known], labels[known], pictures[~known], labels[~known],
    )


if __name__ == "__main__":
    main()
