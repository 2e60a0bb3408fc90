#!/bin/sh
# Make a base image of Debian's packages, without any image registry, and print its name:
#   base-offline.sh [--cache FOLDER] [--packages "python3-numpy gcc"]
# Needs root, debootstrap, and a Docker daemon (DOCKER_HOST says which, as for every Docker program).
# The packages come from where apt itself has them from; python3 is always among them.
set -eu
cache='' packages=''
while [ $# -gt 0 ]; do
  case $1 in
    --cache) cache=$2 ;;
    --packages) packages=$2 ;;
    *) echo "unknown: $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
[ "$(id -u)" = 0 ] || { echo "debootstrap needs root: sudo $0" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "please run: apt-get install debootstrap" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The address, the release and the component that apt fetches this system's packages from.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
site=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' |
  awk -v codename="$codename" '$2 == codename { print $1; exit }')
[ -n "$site" ] || { echo "apt knows no address for $codename" >&2; exit 1; }

wanted=python3
for package in $packages; do wanted=$wanted,$package; done

# Another choice of packages, or another state of the release, is another file in the cache.
key=$(printf '%s %s %s' "$codename" "$site" "$wanted" | sha256sum | cut -c1-16)
archive=${cache:-$work}/nbjudge-base-$key.tar
if [ ! -e "$archive" ]; then
  debootstrap --variant=minbase --include="$wanted" "$codename" "$work/root" "$site" >"$work/log" 2>&1 ||
    { tail -20 "$work/log" >&2; exit 1; }
  # What installs software is of no use to a student's code; nor are manuals and old logs.
  rm -rf "$work"/root/var/cache/* "$work"/root/var/lib/apt "$work"/root/var/log/* \
    "$work"/root/usr/share/doc "$work"/root/usr/share/man "$work"/root/usr/share/locale
  tar -C "$work/root" -c . >"$archive.$$" && mv "$archive.$$" "$archive"
  rm -rf "$work/root"
fi
docker image inspect "nbjudge-base:$key" >/dev/null 2>&1 ||
  docker import "$archive" "nbjudge-base:$key" >/dev/null
echo "nbjudge-base:$key"
