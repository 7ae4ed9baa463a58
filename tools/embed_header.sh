#!/usr/bin/env bash
# Writes Sources/Scaffolding/AssayHeader.swift, the text of assay.h that `assay new` hands out.
set -euo pipefail
cd "$(dirname "$0")/.."
header=Sources/CAssay/include/assay.h
{
  echo '// Made by tools/embed_header.sh; a test holds it against assay.h.'
  echo '// swift-format-ignore-file'
  echo
  echo '/// The text of `assay.h`, the plugin ABI.'
  echo 'package let assayHeader = #"""'
  cat "$header"
  echo
  echo '"""#'
} > Sources/Scaffolding/AssayHeader.swift
