#!/usr/bin/env python3
"""Makes suites/data/planted-imbalance: a rare class in four islands inside a common one.

Class 0 is standard normal in 6 dimensions. Class 1 lies in equal shares around four points at distance
1.5 from the origin, with deviation 0.4. Training sets have 1,000 rows; both classes of the test set
have the ratio of the training set. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

WIDTH, ISLANDS, DISTANCE, DEVIATION = 6, 4, 1.5, 0.4
TRAIN, DRAWS = 1000, 10
RATIOS = [2, 5, 20, 50]
# Rows of class 1 and of class 0 in each test set.
TEST = {2: (1000, 2000), 5: (1000, 5000), 20: (250, 5000), 50: (100, 5000)}


def main():
    rng = np.random.default_rng(2002)
    centres = rng.standard_normal((ISLANDS, WIDTH))
    centres *= DISTANCE / np.linalg.norm(centres, axis=1, keepdims=True)

    def rows(rare, common):
        """Class 1 before class 0, so that the rows of every ratio lie side by side."""
        island = np.arange(rare) % ISLANDS
        return np.concatenate([
            centres[island] + DEVIATION * rng.standard_normal((rare, WIDTH)),
            rng.standard_normal((common, WIDTH)),
        ]).astype(np.float16)

    train = {ratio: round(TRAIN / (1 + ratio)) for ratio in RATIOS}
    most_rare, most_common = max(train.values()), TRAIN - min(train.values())
    place = manifest.folder(__file__)
    features = manifest.save(
        place, "train_x", np.stack([rows(most_rare, most_common) for _ in range(DRAWS)]))
    queries = manifest.save(
        place, "test_x", rows(max(r for r, _ in TEST.values()), max(c for _, c in TEST.values())))

    def labels(name, rare, common):
        return manifest.save(
            place, name, np.repeat(np.array([1, 0], np.int8), [rare, common]))

    train_labels = labels("train_y", most_rare, most_common)
    test_labels = labels("test_y", *(max(column) for column in zip(*TEST.values())))
    cases = []
    for ratio in RATIOS:
        taken = {"from": most_rare - train[ratio], "to": most_rare + TRAIN - train[ratio]}
        rare, common = TEST[ratio]
        asked = {"from": 1000 - rare, "to": 1000 + common}
        for draw in range(DRAWS):
            cases.append({
                "name": f"ratio-{ratio}-draw-{draw + 1}",
                "setting": {"ratio": ratio, "draw": draw + 1},
                "fit": {
                    "train.features": {**features, "at": [draw], "rows": taken},
                    "train.labels": {**train_labels, "rows": taken},
                    "class.count": 2,
                },
                "query": {"query.features": {**queries, "rows": asked}},
                "truth": {"labels": {**test_labels, "rows": asked}},
            })
    manifest.write(
        place, __file__, "A rare class in four islands inside a common one",
        "Two classes in 6 dimensions, class 1 rare: 2, 5, 20 and 50 rows of class 0 to one of class 1, "
        "ten training sets of 1,000 rows each. The test rows of a ratio are the same for its draws.",
        cases=cases)


if __name__ == "__main__":
    main()
