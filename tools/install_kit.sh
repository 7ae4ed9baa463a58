#!/usr/bin/env bash
# install_kit.sh FOLDER: lays out AssayKit as a Swift package of its own, which plugins in Swift build
# on without the repository and without a network.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
targets=(CAssay CJSONC CCrypto COpenBLAS Documents LinearAlgebra Random Statistics Learners AssayKit)

rm -rf "$folder/Sources"
install -d "$folder/Sources"
for target in "${targets[@]}"; do cp -r "Sources/$target" "$folder/Sources/"; done
install -m 644 LICENSE "$folder/"
install -m 644 tools/AssayKit.Package.swift "$folder/Package.swift"
