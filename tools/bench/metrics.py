"""Metrics and their bootstraps beside scikit-learn, SciPy and fairlearn: one thread each, one run.

Both sides read the same arrays; values must agree to 1e-6 (bootstrap ends: within their Monte-Carlo
error). Assay runs in a process of its own. Times are the processor's, the least of several runs where
a peer takes less than seconds. Peers that would take minutes are measured on fewer resamples and
scaled, which is said.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import one_thread  # noqa: F401
import fairlearn
import numpy as np
import scipy
import scipy.special
import scipy.stats
import sklearn
from fairlearn.metrics import MetricFrame
from sklearn.metrics import (accuracy_score, average_precision_score, log_loss, roc_auc_score,
                             roc_curve, top_k_accuracy_score)
from tally import ratio

bench = sys.argv[1]
SKLEARN = f"scikit-learn {sklearn.__version__}"
SCIPY = f"SciPy {scipy.__version__}"
FAIRLEARN = f"fairlearn {fairlearn.__version__}"
ROWS, CLASSES, RESAMPLES, GROUPS = 50_000, 1_000, 1_000, 8


def assay(name, folder, repeats=3):
    run = subprocess.run([bench, name, folder, str(repeats)], check=True, capture_output=True,
                         text=True)
    result = json.loads(run.stdout)
    return result["seconds"], np.array(result["values"])


def timed(body, repeats=3):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        value = body()
        best = min(best, time.process_time() - start)
    return best, value


def off(found, wanted, tolerance=1e-6):
    """The largest difference of values, and what it may be."""
    return float(np.max(np.abs(np.asarray(found) - np.asarray(wanted)))), tolerance


def calibration_error(probabilities, classes, bins=15):
    """torchmetrics' MulticlassCalibrationError(n_bins=15, norm="l1"), written out in NumPy."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == classes
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence, side="left")
    gaps = np.bincount(place, weights=correct - confidence, minlength=bins)
    return np.abs(gaps).sum() / len(classes)


def scores_of_classes(folder, rng):
    classes = rng.integers(0, CLASSES, ROWS).astype(np.int32)
    logits = rng.standard_normal((ROWS, CLASSES), dtype=np.float32)
    logits[np.arange(ROWS), classes] += 2.5
    classes.tofile(f"{folder}/classes.i32")
    logits.tofile(f"{folder}/logits.f32")
    labels = np.arange(CLASSES)

    size = f"{ROWS:,} x {CLASSES:,} f32"
    peer, value = timed(lambda: top_k_accuracy_score(classes, logits, k=5, labels=labels), 2)
    own, values = assay("top5", folder)
    ratio("top-5 accuracy", size, SKLEARN, peer, own, 40, [off(values, [value])])

    softmax, probabilities = timed(
        lambda: scipy.special.softmax(logits.astype(np.float64), axis=1), 2)
    nll, nll_value = timed(lambda: log_loss(classes, probabilities, labels=labels), 2)
    ece, ece_value = timed(lambda: calibration_error(probabilities, classes), 2)
    own, values = assay("probabilities", folder)
    checks = [off(values, [nll_value, ece_value])]
    # One pass of Assay gives both, and each is held against the peer of that one alone.
    ratio("NLL from logits", size, f"{SCIPY} softmax, {SKLEARN}", softmax + nll, own, 3, checks)
    ratio("ECE from logits", size, f"{SCIPY} softmax, NumPy", softmax + ece, own, 3, checks)


def ranking(folder, rng):
    labels = rng.integers(0, 2, ROWS).astype(np.int32)
    scores = (rng.standard_normal(ROWS) + labels).astype(np.float32)
    scores.tofile(f"{folder}/scores.f32")
    labels.tofile(f"{folder}/labels.i32")

    def fpr95():
        fpr, tpr, _ = roc_curve(labels, scores)
        return fpr[np.argmax(tpr >= 0.95)]

    for key, title, aim, body in (
            ("auroc", "AUROC", 3, lambda: roc_auc_score(labels, scores)),
            ("ap", "average precision", 1, lambda: average_precision_score(labels, scores)),
            ("fpr95_ood_pos", "FPR95", 1, fpr95)):
        peer, value = timed(body)
        own, values = assay(key, folder, 10)
        ratio(title, f"{ROWS:,} rows", SKLEARN, peer, own, aim, [off(values, [value])])

    def resampled(count):
        found = []
        for _ in range(count):
            rows = rng.integers(0, ROWS, ROWS)
            found.append(roc_auc_score(labels[rows], scores[rows]))
        return np.percentile(found, [2.5, 97.5])

    measured = 200
    peer, ends = timed(lambda: resampled(measured), 1)
    own, values = assay("auroc-bootstrap", folder)
    ratio("AUROC with an interval", f"{ROWS:,} rows, {RESAMPLES:,} resamples",
          f"{SKLEARN}, from {measured} resamples", peer * RESAMPLES / measured, own, 50,
          [off(values[:1], [roc_auc_score(labels, scores)]),
           off(values[1:], ends, 0.25 * (ends[1] - ends[0]))])


