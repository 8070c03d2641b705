"""Proofs for all inputs, by halmos: `make prove-symbolic`.

    .venv/bin/python toolchain/prove/symbolic.py [PREFIX]

Runs the functions `check_…` of tests/symbolic, or those whose names begin with PREFIX. A proof
counts only if every path was followed to its end and every question answered in time. Functions
`check_false_…` are controls: they say what is not true, and must be refuted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import HERE, ROOT, STATE, VENV, environment

PLACE = STATE / "prove" / "symbolic"
ANSWERS = PLACE / "answers.json"
LOG = PLACE / "halmos.log"
CONTROL = "check_false_"
# What halmos gives a test as its exit status.
PROVEN, REFUTED = 0, 1


@dataclass(frozen=True, slots=True)
class Proof:
    """What halmos says of one function."""

    name: str
    status: int
    unfinished: int
    seconds: float

    @property
    def is_control(self) -> bool:
        return self.name.startswith(CONTROL)

    @property
    def holds(self) -> bool:
        """Whether it is proven; of a control, whether it is refuted."""
        return self.status == (REFUTED if self.is_control else PROVEN) and not self.unfinished

    def __str__(self) -> str:
        if self.holds:
            told = "refuted, as it must be" if self.is_control else "proven for all inputs"
        elif self.unfinished:
            told = f"{self.unfinished} loops not followed to their end: raise `loop` of halmos.toml"
        else:
            told = "NOT REFUTED" if self.is_control else "not proven"
        return f"{self.name.partition('(')[0]}: {told} ({self.seconds:.0f} s)"


def run(prefix: str) -> int:
    """Run halmos; its exit status."""
    PLACE.mkdir(parents=True, exist_ok=True)
    ANSWERS.unlink(missing_ok=True)
    command = [
        str(VENV / "halmos"),
        *("--root", str(ROOT)),
        *("--forge-build-out", str((PLACE / "out").relative_to(ROOT))),
        *("--function", prefix),
        *("--solver-command", f"'{VENV / 'python'}' '{HERE / 'solver.py'}'"),
        *("--config", str(HERE / "halmos.toml")),
        *("--json-output", str(ANSWERS)),
        "--no-status",
    ]
    with LOG.open("wb") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=environment("symbolic"), stdout=log, stderr=log, check=False
        )
    return done.returncode


def proofs(content: dict[str, Any]) -> Iterator[Proof]:
    """What halmos said of each function."""
    for results in content["test_results"].values():
        for one in results:
            seconds = (one.get("time") or [0])[0]
            yield Proof(one["name"], one["exitcode"], one["num_bounded_loops"] or 0, seconds)


def main(arguments: Sequence[str]) -> int:
    """Prove; the exit status."""
    prefix = arguments[0] if arguments else "check_"
    run(prefix)
    if not ANSWERS.exists():
        print(LOG.read_text(errors="replace")[-2000:])
        sys.exit(f"symbolic: halmos failed, see {LOG.relative_to(ROOT)}")
    found = list(proofs(json.loads(ANSWERS.read_text())))
    for one in found:
        print(f"symbolic: {one}")
    failed = sum(not one.holds for one in found)
    controlled = prefix != "check_" or any(one.is_control for one in found)
    if not controlled:
        print(f"symbolic: no function {CONTROL}… shows that the tool can refute anything")
    enough = bool(found) and failed == 0 and controlled
    print(
        f"symbolic: {len(found) - failed} as they should be, {failed} not: "
        f"{'passed' if enough else 'FAILED'}"
    )
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
