#!/usr/bin/env bash
# package.sh [FOLDER]: makes a Debian package of what was built, by default in out.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-out}
tools/setup.sh patchelf dpkg-dev
version=$(.build/release/assay --version)
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
tools/install.sh "$stage/root" /usr

# What the libraries need of Debian; Swift's own lie in the package.
mkdir -p "$stage/debian" "$stage/root/DEBIAN"
touch "$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O --ignore-missing-info -lroot/usr/lib/assay/swift \
  root/usr/bin/assay root/usr/lib/assay/plugins/*.so root/usr/lib/assay/swift/*.so 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
cat > "$stage/root/DEBIAN/control" <<CONTROL
Package: assay
Version: $version
Architecture: $architecture
Maintainer: The Assay authors <assay@localhost>
Installed-Size: $(du -sk "$stage/root/usr" | cut -f1)
Depends: $depends
Recommends: python3-numpy, libpython3.11 | libpython3-dev
Section: science
Priority: optional
Description: evaluation harness for methods that adapt CLIP-like models
 Loads method plugins, runs them blind and confined on standardized suites, and
 writes reports with intervals that can be compared in continuous integration.
CONTROL
# Times and owners that do not depend on the machine or the day.
date=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
find "$stage/root" -exec touch -h -d "@$date" {} +
mkdir -p "$out"
SOURCE_DATE_EPOCH=$date dpkg-deb --root-owner-group --build "$stage/root" \
  "$out/assay_${version}_$architecture.deb" >/dev/null
echo "$out/assay_${version}_$architecture.deb"
