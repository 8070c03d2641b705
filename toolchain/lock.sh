#!/bin/sh
# Writes the two lock files anew. Neither may name an address: see the options of uv and .npmrc.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
[ -x "$python" ] || { echo "lock: run \`make setup\` first" >&2; exit 1; }

if [ ! -x .termin/lock/bin/uv ]; then
    "$python" -m venv .termin/lock
    .termin/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
fi

.termin/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
    --override toolchain/overrides.in requirements.in --output-file requirements.txt
PATH=$PWD/.venv/bin:$PATH npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

if grep -n '"resolved"' package-lock.json; then
    echo "lock: package-lock.json names addresses; is .npmrc in place?" >&2
    exit 1
fi
