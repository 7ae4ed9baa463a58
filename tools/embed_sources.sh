#!/usr/bin/env bash
# Writes Sources/Scaffolding/Embedded.swift: the headers that `assay new` hands out, and the example
# plugins as templates with {{name}}, {{symbol}} and {{type}} for their names.
set -euo pipefail
cd "$(dirname "$0")/.."

literal() { # literal NAME SENTENCE: a constant with the text on standard input
  echo
  echo "/// $2"
  echo "let $1 = #\"\"\""
  cat
  echo
  echo '"""#'
}

{
  echo '// Made by tools/embed_sources.sh; a test holds it against the files it is made from.'
  echo '// swift-format-ignore-file'
  literal assayHeader 'The text of `assay.h`, the plugin ABI.' < Sources/CAssay/include/assay.h
  literal assayHelpers 'The text of `assay_helpers.h`.' < Sources/CAssay/include/assay_helpers.h
  sed -e 's/nearest-mean-c/{{name}}/g' -e 's/nearest_mean\.c/{{name}}.c/g' \
    -e 's/nearest_mean/{{symbol}}/g' -e 's/"1\.0\.0"/"0.1.0"/' \
    Plugins/NearestMeanC/nearest_mean.c | literal cPlugin 'The source of a plugin in C.'
  sed -e 's/"1\.0\.0"/"0.1.0"/' examples/python/nearest_mean.py |
    literal pythonMethod 'A method in Python.'
  sed -e 's/NearestMean/{{type}}/g' -e 's/nearest-mean/{{name}}/g' -e 's/"1\.0\.0"/"0.1.0"/' \
    Plugins/NearestMean/NearestMean.swift | literal swiftPlugin 'The source of a plugin in Swift.'
} > Sources/Scaffolding/Embedded.swift
