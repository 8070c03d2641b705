"""Coverage of the contracts by the tests that drive a node: `make coverage`.

    python toolchain/coverage            # run the tests, then report
    python toolchain/coverage --report   # report on what the last run recorded

The tests run in a copy of the project below .termin/coverage, against a node that records what it
executes. Writes .termin/coverage/report.md; fails below the rates of LEAST.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from report import Coverage, coverages  # noqa: E402 - after the path
from workshop import ROOT, STATE, environment, make, put_command  # noqa: E402

PLACE = STATE / "coverage" / "project"
RECORDS = STATE / "coverage" / "records"
REPORT = STATE / "coverage" / "report.md"
LOG = STATE / "coverage" / "last.log"
OUT = PLACE / ".termin" / "plain" / "out"
LEAST = {"lines": 0.98, "branches": 0.95}
PYTHON = str(ROOT / ".venv" / "bin" / "python")
PREPARING = (
    ("forge", "build", "--force", "contracts"),
    ("ape", "compile", "--force"),
    (PYTHON, "toolchain/artifacts.py"),
)
MODEL = (PYTHON, "-m", "pytest", "-q", "-p", "no:ape_test", "tests/model")
# Anvil keeps every snapshot: one node for all tests would take all memory.
FILES_AT_A_TIME = 5


def commands() -> Iterator[tuple[str, ...]]:
    """What compiles the copy, and the tests that drive a node."""
    yield from PREPARING
    files = sorted(
        str(file.relative_to(PLACE)) for file in PLACE.glob("tests/contracts/**/test_*.py")
    )
    for start in range(0, len(files), FILES_AT_A_TIME):
        yield ("ape", "test", "-q", *files[start : start + FILES_AT_A_TIME])
    yield MODEL


def record() -> None:
    """Run the tests and record what the nodes execute."""
    make(PLACE)
    RECORDS.mkdir(parents=True, exist_ok=True)
    for old in RECORDS.glob("*.json"):
        old.unlink()
    put_command(PLACE, "anvil", f'exec "{PYTHON}" "{HERE}/proxy.py" "$@"')
    given = {"ANVIL": str(STATE / "bin" / "anvil"), "RECORDS": str(RECORDS)}
    for command in commands():
        begun = time.monotonic()
        with LOG.open("wb") as log:
            done = subprocess.run(
                command, cwd=PLACE, env={**environment(PLACE), **given}, stdout=log, stderr=log
            )
        told = " ".join(Path(part).name for part in command)
        print(f"coverage: {told} ({time.monotonic() - begun:.0f} s)", flush=True)
        if done.returncode:
            print("\n".join(LOG.read_text(errors="replace").splitlines()[-40:]))
            sys.exit(f"coverage: that failed; all it said stands in {os.path.relpath(LOG)}")


def table(found: list[Coverage]) -> str:
    """The report as Markdown: rates, then all that was missed."""
    rows = ["| contract | lines | branches |", "| --- | ---: | ---: |"]
    for one in found:
        reached = one.branches - len(one.missed_branches)
        lines = f"{one.lines - len(one.missed_lines)}/{one.lines}"
        rows.append(f"| {one.path} | {lines} | {reached}/{one.branches} |")
    rows.append("")
    for one in found:
        rows += [f"- {one.path}:{line}: never ran" for line in one.missed_lines]
        rows += [f"- {one.path}:{branch}" for branch in one.missed_branches]
    return "\n".join(rows) + "\n"


def conclude(found: list[Coverage], strange: int) -> int:
    """Print the rates and say whether they suffice; the exit status."""
    REPORT.write_text(table(found))
    lines, branches = sum(one.lines for one in found), sum(one.branches for one in found)
    rates = {
        "lines": 1 - sum(len(one.missed_lines) for one in found) / lines,
        "branches": 1 - sum(len(one.missed_branches) for one in found) / branches,
    }
    print(f"What was missed stands in {os.path.relpath(REPORT)}.")
    enough = strange == 0 and all(rates[name] >= least for name, least in LEAST.items())
    if strange:
        print(f"coverage: {strange} codes ran that are none of the contracts'")
    said = ", ".join(f"{rates[name]:.1%} of {name} (at least {LEAST[name]:.0%})" for name in LEAST)
    outcome = "passed" if enough else "FAILED"
    print(f"coverage: {said}, of {lines} lines and {branches} branches: {outcome}")
    return 0 if enough else 1


def main(arguments: list[str]) -> int:
    """Record unless told not to, and report."""
    if "--report" not in arguments:
        record()
    return conclude(*coverages(PLACE, OUT, list(RECORDS.glob("*.json"))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