def groups(folder, rng):
    codes = rng.integers(0, GROUPS, ROWS).astype(np.int32)
    labels = rng.integers(0, 2, ROWS).astype(np.int32)
    scores = rng.uniform(size=ROWS).astype(np.float32)
    right = rng.uniform(size=ROWS) < 0.7 + 0.02 * codes
    scores = np.where(right == (labels == 1), 0.5 + scores / 2, scores / 2).astype(np.float32)
    for name, array in (("groups.i32", codes), ("labels.i32", labels), ("scores.f32", scores)):
        array.tofile(f"{folder}/{name}")
    decisions = (scores >= 0.5).astype(np.int32)

    def frame(rows):
        found = MetricFrame(metrics=accuracy_score, y_true=labels[rows], y_pred=decisions[rows],
                            sensitive_features=codes[rows])
        return found.by_group.to_numpy(), found.difference()

    size = f"{ROWS:,} rows, {GROUPS} groups"
    plain, (by_group, gap) = timed(lambda: frame(np.arange(ROWS)))
    own, values = assay("groups", folder, 10)
    exact = [off(values[:GROUPS + 1], [*by_group, gap])]
    ratio("accuracy by group and gap", size, FAIRLEARN, plain, own, 1, exact)

    measured = 20

    def resampled():
        return [frame(rng.integers(0, ROWS, ROWS))[1] for _ in range(measured)]

    peer, gaps = timed(resampled, 1)
    peer *= RESAMPLES / measured
    size += f", {RESAMPLES:,} resamples"
    beside = f"{FAIRLEARN}, from {measured} resamples"
    own, values = assay("groups-bootstrap", folder)
    # The peer's few resamples do not give ends to compare: their median lies within.
    middle = np.median(gaps)
    checks = [off(values[:GROUPS + 1], [*by_group, gap]),
              off(middle, np.clip(middle, *values[-2:]), 0)]
    ratio("accuracy by group and gap, intervals", size, beside, peer, own, 500, checks)


def paired(folder, rng):
    """Two methods on the same rows: SciPy's paired bootstrap, and its permutation test by flips."""
    labels = rng.integers(0, 2, ROWS).astype(np.int32)
    right = [rng.uniform(size=ROWS) < 0.8]
    right.append(np.where(rng.uniform(size=ROWS) < 0.1, rng.uniform(size=ROWS) < 0.81, right[0]))
    for name, hits in zip(("scores.f32", "candidate.f32"), right):
        np.where(hits == (labels == 1), 0.75, 0.25).astype(np.float32).tofile(f"{folder}/{name}")
    labels.tofile(f"{folder}/labels.i32")
    before, now = (hits.astype(float) for hits in right)

    def difference(candidate, baseline, axis):
        return candidate.mean(axis=axis) - baseline.mean(axis=axis)

    def bootstrap():
        return scipy.stats.bootstrap((now, before), difference, n_resamples=RESAMPLES, batch=50,
                                     paired=True, method="percentile", rng=rng).confidence_interval

    def permutation():
        return scipy.stats.permutation_test(
            (now, before), difference, permutation_type="samples", n_resamples=RESAMPLES, batch=50,
            vectorized=True, rng=rng).pvalue

    size = f"{ROWS:,} rows, {RESAMPLES:,} resamples"
    peer, ends = timed(bootstrap, 1)
    own, values = assay("paired-bootstrap", folder)
    ratio("paired bootstrap of accuracy", size, SCIPY, peer, own, 1,
          [off(values[:1], difference(now, before, 0)),
           off(values[1:3], ends, 0.15 * (ends.high - ends.low))])

    # Under flips of the pairs the difference is binomial: Assay has the p-value of all 2^N flips.
    peer, sampled = timed(permutation, 1)
    own, values = assay("paired-exact", folder, 10)
    lost, won = (int(np.sum(a & ~b)) for a, b in (right, right[::-1]))
    wanted = scipy.stats.binomtest(lost, lost + won).pvalue
    deviation = np.sqrt(wanted * (1 - wanted) / RESAMPLES) + 1 / RESAMPLES
    ratio("paired permutation test of accuracy", f"{ROWS:,} rows, {RESAMPLES:,} flips; ours: all",
          SCIPY, peer, own, 1, [off(values, [wanted]), off(values, [sampled], 4 * deviation)])


print("metrics, one thread, least processor time")
with tempfile.TemporaryDirectory() as folder:
    generator = np.random.default_rng(7)
    for part in (scores_of_classes, ranking, groups, paired):
        part(folder, generator)
