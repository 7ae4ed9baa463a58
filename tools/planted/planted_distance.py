#!/usr/bin/env python3
"""Makes suites/data/planted-distance: pairs of samples whose sliced Wasserstein distance is known.

The reference is the plain estimate (p = 2) over 100,000 directions, with its standard error.
Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

ROWS, WIDTH, DIRECTIONS = 200, 10, 100_000


def squared_distance(x, y, rng):
    """The mean of W_2^2 between the projections, and the standard error of that mean."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    values = []
    for _ in range(DIRECTIONS // 1000):
        theta = rng.standard_normal((1000, x.shape[1]))
        theta /= np.linalg.norm(theta, axis=1, keepdims=True)
        gap = np.sort(x @ theta.T, axis=0) - np.sort(y @ theta.T, axis=0)
        values.append((gap**2).mean(axis=0))
    values = np.concatenate(values)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def main():
    rng = np.random.default_rng(20240)
    normal = lambda: rng.standard_normal((ROWS, WIDTH))
    spread = np.linspace(0.3, 1.7, WIDTH)
    side = np.where(rng.random((ROWS, 1)) < 0.5, 1.0, -1.0)
    direction = rng.standard_normal(WIDTH)
    direction /= np.linalg.norm(direction)
    twin = normal()
    pairs = {
        "shifted": (
            "Two Gaussians of one covariance, their means clearly apart.",
            normal(),
            normal() + 0.6,
        ),
        "mixture": (
            "An anisotropic Gaussian and a mixture of two, their means almost equal.",
            normal() * spread,
            0.5 * normal() + 1.5 * side * direction + 0.05,
        ),
        "covariance": (
            "Two Gaussians of equal means and different covariances.",
            normal() * spread,
            normal() * spread[::-1] * 0.6,
        ),
        "equal": ("One sample twice: the distance is 0.", twin, twin),
    }
    # Draws of its own, so that the other pairs stay what they are.
    turn = np.linalg.qr(np.random.default_rng(7).standard_normal((WIDTH, WIDTH)))[0]
    _, x, y = pairs["mixture"]
    pairs["turned"] = (
        "The mixture turned and moved: its distance stays.", x @ turn + 7, y @ turn + 7)
    place = manifest.folder(__file__)
    cases, truth = [], {"equal": (0.0, 0.0)}
    for name, (summary, x, y) in pairs.items():
        x, y = x.astype(np.float32), y.astype(np.float32)
        if name == "turned":
            truth[name] = truth["mixture"]
        elif name not in truth:
            truth[name] = squared_distance(x, y, rng)
        value, error = truth[name]
        cases.append(
            {
                "name": name,
                "summary": summary,
                "query": {
                    "sample.x": manifest.save(place, f"{name}_x", x),
                    "sample.y": manifest.save(place, f"{name}_y", y),
                },
                "truth": {"reference": value, "reference_error": error},
            }
        )
    manifest.write(
        place,
        __file__,
        "Pairs of samples with their sliced Wasserstein distance",
        "200 rows of 10 numbers on each side. The true value is the plain estimate of SW_2^2 over "
        "100,000 directions, with its standard error.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
