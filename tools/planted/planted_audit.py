#!/usr/bin/env python3
"""Writes suites/data/planted-audit and suites/data/planted-audit-plain: an audit whose answers are known.

    python3 tools/planted/planted_audit.py          # needs NumPy

Rows of 16 numbers, an axis for each thing that is planted, under unit noise on two axes and less on
the others:

  axis 0   the finding, a third as strong in the oldest age group
  axis 1   the shortcut: present in 60 % of the positives and 5 % of the negatives, read by the positive
           prompt as well; planted-audit-plain is the same without it
  axis 2   sex, far below the variance of the others
  axis 15  what all rows and prompts share

The findings `random-*` are labels drawn without regard to the features. Nothing here is data about people.
"""

import json
from pathlib import Path

import numpy as np

ROWS = {"train": 1500, "val": 500, "test": 3000}
AGES = {"18-24": 0.10, "25-49": 0.25, "50-64": 0.30, "65-79": 0.20, "80+": 0.15}
SITES = {"north": 0.6, "south": 0.396, "island": 0.004}
PREVALENCES = {"random-05": 0.05, "random-20": 0.20, "random-50": 0.50}
D = 16


def split(n, shortcut, random):
    finding = random.random(n) < 0.25
    age = random.choice(len(AGES), n, p=list(AGES.values()))
    sex = random.integers(0, 2, n)
    site = random.choice(len(SITES), n, p=list(SITES.values()))
    device = random.random(n) < np.where(finding, 0.6, 0.05)
    labels = {name: (random.random(n) < p).astype(np.int32) for name, p in PREVALENCES.items()}
    labels = {"finding": finding.astype(np.int32), **labels}
    x = random.normal(size=(n, D)) * 0.6
    x[:, 3:5] /= 0.6
    x[:, 0] += np.where(age == len(AGES) - 1, 0.35, 1.0) * np.where(finding, 0.7, -0.7)
    x[:, 1] += device * (1.2 if shortcut else 0.0)
    x[:, 2] = np.where(sex == 1, 0.25, -0.25) + random.normal(size=n) * 0.1
    x[:, 15] += 2.0
    groups = {"age": age, "sex": sex, "site": site, "device": device}
    return x.astype(np.float16), labels, {k: v.astype(np.int32) for k, v in groups.items()}


def prompts():
    """Features of the prompts, [2, D]: without the finding and with it."""
    text = np.zeros((2, D))
    text[:, 15] = 1.0
    text[0, 0], text[1, 0], text[1, 1] = -0.5, 0.5, 0.5
    return text.astype(np.float32)


def write(folder, shortcut):
    random = np.random.Generator(np.random.PCG64(1907))
    folder.mkdir(parents=True, exist_ok=True)
    names = ["finding", *PREVALENCES]
    arrays, targets = {}, {name: {} for name in names}
    attributes = {
        "age": list(AGES), "sex": ["female", "male"], "site": list(SITES), "device": ["absent", "present"],
    }
    groups = {name: {"names": keys} for name, keys in attributes.items()}
    for part, n in ROWS.items():
        x, labels, codes = split(n, shortcut, random)
        np.save(folder / f"{part}_x.npy", x)
        np.save(folder / f"{part}_y.npy", np.stack([labels[name] for name in names]).astype(np.uint8))
        np.save(folder / f"{part}_groups.npy", np.stack(list(codes.values())).astype(np.int8))
        arrays[f"{part}.features"] = {"file": f"{part}_x.npy", "normalize": "l2"}
        for place, name in enumerate(names):
            targets[name][part] = {"file": f"{part}_y.npy", "at": [place]}
        for place, name in enumerate(codes):
            key = "array" if part == "test" else part
            groups[name][key] = {"file": f"{part}_groups.npy", "at": [place]}
    np.save(folder / "text.npy", prompts())
    for name in names:
        targets[name]["classes"] = ["no finding", name]
        targets[name]["text"] = {"file": "text.npy", "normalize": "l2"}
    manifest = {
        "schema": "assay.dataset/1",
        "id": folder.name,
        "version": "1.0.0",
        "title": "Planted audit: a shortcut, a weak group and a hidden attribute"
        if shortcut else "Planted audit without the shortcut",
        "description": "Generated rows with a known answer: the finding is weaker in the age group 80+, "
        + ("a device gives the finding away and the positive prompt reads it, " if shortcut else
           "the device that goes with the finding leaves no trace in the features, ")
        + "and sex is written in a direction of little variance. The findings random-* have nothing to do "
        "with the features.",
        "source": "tools/planted/planted_audit.py",
        "licence": "MIT",
        "feature_source": "None: 16 numbers from a normal generator.",
        "arrays": arrays,
        "targets": targets,
        "groups": groups,
    }
    (folder / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    data = Path(__file__).resolve().parents[2] / "suites" / "data"
    write(data / "planted-audit", True)
    write(data / "planted-audit-plain", False)
