#!/usr/bin/env bash
# Measures Assay beside its peers, side by side in one run; prints ratios and the aims.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/setup.sh
venv=.build/bench-venv
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/bench/requirements.txt
fi
swift build -c release >&2
build=$(swift build -c release --show-bin-path)

"$venv/bin/python" tools/bench/gda.py "$build/libassay-gda.so"
"$venv/bin/python" tools/bench/knn.py "$build/libassay-knn.so"
"$venv/bin/python" tools/bench/sliced_wasserstein.py "$build/libassay-sliced-wasserstein.so"
"$venv/bin/python" tools/bench/rel_mf.py "$build/libassay-rel-mf.so"
"$venv/bin/python" tools/bench/metaclip.py "$build/libassay-metaclip.so"
"$venv/bin/python" tools/bench/smote.py "$build/libassay-smote.so"
"$venv/bin/python" tools/bench/trial.py "$build/assay"

ASSAY_BENCHMARKS=1 swift build -c release --product MetricsBench --scratch-path .build/benchmarks >&2
"$venv/bin/python" tools/bench/metrics.py .build/benchmarks/release/MetricsBench
