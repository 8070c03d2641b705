"""What each act costs, kept in docs/gas.json and docs/gas.md.

    python toolchain/gas.py           # write both from what was measured
    python toolchain/gas.py --check   # fail where a figure grew by more than 2 %

`ape test tests/contracts/gas` measures, and writes .termin/gas.json: `make gas` and
`make gas-check` do both.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURED, KEPT, TABLE = ROOT / ".termin/gas.json", ROOT / "docs/gas.json", ROOT / "docs/gas.md"
MARK = "<!-- table -->"
TOLERANCE = 1.02

# name: (act, at most, what a peer's escrow takes for the nearest thing)
KNOWN: dict[str, tuple[str, int | None, int | None]] = {
    "create_5_milestones": (
        "create an agreement of 5 milestones, 3 on the committee, all terms",
        240_000,
        479_817,
    ),
    "create_per_milestone_at_100": (
        "each further milestone of an agreement, from 5 to 100",
        8_000,
        None,
    ),
    "create_100_milestones": ("create an agreement of 100 milestones, all terms", None, None),
    "accept_2_signatures_full_waterfall": (
        "accept with 2 offline signatures, all deductions but damages, one tax, and pay",
        120_000,
        None,
    ),
    "accept_1_no_deductions": ("accept and pay, one acceptor, no deductions", 68_500, 68_546),
}


def main(check: bool) -> int:
    """Compare what was measured with what is kept, or keep it; the exit status."""
    measured: dict[str, int] = json.loads(MEASURED.read_text())
    kept: dict[str, int] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if check:
        problems = list(_problems(measured, kept))
        print("\n".join(problems) or f"{len(measured)} figures of gas are as kept, within 2 %.")
        return 1 if problems else 0
    KEPT.write_text(json.dumps(measured, indent=2, sort_keys=True) + "\n")
    before, _, after = TABLE.read_text().partition(MARK)
    _, _, after = after.partition(MARK)
    TABLE.write_text(f"{before}{MARK}\n{_table(measured)}{MARK}{after}")
    print(f"{len(measured)} figures of gas are kept.")
    return 0


def _problems(measured: dict[str, int], kept: dict[str, int]):
    for name in sorted(measured.keys() | kept.keys()):
        if name not in measured:
            yield f"{name}: not measured any more. `make gas` keeps what is."
        elif name not in kept:
            yield f"{name}: measured and not kept. `make gas` keeps it."
        elif measured[name] > kept[name] * TOLERANCE:
            yield (
                f"{name}: {measured[name]:,} gas, more than 2 % above the {kept[name]:,} that "
                "docs/gas.json keeps. Make it cheaper, or `make gas` and say why."
            )


def _table(measured: dict[str, int]) -> str:
    rows = ["| act | name | gas | aimed at | peer |", "| --- | --- | ---: | ---: | ---: |"]
    names = [name for name in KNOWN if name in measured]
    names += sorted(measured.keys() - KNOWN.keys())
    for name in names:
        act, aim, peer = KNOWN.get(name, (name.replace("_", " "), None, None))
        figures = " | ".join("" if each is None else f"{each:,}" for each in (aim, peer))
        rows.append(f"| {act} | `{name}` | {measured[name]:,} | {figures} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
