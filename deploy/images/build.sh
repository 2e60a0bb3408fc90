#!/bin/sh
# Build the image of the boxes on an image that has Python 3.11 or newer:
#   build.sh [--image NAME] [--base python:3.11-slim] [--libraries "numpy pandas"] [--python PROGRAM]
# PROGRAM is a Python that has nbjudge-worker installed: the image gets the very same runtime.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
image=nbjudge-box base=python:3.11-slim libraries='' python=${PYTHON:-python3}
while [ $# -gt 0 ]; do
  case $1 in
    --image) image=$2 ;;
    --base) base=$2 ;;
    --libraries) libraries=$2 ;;
    --python) python=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
digest=$("$python" -m nbjudge_worker.sandbox.docker.runtime "$context/runtime")
cp "$here/Dockerfile" "$context/"
network=default
[ -n "$libraries" ] || network=none # nothing is fetched then
docker build --quiet --network "$network" --tag "$image" --build-arg "BASE=$base" \
  --build-arg "LIBRARIES=$libraries" --build-arg "RUNTIME=$digest" "$context"
