"""SMOTE: the plugin's resampling beside imbalanced-learn's `SMOTE(k_neighbors=5).fit_resample`.

Both get the same f32 rows and one thread, in one process, taking turns; least processor time of the
rounds. Each raises the minority to the size of the majority. The plugin fits a classifier afterwards:
it says when it starts, and what lies before counts as the resampling, from the check of the inputs to
the last new row. New rows themselves differ, since the random numbers do; the neighbours are compared
by their mean distance in f64, which any other neighbour would change.
"""
import importlib.metadata
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from imblearn.over_sampling import SMOTE
from sklearn.naive_bayes import GaussianNB
from tally import ratio

N, D, K, ROUNDS = 100_000, 64, 5, 7
PEER = f"imbalanced-learn {importlib.metadata.version('imbalanced-learn')}"
plugin = sys.argv[1]
rng = np.random.default_rng(0)
count = np.array(2, np.int32)
centres = rng.standard_normal((8, D))


def sample(share):
    labels = (np.arange(N) < share * N).astype(np.int32)
    rng.shuffle(labels)
    rows = rng.standard_normal((N, D))
    rows += np.where(labels[:, None] == 1, centres[rng.integers(0, 8, N)], 0)
    return rows.astype(np.float32), labels


def assay(rows, labels):
    """Seconds of the resampling and of the whole fit, and the mean distance of neighbours."""
    start = time.process_time()
    method = Instance(plugin, "smote", '{"classifier":"bayes"}')
    method.fit({"train.features": rows, "train.labels": labels, "class.count": count})
    whole = time.process_time() - start
    resampled = next(at for stage, at in method.stages if stage == "fit")
    return resampled - start, whole, method.metrics["neighbour_distance"]


def imbalanced_learn(rows, labels):
    start = time.process_time()
    made = SMOTE(k_neighbors=K, random_state=0).fit_resample(rows, labels)
    resampled = time.process_time() - start
    GaussianNB().fit(*made)
    return resampled, time.process_time() - start


def mean_distance(own):
    """Of the neighbours, in f64 and without the trick ‖x‖² - 2 xy + ‖y‖², which loses digits."""
    total = 0.0
    for row in range(len(own)):
        distances = np.sqrt(((own - own[row]) ** 2).sum(axis=1))
        distances[row] = np.inf
        total += np.partition(distances, K - 1)[:K].sum()
    return total / (K * len(own))


print(f"smote, N={N} D={D}, k={K}, float32, one thread, least processor time of {ROUNDS}")
for share in (0.05, 0.2):
    rows, labels = sample(share)
    best = np.full(4, np.inf)
    for _ in range(ROUNDS):
        *own, distance = assay(rows, labels)
        best = np.minimum(best, [*own, *imbalanced_learn(rows, labels)])
    wanted = mean_distance(rows[labels == 1].astype(np.float64))
    checks = [(abs(distance / wanted - 1), 1e-9)]
    size = f"{N:,} x {D}, {labels.sum():,} rare"
    ratio("SMOTE, resampling", size, PEER, best[2], best[0], 3, checks)
    ratio("SMOTE, with naive Bayes in both", size, PEER, best[3], best[1], 3, checks)
