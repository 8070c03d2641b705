#!/bin/sh
# Removes the chain, the database and caches below .termin. Kept: the installed tools, and the accounts' keystores.
set -eu
cd "$(dirname "$0")/.."

if [ -d .termin ]; then
    find .termin -mindepth 1 -maxdepth 1 \
        ! -name bin ! -name solcx ! -name lock ! -name .tools ! -name foundry ! -name ape -exec rm -rf {} +
fi
if [ -d .termin/ape ]; then
    find .termin/ape -mindepth 1 -maxdepth 1 ! -name accounts -exec rm -rf {} +
fi
rm -rf .build .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
find backend tests scripts toolchain -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
