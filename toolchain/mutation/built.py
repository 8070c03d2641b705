"""Put what forge compiled where the package carries its contracts, in a copy of the project."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from artifacts import CARRIED, NAMES, PARTS, ROOT, artifact

OUT = ROOT / ".termin" / "plain" / "out"


def compiled() -> dict[str, Any]:
    """The contracts as toolchain/artifacts.py expects them."""
    types = {}
    for name in {*NAMES, *PARTS}:
        found = json.loads((OUT / f"{name}.sol" / f"{name}.json").read_text())
        bytecode = {"bytecode": found["bytecode"]["object"]}
        types[name] = {"abi": found["abi"], "deploymentBytecode": bytecode}
    return types


if __name__ == "__main__":
    built = compiled()
    for name in NAMES:
        (CARRIED / f"{name}.json").write_text(artifact(name, built))
