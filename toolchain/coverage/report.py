"""Sets what ran against what there is to cover."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from maps import Code, Piece, codes, match, trees
from recorder import JUMPED, RAN, WENT_ON
from sources import Item, Source, read

WAYS = {WENT_ON: "true", JUMPED: "false"}
NO_BRANCHES = 1.0
# An agreement's code is its deed; only the few instructions before it run.
LARGEST_CLONE = 60


@dataclass(slots=True)
class Coverage:
    """Lines and branches of a file, and what of them nothing reached."""

    path: str
    lines: int
    branches: int
    missed_lines: list[int]
    missed_branches: list[str]

    @property
    def line_rate(self) -> float:
        return 1 - len(self.missed_lines) / self.lines if self.lines else NO_BRANCHES

    @property
    def branch_rate(self) -> float:
        return 1 - len(self.missed_branches) / self.branches if self.branches else NO_BRANCHES


def is_covered_here(path: str) -> bool:
    """Whether a file counts: not what only tests use, and not what others wrote."""
    return path.startswith("contracts/") and not path.startswith("contracts/mocks/")


def unite(records: Iterable[Path], known: list[Code]) -> tuple[dict[Piece, int], int]:
    """What each piece of source saw, and how many codes ran that are not the project's."""
    seen: dict[Piece, int] = defaultdict(int)
    strange = 0
    for file in records:
        for one in json.loads(file.read_text())["codes"]:
            code = match(bytes.fromhex(one["code"].removeprefix("0x")), known)
            strange += code is None and len(one["places"]) > LARGEST_CLONE
            for place, bits in one["places"].items() if code else ():
                if code and (piece := code.pieces.get(int(place))):
                    seen[piece] |= bits
    return seen, strange


def ran(statement: Item, pieces: dict[tuple[int, int], int]) -> bool:
    """Whether an instruction from within a statement ran."""
    first, length = statement.span
    return any(
        bits & RAN and first <= begin and begin + size <= first + length
        for (begin, size), bits in pieces.items()
    )


def cover(source: Source, pieces: dict[tuple[int, int], int]) -> Coverage:
    """The coverage of one file; a line is covered once each statement that begins on it ran."""
    missed = {item.line for item in source.statements if not ran(item, pieces)}
    forks = sorted(source.forks.items())
    branches = [
        f"{item.line}: {item.kind} never {name}"
        for span, item in forks
        for way, name in ways(item)
        if not pieces.get(span, 0) & way
    ]
    lines = {item.line for item in source.statements}
    return Coverage(source.path, len(lines), 2 * len(forks), sorted(missed), branches)


def ways(item: Item) -> Iterator[tuple[int, str]]:
    """The jump that each outcome of a condition takes: what is compiled differs by its kind."""
    jumps_when_true = item.kind in ("left of ||", "require", "assert")
    yield (JUMPED if jumps_when_true else WENT_ON), "true"
    yield (WENT_ON if jumps_when_true else JUMPED), "false"


def coverages(root: Path, out: Path, records: Iterable[Path]) -> tuple[list[Coverage], int]:
    """The coverage of each contract file below root, from what was compiled and what ran."""
    seen, strange = unite(records, list(codes(out)))
    by_file: dict[int, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for piece, bits in seen.items():
        by_file[piece.file][piece.first, piece.length] |= bits
    found = []
    for number, (path, tree) in sorted(trees(out).items(), key=lambda entry: entry[1][0]):
        if is_covered_here(path):
            source = read(path, (root / path).read_bytes(), tree)
            if source.statements:
                found.append(cover(source, by_file[number]))
    return found, strange
