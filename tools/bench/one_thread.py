"""Imported before NumPy: one BLAS thread, and kernels that fit the processor.

Debian's OpenBLAS does not know the newest processors and takes its SSE kernels for them; assay cures
that for its workers, and here both sides get the kernels that the processor has.
"""
import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
with open("/proc/cpuinfo") as file:
    os.environ.setdefault(
        "OPENBLAS_CORETYPE", "SkylakeX" if "avx512f" in file.read() else "Haswell")
