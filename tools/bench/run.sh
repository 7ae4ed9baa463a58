#!/usr/bin/env bash
# Measures Assay beside its peers, side by side in one run; ends with one table of ratios and aims.
# A bench that fails does not hide the others. The status is 1 where one failed, a row misses its aim
# or the values of the two sides differ.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/setup.sh python3-venv
venv=.build/bench-venv
stamp="$venv/requirements.txt"
if ! cmp -s tools/bench/requirements.txt "$stamp"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -r tools/bench/requirements.txt
  cp tools/bench/requirements.txt "$stamp"
fi
swift build -c release >&2
build=$(swift build -c release --show-bin-path)
for product in MetricsBench LearnBench EncodersBench; do
  ASSAY_BENCHMARKS=1 swift build -c release --product $product --scratch-path .build/benchmarks >&2
done

ASSAY_BENCH_ROWS=$(mktemp)
export ASSAY_BENCH_ROWS
trap 'rm -f "$ASSAY_BENCH_ROWS"' EXIT
failed=()
bench() {
  local name=$1
  shift
  "$venv/bin/python" "tools/bench/$name.py" "$@" || failed+=("$name")
}

bench metrics .build/benchmarks/release/MetricsBench
bench learning .build/benchmarks/release/LearnBench
bench encoders .build/benchmarks/release/EncodersBench
bench gda "$build/libassay-gda.so"
bench smote "$build/libassay-smote.so"
bench sliced_wasserstein "$build/libassay-sliced-wasserstein.so"
bench knn "$build/libassay-knn.so"
bench rel_mf "$build/libassay-rel-mf.so"
bench metaclip "$build/libassay-metaclip.so"
bench python_trial "$build/assay"
bench schur_entropy "$build/libassay-schur-entropy.so" speed
bench trial "$build/assay"
bench memory "$build/libassay-smote.so" "$build/libassay-knn.so"

status=0
"$venv/bin/python" tools/bench/tally.py "$ASSAY_BENCH_ROWS" || status=1
for name in "${failed[@]}"; do
  echo "failed: tools/bench/$name.py, whose rows are missing; its message stands above" >&2
  status=1
done
exit $status
