#!/usr/bin/env bash
# uninstall.sh FOLDER PREFIX: removes the files that install.sh listed, and the folders that are left
# empty by that.
set -euo pipefail
base=$1$2
list=$base/share/assay/files
[ -e "$list" ] || { echo "uninstall: nothing of Assay is in $base" >&2; exit 2; }
cd "$base"
mapfile -t files < share/assay/files
rm -f -- "${files[@]}"
for file in "${files[@]}"; do dirname "$file"; done | sort -u | while read -r folder; do
  rmdir --parents --ignore-fail-on-non-empty "$folder" 2>/dev/null || true
done
