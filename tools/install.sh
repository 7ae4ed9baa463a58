#!/usr/bin/env bash
# install.sh FOLDER PREFIX: lays out what was built below FOLDER, which may be empty, so that it runs
# from PREFIX on a machine without Swift: the runtime lies beside it, and every library looks for it
# there. Writes the list of its files to PREFIX/share/assay/files, by which `make uninstall` goes.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1 prefix=$2
built=.build/release
base=$folder$prefix
tools/setup.sh patchelf

# Anew, so that nothing of an older version stays.
[ ! -e "$base/share/assay/files" ] || tools/uninstall.sh "$folder" "$prefix"
before=$(mktemp) after=$(mktemp)
trap 'rm -f "$before" "$after"' EXIT
mkdir -p "$base"
(cd "$base" && find . ! -type d | sort) > "$before"

install -Dm 755 -t "$base/bin" $built/assay
install -Dm 644 -t "$base/lib/assay/plugins" $built/libassay-*.so
install -Dm 644 -t "$base/include" Sources/CAssay/include/*.h bindings/cpp/assay.hpp

# The parts of Swift's runtime that are linked, and what these link.
runtime=$(ldd $built/assay | sed -n 's/.*=> \(.*\)\/libswiftCore\.so .*/\1/p')
[ -n "$runtime" ] || { echo "install: $built/assay links no Swift runtime" >&2; exit 2; }
for library in $(ldd $built/assay $built/libassay-*.so |
  sed -n "s|.*=> \($runtime/[^ ]*\) .*|\1|p" | sort -u); do
  install -Dm 644 -t "$base/lib/assay/swift" "$library"
done
patchelf --set-rpath '$ORIGIN/../lib/assay/swift' "$base/bin/assay"
patchelf --set-rpath '$ORIGIN/../swift' "$base"/lib/assay/plugins/*.so
patchelf --set-rpath '$ORIGIN' "$base"/lib/assay/swift/*.so

install -d "$base/share/assay" "$base/share/doc/assay"
tools/install_kit.sh "$base/share/assay/AssayKit"
# Of a checkout what is committed alone: data laid out beside it may not be passed on.
given() { git ls-files -z "$@" 2>/dev/null || find "$@" -type f -print0; }
given suites ledger schemas bindings examples | xargs -0 cp --parents -t "$base/share/assay"
given README.md CHANGELOG.md docs | xargs -0 cp --parents -t "$base/share/doc/assay"
install -m 644 LICENSE "$base/share/doc/assay/copyright"
install -m 644 "$runtime/../../../share/swift/LICENSE.txt" "$base/share/doc/assay/LICENSE.swift"
install -m 644 .build/checkouts/swift-argument-parser/LICENSE.txt \
  "$base/share/doc/assay/LICENSE.swift-argument-parser"

assay=$base/bin/assay
complete=$base/share
mkdir -p "$complete/bash-completion/completions" "$complete/zsh/site-functions" \
  "$complete/fish/vendor_completions.d" "$base/share/man/man1"
"$assay" completion bash > "$complete/bash-completion/completions/assay"
"$assay" completion zsh > "$complete/zsh/site-functions/_assay"
"$assay" completion fish > "$complete/fish/vendor_completions.d/assay.fish"

# A page for each verb: its help, line by line.
page() { # page NAME VERB...
  local name=$1 text
  shift
  text=$("$assay" help "$@" | sed -e 's/\\/\\e/g' -e "s/^[.']/\\\\\&&/" -e 's/-/\\-/g')
  {
    echo ".TH ${name^^} 1 \"\" \"assay $("$assay" --version)\""
    echo .SH NAME
    echo "$name \\- $(sed -n '1s/^OVERVIEW: //p' <<< "$text")"
    echo .SH DESCRIPTION
    echo .nf
    sed '1,2d' <<< "$text"
    echo .fi
  } | gzip -9n > "$base/share/man/man1/$name.1.gz"
}
page assay
for verb in $("$assay" --help | sed -n '/^SUBCOMMANDS:/,$s/^  \([a-z]\{2,\}\) .*/\1/p'); do
  page "assay-$verb" "$verb"
done

(cd "$base" && find . ! -type d | sort) > "$after"
# What was there before and is of the same name was replaced, and is ours too.
comm -13 "$before" "$after" > "$base/share/assay/files"
echo ./share/assay/files >> "$base/share/assay/files"
