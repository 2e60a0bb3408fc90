#!/bin/sh
# Make what compose.yaml keeps secret, in the folder `secrets` beside it; what is there already stays.
# The folder is for its owner alone. Its files can be read by the users that the containers run as.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets && chmod 700 secrets
word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # keep FILE: write standard input into it, unless it is there
  [ -e "secrets/$1" ] || { cat >"secrets/$1" && chmod 644 "secrets/$1" && echo "secrets/$1"; }
}
word | keep database-password
printf 'postgresql://nbjudge:%s@database/nbjudge' "$(cat secrets/database-password)" | keep database-url
word | keep metrics-token
word | keep grafana-password
printf '{"%s": {"name": "instructor", "instructor": true}}\n' "$(word)" | keep tokens.json
