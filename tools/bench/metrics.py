"""Metrics and their bootstraps beside scikit-learn, SciPy and fairlearn: one thread each, one run.

Both sides read the same arrays; values must agree to 1e-6 (bootstrap ends: within their Monte-Carlo
error). Peers that would take minutes are measured on fewer resamples and scaled, which is said.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import one_thread  # noqa: F401
import numpy as np
import scipy.special
from fairlearn.metrics import MetricFrame
from sklearn.metrics import (accuracy_score, average_precision_score, log_loss, roc_auc_score,
                             roc_curve, top_k_accuracy_score)

bench = sys.argv[1]
ROWS, CLASSES, RESAMPLES, GROUPS = 50_000, 1_000, 1_000, 8
failed = []


def assay(name, folder, repeats=3):
    run = subprocess.run([bench, name, folder, str(repeats)], check=True, capture_output=True,
                         text=True)
    result = json.loads(run.stdout)
    return result["seconds"], np.array(result["values"])


def timed(body, repeats=3):
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        value = body()
        best = min(best, time.perf_counter() - start)
    return best, value


def row(title, peer, own, aim, note=""):
    ratio = peer / own
    if ratio < aim:
        failed.append(f"{title}: {ratio:.1f} times, aim {aim}")
    print(f"  {title:36} {peer * 1e3:12.2f} {own * 1e3:10.2f} {ratio:9.1f} x   aim {aim:>3}  {note}")


def same(title, found, wanted, tolerance=1e-6):
    worst = float(np.max(np.abs(np.asarray(found) - np.asarray(wanted))))
    if not worst <= tolerance:
        failed.append(f"{title}: differs by {worst:.2g}, allowed is {tolerance:.2g}")


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

    peer, value = timed(lambda: top_k_accuracy_score(classes, logits, k=5, labels=labels), 1)
    own, values = assay("top5", folder)
    same("top-5", values, [value])
    row(f"top-5, {ROWS} x {CLASSES} f32", peer, own, 40)

    softmax, probabilities = timed(
        lambda: scipy.special.softmax(logits.astype(np.float64), axis=1), 1)
    nll, nll_value = timed(lambda: log_loss(classes, probabilities, labels=labels), 1)
    ece, ece_value = timed(lambda: calibration_error(probabilities, classes), 1)
    own, values = assay("probabilities", folder)
    same("NLL and ECE", values, [nll_value, ece_value])
    row("NLL from logits", softmax + nll, own, 3, "peer: softmax + log_loss")
    row("ECE from logits", softmax + ece, own, 3, "peer: softmax + NumPy")
    row("NLL and ECE from logits", softmax + nll + ece, own, 3, "one pass gives every metric")


def ranking(folder, rng):
    labels = rng.integers(0, 2, ROWS).astype(np.int32)
    scores = (rng.standard_normal(ROWS) + labels).astype(np.float32)
    scores.tofile(f"{folder}/scores.f32")
    labels.tofile(f"{folder}/labels.i32")

    def fpr95():
        fpr, tpr, _ = roc_curve(labels, scores)
        return fpr[np.argmax(tpr >= 0.95)]

    for key, body in (("auroc", lambda: roc_auc_score(labels, scores)),
                      ("ap", lambda: average_precision_score(labels, scores)),
                      ("fpr95_ood_pos", fpr95)):
        peer, value = timed(body)
        own, values = assay(key, folder, 10)
        same(key, values, [value])
        row(f"{key}, {ROWS} rows", peer, own, 3 if key == "auroc" else 1)

    def resampled(count):
        found = []
        for _ in range(count):
            rows = rng.integers(0, ROWS, ROWS)
            found.append(roc_auc_score(labels[rows], scores[rows]))
        return np.percentile(found, [2.5, 97.5])

    measured = 200
    peer, ends = timed(lambda: resampled(measured), 1)
    own, values = assay("auroc-bootstrap", folder)
    same("AUROC", values[:1], [roc_auc_score(labels, scores)])
    same("AUROC interval", values[1:], ends, 0.25 * (ends[1] - ends[0]))
    row(f"AUROC, {RESAMPLES} resamples", peer * RESAMPLES / measured, own, 50,
        f"peer: {measured} resamples, scaled")


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

    by_group, gap = frame(np.arange(ROWS))
    measured = 20

    def resampled():
        return [frame(rng.integers(0, ROWS, ROWS))[1] for _ in range(measured)]

    peer, gaps = timed(resampled, 1)
    own, values = assay("groups-bootstrap", folder)
    by_rows, row_values = assay("groups-rows", folder)
    same("accuracy by group", values[:GROUPS], by_group)
    same("accuracy gap", values[GROUPS], gap)
    width = values[-1] - values[-2]
    same("gap interval by cells and by rows", values[-2:], row_values[-2:], 0.15 * width)
    if not values[-2] <= np.median(gaps) <= values[-1]:
        failed.append("the peer's resampled gaps lie outside of the interval")
    note = f"peer: {measured} resamples, scaled"
    row(f"accuracy by {GROUPS} groups, {RESAMPLES} resamples", peer * RESAMPLES / measured, own, 500,
        f"cell counts; {note}")
    row("the gap alone, resampling rows", peer * RESAMPLES / measured, by_rows, 1, f"rows; {note}")


print(f"metrics, least time in ms    {'peer':>21} {'assay':>10} {'ratio':>11}")
with tempfile.TemporaryDirectory() as folder:
    generator = np.random.default_rng(7)
    scores_of_classes(folder, generator)
    ranking(folder, generator)
    groups(folder, generator)
for line in failed:
    print(f"  MISSED {line}")
sys.exit(1 if failed else 0)
