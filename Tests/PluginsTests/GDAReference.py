"""Prints GDAReference.swift: the variants of gda in NumPy, f64, with explicit inverses.

python3 Tests/PluginsTests/GDAReference.py > Tests/PluginsTests/GDAReference.swift
"""
import numpy as np

from SlicedWassersteinReference import planted

K, NEW, D, SCALE = 4, 3, 6, 10.0


def text(k, seed):
    """Class texts: the centres of other planted classes, as f32."""
    return planted(k, D, 0.0, seed, k, seed + 1, True)


def bayes(means, precision):
    weights = means @ precision
    return weights, -np.log(len(means)) - 0.5 * np.einsum("kd,kd->k", means, weights)


def ridge(covariance, n):
    return D * np.linalg.inv((n - 1) * covariance + np.trace(covariance) * np.eye(D))


def softmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def per_class(x, y, query):
    means = np.stack([x[y == k].mean(axis=0) for k in range(K)])
    covariance = np.mean([np.cov(x[y == k].T) for k in range(K)], axis=0)
    # The cut of a pseudo-inverse in f32.
    weights, bias = bayes(means, np.linalg.pinv(covariance, rcond=D * 2.0**-23, hermitian=True))
    return query @ weights.T + bias


def synthesis(x, new, query, k):
    means, precisions = [], []
    for w in new:
        nearest = x[np.argsort(-(x @ w), kind="stable")[:k]]
        means.append((nearest.sum(axis=0) + 16 * w) / (k + 16))
        covariance = (nearest - w).T @ (nearest - w) / (k - 1)
        precisions.append(ridge(covariance, k))
    weights, bias = bayes(np.stack(means), np.mean(precisions, axis=0))
    return query @ weights.T + bias


def mixture(x, classes, query, precision, iterations=10, tolerance=1e-4):
    def maximise(g):
        means = (g.T @ x) / g.sum(axis=0)[:, None]
        covariance = sum(
            (g[:, k, None] * (x - means[k])).T @ (x - means[k]) for k in range(K)) / (len(x) - 1)
        p = np.linalg.inv(covariance) if precision == "inverse" else ridge(covariance, len(x))
        if precision == "shrunk":
            p *= (len(x) - 1 + D) / D
        return bayes(means, p)

    g = softmax(SCALE * x @ classes.T)
    weights, bias = maximise(g)
    steps = 0
    for steps in range(1, iterations + 1):
        fresh = softmax(x @ weights.T + bias)
        change = np.abs(fresh - g).mean()
        g = fresh
        weights, bias = maximise(g)
        if change < tolerance:
            break
    return SCALE * query @ classes.T + query @ weights.T + bias, steps, change


def table(name, values, comment):
    print(f"\n  /// {comment}")
    print(f"  static let {name}: [[Double]] = [")
    for row in values:
        print("    [" + ", ".join(repr(float(v)) for v in row) + "],")
    print("  ]")


def main():
    x, y = planted(K, D, 0.6, 51, 40, 52, True), np.arange(40) % K
    query = planted(K, D, 0.6, 51, 5, 53, True)
    classes, new = text(K, 54), text(NEW, 56)
    print(f"/// Values of NumPy {np.__version__}, printed by")
    print("/// `python3 Tests/PluginsTests/GDAReference.py`.")
    print("enum GDAReference {")
    table("perClass", per_class(x, y, query), "Gaussian logits of `covariance=per-class`, 40 rows.")
    table("perClassOfFew", per_class(x[:8], y[:8], query),
          "The same of 8 rows, whose covariance has rank 4 of 6.")
    table("new", synthesis(x, new, query, 10), "Gaussian logits of new classes, 10 neighbours.")
    for precision, name in (
            ("shrunk", "mixtureShrunk"), ("ks", "mixtureKS"), ("inverse", "mixtureInverse")):
        logits, steps, change = mixture(planted(K, D, 0.6, 51, 60, 58, True), classes, query, precision)
        table(name, logits,
              f"Logits without labels, `em_precision={precision}`; {steps} steps, last change {change:.2e}.")
    print("}")


if __name__ == "__main__":
    main()
