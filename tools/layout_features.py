#!/usr/bin/env python3
"""Lay out an Assay dataset folder from feature arrays that lie on this disk.

Example:

    tools/layout_features.py data/pets --id pets --title "Pets" --source "own photographs" \\
        --licence "own" --feature-source "CLIP ViT-B/32, single view" \\
        --test test_x.npy test_y.npy --val val_x.npy val_y.npy \\
        --shots 4 shot4_x.npy shot4_y.npy --text names.npy --class-list classes.json

A class list is JSON with "classes": a list of {"label", "name", "text_row"}. It keeps the rows whose
label it names, numbers the labels by their place in the list, and takes the text rows it names.
Needs Python 3.9 and NumPy.
"""

import argparse
import json
import pathlib
import sys

import numpy as np


class LayoutError(Exception):
    """What is wrong with the arrays, as a sentence."""


def load(path):
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise LayoutError(f"{path} cannot be read as .npy: {error}") from error


def labelled(x_path, y_path, labels):
    """Rows [N, D] and labels [N]; with `labels`, only those rows, numbered by their place in it."""
    x, y = load(x_path), load(y_path)
    if x.ndim != 2 or y.ndim != 1 or len(x) != len(y):
        raise LayoutError(
            f"{x_path} has shape {list(x.shape)} and {y_path} has {list(y.shape)}; "
            "features are [N, D] and labels [N]")
    y = np.asarray(y).astype(np.int64)
    if labels is None:
        return np.ascontiguousarray(x), y.astype(np.int32)
    places = {label: place for place, label in enumerate(labels)}
    rows = [row for row, label in enumerate(y) if int(label) in places]
    return np.ascontiguousarray(x[rows]), np.array([places[int(y[r])] for r in rows], np.int32)


def unit(x):
    x = np.asarray(x, np.float64)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def far_rows(x, others, limit):
    """The rows of x whose cosine to every row of `others` is at most `limit`."""
    nearest = np.max(unit(x) @ unit(others).T, axis=1)
    return np.flatnonzero(nearest <= limit)


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Lay out an Assay dataset folder from feature arrays on this disk.")
    add = parser.add_argument
    add("folder", type=pathlib.Path, help="the folder to make; it may exist, its files are replaced")
    for name in ("id", "title", "source", "licence", "feature-source"):
        add(f"--{name}", required=True)
    add("--version", default="1.0.0")
    for split in ("train", "val", "test"):
        add(f"--{split}", nargs=2, metavar=("X", "Y"), required=split == "test")
    add("--shots", nargs=3, metavar=("K", "X", "Y"), action="append", default=[],
        help="a given training set of K rows per class; may be repeated")
    add("--text", help="text features .npy [rows, D]")
    add("--text-rows", help="comma-separated rows of the text file, one per class")
    names = parser.add_mutually_exclusive_group(required=True)
    names.add_argument("--class-list", type=pathlib.Path, help="JSON with label, name and text_row")
    names.add_argument("--classes", type=pathlib.Path, help="text file, a name per line")
    add("--ood", nargs=3, metavar=("NAME", "near|far", "X"), action="append", default=[])
    add("--drop-test-near", type=float, metavar="COSINE",
        help="drop test rows whose cosine to a training row is above this")
    add("--val-is-test", action="store_true", help="say that val holds rows of test")
    return parser.parse_args(arguments)


def class_names(options):
    """Names, labels to keep (None for all) and text rows (None for all)."""
    labels = rows = None
    if options.class_list:
        listed = json.loads(options.class_list.read_text(encoding="utf-8"))["classes"]
        names = [entry["name"] for entry in listed]
        labels = [entry["label"] for entry in listed]
        if len(set(labels)) != len(labels):
            raise LayoutError(f"{options.class_list} names a label twice")
        if all("text_row" in entry for entry in listed):
            rows = [entry["text_row"] for entry in listed]
    else:
        names = options.classes.read_text(encoding="utf-8").splitlines()
    if options.text_rows:
        rows = [int(row) for row in options.text_rows.split(",")]
    return names, labels, rows


def layout(options):
    names, labels, text_rows = class_names(options)
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, array):
        np.save(folder / f"{name}.npy", array)
        return {"file": f"{name}.npy"}

    def features(name, array):
        return {**save(name, array), "normalize": "l2"}

    parts = {split: labelled(*paths, labels) for split in ("train", "val", "test")
             if (paths := getattr(options, split))}
    sets = {}
    for shots, x, y in options.shots:
        if not shots.isdigit() or int(shots) < 1:
            raise LayoutError(f"--shots wants a whole number of at least 1, not '{shots}'")
        sets[str(int(shots))] = labelled(x, y, labels)

    dropped = 0
    if options.drop_test_near is not None:
        training = [x for x, _ in sets.values()]
        if "train" in parts:
            training.append(parts["train"][0])
        if not training:
            raise LayoutError("--drop-test-near needs --train or --shots")
        x, y = parts["test"]
        rows = far_rows(x, np.concatenate(training), options.drop_test_near)
        dropped = len(x) - len(rows)
        parts["test"] = x[rows], y[rows]

    manifest = {
        "schema": "assay.dataset/1", "id": options.id, "version": options.version,
        "title": options.title, "source": options.source, "licence": options.licence,
        "feature_source": options.feature_source, "classes": names, "arrays": {},
    }
    for split, (x, y) in parts.items():
        manifest["arrays"][f"{split}.features"] = features(f"{split}_x", x)
        manifest["arrays"][f"{split}.labels"] = save(f"{split}_y", y)
    if options.text:
        text = load(options.text)
        text = np.ascontiguousarray(text if text_rows is None else text[text_rows])
        if len(text) != len(names):
            raise LayoutError(f"{len(text)} text rows for {len(names)} classes; see --text-rows")
        manifest["arrays"]["text.class"] = features("text_class", text)
    if sets:
        manifest["shots"] = {"kind": "sets", "sets": {
            shots: {"features": features(f"shot{shots}_x", x), "labels": save(f"shot{shots}_y", y)}
            for shots, (x, y) in sets.items()}}
    if options.val_is_test:
        manifest["val_is_test"] = True
    if options.ood:
        manifest["ood"] = [
            {"name": name, "distance": distance,
             "features": features(f"ood_{name}_x", np.ascontiguousarray(load(x)))}
            for name, distance, x in options.ood]
    (folder / "dataset.json").write_text(
        json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = ", ".join(f"{split} {len(x)}" for split, (x, _) in parts.items())
    given = f", shot sets {', '.join(sets)}" if sets else ""
    print(f"{folder}: {len(names)} classes, rows: {rows}{given}, {dropped} test rows dropped")


def main(arguments=None):
    try:
        layout(parse(arguments))
    except (LayoutError, OSError, KeyError, IndexError, json.JSONDecodeError) as error:
        sys.exit(f"layout_features: {error}")


if __name__ == "__main__":
    main()
