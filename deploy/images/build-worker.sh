#!/bin/sh
# Build a worker's image that makes its boxes with bubblewrap, for Kubernetes; the libraries of the course are in it:
#   build-worker.sh [--image NAME] [--base python:3.11-slim] [--libraries "numpy pandas"] [--packages "gcc g++"] [--python PROGRAM]
# PROGRAM is a Python with pip: it fetches the wheels, and those that constraints.txt names must have one of its hashes.
# PACKAGES are Debian's. Without a registry: --base "$(deploy/images/base-offline.sh --packages bubblewrap)"
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
image=nbjudge-worker-bubblewrap base=python:3.11-slim libraries='numpy pandas' packages='' python=${PYTHON:-python3}
while [ $# -gt 0 ]; do
  case $1 in
    --image) image=$2 ;;
    --base) base=$2 ;;
    --libraries) libraries=$2 ;;
    --packages) packages=$2 ;;
    --python) python=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

in_base() { docker run --rm --network none "$base" "$@"; }
# What Python and what machine the base has decides which wheels are right.
full=$(in_base python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
version=${full%.*}
machine=$(in_base uname -m)
in_base sh -c 'command -v bwrap' >/dev/null || packages="bubblewrap $packages"

for member in course worker; do
  "$python" -m pip wheel --quiet --no-deps --wheel-dir "$context/ours" "$root/$member"
done
"$python" "$here/pins.py" "$root/constraints.txt" "$full" >"$context/pins.txt"
needed=$("$python" "$here/pins.py" --missed "$root/constraints.txt" "$full")
# shellcheck disable=SC2086
"$python" -m pip download --quiet --dest "$context/wheels" --find-links "$context/ours" \
  --constraint "$context/pins.txt" --only-binary :all: --implementation cp --python-version "$version" \
  --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" \
  --platform "manylinux2014_$machine" nbjudge-worker $libraries $needed
for wheel in "$context"/wheels/*.whl; do
  file=$(basename "$wheel")
  name=$(echo "${file%%-*}" | tr '_A-Z' '-a-z')
  [ ! -e "$context/ours/$file" ] && grep -qi "^$name==" "$root/constraints.txt" || continue
  grep -q "sha256:$(sha256sum "$wheel" | cut -d ' ' -f 1)" "$root/constraints.txt" ||
    { echo "$file is not the one that constraints.txt names" >&2; exit 1; }
done
"$python" -m pip install --quiet --no-index --no-deps --no-compile --target "$context/site" \
  --only-binary :all: --implementation cp --python-version "$version" \
  --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" \
  --platform "manylinux2014_$machine" "$context"/wheels/*.whl

rm -rf "$context/wheels" "$context/ours" "$context/site/bin"
cp "$here/worker.Dockerfile" "$context/Dockerfile"
network=default
[ -n "$packages" ] || network=none # nothing is fetched then
docker build --quiet --network "$network" --tag "$image" --build-arg "BASE=$base" \
  --build-arg "VERSION=$version" --build-arg "PACKAGES=$packages" "$context"
