"""Write the ABIs and bytecode that the package carries, as Ape built them.

    python toolchain/artifacts.py           # write backend/chain/artifacts/
    python toolchain/artifacts.py --check   # compare instead, and fail on a difference

Run `ape compile` first: `make artifacts` and `make artifacts-check` do.
"""

import json
import sys
from pathlib import Path

from backend.chain.abi import NAMES

# An agreement hands on what its first contract does not know: to whoever calls, all are one.
PARTS = (
    "Agreement",
    "AgreementChanges",
    "AgreementConflicts",
    "AgreementEnding",
    "AgreementReading",
)

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / ".build" / "__local__.json"
CARRIED = ROOT / "backend" / "chain" / "artifacts"


def artifact(name: str, contract_types: dict) -> str:
    """The text of one artifact: name, ABI and deployment bytecode."""
    built = contract_types[name]
    content = {
        "contractName": name,
        "abi": whole_abi(contract_types) if name == "Agreement" else built["abi"],
        "bytecode": built["deploymentBytecode"]["bytecode"],
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def whole_abi(contract_types: dict) -> list:
    """The ABI of an agreement: of all its parts, each entry once."""
    found = {}
    for part in PARTS:
        for item in contract_types[part]["abi"]:
            if item["type"] != "fallback":
                key = (item["type"], item.get("name"), json.dumps(item["inputs"], sort_keys=True))
                found.setdefault(key if item["type"] != "constructor" else "constructor", item)
    return list(found.values())


def main(check: bool) -> int:
    """Write or compare all artifacts; the exit status."""
    contract_types = json.loads(BUILT.read_text())["contractTypes"]
    stale = []
    for name in NAMES:
        path, text = CARRIED / f"{name}.json", artifact(name, contract_types)
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if not check:
                path.write_text(text)
    if check and stale:
        print(f"Differ from what Ape builds: {', '.join(stale)}. Run `make artifacts`.")
        return 1
    print(f"{len(NAMES)} artifacts are what Ape builds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
