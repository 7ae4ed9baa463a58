#!/usr/bin/env python3
"""Lay out the tabular two-class sets that lie beside the project, outside of it.

    ASSAY_DATA_PATH=../shared/data tools/local_tabular.py ../local-tabular

Runs of suites/local/imbalanced-binary.json find them with `--data ../local-tabular`. Each set becomes a
dataset with ten cases, the folds of one stratified shuffle; class 1 is the rarer class. Columns are
standardised by the training rows of each fold. Needs NumPy.

Nothing says under which licence the tables came here, so that they are never part of the project.
"""

import argparse
import csv
import json
import os
import pathlib
import sys

import numpy as np

FOLDS, SEED = 10, 16
# File, place of the class, the values of class 1, what the two classes are.
SETS = {
    "pima": ("pima-indians-diabetes.csv", -1, {"1"}, "diabetes within five years"),
    "haberman": ("haberman.csv", -1, {"2"}, "death within five years of surgery"),
    "mammography": ("mammography.csv", -1, {"'1'"}, "calcification"),
    "ecoli": ("ecoli.csv", -1, {"imU"}, "proteins of the inner membrane, no cleavable signal"),
    "glass": ("glass.csv", -1, {"7"}, "headlamps against other glass"),
    "new-thyroid": ("new-thyroid.csv", -1, {"2", "3"}, "hyper- or hypothyroid against normal"),
    "adult": ("adult-train.csv adult-test.csv", -1, {">50K", ">50K."}, "income above 50,000"),
}
# The columns of adult that are numbers, as in the paper on SMOTE.
NUMBERS = {"adult": [0, 2, 4, 10, 11, 12]}


def read(name, folder):
    files, place, positive, _ = SETS[name]
    rows = []
    for file in files.split():
        with open(folder / file, newline="", encoding="utf-8-sig") as text:
            rows += [[word.strip() for word in row] for row in csv.reader(text) if len(row) > 1]
    labels = np.array([row[place] in positive for row in rows], np.int8)
    columns = NUMBERS.get(name, range(len(rows[0]) - 1))
    features = np.array([[float(row[c]) for c in columns] for row in rows])
    bad = np.flatnonzero(~np.isfinite(features).all(axis=1))
    if len(bad):
        sys.exit(f"local_tabular: {name}: {len(bad)} of {len(rows)} rows have a number that is not "
                 f"finite, the first is row {bad[0]}")
    return features, labels


def folds(labels, rng):
    """For each row the fold that tests it; every fold has its share of both classes."""
    fold = np.empty(len(labels), int)
    for label in (0, 1):
        own = rng.permutation(np.flatnonzero(labels == label))
        fold[own] = np.arange(len(own)) % FOLDS
    return fold


def lay_out(name, folder, target):
    features, labels = read(name, folder)
    fold_of_row = folds(labels, np.random.default_rng(SEED))
    target.mkdir(parents=True, exist_ok=True)

    def save(file, array):
        np.save(target / file, array)
        return {"file": file}

    cases = []
    for fold in range(FOLDS):
        train = fold_of_row != fold
        centre, scale = features[train].mean(axis=0), features[train].std(axis=0)
        scaled = ((features - centre) / np.where(scale > 0, scale, 1)).astype(np.float32)
        part = f"fold{fold + 1}"
        cases.append({
            "name": part, "setting": {"fold": fold + 1},
            "fit": {
                "train.features": save(f"{part}_train_x.npy", scaled[train]),
                "train.labels": save(f"{part}_train_y.npy", labels[train]),
                "class.count": 2,
            },
            "query": {"query.features": save(f"{part}_test_x.npy", scaled[~train])},
            "truth": {"labels": save(f"{part}_test_y.npy", labels[~train])},
        })
    rare = int(labels.sum())
    # Where columns hold few values, rows of two folds are alike without being the same.
    alike = len(features) - len(np.unique(features, axis=0))
    meant = [{"between": ["fit", "query"], "reason": (
        f"the columns hold few values: {alike} of {len(features)} rows are like an earlier one")}]
    manifest = {
        "schema": "assay.dataset/1", "id": name, "version": "1.0.0",
        "title": f"{name}: {SETS[name][3]}, {len(labels) - rare} to {rare} rows",
        "description": "Ten folds of one stratified shuffle, standardised by their training rows.",
        "source": f"{SETS[name][0]}, found beside the project",
        "licence": "not stated where it was found: for checks on this machine only",
        **({"overlaps": meant} if alike else {}), "cases": cases,
    }
    (target / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{name}: {len(labels)} rows, {features.shape[1]} columns, {rare} of class 1")


def main():
    parser = argparse.ArgumentParser(description="Lay out the local-only tabular sets.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_tabular: {target} lies in the project; these tables must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_tabular: set ASSAY_DATA_PATH to the folder that holds local-only")
    tables = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve() / "local-only" / "tabular"
    if not tables.is_dir():
        sys.exit(f"local_tabular: there is no folder {tables}")
    for name in SETS:
        lay_out(name, tables, target / name)


if __name__ == "__main__":
    main()
