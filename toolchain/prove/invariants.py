"""Plays the invariant tests of tests/invariants at length: `make prove-invariants`.

    .venv/bin/python toolchain/prove/invariants.py

Two processes of forge with a seed each, so that no two play the same; TERMIN_SEED changes both.
Counts the calls that forge reports and fails below LEAST. TERMIN_CALLS asks for another number.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import ROOT, STATE, environment

PLACE = STATE / "prove" / "invariants"
LEAST = 5_000_000
SHARDS = 2
DEPTH = 500
SUITE = re.compile(r"^Ran \d+ tests? for (?P<suite>\S+)")
CAMPAIGN = re.compile(
    r"^\[(?P<outcome>PASS|FAIL)[^\]]*\].* (?P<test>\w+)\(\) "
    r"\(runs: \d+, calls: (?P<calls>\d+), reverts: (?P<reverts>\d+)\)"
)
PLAIN = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Campaign:
    """What forge played for one invariant."""

    suite: str
    test: str
    passed: bool
    calls: int
    reverts: int


def campaigns(lines: Iterable[str]) -> Iterator[Campaign]:
    """All campaigns that forge reports."""
    suite = ""
    for line in (PLAIN.sub("", line) for line in lines):
        if found := SUITE.match(line):
            suite = found["suite"]
        elif found := CAMPAIGN.match(line):
            passed = found["outcome"] == "PASS"
            counts = int(found["calls"]), int(found["reverts"])
            yield Campaign(suite, found["test"], passed, *counts)


def different(found: Iterable[Campaign]) -> int:
    """Calls that differ: with one seed, forge plays the same for all invariants of a contract."""
    most: dict[str, int] = {}
    for one in found:
        most[one.suite] = max(most.get(one.suite, 0), one.calls)
    return sum(most.values())


def forge(
    *arguments: str, log: Path, given: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start forge with the profile `prove`; what it says goes to a file."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [str(STATE / "bin" / "forge"), *arguments],
            cwd=ROOT,
            env={**environment("prove"), **(given or {})},
            stdout=output,
            stderr=output,
        )


def play(seed: int, runs: int) -> list[Path]:
    """Play all shards beside each other; the files with what forge said."""
    PLACE.mkdir(parents=True, exist_ok=True)
    built = PLACE / "build.log"
    if forge("build", log=built).wait():
        sys.exit(f"invariants: the tests do not compile, see {built.relative_to(ROOT)}")
    logs, started = [], []
    for shard in range(SHARDS):
        log = PLACE / f"shard-{shard}.log"
        arguments = ("test", "--match-test", "^invariant_", "--threads", "1")
        given = {
            "FOUNDRY_INVARIANT_RUNS": str(runs),
            "FOUNDRY_INVARIANT_DEPTH": str(DEPTH),
            "FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR": str(PLACE / f"failures-{shard}"),
        }
        seeds = ("--fuzz-seed", str(seed * SHARDS + shard))
        started.append(forge(*arguments, *seeds, log=log, given=given))
        logs.append(log)
    for process in started:
        process.wait()
    return logs


def tests() -> int:
    """How many contracts have invariants: each plays for itself."""
    files = (ROOT / "tests" / "invariants").glob("*.t.sol")
    text = "\n".join(file.read_text() for file in files)
    contracts = re.split(r"^(?:abstract )?contract ", text, flags=re.MULTILINE)[1:]
    return sum("function invariant_" in contract for contract in contracts)


def main() -> int:
    """Play and count; the exit status."""
    least = int(os.environ.get("TERMIN_CALLS", LEAST))
    seed = int(os.environ.get("TERMIN_SEED", "1"))
    suites = tests()
    if suites == 0:
        sys.exit("invariants: tests/invariants has no function invariant_…")
    runs = -(-least // (suites * SHARDS * DEPTH))
    begun = time.monotonic()
    logs = play(seed, runs)
    shards = [list(campaigns(log.read_text(errors="replace").splitlines())) for log in logs]
    calls = sum(different(found) for found in shards)
    failed = {one.test for found in shards for one in found if not one.passed}
    silent = [log for log, found in zip(logs, shards, strict=True) if len(found) < suites]
    for name in sorted(failed):
        print(f"invariants: {name} does not hold")
    for log in silent:
        print(f"invariants: not all were played, see {log.relative_to(ROOT)}")
    passed = not failed and not silent and calls >= least
    took = time.monotonic() - begun
    counted = len({one.test for found in shards for one in found})
    print(
        f"invariants: {calls:,} calls (at least {least:,}), {counted} invariants, seed {seed}, "
        f"{took:.0f} s: {'passed' if passed else 'FAILED'}"
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
