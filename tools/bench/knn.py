"""The k nearest rows by cosine and their votes: the plugin beside scikit-learn's brute force.

Both run in one process on the same unit rows, one thread each, interleaved, least processor time of
the rounds. scikit-learn searches by Euclidean distance, which ranks unit rows as the cosine does and
is its fastest way; its votes are added in NumPy. With a thousand classes another neighbour is
another vote.
"""
import sys
import time

import one_thread  # noqa: F401
import numpy as np
import sklearn
from abi import Instance
from sklearn.neighbors import NearestNeighbors
from tally import ratio

N, D, CLASSES, Q, COUNT, ROUNDS = 50_000, 512, 1_000, 5_000, 20, 5
TEMPERATURE = 0.07
plugin = sys.argv[1]
rng = np.random.default_rng(0)


def unit(x):
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


centres = rng.standard_normal((CLASSES, D))
labels = np.arange(N, dtype=np.int32) % CLASSES
train = unit(centres[labels] + 3 * rng.standard_normal((N, D)))
query = unit(centres[rng.integers(0, CLASSES, Q)] + 3 * rng.standard_normal((Q, D)))
logits = np.full((Q, CLASSES), np.nan, np.float32)
count = np.array(CLASSES, np.int32)
config = '{"k":%d,"search":false,"weights":"softmax","temperature":%g}' % (COUNT, TEMPERATURE)


def assay():
    method = Instance(plugin, "knn", config)
    method.fit({"train.features": train, "train.labels": labels, "class.count": count})
    method.predict({"query.features": query}, {"logits": logits})
    return logits


def neighbours():
    search = NearestNeighbors(n_neighbors=COUNT, algorithm="brute", n_jobs=1).fit(train)
    return search.kneighbors(query)


def peer():
    distances, rows = neighbours()
    return votes(1 - distances**2 / 2, rows)


def votes(cosines, rows):
    weights = np.exp((cosines - cosines[:, :1]) / TEMPERATURE)
    sums = np.full((Q, CLASSES), 1 / CLASSES)
    np.add.at(sums, (np.arange(Q)[:, None], labels[rows]), weights)
    return np.log(sums)


def reference():
    """The votes of scikit-learn's neighbours by their cosines in f64."""
    _, rows = neighbours()
    cosines = np.stack([train[found].astype(float) @ one.astype(float)
                        for found, one in zip(rows, query)])
    return votes(cosines, rows)


def floor():
    """The products alone, in blocks: what no exhaustive search can avoid."""
    for start in range(0, Q, 1024):
        query[start:start + 1024] @ train.T


print(f"knn, N={N} D={D}, {Q} queries, k={COUNT}, float32, one thread, least processor time of "
      f"{ROUNDS}")
expected = reference()
error = np.abs(assay() - expected).max() / np.abs(expected).max()
best = {}
for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("sklearn", peer), ("floor", floor)):
        start = time.process_time()
        work()
        best[name] = min(best.get(name, 1e9), time.process_time() - start)
SIZE = f"{N:,} x {D}, {Q:,} queries, k = {COUNT}"
ratio("kNN, brute force", SIZE, f"scikit-learn {sklearn.__version__}", best["sklearn"],
      best["plugin"], 1, [(error, 1e-6)])
ratio("kNN, brute force", SIZE, "NumPy, the products alone", best["floor"], best["plugin"], None)
