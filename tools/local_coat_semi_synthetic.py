#!/usr/bin/env python3
"""Make semi-synthetic clicks from the Coat ratings that lie beside the project.

    ASSAY_DATA_PATH=../shared/data tools/local_coat_semi_synthetic.py ../local-features

Runs of suites/claims/rel-mf-semi-synthetic-real.json find them with `--data ../local-features`. The
embedded suites/data/planted-recommend is made from no ratings and needs none.

The protocol of Saito et al., WSDM 2020, who took MovieLens: factors fitted to the ratings give the
probability of relevance, factors fitted to what was rated that of exposure, raised to a power; a
pair is clicked if it is drawn as relevant and as shown. The ratings (Schnabel et al., ICML 2016) state
no licence, so that nothing made of them is ever part of the project.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np

SOURCE = "Coat shopping data set, Schnabel et al., ICML 2016, found beside the project"
LICENCE = "none stated for the ratings: for checks on this machine only"
POWERS = (0.5, 1, 2, 3, 4)
WIDTH, RATE, BATCH, STEPS = 20, 0.01, 256, 300
# What is subtracted from a rating before the sigmoid. The paper takes 5; the mean rating of Coat is one
# lower than that of MovieLens, so that 4 leaves about as much relevant.
OFFSET = 4
SEED = 12345


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def factorise(pairs, targets, shape, slope, rng):
    """The products of factors without biases, from Adam on batches of pairs drawn at random."""
    factors = [rng.uniform(-1, 1, (n, WIDTH)) * np.sqrt(6 / (n + WIDTH)) for n in shape]
    first, second = ([np.zeros_like(f) for f in factors] for _ in range(2))
    for step in range(1, STEPS + 1):
        rows = rng.integers(0, len(pairs), BATCH)
        users, items = pairs[rows].T
        pull = slope((factors[0][users] * factors[1][items]).sum(1), targets[rows])[:, None] / BATCH
        gradients = [np.zeros_like(f) for f in factors]
        np.add.at(gradients[0], users, pull * factors[1][items])
        np.add.at(gradients[1], items, pull * factors[0][users])
        for side, gradient in enumerate(gradients):
            first[side] = 0.9 * first[side] + 0.1 * gradient
            second[side] = 0.999 * second[side] + 0.001 * gradient**2
            mean, square = first[side] / (1 - 0.9**step), second[side] / (1 - 0.999**step)
            factors[side] -= RATE * mean / (np.sqrt(square) + 1e-8)
    return factors[0] @ factors[1].T


def main():
    parser = argparse.ArgumentParser(description="Make semi-synthetic clicks from Coat.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_coat_semi_synthetic: {target} lies in the project; these clicks must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_coat_semi_synthetic: set ASSAY_DATA_PATH to the folder with open/coat")
    coat = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve() / "open" / "coat"
    if not coat.is_dir():
        sys.exit(f"local_coat_semi_synthetic: there is no folder {coat}")
    folder = target / "coat-semi-synthetic"
    folder.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(SEED)
    ratings = np.loadtxt(coat / "train.ascii")
    rated = np.argwhere(ratings > 0)
    fitted = factorise(
        rated, ratings[ratings > 0], ratings.shape, lambda s, y: 2 * (s - y), rng)
    relevance = sigmoid(np.clip(fitted, 1, 5) - OFFSET)
    every = np.argwhere(np.ones_like(ratings))
    exposure = sigmoid(factorise(
        every, (ratings > 0).ravel(), ratings.shape, lambda s, y: sigmoid(s) - y, rng))

    def save(name, array):
        np.save(folder / f"{name}.npy", array)
        return {"file": f"{name}.npy"}

    def pairs(name, mask):
        return save(name, np.argwhere(mask).astype(np.int32, order="C"))

    users, items = ratings.shape
    held = rng.random(ratings.shape) < 0.1
    relevant = rng.random(ratings.shape) < relevance
    chance = rng.random(ratings.shape)
    complete = rng.random(ratings.shape) < relevance

    def clicks(name, clicked, propensity):
        fit = {"user.count": users, "item.count": items}
        for prefix, part in (("", clicked & ~held), ("val.", clicked & held)):
            fit[f"{prefix}interactions"] = pairs(f"{name}_{prefix}interactions", part)
            fit[f"{prefix}propensity"] = save(
                f"{name}_{prefix}propensity", propensity[part].astype(np.float32))
        return fit

    shown = clicks("complete", complete, np.ones_like(exposure))
    cases = []
    for power in POWERS:
        propensity = exposure**power
        clicked = relevant & (chance < propensity)
        fit = clicks(f"power-{power}", clicked, propensity)
        query = {"query.pairs": pairs(f"power-{power}_pairs", ~clicked)}
        truth = {"relevance": save(f"power-{power}_relevance", relevant[~clicked].astype(np.uint8))}
        for name, given in (("popularity", fit), ("complete", shown)):
            cases.append({
                "name": f"power-{power}-{name}", "setting": {"exposure": name, "power": power},
                "fit": given, "query": query, "truth": truth})
        print(f"power {power}: {int(clicked.sum())} clicks, mean exposure {propensity.mean():.4f}")
    document = {
        "schema": "assay.dataset/1", "id": "coat-semi-synthetic", "version": "1.0.0",
        "title": "Semi-synthetic clicks after the Coat shopping ratings, by exposure",
        "description": (
            f"{users} users, {items} coats; relevance and exposure after factors of the ratings. "
            "A tenth of the pairs is held back to validate on; the pairs without a click are to "
            "be predicted. With 'exposure=complete' every pair was shown and relevance drawn anew."),
        "source": SOURCE, "licence": LICENCE, "cases": cases}
    (folder / "dataset.json").write_text(json.dumps(document, indent=2) + "\n")
    print(f"mean relevance {relevance.mean():.3f}, {relevance.min():.3f} to {relevance.max():.3f}")


if __name__ == "__main__":
    main()
