#!/usr/bin/env python3
"""Lay out Adult and CLIP's predictions on FairFace for audits, outside of the project.

    ASSAY_DATA_PATH=../shared/data tools/local_audit.py ../local-audit

Runs of suites/local/fairness.json find Adult with `--data ../local-audit`; suites/local/fairface.json
scores `../local-audit/fairface-predictions` with `assay score`. Needs NumPy.

Neither source states a licence that would let its data into the project.
"""

import argparse
import csv
import json
import os
import pathlib
import sys

import numpy as np

NUMBERS = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
CATEGORIES = ["workclass", "marital-status", "occupation", "relationship", "native-country"]
COLUMNS = [
    "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation",
    "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week",
    "native-country", "income",
]
SAME_PEOPLE = "few attributes tell people apart, so that many have the same in every one of them"
AGES = ["17-24", "25-49", "50-64", "65+"]
FAIRFACE_AGES = [
    "0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "more than 70"]


def adult_rows(path):
    with path.open(encoding="utf-8-sig") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file) if len(row) == len(COLUMNS)]
    rows = [dict(zip(COLUMNS, row)) for row in rows]
    for place, row in enumerate(rows):
        if row["income"].rstrip(".") not in ("<=50K", ">50K"):
            sys.exit(f"local_audit: {path}: row {place} has the income '{row['income']}', which is "
                     "neither <=50K nor >50K")
    return rows


def adult_features(rows, levels):
    numbers = np.array([[float(row[name]) for name in NUMBERS] for row in rows])
    bad = np.flatnonzero(~np.isfinite(numbers).all(axis=1))
    if len(bad):
        sys.exit(f"local_audit: {len(bad)} rows of Adult have a number that is not finite, the first "
                 f"is row {bad[0]}")
    numbers[:, 2:4] = np.log1p(numbers[:, 2:4])
    hot = np.concatenate(
        [np.array([[row[name] == level for level in levels[name]] for row in rows]) for name in CATEGORIES],
        axis=1)
    return numbers, hot.astype(np.float32)


def write_adult(folder, source):
    """Income above 50,000 from 5 numbers and 5 categories; sex and race are no features."""
    train = adult_rows(source / "adult-train.csv")
    test = adult_rows(source / "adult-test.csv")
    levels = {name: sorted({row[name] for row in train}) for name in CATEGORIES}
    names = {
        "sex": ["Female", "Male"],
        "race": sorted({row["race"] for row in train}),
        "age": AGES,
    }

    def codes(rows, attribute):
        if attribute == "age":
            return np.digitize([int(row["age"]) for row in rows], [25, 50, 65]).astype(np.int8)
        return np.array([names[attribute].index(row[attribute]) for row in rows], np.int8)

    def labels(rows):
        return np.array([row["income"].startswith(">50K") for row in rows]).astype(np.uint8)

    order = np.random.Generator(np.random.PCG64(1907)).permutation(len(train))
    val = np.sort(order[: len(train) // 5])
    kept = np.sort(order[len(train) // 5:])
    parts = {"train": [train[i] for i in kept], "val": [train[i] for i in val], "test": test}
    mean = scale = None
    arrays = {}
    groups = {name: {"names": values} for name, values in names.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in parts.items():
        numbers, hot = adult_features(rows, levels)
        if part == "train":
            mean, scale = numbers.mean(0), numbers.std(0)
        features = np.concatenate([((numbers - mean) / scale).astype(np.float32), hot], axis=1)
        np.save(folder / f"{part}_x.npy", features)
        np.save(folder / f"{part}_y.npy", labels(rows))
        arrays[f"{part}.features"] = {"file": f"{part}_x.npy"}
        arrays[f"{part}.labels"] = {"file": f"{part}_y.npy"}
        for name in names:
            np.save(folder / f"{part}_{name}.npy", codes(rows, name))
            groups[name]["array" if part == "test" else part] = {"file": f"{part}_{name}.npy"}
    write_manifest(
        folder, "adult", "Adult: income above 50,000 dollars",
        "UCI Adult (B. Becker, R. Kohavi, 1996), found beside the project; a fifth of the training rows "
        "is validation. Unknown values are a category of their own.",
        "Numbers centred and scaled on the training rows, gains and losses as log(1 + x); categories one "
        "by one; without sex, race and fnlwgt.",
        classes=["<=50K", ">50K"], arrays=arrays, groups=groups,
        overlaps=[{"between": list(pair), "reason": SAME_PEOPLE} for pair in (
            ("train", "test"), ("val", "test"), ("train", "val"))])


def write_fairface(folder, predictions, source):
    """Gender by CLIP under the original prompts: predictions alone, whose only feature is the row number."""
    with (source / "original_paper_preds.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    classes = ["Female", "Male"]
    races = sorted({row["race"] for row in rows})
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "test_x.npy", np.arange(len(rows), dtype=np.float32)[:, None])
    np.save(folder / "test_y.npy", np.array([classes.index(row["gender"]) for row in rows], np.uint8))
    np.save(folder / "test_race.npy", np.array([races.index(row["race"]) for row in rows], np.int8))
    np.save(folder / "test_age.npy", np.array([FAIRFACE_AGES.index(row["age"]) for row in rows], np.int8))
    write_manifest(
        folder, "fairface", "FairFace validation rows, for predictions made elsewhere",
        "FairFace validation labels and CLIP's predictions, found beside the project",
        "None: the row number stands where features would.", classes=classes,
        arrays={"test.features": {"file": "test_x.npy"}, "test.labels": {"file": "test_y.npy"}},
        groups={
            "race": {"names": races, "array": {"file": "test_race.npy"}},
            "age": {"names": FAIRFACE_AGES, "array": {"file": "test_age.npy"}},
        })
    # The predictions are race and gender in one word; gender is what is scored.
    found = [classes.index(row["gender_preds"].rsplit("_", 1)[-1]) for row in rows]
    place = predictions / "fairface" / "train=none"
    place.mkdir(parents=True, exist_ok=True)
    (place / "seed=1").mkdir(exist_ok=True)
    np.save(place / "seed=1" / "logits.npy", np.eye(2, dtype=np.float32)[found])


def write_manifest(folder, name, title, source, features, **members):
    manifest = {
        "schema": "assay.dataset/1", "id": name, "version": "1.0.0", "title": title, "source": source,
        "licence": "none stated: for checks on this machine only", "feature_source": features, **members,
    }
    (folder / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Lay out Adult and FairFace predictions for audits.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_audit: {target} lies in the project; these data must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_audit: set ASSAY_DATA_PATH to the folder that holds local-only")
    data = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve() / "local-only"
    if not data.is_dir():
        sys.exit(f"local_audit: there is no folder {data}")
    write_adult(target / "adult", data / "tabular")
    write_fairface(target / "fairface", target / "fairface-predictions", data / "fairface-preds")


if __name__ == "__main__":
    main()
