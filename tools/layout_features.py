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


def whole(values, path, count=None):
    """The values as labels: whole numbers of at least 0, in i32, and below `count` where it is given.

    Labels may lie in a floating-point file, as many tools write them; NaN, fractions and numbers that
    would become others on the way are refused with their row.
    """
    values = np.asarray(values)
    if values.dtype.kind not in "iuf":
        raise LayoutError(f"{path} holds {values.dtype}, but labels are whole numbers")

    def refuse(is_bad, what):
        rows = np.flatnonzero(is_bad)
        if len(rows):
            raise LayoutError(
                f"{path}: {len(rows)} of {len(values)} labels {what}, the first {values[rows[0]]} "
                f"in row {rows[0]}")

    if values.dtype.kind == "f":
        refuse(~np.isfinite(values), "are not finite")
        refuse(values != np.trunc(values), "are no whole numbers")
    refuse(values < 0, "are negative")
    # In Python's own numbers: a comparison in the type of the file could round the limit.
    limit = 2**31 if count is None else count
    refuse(np.array([int(value) >= limit for value in values], bool),
           "do not fit in i32" if count is None else f"are not below {count}, the number of classes")
    return values.astype(np.int64)


def numbers(x, path):
    """Features: floating-point numbers, all of them finite."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise LayoutError(f"{path} holds {x.dtype}, but features are floating-point numbers")
    bad = np.flatnonzero(~np.isfinite(x.reshape(len(x), -1)).all(axis=1))
    if len(bad):
        raise LayoutError(
            f"{path}: {len(bad)} of {len(x)} rows have a number that is not finite, the first is row "
            f"{bad[0]}")
    return np.ascontiguousarray(x)


def labelled(x_path, y_path, labels, count=None):
    """Rows [N, D] and labels [N]; with `labels`, only those rows, numbered by their place in it.

    Without it every label must be below `count`, the number of classes, where that is given.
    """
    x, y = load(x_path), load(y_path)
    if x.ndim != 2 or y.ndim != 1 or len(x) != len(y):
        raise LayoutError(
            f"{x_path} has shape {list(x.shape)} and {y_path} has {list(y.shape)}; "
            "features are [N, D] and labels [N]")
    y = whole(y, y_path, count if labels is None else None)
    x = numbers(x, x_path)
    if len(x) == 0:
        raise LayoutError(f"{x_path} has no rows")
    if labels is None:
        return x, y.astype(np.int32)
    places = {label: place for place, label in enumerate(labels)}
    rows = [row for row, label in enumerate(y) if int(label) in places]
    if not rows:
        raise LayoutError(f"{y_path} has no row of the listed classes")
    return np.ascontiguousarray(x[rows]), np.array([places[int(y[r])] for r in rows], np.int32)


def unit(x):
    """Rows of length 1; a zero row stays zero, and is near to none."""
    x = np.asarray(x, np.float64)
    norms = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(norms > 0, norms, 1)


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
        listed = json.loads(options.class_list.read_text(encoding="utf-8-sig"))["classes"]
        names = [entry["name"] for entry in listed]
        labels = whole_members(listed, "label", options.class_list)
        if len(set(labels)) != len(labels):
            raise LayoutError(f"{options.class_list} names a label twice")
        if all("text_row" in entry for entry in listed):
            rows = whole_members(listed, "text_row", options.class_list)
    else:
        # A byte-order mark at the start is no part of the first name.
        names = options.classes.read_text(encoding="utf-8-sig").splitlines()
    if options.text_rows:
        rows = []
        for row in options.text_rows.split(","):
            if not row.strip().isdecimal():
                raise LayoutError(f"--text-rows wants whole numbers of at least 0, not '{row}'")
            rows.append(int(row))
    return names, labels, rows


def whole_members(listed, name, path):
    """A member of every entry of a class list, which must be a whole number of at least 0."""
    for place, entry in enumerate(listed):
        value = entry[name]
        if type(value) is not int or value < 0:
            raise LayoutError(
                f"{path}: '{name}' of class {place} is {value!r}, and must be a whole number of at "
                "least 0")
    return [entry[name] for entry in listed]


def layout(options):
    names, labels, text_rows = class_names(options)
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, array):
        np.save(folder / f"{name}.npy", array)
        return {"file": f"{name}.npy"}

    def features(name, array):
        return {**save(name, array), "normalize": "l2"}

    parts = {split: labelled(*paths, labels, len(names)) for split in ("train", "val", "test")
             if (paths := getattr(options, split))}
    sets = {}
    for shots, x, y in options.shots:
        if not shots.isdecimal() or int(shots) < 1:
            raise LayoutError(f"--shots wants a whole number of at least 1, not '{shots}'")
        sets[str(int(shots))] = labelled(x, y, labels, len(names))

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
        text = numbers(text if text_rows is None else text[text_rows], options.text)
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
             "features": features(f"ood_{name}_x", numbers(load(x), x))}
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
