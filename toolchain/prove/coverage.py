"""Coverage of the contracts by tests/invariants, as forge measures it: `make prove-coverage`.

    .venv/bin/python toolchain/prove/coverage.py            # run the tests, then report
    .venv/bin/python toolchain/prove/coverage.py --report   # report on the last run

Counts lines and branches of contracts/ without its mocks, names each that was missed, and fails
below the rates of LEAST. The tests of tests/contracts, on a node, are not counted.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import ROOT, STATE, environment

LEAST = {"lines": 0.98, "branches": 0.95}
MEASURED = STATE / "prove" / "coverage.lcov"
LOG = STATE / "prove" / "coverage.log"
COUNTED, NOT_COUNTED = "contracts/", "contracts/mocks/"
NEVER = ("0", "-")


@dataclass(slots=True)
class Coverage:
    """What of one file can run, and what of it never did."""

    path: str
    lines: int = 0
    branches: int = 0
    missed_lines: list[int] = field(default_factory=list)
    missed_branches: list[str] = field(default_factory=list)


def measure() -> None:
    """Run the tests of tests/invariants with forge, which measures."""
    command = [str(STATE / "bin" / "forge"), "coverage", "--report", "lcov"]
    with LOG.open("wb") as log:
        done = subprocess.run(
            [*command, "--report-file", str(MEASURED)],
            cwd=ROOT,
            env=environment("plain"),
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        sys.exit(f"coverage: forge failed, see {LOG.relative_to(ROOT)}")


def coverages(lines: Iterable[str]) -> list[Coverage]:
    """What forge measured of the contracts, from its lcov records."""
    found: list[Coverage] = []
    for line in lines:
        kind, _, told = line.strip().partition(":")
        if kind == "SF":
            found.append(Coverage(told))
        elif kind == "DA":
            number, times = told.split(",")[:2]
            found[-1].lines += 1
            if times in NEVER:
                found[-1].missed_lines.append(int(number))
        elif kind == "BRDA":
            number, _block, branch, times = told.split(",")
            found[-1].branches += 1
            if times in NEVER:
                found[-1].missed_branches.append(f"{number} (branch {branch})")
    return [
        one
        for one in found
        if one.path.startswith(COUNTED) and not one.path.startswith(NOT_COUNTED)
    ]


def conclude(found: Sequence[Coverage]) -> int:
    """Print what was missed and the rates; the exit status."""
    for one in found:
        missed = [f"line {line}" for line in one.missed_lines] + one.missed_branches
        if missed:
            print(f"coverage: {one.path}: {', '.join(missed)}")
    lines, branches = sum(one.lines for one in found), sum(one.branches for one in found)
    if not lines or not branches:
        sys.exit("coverage: forge measured nothing")
    rates = {
        "lines": 1 - sum(len(one.missed_lines) for one in found) / lines,
        "branches": 1 - sum(len(one.missed_branches) for one in found) / branches,
    }
    passed = all(rates[name] >= least for name, least in LEAST.items())
    told = ", ".join(f"{rates[name]:.1%} of {name} (at least {LEAST[name]:.0%})" for name in LEAST)
    outcome = "passed" if passed else "FAILED"
    print(f"coverage: {told}, of {lines} lines and {branches} branches: {outcome}")
    return 0 if passed else 1


def main(arguments: Sequence[str]) -> int:
    """Measure unless told not to, and report."""
    if "--report" not in arguments:
        measure()
    return conclude(coverages(MEASURED.read_text().splitlines()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
