#!/usr/bin/env bash
# Installs the Debian packages that Assay builds and tests with, and those that are named beside
# them; does nothing when they are there.
set -euo pipefail

packages=(
  libopenblas-dev libjson-c-dev libssl-dev libsqlite3-dev pkg-config # linked
  libjpeg-dev libpng-dev libwebp-dev zlib1g-dev       # linked
  gcc g++ libc6-dev                                   # C plugins and assay.h in the tests
  python3 python3-jsonschema                          # independent check of the schemas in the tests
  python3-numpy libpython3-dev                        # methods in Python in the tests
  "$@"
)

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: please install the equivalents of: ${missing[*]}" >&2
  exit 2
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "setup: installing ${missing[*]}" >&2
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
