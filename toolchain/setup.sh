#!/bin/sh
# Set-up: .venv, node_modules and .termin/{bin,solcx}. Each step runs only when what it is made from has changed.
# PYTHON=… chooses the interpreter for .venv.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# The path is part of it: scripts in .venv and .termin name it, so that a moved checkout is set up anew.
fingerprint() { { printf '%s\n' "$root"; cat "$@"; } | cksum; }
is_current() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

python_is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ] && [ "$PYTHON" != python3 ]; then
        python_is_new_enough "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or newer"
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if python_is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and none was found as python3, python3.13, python3.12 or python3.11." \
        "Install one, or name it: make PYTHON=/path/to/python3.12 …"
}

make_venv() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "$python lacks the module venv. On Debian and Ubuntu: apt-get install python3-venv"
    rm -rf .venv
    "$python" -m venv .venv
}

install_python_packages() {
    wanted=$(fingerprint requirements.txt)
    is_current .venv/.packages "$wanted" && return
    say "Python packages into .venv (one to two minutes the first time)"
    # Only an environment of this very path, with a pip that runs, is kept and brought up to date.
    if ! grep -qsF "$root/.venv/bin/python" .venv/bin/pip || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        make_venv
    fi
    # --no-deps: the file is complete, and toolchain/overrides.in goes against what two packages ask for.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --use-pep517 \
        --require-hashes -r requirements.txt
    printf '%s\n' "$wanted" >.venv/.packages
}

install_termin() {
    wanted=$(fingerprint .venv/.packages pyproject.toml)
    is_current .venv/.termin "$wanted" && return
    # compat: a plain path file, which type checkers and editors understand too.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --config-settings editable_mode=compat --editable .
    printf '%s\n' "$wanted" >.venv/.termin
}

install_node_packages() {
    wanted=$(fingerprint package.json package-lock.json)
    is_current node_modules/.packages "$wanted" && return
    say "Solidity compiler, Anvil, forge and OpenZeppelin into node_modules"
    # The lock names Foundry's binaries for the platform that it was written on; package.json pins exact versions.
    case $(uname -sm) in
        "Linux x86_64") lock= ;;
        *) lock=--no-package-lock ;;
    esac
    # Install scripts would download what the packages already carry.
    PATH=$root/.venv/bin:$PATH npm install $lock --ignore-scripts --no-audit --no-fund --no-save --loglevel=error >&2
    printf '%s\n' "$wanted" >node_modules/.packages
}

link_tools() {
    wanted=$(fingerprint .venv/.packages node_modules/.packages toolchain/link_tools.py)
    is_current .termin/.tools "$wanted" && return
    .venv/bin/python toolchain/link_tools.py
    printf '%s\n' "$wanted" >.termin/.tools
}

mkdir -p .termin
install_python_packages
install_termin
install_node_packages
link_tools
