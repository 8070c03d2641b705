"""What the outcomes say: the rate, the survivors, and whether the listed ones are right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from operators import Mutant
from ruamel.yaml import YAML
from running import INVALID, SURVIVED, Result

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """A mutant that cannot be told from the contract, and why."""

    mutant: str
    file: str
    change: str
    reason: str


def listed(file: Path) -> list[Listed]:
    """The survivors that are known."""
    return [Listed(**entry) for entry in YAML(typ="safe").load(file.read_text())]


def conclude(
    results: Sequence[Result],
    mutants: Sequence[Mutant],
    entries: Sequence[Listed],
    least: float,
    place: Path,
) -> int:
    """Write the reports, print the closing line; the exit status."""
    names = {entry.mutant for entry in entries}
    valid = [one for one in results if one.outcome != INVALID]
    counted = [one for one in valid if one.mutant.name not in names]
    killed = [one for one in counted if one.is_killed]
    rate = len(killed) / len(counted) if counted else 0.0
    said = (
        f"mutation: {len(killed)} of {len(counted)} mutants noticed "
        f"({rate:.1%}, at least {least:.0%}); "
        f"{len(results)} of {len(mutants)} run, {len(results) - len(valid)} do not compile, "
        f"{len(valid) - len(counted)} are listed as equivalent"
    )
    problems = list(_wrong(entries, results, {one.name for one in mutants}))
    write(place, said, results, names)
    print("\n".join([f"mutation: {problem}" for problem in problems]))
    passed = rate >= least and not problems
    print(f"{said}: {'passed' if passed else 'FAILED'}")
    return 0 if passed else 1


def _wrong(entries: Sequence[Listed], results: Sequence[Result], names: set[str]) -> Iterator[str]:
    outcomes = {result.mutant.name: result for result in results}
    for entry in entries:
        if not entry.reason.strip():
            yield f"survivors.yaml: {entry.mutant} has no reason"
        if entry.mutant not in names:
            yield f"survivors.yaml: {entry.mutant} ({entry.change}) is not there any more"
        elif entry.mutant in outcomes and outcomes[entry.mutant].outcome != SURVIVED:
            noticed = outcomes[entry.mutant].outcome
            yield f"survivors.yaml: {entry.mutant} ({entry.change}) does not survive: {noticed}"


def write(place: Path, said: str, results: Sequence[Result], names: set[str]) -> None:
    """Write report.json, with all results, and report.md, with those that survived."""
    content = [{"name": one.mutant.name, **asdict(one)} for one in results]
    (place / "report.json").write_text(json.dumps(content, indent=1) + "\n")
    by_stage = Counter(one.outcome for one in results)
    rows = [said, "", "| outcome | mutants |", "| --- | ---: |"]
    rows += [f"| {outcome} | {count} |" for outcome, count in by_stage.most_common()]
    rows += [
        "",
        "| mutant | where | operator | change | listed |",
        "| --- | --- | --- | --- | --- |",
    ]
    survivors = [one.mutant for one in results if one.outcome == SURVIVED]
    for one in sorted(survivors, key=lambda mutant: (mutant.file, mutant.line)):
        change = f"`{_short(one.before)}` → `{_short(one.after)}`"
        known = "yes" if one.name in names else ""
        rows.append(f"| {one.name} | {one.file}:{one.line} | {one.operator} | {change} | {known} |")
    (place / "report.md").write_text("\n".join(rows) + "\n")


def _short(code: str) -> str:
    line = " ".join(code.split()).replace("|", "\\|")
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
