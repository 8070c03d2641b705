"""Which piece of source each instruction of a compiled contract comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PUSH1, PUSH32 = 0x60, 0x7F
LIBRARY = re.compile(r"__\$[0-9a-f]{34}\$__")
# Immutable values and hashes of metadata differ between what was compiled and what ran.
LARGEST_DIFFERENCE = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of source: first byte, length, number of the file; -1 for what the compiler adds."""

    first: int
    length: int
    file: int


@dataclass(slots=True)
class Code:
    """A compiled contract, or what creates it: its bytes, and the source of each place."""

    name: str
    creates: bool
    content: bytes
    pieces: dict[int, Piece]


def expand(text: str) -> Iterator[Piece]:
    """Each instruction's piece of a compressed source map: what is left out is as before."""
    known = ["0", "0", "-1"]
    for entry in text.split(";"):
        for place, field in enumerate(entry.split(":")[:3]):
            known[place] = field or known[place]
        yield Piece(*map(int, known))


def places(content: bytes) -> Iterator[int]:
    """Where each instruction begins."""
    place = 0
    while place < len(content):
        yield place
        operation = content[place]
        place += 1 + (operation - PUSH1 + 1 if PUSH1 <= operation <= PUSH32 else 0)


def codes(out: Path) -> Iterator[Code]:
    """All codes that forge compiled into a folder."""
    for file in sorted(out.glob("*.sol/*.json")):
        artifact = json.loads(file.read_text())
        for key in ("bytecode", "deployedBytecode"):
            compiled = artifact[key]
            content = bytes.fromhex(LIBRARY.sub("0" * 40, compiled["object"]).removeprefix("0x"))
            if content:
                pieces = zip(places(content), expand(compiled["sourceMap"]), strict=False)
                yield Code(file.stem, key == "bytecode", content, dict(pieces))


def trees(out: Path) -> dict[int, tuple[str, dict[str, Any]]]:
    """Path and syntax tree of each file, by its number."""
    found = {}
    for file in sorted(out.glob("*.sol/*.json")):
        artifact = json.loads(file.read_text())
        found[int(artifact["id"])] = (artifact["ast"]["absolutePath"], artifact["ast"])
    return found


def match(ran: bytes, known: list[Code]) -> Code | None:
    """The compiled code that ran; arguments may follow what creates a contract."""
    fitting = [code for code in known if _fits(ran, code)]
    best = min(fitting, key=lambda code: _difference(ran, code), default=None)
    return best if best and _difference(ran, best) < LARGEST_DIFFERENCE else None


def _fits(ran: bytes, code: Code) -> bool:
    return len(ran) >= len(code.content) if code.creates else len(ran) == len(code.content)


def _difference(ran: bytes, code: Code) -> float:
    unlike = sum(a != b for a, b in zip(ran, code.content, strict=False))
    return unlike / len(code.content)
