"""SMOTE and a classifier: the plugin, and imbalanced-learn with scikit-learn.

Both get the same f32 rows and one thread, in one process, interleaved, best of the rounds. Each raises
the minority to the size of the majority with k = 5, then fits naive Bayes, which is cheap beside it;
imbalanced-learn is timed alone as well. The neighbours are compared by their mean distance, which the
plugin reports: new rows themselves differ, since the random numbers do.
"""
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from imblearn.over_sampling import SMOTE
from sklearn.naive_bayes import GaussianNB

N, D, SHARE, K, ROUNDS = 100_000, 64, 0.05, 5, 5
plugin = sys.argv[1]
rng = np.random.default_rng(0)
labels = (np.arange(N) < SHARE * N).astype(np.int32)
rng.shuffle(labels)
centres = rng.standard_normal((8, D))
rows = rng.standard_normal((N, D)) + np.where(labels[:, None] == 1, centres[rng.integers(0, 8, N)], 0)
rows = rows.astype(np.float32)
count = np.array(2, np.int32)
seconds = {}
reported = {}


def assay():
    method = Instance(plugin, "smote", '{"classifier":"bayes"}')
    method.fit({"train.features": rows, "train.labels": labels, "class.count": count})
    reported.update(method.metrics)


def imbalanced_learn():
    start = time.perf_counter()
    made = SMOTE(k_neighbors=K, random_state=0).fit_resample(rows, labels)
    seconds["resampling"] = min(
        seconds.get("resampling", 1e9), time.perf_counter() - start)
    GaussianNB().fit(*made)


for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("imbalanced-learn", imbalanced_learn)):
        start = time.perf_counter()
        work()
        seconds[name] = min(seconds.get(name, 1e9), time.perf_counter() - start)

# The neighbours again, in f64 and without the trick ‖x‖² - 2 xy + ‖y‖², which loses digits.
own = rows[labels == 1].astype(np.float64)
total = 0.0
for row in range(len(own)):
    distances = np.sqrt(((own - own[row]) ** 2).sum(axis=1))
    distances[row] = np.inf
    total += np.partition(distances, K - 1)[:K].sum()
wanted = total / (K * len(own))
error = abs(reported["neighbour_distance"] / wanted - 1)
print(f"smote, N={N} D={D}, {len(own)} minority rows, k={K}, float32, one thread, best of {ROUNDS}")
print(f"  plugin, with naive Bayes {seconds['plugin']:.3f} s")
print(f"  imbalanced-learn {seconds['imbalanced-learn']:.3f} s with naive Bayes, "
      f"{seconds['resampling']:.3f} s without")
print(f"  imbalanced-learn / plugin = {seconds['imbalanced-learn'] / seconds['plugin']:.2f}   "
      "(aim: at least 3)")
print(f"  relative difference of the mean neighbour distance from f64: {error:.1e}")
