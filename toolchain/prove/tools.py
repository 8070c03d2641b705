"""Where the tools of `make prove` are, and the environment that they run in."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STATE = ROOT / ".termin"
VENV = STATE / "prove" / "venv" / "bin"


def environment(profile: str) -> dict[str, str]:
    """The environment for a tool: a profile of foundry.toml, and a home that is not the user's."""
    home = STATE / "prove" / "home"
    home.mkdir(parents=True, exist_ok=True)
    path = (VENV, ROOT / ".venv" / "bin", STATE / "bin")
    return {
        **os.environ,
        "FOUNDRY_PROFILE": profile,
        "HOME": str(home),
        "VIRTUAL_ENV": str(home),
        "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
    }
