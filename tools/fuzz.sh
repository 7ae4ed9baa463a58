#!/usr/bin/env bash
# Fuzzes the readers of foreign bytes with libFuzzer and keeps what reached new code. Arithmetic is
# checked, so that an overflow is a crash.
#   tools/fuzz.sh [RUNS PER READER] [READER ...]
# New inputs go to Fuzzing/corpus/<reader>, which the tests replay; a crash ends the run and leaves
# its input in out/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-100000}
shift || true
readers=("$@")
[ ${#readers[@]} -gt 0 ] || \
  readers=(npy safetensors manifest suite report config control description store picture)

ASSAY_FUZZING=1 swift build -c release --sanitize fuzzer --product Fuzz --scratch-path .build-fuzz
fuzz=.build-fuzz/release/Fuzz
mkdir -p out/fuzz
for reader in "${readers[@]}"; do
  found=out/fuzz/$reader
  kept=Fuzzing/corpus/$reader
  words=Fuzzing/json.dict
  [ "$reader" != picture ] || words=Fuzzing/picture.dict
  mkdir -p "$found" "$kept"
  echo "fuzz: $reader, $runs runs" >&2
  ASSAY_FUZZ_READER=$reader "$fuzz" "$found" "$kept" -runs="$runs" -max_len=4096 -timeout=10 \
    -rss_limit_mb=4096 -dict=$words -artifact_prefix="out/fuzz/$reader-" \
    -print_final_stats=1 2> "out/fuzz/$reader.log"
  grep -E "stat::number_of_executed_units|stat::average_exec_per_sec|cov:" "out/fuzz/$reader.log" |
    tail -3
  # Of all inputs the smallest ones that reach the same code.
  rm -rf "out/fuzz/$reader.min" && mkdir "out/fuzz/$reader.min"
  ASSAY_FUZZ_READER=$reader "$fuzz" -merge=1 -max_len=4096 -use_value_profile=0 \
    "out/fuzz/$reader.min" "$kept" "$found" 2>> "out/fuzz/$reader.log"
  rm -rf "$kept" && mv "out/fuzz/$reader.min" "$kept"
done
