"""GDA fit + predict: the plugin, the same formula in NumPy, and the bare BLAS and LAPACK calls.

All three run in one process on the same arrays, one BLAS thread each, interleaved, least processor
time of the rounds. NumPy's BLAS is whatever its build carries; the plugin and the floor use the
system's.
"""
import ctypes as c
import sys
import time

import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from tally import ratio

N, D, K, Q, ROUNDS = 16_000, 1_024, 1_000, 10_000, 5
plugin = sys.argv[1]
rng = np.random.default_rng(0)


def unit(x):
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


centres = rng.standard_normal((K, D))
labels = np.arange(N, dtype=np.int32) % K
train = unit(centres[labels] + 3 * rng.standard_normal((N, D)))
query_labels = rng.integers(0, K, Q)
query = unit(centres[query_labels] + 3 * rng.standard_normal((Q, D)))
text = unit(centres + 6 * rng.standard_normal((K, D)))
logits = np.full((Q, K), np.nan, np.float32)
count = np.array(K, np.int32)
ALPHA = 1.0


def assay():
    method = Instance(plugin, "gda", '{"alpha":1.0}')
    method.fit({"train.features": train, "train.labels": labels, "text.class": text,
                "class.count": count})
    method.predict({"query.features": query}, {"logits": logits})
    return logits


def numpy_gda():
    means = np.stack([train[labels == k].mean(axis=0) for k in range(K)])
    centred = train - means[labels]
    covariance = centred.T @ centred / (N - 1)
    precision = D * np.linalg.inv(
        (N - 1) * covariance + np.trace(covariance) * np.eye(D, dtype=np.float32))
    weights = precision @ means.T
    bias = -np.log(K) - 0.5 * np.einsum("kd,dk->k", means, weights)
    return 100 * query @ text.T + ALPHA * (query @ weights + bias)


blas = c.CDLL("libopenblas.so.0")
blas.openblas_set_num_threads(1)
F, I = c.c_float, c.c_int


def pointer(array):
    return c.c_void_p(array.ctypes.data)


gram, solution = np.zeros((D, D), np.float32), np.zeros((K, D), np.float32)
floor_logits = np.zeros((Q, K), np.float32)


def floor():
    """syrk, potrf, potrs and one gemm on the right shapes: what no implementation can avoid."""
    blas.cblas_ssyrk(101, 121, 112, I(D), I(N), F(1), pointer(train), I(D), F(0), pointer(gram), I(D))
    gram[np.diag_indices(D)] += 1
    n, k, info = I(D), I(K), I(0)
    blas.spotrf_(b"L", c.byref(n), pointer(gram), c.byref(n), c.byref(info))
    assert info.value == 0
    solution[:] = text
    blas.spotrs_(b"L", c.byref(n), c.byref(k), pointer(gram), c.byref(n), pointer(solution),
                 c.byref(n), c.byref(info))
    blas.cblas_sgemm(101, 111, 112, I(Q), I(K), I(D), F(1), pointer(query), I(D), pointer(solution),
                     I(D), F(0), pointer(floor_logits), I(K))


expected = numpy_gda()
found = assay().copy()
error = np.abs(found - expected).max() / np.abs(expected).max()
best = {}
for _ in range(ROUNDS):
    for name, work in (("plugin", assay), ("numpy", numpy_gda), ("floor", floor)):
        start = time.process_time()
        work()
        best[name] = min(best.get(name, 1e9), time.process_time() - start)
print(f"gda, N={N} D={D} K={K}, {Q} queries, float32, one thread, least processor time of {ROUNDS}")
SIZE = f"{N:,} x {D:,}, {K:,} classes, {Q:,} queries"
ratio("GDA, fit and predict", SIZE, f"NumPy {np.__version__}", best["numpy"], best["plugin"], 1.33,
      [(error, 1e-6)])
ratio("GDA, fit and predict", SIZE, "bare BLAS and LAPACK calls", best["floor"], best["plugin"], 0.87)
