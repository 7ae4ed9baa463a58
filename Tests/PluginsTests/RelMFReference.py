"""Reference values of RelMFPublishedTests.swift: python3 Tests/PluginsTests/RelMFReference.py

Two things as the trainers published with Saito et al., WSDM 2020 (repository
usaito/unbiased-implicit-rec-real) have them, written anew in NumPy in f64:

- the expectation, over its batches, of the loss of the pointwise models: half of a batch are
  clicks, half other pairs; (Y/s) (1 - r)^2 + w (1 - Y/s) r^2 is summed and divided by the sum of
  Y + w (1 - Y), plus half of `lam` times all squares;
- ExpoMF's posterior of exposure, whose density at 0 has sqrt(lambda / 2 * pi) and 1e-8 beside it.

The parameters are made by a rule that the test repeats. Needs NumPy.
"""
import numpy as np

U, I, D, LAM = 6, 5, 3, 0.02
CLICKS = [(0, 1), (0, 4), (1, 0), (2, 2), (2, 3), (3, 1), (4, 1), (5, 0), (5, 4)]
SCORES = np.array([0.9, 0.4, 0.7, 0.25, 1.0, 0.4, 0.35, 0.7, 0.4])


def numbers(count, start):
    """Numbers between -1 and 1."""
    return np.sin(1.7 * np.arange(count) + start)


P = numbers(U * D, 0.3).reshape(U, D)
Q = numbers(I * D, 1.1).reshape(I, D)
SEEN = np.zeros((U, I), bool)
for pair in CLICKS:
    SEEN[pair] = True


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def term(r, y, s, w):
    return y / s * (1 - r) ** 2 + w * (1 - y / s) * r ** 2


def published(p, q, scores, w):
    r = sigmoid(p @ q.T)
    clicked = np.array([term(r[pair], 1, s, w) for pair, s in zip(CLICKS, scores)])
    blank = term(r[~SEEN], 0, 1, w)
    # A batch of 2 n pairs: its expectation is n times each mean, over n + w n.
    return (clicked.mean() + blank.mean()) / (1 + w) + LAM / 2 * ((p ** 2).sum() + (q ** 2).sum())


def gradient(scores, w):
    found = []
    for array in (P, Q):
        for place in np.ndindex(array.shape):
            kept, step = array[place], 1e-6
            array[place] = kept + step
            above = published(P, Q, scores, w)
            array[place] = kept - step
            below = published(P, Q, scores, w)
            array[place] = kept
            found.append((above - below) / (2 * step))
    return np.array(found)


def posterior(published_density, precision):
    mu = 0.1 + 0.15 * np.arange(I)
    square, added = precision / (2 * np.pi), 0
    if published_density:
        square, added = precision / 2 * np.pi, 1e-8
    density = np.sqrt(square) * np.exp(-precision * (P @ Q.T) ** 2 / 2) + added
    seen = density / (density + (1 - mu) / mu)
    seen[SEEN] = 1
    return seen


for name, scores, weight in (("wmf", np.ones(len(CLICKS)), 0.977),
                             ("clipped", np.maximum(SCORES, 0.3), 1.0)):
    slopes = gradient(scores, weight)
    print(f"  // {name}: loss, sum of slopes, first and last slope")
    found = [published(P, Q, scores, weight), slopes.sum(), slopes[0], slopes[-1]]
    print("  ", [float(number) for number in found])
for density in (False, True):
    seen = posterior(density, 2.0)
    print(f"  // {'published' if density else 'normal'}: sums over users")
    print("  ", [float(x) for x in seen.sum(axis=0)])
