#!/usr/bin/env python3
"""Makes suites/data/planted-functions: functions of which all is known.

Quadratics whose curvatures are spread evenly on a logarithmic scale from 1 / condition to 1, along
the axes or along random directions, and the two-dimensional valley. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

WIDTH = 50


def main():
    place = manifest.folder(__file__)
    minimum = manifest.save(place, "zeros", np.zeros(WIDTH, np.float32))
    turn = np.linalg.qr(np.random.default_rng(5).standard_normal((WIDTH, WIDTH)))[0]
    cases = []

    def add(name, summary, query, minimum, target=1e-3, radius=0.05):
        truth = {"target": target, "minimum": minimum, "radius": radius}
        cases.append({"name": name, "summary": summary, "query": query, "truth": truth})

    for exponent in (0, 2, 4, 6):
        curvature = np.diag(np.logspace(-exponent, 0, WIDTH)).astype(np.float32)
        add(
            f"condition-1e{exponent}",
            f"50 curvatures along the axes, from 1e-{exponent} to 1.",
            {"curvature": manifest.save(place, f"diagonal-{exponent}", curvature)},
            minimum,
        )
    curvature = turn @ np.diag(np.logspace(-2, 0, WIDTH)) @ turn.T
    curvature = ((curvature + curvature.T) / 2).astype(np.float32)
    add(
        "turned-1e2",
        "The curvatures of condition-1e2 along random directions.",
        {"curvature": manifest.save(place, "turned-2", curvature)},
        minimum,
    )
    add(
        "valley",
        "8 (x - 1)^2 (1.3 x^2 + 2 x + 1) + 0.5 (y - 4)^2, the figure of the Sophia paper.",
        {"valley": 1},
        manifest.save(place, "valley", np.array([1, 4], np.float32)),
    )
    manifest.write(
        place,
        __file__,
        "Functions of which all is known",
        "Quadratics of 50 numbers with condition numbers 1, 1e2, 1e4 and 1e6, one of them turned, "
        "and a valley in two dimensions. Least values are 0.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
