#!/usr/bin/env python3
"""Makes suites/data/planted-classes: rows to classify, for a convex problem and for a network.

Four classes of 20 numbers whose scales differ by factors up to 30, so that curvatures do too: once
around one centre each, once around two, which no linear map tells apart. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

CLASSES, WIDTH = 4, 20


def main():
    rng = np.random.default_rng(77)
    place = manifest.folder(__file__)
    scales = np.logspace(-1, 0.5, WIDTH)
    cases = []
    for name, centres_each, extra in (("softmax", 1, {}), ("mlp", 2, {"hidden": 32})):
        centres = rng.standard_normal((CLASSES * centres_each, WIDTH))

        def rows(count):
            which = np.arange(count) % len(centres)
            noise = 0.8 * rng.standard_normal((count, WIDTH))
            labels = (which % CLASSES).astype(np.int32)
            return ((centres[which] + noise) * scales).astype(np.float32), labels

        (x, y), (valid_x, valid_y) = rows(512), rows(1024)
        cases.append(
            {
                "name": name,
                "summary": f"Four classes around {centres_each} centres each, "
                + ("softmax regression." if not extra else "a network with 32 hidden units."),
                "query": {
                    "train.rows": manifest.save(place, f"{name}_x", x),
                    "train.labels": manifest.save(place, f"{name}_y", y),
                    "class.count": CLASSES, **extra,
                },
                "truth": {
                    "valid.rows": manifest.save(place, f"{name}_valid_x", valid_x),
                    "valid.labels": manifest.save(place, f"{name}_valid_y", valid_y),
                    "target": 0.5,
                },
            }
        )
    manifest.write(
        place,
        __file__,
        "Classes whose features have unlike scales",
        "512 rows to learn from and 1,024 to be judged on, of four classes and 20 numbers whose "
        "scales go from 0.1 to 3.2.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
