"""What the harness costs: time per trial beside the plugin's own, and memory beside the data's.

Runs the few-shot suite with one job, then one large trial, and reads the reports.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

import numpy as np
from tally import bound

assay = sys.argv[1]


def run(folder, *arguments):
    report = os.path.join(folder, "report.json")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([assay, "run", *arguments, "-j", "1", "--fresh", "--quiet", "-o", report],
                   check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(report) as file:
        return json.load(file), after, before


def trial_cost(folder):
    report, _, _ = run(folder, "few-shot")
    rows = {}
    for trial in report["trials"]:
        if trial["status"] != "ok":
            continue
        timing = trial["timing"]
        own = timing["fit_seconds"] + timing["predict_seconds"]
        rows.setdefault(trial["label"], []).append((own, timing["wall_seconds"] - own))
    print("harness cost per trial, few-shot suite, one job, mean (ms)")
    print(f"  {'method':16} {'plugin':>8} {'harness':>8}")
    for label, values in sorted(rows.items()):
        own, harness = np.mean(values, axis=0) * 1e3
        print(f"  {label:16} {own:8.1f} {harness:8.1f}")
    overall = np.mean([v[1] for values in rows.values() for v in values]) * 1e3
    bound("harness, cost of a trial", "few-shot suite", overall, "ms", 25)


def memory(folder):
    n, d, k = 400_000, 256, 10
    rng = np.random.default_rng(0)
    data = os.path.join(folder, "large")
    os.mkdir(data)
    labels = (np.arange(n) % k).astype(np.int32)
    features = rng.standard_normal((n, d), dtype=np.float32)
    features[:, :k] += 3 * np.eye(k, dtype=np.float32)[labels]
    np.save(f"{data}/test_x.npy", features)
    np.save(f"{data}/test_y.npy", labels)
    np.save(f"{data}/train_x.npy", features[:1000])
    np.save(f"{data}/train_y.npy", labels[:1000])
    size = features.nbytes
    del features
    with open(f"{data}/dataset.json", "w") as file:
        json.dump({
            "schema": "assay.dataset/1", "id": "large", "version": "1.0.0", "title": "Large",
            "source": "made by tools/bench", "licence": "CC0-1.0",
            "classes": [f"c{i}" for i in range(k)],
            "arrays": {
                "train.features": {"file": "train_x.npy"},
                "train.labels": {"file": "train_y.npy"},
                "test.features": {"file": "test_x.npy"},
                "test.labels": {"file": "test_y.npy"}}}, file)
    suite = os.path.join(folder, "large.json")
    with open(suite, "w") as file:
        json.dump({
            "schema": "assay.suite/1", "id": "large", "version": "1.0.0", "title": "Large",
            "task": "classify", "datasets": ["large"],
            "protocol": {"kind": "few-shot", "shots": [16]}, "seeds": [1],
            "metrics": ["accuracy"]}, file)
    report, after, _ = run(folder, suite, "--data", folder, "-m", "nearest-mean-c")
    trial = report["trials"][0]
    worker = trial["memory"]["peak_resident_bytes"]
    host = after.ru_maxrss * 1024
    for name, bytes in (("worker", worker), ("largest process", host)):
        bound(f"harness, memory of the {name}", f"{size / 1e6:.0f} MB of queries", bytes / size,
              "x data", None, "1 is the one copy in sealed memory")


with tempfile.TemporaryDirectory() as folder:
    trial_cost(folder)
    memory(folder)
