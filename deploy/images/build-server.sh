#!/bin/sh
# Build the images of a server from this checkout, nbjudge-service and nbjudge-worker:
#   build-server.sh [--base python:3.11-slim] [--packages postgresql-client] [--python PROGRAM] [--network NAME]
# PROGRAM is a Python with pip. PACKAGES are Debian's, for the service: `nbjudge backup` needs PostgreSQL's client.
# NETWORK is that of `docker build`, for machines on which a container finds no way out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
base=python:3.11-slim packages=postgresql-client python=${PYTHON:-python3} network=default
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2 ;;
    --packages) packages=$2 ;;
    --python) python=$2 ;;
    --network) network=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

for member in course grader_service worker; do
  "$python" -m pip wheel --quiet --no-deps --wheel-dir "$context/ours" "$root/$member"
done
cp "$root/constraints.txt" "$context/ours/"
# The same without hashes, since pip takes hashes of all or of none, and ours have none.
sed -n 's/^\([^ #].*==[^\\]*[^ \\]\) *\\*$/\1/p' "$root/constraints.txt" >"$context/ours/pins.txt"
cp "$here/service.Dockerfile" "$context/Dockerfile"

build() { # build NAME WANTED PACKAGES
  docker build --quiet --network "$network" --target "$1" --tag "nbjudge-$1" \
    --build-arg "BASE=$base" --build-arg "WANTED=$2" --build-arg "PACKAGES=$3" "$context"
}
build worker 'nbjudge-worker[libraries]' ''
build service 'nbjudge-grader-service[postgresql]' "$packages"
