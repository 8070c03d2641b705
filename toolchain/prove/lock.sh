#!/bin/sh
# Writes toolchain/prove/requirements.txt anew, with what toolchain/lock.sh installed.
set -eu
cd "$(dirname "$0")/../.."

[ -x .termin/lock/bin/uv ] || { echo "lock: run \`make lock\` first" >&2; exit 1; }
.termin/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'sh toolchain/prove/lock.sh' \
    toolchain/prove/requirements.in --output-file toolchain/prove/requirements.txt
