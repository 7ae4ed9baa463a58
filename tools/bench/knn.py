"""The k nearest rows by cosine and their votes: the plugin beside scikit-learn's brute force.

Both run in one process on the same unit rows, one thread each, interleaved, best of the rounds.
scikit-learn searches by Euclidean distance, which ranks unit rows as the cosine does and is its
fastest way; its votes are added in NumPy. With a thousand classes another neighbour is another vote.
"""
import sys
import time

import one_thread  # noqa: F401
import numpy as np
import sklearn
from abi import Instance
from sklearn.neighbors import NearestNeighbors

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
    cosines = 1 - distances**2 / 2
    weights = np.exp((cosines - cosines[:, :1]) / TEMPERATURE)
    votes = np.full((Q, CLASSES), 1 / CLASSES)
    np.add.at(votes, (np.arange(Q)[:, None], labels[rows]), weights)
    return np.log(votes)


def floor():
    """The products alone, in blocks: what no exhaustive search can avoid."""
    for start in range(0, Q, 1024):
        query[start:start + 1024] @ train.T


expected = peer()
error = np.abs(assay() - expected).max()
best = {}
for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("sklearn", peer), ("floor", floor)):
        start = time.perf_counter()
        work()
        best[name] = min(best.get(name, 1e9), time.perf_counter() - start)
print(f"knn, N={N} D={D}, {Q} queries, k={COUNT}, float32, one thread, best of {ROUNDS}")
print(f"  plugin {best['plugin']:.3f} s, scikit-learn {sklearn.__version__} {best['sklearn']:.3f} s, "
      f"products alone {best['floor']:.3f} s")
print(f"  plugin / scikit-learn = {best['plugin'] / best['sklearn']:.2f}   (aim: at most 1)")
print(f"  plugin / products = {best['plugin'] / best['floor']:.2f}")
print(f"  largest difference of the logits {error:.1e}: the same neighbours")
sys.exit(0 if error < 1e-3 else 1)
