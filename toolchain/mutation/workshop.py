"""A copy of the project below .termin, whose contracts mutants may change.

Its contracts are compiled without optimizer: that takes seconds, and source maps are exact. What is
installed is not copied but linked.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = ROOT / ".termin"
COPIED = (
    "ape-config.yaml",
    "backend",
    "contracts",
    "examples",
    "foundry.toml",
    "package.json",
    "pyproject.toml",
    "scripts",
    "tests",
    "toolchain",
)
LINKED = (".venv", "node_modules", ".termin/solcx", ".termin/bin/cast", ".termin/bin/forge")
# Code without optimizer exceeds both limits; some tests give the second themselves.
ANVIL = """case " $* " in *" --gas-limit "*) ;; *) set -- --gas-limit 1000000000 "$@" ;; esac
exec "{command}" --disable-code-size-limit "$@"
"""
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".pytest_cache")


def make(place: Path) -> Path:
    """Make the copy anew; what was compiled there before stays, since forge compares contents."""
    place.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, place / name
        if target.is_dir():
            shutil.rmtree(target)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEFT_OUT)
        elif source.exists():
            shutil.copy2(source, target)
    for name in LINKED:
        link = place / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink() and not link.exists():
            link.symlink_to(ROOT / name)
    _compile_plainly(place / "ape-config.yaml")
    put_command(place, "anvil", ANVIL.format(command=STATE / "bin" / "anvil"))
    return place


def put_command(place: Path, name: str, script: str) -> None:
    """Put a command of the copy's own beside its tools."""
    file = place / ".termin" / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def environment(place: Path) -> dict[str, str]:
    """The environment of commands in the copy: its own code, and tools that write nowhere else."""
    tools = (place / ".termin" / "bin", ROOT / ".venv" / "bin")
    return {
        **os.environ,
        "APE_DATA_FOLDER": str(place / ".termin" / "ape"),
        "SOLCX_BINARY_PATH": str(STATE / "solcx"),
        "FOUNDRY_PROFILE": "plain",
        "PYTHONPATH": str(place),
        "PATH": os.pathsep.join([*map(str, tools), os.environ["PATH"]]),
    }


def _compile_plainly(settings: Path) -> None:
    text = settings.read_text()
    for setting in ("via_ir", "optimize"):
        if f"{setting}: true" not in text:
            raise SystemExit(f"workshop: {settings.name} has no line `{setting}: true`")
        text = text.replace(f"{setting}: true", f"{setting}: false")
    settings.write_text(text)
