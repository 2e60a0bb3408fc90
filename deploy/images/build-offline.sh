#!/bin/sh
# Build the image of the boxes from Debian's packages, without any image registry:
#   build-offline.sh [--image NAME] [--cache FOLDER] [--libraries "numpy pandas"] [--packages "gcc g++"]
# `base-offline.sh` beside this file says what that needs. The Dockerfile beside it does the rest.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
image=nbjudge-box cache='' libraries='' packages=''
while [ $# -gt 0 ]; do
  case $1 in
    --image) image=$2 ;;
    --cache) cache=$2 ;;
    --libraries) libraries=$2 ;;
    --packages) packages=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
wanted=''
for library in $libraries; do wanted="$wanted python3-$library"; done
base=$("$here/base-offline.sh" --cache "$cache" --packages "$wanted $packages")
exec "$here/build.sh" --image "$image" --base "$base" --python "$python"
