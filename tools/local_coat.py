#!/usr/bin/env python3
"""Lay out the Coat shopping ratings that lie beside the project as cases of task recommend.

    ASSAY_DATA_PATH=../shared/data tools/local_coat.py ../local-features

Runs of suites/local/recommend.json find them with `--data ../local-features`.

The ratings (Schnabel et al., ICML 2016) state no licence, so that they are never part of the project.
A rating of 4 or 5 is a click or, on the test side, relevant. The training ratings are of coats that
the users chose, the test ratings of 16 coats drawn uniformly for each user.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np

SOURCE = "Coat shopping data set, Schnabel et al., ICML 2016, found beside the project"
LICENCE = "none stated for the ratings: for checks on this machine only"


def main():
    parser = argparse.ArgumentParser(description="Lay out the Coat shopping ratings.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_coat: {target} lies in the project; these ratings must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_coat: set ASSAY_DATA_PATH to the folder that holds open/coat")
    coat = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve() / "open" / "coat"
    if not coat.is_dir():
        sys.exit(f"local_coat: there is no folder {coat}")
    train, test, propensity = (
        np.loadtxt(coat / f"{name}.ascii") for name in ("train", "test", "propensities"))
    for name, part in (("train", train), ("test", test)):
        if not np.isin(part, np.arange(6)).all():
            sys.exit(f"local_coat: {name}.ascii holds ratings that are not 0 to 5")
    if not ((propensity > 0) & (propensity <= 1)).all():
        sys.exit("local_coat: propensities.ascii holds numbers outside of 0 < p <= 1")
    folder = target / "coat"
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, array):
        np.save(folder / f"{name}.npy", array)
        return {"file": f"{name}.npy"}

    users, items = train.shape
    clicked = train >= 4
    # The share of the authors' code, with draws of our own.
    held = clicked & (np.random.default_rng(12345).random(train.shape) < 0.1)
    fit = {"user.count": users, "item.count": items}
    for prefix, part in (("", clicked & ~held), ("val.", held)):
        fit[f"{prefix}interactions"] = save(
            f"{prefix}interactions", np.argwhere(part).astype(np.int32, order="C"))
        fit[f"{prefix}propensity"] = save(
            f"{prefix}propensity", propensity[part].astype(np.float32))
    asked = np.argwhere(test > 0)
    pairs = save("pairs", asked.astype(np.int32, order="C"))
    relevance = save("relevance", (test[test > 0] >= 4).astype(np.float32))
    frequency = (clicked & ~held).sum(axis=0)
    is_rare = (frequency <= np.median(frequency))[asked[:, 1]]
    rare = {"rows": save("rare", np.flatnonzero(is_rare).astype(np.int32))}
    cases = [
        {"name": f"coat-{name}", "setting": {"items": name}, "fit": fit,
         "query": {"query.pairs": {**pairs, **extra}},
         "truth": {"relevance": {**relevance, **extra}}}
        for name, extra in (("all", {}), ("rare", rare))]
    document = {
        "schema": "assay.dataset/1", "id": "coat", "version": "1.0.0",
        "title": "Coat shopping ratings, 4 and 5 as clicks",
        "description": (
            f"{users} users, {items} coats, {int((clicked & ~held).sum())} clicks to learn from and "
            f"{int(held.sum())} to validate on; 16 coats a user to rank. 'items=rare': those of the "
            "less clicked half of the coats."),
        "source": SOURCE, "licence": LICENCE, "cases": cases}
    (folder / "dataset.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
