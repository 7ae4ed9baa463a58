"""The most memory that SMOTE and kNN take beside what they are given.

    memory.py SMOTE-PLUGIN KNN-PLUGIN

A matrix of all pairs in f32 would take 4 N Q bytes; neither may come near it. On Linux only: the
kernel's own mark of the most resident memory is set back before each piece of work.
"""
import sys

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from tally import bound

N, D, K, SHARE, CLASSES = 100_000, 64, 5, 0.4, 10


def status(key):
    with open("/proc/self/status") as file:
        return next(int(text.split()[1]) * 1024 for text in file if text.startswith(key))


def rise(work):
    """How far the peak of resident memory during `work` lies above what was held before."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = status("VmRSS:")
    work()
    return status("VmHWM:") - before


def smote(plugin, rows):
    labels = (np.arange(N) < SHARE * N).astype(np.int32)
    Instance(plugin, "smote", '{"classifier":"bayes"}').fit(
        {"train.features": rows, "train.labels": labels, "class.count": np.array(2, np.int32)})


def knn(plugin, rows, answers):
    method = Instance(plugin, "knn", '{"k":%d,"search":false}' % K)
    method.fit({"train.features": rows, "train.labels": np.arange(N, dtype=np.int32) % CLASSES,
                "class.count": np.array(CLASSES, np.int32)})
    method.predict({"query.features": rows}, {"logits": answers})


def report(name, size, grown, pairs):
    bound(name, size, grown / 1e6, "MB", 4e-6 * pairs / 20,
          f"1/20 of all pairs in f32, {4e-6 * pairs:,.0f} MB")


rows = np.random.default_rng(0).standard_normal((N, D), dtype=np.float32)
answers = np.full((N, CLASSES), np.nan, np.float32)
print("memory: the rise of the peak of resident memory")
report("SMOTE, memory", f"{N:,} x {D}, {int(SHARE * N):,} rare",
       rise(lambda: smote(sys.argv[1], rows)), (SHARE * N) ** 2)
report("kNN, memory", f"{N:,} x {D}, as many queries",
       rise(lambda: knn(sys.argv[2], rows, answers)), N * N)
