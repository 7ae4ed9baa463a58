"""Sliced Wasserstein: speed beside POT, and the variance of the control variates.

    sliced_wasserstein.py PLUGIN            time and value, 20,000 by 20,000 rows
    sliced_wasserstein.py PLUGIN variance   variance and error over 1,000 seeds, 200 by 200 rows

Plugin and POT run in one process on the same arrays and directions, one thread each, interleaved,
least processor time of the rounds. POT is timed on the f32 arrays that the plugin gets, and on f64
copies, whose value is the reference.
"""
import json
import os
import sys
import time

import one_thread  # noqa: F401
import numpy as np
import ot
from abi import Instance
from tally import ratio

plugin = sys.argv[1]


def assay(x, y, estimator, seed=1, **options):
    """Value and standard error; `directions` is an array, or the number to draw."""
    directions = options.get("directions")
    inputs = {"sample.x": x, "sample.y": y}
    config = {"estimator": estimator, "unbiased": options.get("unbiased", False)}
    if isinstance(directions, int):
        config["directions"] = directions
    else:
        inputs["directions"] = directions
    method = Instance(plugin, "sliced-wasserstein", json.dumps(config))
    method.run.seed = seed
    value, error = np.full((), np.nan), np.full((), np.nan)
    method.fit({})
    method.predict(inputs, {"value": value, "std_error": error})
    return float(value), float(error)


def pot(x, y, projections):
    return float(ot.sliced_wasserstein_distance(x, y, projections=projections, p=2)) ** 2


def speed():
    n, d, count, rounds = 20_000, 256, 100, 9
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, d), dtype=np.float32)
    y = (1.2 * rng.standard_normal((n, d)) + 0.1).astype(np.float32)
    directions = rng.standard_normal((count, d))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    directions = directions.astype(np.float32)
    doubles = [a.astype(np.float64) for a in (x, y, directions.T)]
    work = {
        "plugin sw": lambda: assay(x, y, "sw", directions=directions)[0],
        "plugin lcv": lambda: assay(x, y, "lcv", directions=directions)[0],
        "plugin ucv": lambda: assay(x, y, "ucv", directions=directions)[0],
        "POT f32": lambda: pot(x, y, directions.T),
        "POT f64": lambda: pot(*doubles),
    }
    best, value = {}, {}
    for _ in range(rounds):
        for name, run in work.items():
            start = time.process_time()
            value[name] = run()
            best[name] = min(best.get(name, 1e9), time.process_time() - start)
    print(f"sliced Wasserstein, N=M={n} D={d}, {count} directions, p=2, one thread, least processor "
          f"time of {rounds}, OPENBLAS_CORETYPE={os.environ['OPENBLAS_CORETYPE']}")
    for name, seconds in best.items():
        print(f"  {name:10} {1e3 * seconds / count:7.3f} ms a direction, value {value[name]:.10f}")
    peer = f"POT {ot.__version__}"
    # POT on f32 sums in f32; its value on f64 is the reference for both.
    error = abs(value["plugin sw"] / value["POT f64"] - 1)
    for kind in ("f32", "f64"):
        ratio("sliced Wasserstein", f"{n:,} x {d}, {count} directions", f"{peer} on {kind}",
              best[f"POT {kind}"], best["plugin sw"], 10, [(error, 1e-6)])


def variance():
    n, d, seeds = 200, 10, 1000
    rng = np.random.default_rng(0)

    def normal(scale=1.0, shift=0.0):
        return (scale * rng.standard_normal((n, d)) + shift).astype(np.float32)

    stretched = np.linspace(0.5, 2.5, d)
    sides = np.where(rng.random((n, 1)) < 0.5, -1.0, 1.0)
    cases = {
        "shifted mean, equal covariance": (normal(), normal(shift=0.7)),
        "anisotropic, two modes, small shift": (
            normal(stretched), (normal(shift=0.1) + 1.5 * sides).astype(np.float32)),
        "equal means, other covariance": (normal(), normal(stretched)),
    }
    print(f"sliced Wasserstein, N=M={n} D={d}, p=2, {seeds} seeds; reference: 100,000 directions, "
          "the estimator with the smallest standard error")
    print("  variance and RMSE relative to plain SW; bias in percent; share of seeds whose "
          "1.96 standard errors hold the reference")
    for title, (x, y) in cases.items():
        many = [assay(x, y, e, seed=10**6, directions=100_000) for e in ("sw", "lcv", "ucv")]
        reference, _ = min(many, key=lambda found: found[1])
        for count in (10, 50, 100):
            plain = None
            for name in ("sw", "lcv", "ucv", "ucv, unbiased"):
                estimator, *unbiased = name.split(", ")
                found = np.array([
                    assay(x, y, estimator, seed=s, directions=count, unbiased=bool(unbiased))
                    for s in range(seeds)])
                value, error = found.T
                rmse = np.sqrt(((value - reference) ** 2).mean())
                plain = plain or (value.var(), rmse)
                covered = (abs(value - reference) <= 1.96 * error).mean()
                print(f"  {title:36} L={count:<4} {name:13} variance "
                      f"{value.var() / plain[0]:6.3f}  RMSE {rmse / plain[1]:6.3f}  bias "
                      f"{100 * (value.mean() / reference - 1):+6.2f} %  covered {covered:5.3f}")


variance() if sys.argv[2:] == ["variance"] else speed()
