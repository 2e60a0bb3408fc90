#!/bin/sh
# Build the four wheels into a folder: `wheels.sh dist`. The extension's wheel holds its labextension.
set -eu
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:-dist}")
python=$(realpath -s "${VENV:-.venv}/bin/python")

mkdir -p "$out"
rm -f "$out"/nbjudge*.whl
for member in course extension grader_service worker; do
  # The tools are the locked ones of this environment, so nothing is fetched.
  (cd "$member" && "$python" -m hatchling build --target wheel --directory "$out")
done
