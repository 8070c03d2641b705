"""Static analysis of the contracts by Slither: `make prove-static`.

    .venv/bin/python toolchain/prove/static.py

Fails on each finding of high, medium or low impact that toolchain/prove/findings.toml does not
accept with a reason, and on each entry there that accepts nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import HERE, ROOT, STATE, VENV, environment

FOUND = STATE / "prove" / "slither.json"
LOG = STATE / "prove" / "slither.log"
IMPACTS = ("High", "Medium", "Low")


@dataclass(frozen=True, slots=True)
class Finding:
    """What Slither says of one place, `Contract.function` for example."""

    check: str
    impact: str
    where: str
    told: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings that are right as they are: of which check, where (patterns), and why."""

    check: str
    where: tuple[str, ...]
    reason: str

    def fits(self, finding: Finding) -> bool:
        """Whether this accepts a finding."""
        return finding.check == self.check and any(
            fnmatchcase(finding.where, pattern) for pattern in self.where
        )


def place(element: dict[str, Any]) -> str:
    """The name of what a finding points at, from the contract down."""
    names = []
    current: dict[str, Any] | None = element
    while current:
        if current["type"] in ("contract", "function", "variable", "event", "struct"):
            names.append(current["name"])
        current = (current.get("type_specific_fields") or {}).get("parent")
    return ".".join(reversed(names))


def analyse() -> list[Finding]:
    """Run Slither over the contracts."""
    FOUND.unlink(missing_ok=True)
    with LOG.open("wb") as log:
        subprocess.run(
            [str(VENV / "slither"), ".", "--json", str(FOUND), "--fail-none"],
            cwd=ROOT,
            env=environment("static"),
            stdout=log,
            stderr=log,
            check=False,
        )
    content: dict[str, Any] = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    if not content.get("success"):
        sys.exit(f"static: Slither failed, see {LOG.relative_to(ROOT)}")
    return [
        Finding(
            one["check"],
            one["impact"],
            place(one["elements"][0]) if one["elements"] else "",
            one["description"].strip().splitlines()[0],
        )
        for one in content["results"].get("detectors", [])
        if one["impact"] in IMPACTS
    ]


def accepted(file: Path) -> list[Accepted]:
    """The entries of findings.toml."""
    entries = tomllib.loads(file.read_text()).get("accepted", [])
    return [Accepted(one["check"], tuple(one["where"]), one["reason"].strip()) for one in entries]


def problems(findings: Sequence[Finding], entries: Sequence[Accepted]) -> list[str]:
    """What is neither right nor accepted, and what is accepted for nothing."""
    wrong = [
        f"{one.impact} {one.check} in {one.where}: {one.told}"
        for one in findings
        if not any(entry.fits(one) for entry in entries)
    ]
    for entry in entries:
        if not entry.reason:
            wrong.append(f"findings.toml: {entry.check} has no reason")
        wrong += [
            f"findings.toml: {entry.check} in {pattern} accepts nothing"
            for pattern in entry.where
            if not any(Accepted(entry.check, (pattern,), "").fits(one) for one in findings)
        ]
    return wrong


def main() -> int:
    """Analyse and compare; the exit status."""
    findings = analyse()
    wrong = problems(findings, accepted(HERE / "findings.toml"))
    print("\n".join(wrong), end="\n" if wrong else "")
    counted = Counter(one.impact for one in findings)
    told = ", ".join(f"{counted[impact]} {impact.lower()}" for impact in IMPACTS)
    print(f"static: {told}; {len(wrong)} not accepted: {'FAILED' if wrong else 'passed'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
