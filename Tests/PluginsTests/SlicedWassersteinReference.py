"""Prints SlicedWassersteinReference.swift: the card's formulas in NumPy, distances from POT.

python3 Tests/PluginsTests/SlicedWassersteinReference.py > Tests/PluginsTests/SlicedWassersteinReference.swift
"""
import numpy as np
import ot

MASK = (1 << 64) - 1


def uniforms(seed):
    """SplitMix64 as in Tests/MethodHarness/Planted.swift."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield ((z ^ (z >> 31)) >> 11) * 2.0**-53


def planted(classes, width, spread, seed, count, row_seed, unit):
    """`Planted(...).rows(...)`, as f64 of the f32 numbers."""
    draw = uniforms(seed)
    centres = [[2 * next(draw) - 1 for _ in range(width)] for _ in range(classes)]
    draw = uniforms(row_seed)
    out = []
    for i in range(count):
        row = [c + spread * (next(draw) + next(draw) + next(draw) - 1.5)
               for c in centres[i % classes]]
        if unit:
            square = 0.0
            for v in row:
                square += v * v
            row = [v / square**0.5 for v in row]
        out.append(row)
    return np.array(out, np.float32).astype(np.float64)


def estimate(w, x, y, directions, kind, unbiased=False):
    m1, m2 = x.mean(0), y.mean(0)
    delta = m1 - m2
    c = (directions @ delta) ** 2
    mean = delta @ delta
    if kind == "ucv":
        c = c + (((x - m1) @ directions.T) ** 2).mean(0) + (((y - m2) @ directions.T) ** 2).mean(0)
        mean += ((x - m1) ** 2).sum(1).mean() + ((y - m2) ** 2).sum(1).mean()
    mean /= x.shape[1]
    e = c - mean

    def alpha(i):
        return ((w[i] - w[i].mean()) * e[i]).mean() / ((e[i] ** 2).mean() + 1e-24)

    half = len(w) // 2
    a = np.full(len(w), alpha(slice(None)))
    if unbiased:
        a = np.r_[np.full(half, alpha(slice(half, None))),
                  np.full(len(w) - half, alpha(slice(0, half)))]
    r = w - a * e
    return r.mean(), a[[0, -1]].mean(), mean, r.std(ddof=1) / len(w) ** 0.5


def main():
    x = planted(2, 6, 1.0, 31, 60, 32, False)
    y = planted(3, 6, 1.7, 33, 60, 34, False)
    short = y[:45]
    directions = planted(20, 6, 0.5, 35, 20, 36, True)
    print(f"/// Values of POT {ot.__version__} and NumPy {np.__version__}, printed by")
    print("/// `python3 Tests/PluginsTests/SlicedWassersteinReference.py`.")
    print("///")
    print("/// `value`, `alpha`, `mean` and `error` follow the paper's formulas in f64.")
    print("enum SlicedWassersteinReference {")
    print("  /// `ot.sliced_wasserstein_distance(x, y, projections, p) ** p`, p = 1, 2, 3.")
    for name, other in (("equal", y), ("unequal", short)):
        values = [ot.sliced_wasserstein_distance(x, other, projections=directions.T, p=p) ** p
                  for p in (1, 2, 3)]
        print(f"  static let {name}: [Double] = [")
        print("    " + ", ".join(repr(float(v)) for v in values) + ",\n  ]")
    w = np.array([ot.wasserstein_1d(x @ d, y @ d, p=2) for d in directions])
    print("  /// `ot.wasserstein_1d` on the first three directions, p = 2.")
    print("  static let first: [Double] = [" + ", ".join(repr(float(v)) for v in w[:3]) + "]")
    print("\n  /// Value, alpha, control mean, standard error.")
    for name, kind, unbiased in (("lower", "lcv", False), ("upper", "ucv", False),
                                 ("crossed", "ucv", True)):
        print(f"  static let {name}: [Double] = [")
        for v in estimate(w, x, y, directions, kind, unbiased):
            print(f"    {float(v)!r},")
        print("  ]")
    print("}")


if __name__ == "__main__":
    main()
