#!/bin/sh
# Build the images of a server from this checkout: nbjudge-service and nbjudge-worker.
#   build-server.sh [--base python:3.11-slim] [--python PROGRAM] [--packages "postgresql-client"]
# PROGRAM is a Python with pip; it fetches the wheels that constraints.txt names, and each must have one of
# the hashes there. PACKAGES are Debian's, for the service: `nbjudge backup` needs PostgreSQL's client.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
base=python:3.11-slim python=${PYTHON:-python3} packages=postgresql-client
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2 ;;
    --python) python=$2 ;;
    --packages) packages=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

# What Python and what machine the base has decides which wheels are right.
version=$(docker run --rm --network none "$base" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
machine=$(docker run --rm --network none "$base" uname -m)

service='nbjudge-grader-service[postgresql]' worker='nbjudge-worker[libraries]'
for member in course grader_service worker; do
  "$python" -m pip wheel --quiet --no-deps --wheel-dir "$context/ours" "$root/$member"
done
sed -n 's/^\([^ #][^ ]*==[^ ]*\).*/\1/p' "$root/constraints.txt" >"$context/pins.txt"
"$python" -m pip download --quiet --dest "$context/wheels" --find-links "$context/ours" \
  --constraint "$context/pins.txt" --only-binary :all: --implementation cp --python-version "$version" \
  --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" \
  --platform "manylinux2014_$machine" "$service" "$worker"
for wheel in "$context"/wheels/*.whl; do
  if [ -e "$context/ours/$(basename "$wheel")" ]; then continue; fi
  hash=$(sha256sum "$wheel" | cut -d ' ' -f 1)
  grep -q "sha256:$hash" "$root/constraints.txt" ||
    { echo "$(basename "$wheel") is not one that constraints.txt names" >&2; exit 1; }
done

cp "$here/service.Dockerfile" "$context/Dockerfile"
build() { # build IMAGE WANTED PACKAGES
  network=default
  [ -n "$3" ] || network=none # nothing is fetched then
  docker build --quiet --network "$network" --tag "$1" --build-arg "BASE=$base" \
    --build-arg "WANTED=$2" --build-arg "PACKAGES=$3" "$context"
}
build nbjudge-service "$service" "$packages"
build nbjudge-worker "$worker" ''
