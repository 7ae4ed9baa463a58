#!/usr/bin/env python3
"""Makes suites/data/planted-sources and planted-sources-mild: two sources, a test set, two shifts.

Two classes. A row is its class times the mean of its source plus noise; both sources share some
features and have some of their own. In a shift the own features of one source keep their meaning;
those of the other turn round, the hard case, or in planted-sources-mild become weak. Needs Python
3.9 and NumPy.
"""

import numpy as np

import manifest

SHARED, OWN, TRAIN, TEST, SPREAD = 10, 10, 1280, 2000, 0.22


def make(place, weight, what):
    """Writes one dataset; `weight` is what a shift makes of the other source's own features."""
    rng = np.random.default_rng(11)
    width = SHARED + 2 * OWN
    block = lambda a, b, c: np.repeat([a, b, c], [SHARED, OWN, OWN]) * SPREAD
    means = {"A": block(1, 2, 0), "B": block(1, 0, 2)}
    tests = {
        "reference": block(1, 1, 1),
        "favours-A": block(1, 1, weight),
        "favours-B": block(1, weight, 1),
    }

    def rows(mean, count):
        y = rng.integers(0, 2, count)
        x = (2 * y[:, None] - 1) * mean + rng.standard_normal((count, width))
        return x.astype(np.float16), y.astype(np.int16)

    save = lambda name, array: manifest.save(place, name, array)
    train = [rows(means[name], TRAIN) for name in means]
    test = {name: rows(mean, TEST) for name, mean in tests.items()}
    source = np.repeat(np.arange(len(means)), TRAIN).astype(np.int16)
    manifest.write(
        place,
        __file__,
        "Training rows of two sources",
        f"In 'favours-A' the features of source B's own {what}, in 'favours-B' those of A.",
        classes=["minus", "plus"],
        arrays={
            "train.features": save("train_x", np.concatenate([x for x, _ in train])),
            "train.labels": save("train_y", np.concatenate([y for _, y in train])),
            "test.features": save("reference_x", test["reference"][0]),
            "test.labels": save("reference_y", test["reference"][1]),
        },
        groups={
            "source": {
                "array": save("unknown", np.full(TEST, -1, dtype=np.int16)),
                "names": list(means),
                "train": save("source", source),
            }
        },
        shifts=[
            {
                "name": name,
                "features": save(f"{name}_x", test[name][0]),
                "labels": save(f"{name}_y", test[name][1]),
            }
            for name in ("favours-A", "favours-B")
        ],
    )


def main():
    hard = manifest.folder(__file__)
    make(hard, -0.4, "turn round")
    mild = hard.with_name(f"{hard.name}-mild")
    mild.mkdir(exist_ok=True)
    make(mild, 0.2, "become weak")


if __name__ == "__main__":
    main()
