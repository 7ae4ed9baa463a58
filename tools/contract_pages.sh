#!/usr/bin/env bash
# contract_pages.sh ASSAY [FOLDER]: writes a page for each task's contract, by default to
# docs/contracts, from what the executable says of it.
set -euo pipefail
assay=$(realpath "$1")
folder=${2:-$(dirname "$0")/../docs/contracts}
mkdir -p "$folder"
rm -f "$folder"/*.md
for task in $("$assay" list tasks --json | python3 -c 'import json, sys
print(*[task["task"] for task in json.load(sys.stdin)["tasks"]])'); do
  {
    echo "# $task"
    echo
    echo "What \`assay info $task --kind task\` prints. Dtypes are those of assay.h, letters are extents"
    echo "that are equal wherever they stand in one trial, and what is optional need not be offered."
    echo
    echo '```'
    "$assay" info "$task" --kind task
    echo '```'
  } > "$folder/$task.md"
done
