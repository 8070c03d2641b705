#!/bin/sh
# Installs what only `make prove` needs into .termin/prove/venv, when it is not there as requirements.txt says.
set -eu
cd "$(dirname "$0")/../.."

venv=.termin/prove/venv
wanted=$({ printf '%s\n' "$PWD"; cat toolchain/prove/requirements.txt; } | cksum)
if [ -f "$venv/.packages" ] && [ "$(cat "$venv/.packages")" = "$wanted" ]; then
    exit 0
fi
echo "prove: static analysis and solvers into $venv (a minute the first time)" >&2
rm -rf "$venv"
.venv/bin/python -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r toolchain/prove/requirements.txt
printf '%s\n' "$wanted" >"$venv/.packages"
