"""Sliced Wasserstein, 20,000 by 20,000 rows: the plugin beside POT on the same directions.

Both run in one process on the same arrays, one thread each, interleaved, best of the rounds. POT is
timed on the f32 arrays that the plugin gets, and on f64 copies, whose value is the reference.
"""
import os
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
# Debian's OpenBLAS does not know the newest processors and takes its SSE kernels for them; both
# libraries get the kernels that the processor has.
with open("/proc/cpuinfo") as file:
    KERNELS = "SkylakeX" if "avx512f" in file.read() else "Haswell"
os.environ.setdefault("OPENBLAS_CORETYPE", KERNELS)
import numpy as np  # noqa: E402  (threads and kernels are fixed before NumPy loads its BLAS)
import ot  # noqa: E402
from abi import Instance  # noqa: E402

N, D, L, ROUNDS = 20_000, 256, 100, 9
plugin = sys.argv[1]
rng = np.random.default_rng(0)
x = rng.standard_normal((N, D), dtype=np.float32)
y = (1.2 * rng.standard_normal((N, D)) + 0.1).astype(np.float32)
directions = rng.standard_normal((L, D))
directions = (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32)
doubles = [a.astype(np.float64) for a in (x, y, directions.T)]


def assay(estimator):
    method = Instance(plugin, "sliced-wasserstein", '{"estimator":"%s"}' % estimator)
    value = np.full((), np.nan)
    method.fit({})
    method.predict({"sample.x": x, "sample.y": y, "directions": directions}, {"value": value})
    return float(value)


def pot(x, y, projections):
    return float(ot.sliced_wasserstein_distance(x, y, projections=projections, p=2)) ** 2


work = {
    "plugin sw": lambda: assay("sw"),
    "plugin lcv": lambda: assay("lcv"),
    "plugin ucv": lambda: assay("ucv"),
    "POT f32": lambda: pot(x, y, directions.T),
    "POT f64": lambda: pot(*doubles),
}
best, value = {}, {}
for _ in range(ROUNDS):
    for name, run in work.items():
        start = time.perf_counter()
        value[name] = run()
        best[name] = min(best.get(name, 1e9), time.perf_counter() - start)

print(f"sliced Wasserstein, N=M={N} D={D}, {L} directions, p=2, one thread, best of {ROUNDS}, "
      f"OPENBLAS_CORETYPE={os.environ['OPENBLAS_CORETYPE']}, POT {ot.__version__}, "
      f"NumPy {np.__version__}")
for name, seconds in best.items():
    print(f"  {name:10} {1e3 * seconds / L:7.3f} ms a direction, value {value[name]:.10f}")
for name in ("POT f32", "POT f64"):
    print(f"  {name} / plugin sw = {best[name] / best['plugin sw']:.1f}   (aim: at least 10)")
error = abs(value["plugin sw"] / value["POT f64"] - 1)
print(f"  relative difference of the value from POT f64 {error:.1e}   (aim: at most 1e-6)")
