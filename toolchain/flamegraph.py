"""Writes docs/images/backfill.svg: where the interpreter's time of a backfill goes.

py-spy looks a hundred times a second what the thread that holds the interpreter's lock is at; what
imports modules is left out, and so is what takes less than a two-hundredth.
"""

from __future__ import annotations

import argparse
import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.databases import postgres_server  # noqa: E402
from benchmarks.indexing.backfill import DENSE, EVENTS, grown_chain  # noqa: E402

TARGET = ROOT / "docs" / "images" / "backfill.svg"
WIDTH, LINE, LETTER = 1200, 18, 6.5
SMALLEST = 1 / 200
FIRST = ("_run (indexer/ahead.py)", "_step (indexer/runner.py)")
"""What stands below these is the same for each thread, and not drawn."""


@dataclass(slots=True)
class Frame:
    """A function as called by those below it, and how often it was seen."""

    samples: int = 0
    above: dict[str, Frame] = field(default_factory=dict)

    def add(self, stack: list[str], samples: int) -> None:
        """Take in a stack, the outermost call first."""
        self.samples += samples
        if stack:
            self.above.setdefault(stack[0], Frame()).add(stack[1:], samples)


def main() -> None:
    """Index a chain from the begin, once, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args()
    with grown_chain(given.events, DENSE) as chain, postgres_server() as server:
        termin = [sys.executable, "-m", "backend.cli", "index", "--once"]
        termin += ["--rpc-url", chain.url, "--data-dir", str(chain.folder)]
        whole = _read(_record([*termin, "--database-url", server.fresh()]))
    given.target.write_text(_draw(whole))
    print(f"{whole.samples} samples, written to {given.target}.")


def _record(command: list[str]) -> str:
    with tempfile.NamedTemporaryFile(suffix=".raw") as file:
        spy = ["py-spy", "record", "--gil", "--rate", "100", "--format", "raw"]
        spy += ["--output", file.name, "--", *command]
        subprocess.run(spy, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return Path(file.name).read_text()


def _read(raw: str) -> Frame:
    """The samples of py-spy, one stack a line: "outermost;…;innermost count"."""
    whole = Frame()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_name(frame) for frame in stack.split(";")]
        start = next((place for place, each in enumerate(frames) if each.endswith(FIRST)), None)
        if start is not None and "_find_and_load" not in stack:
            whole.add(frames[start:], int(count))
    return whole


def _name(frame: str) -> str:
    """Function and module, without the line."""
    return re.sub(r"(backend/|:\d+)", "", frame)


def _draw(whole: Frame) -> str:
    boxes = list(_boxes(whole, 0.0, 0, whole.samples))
    height = LINE * (1 + max((depth for _, _, depth, _ in boxes), default=0))
    drawn = "\n".join(_box(*box, height) for box in boxes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="monospace" font-size="11">\n{drawn}\n</svg>\n'
    )


def _boxes(
    frame: Frame, left: float, depth: int, all_: int
) -> Iterator[tuple[float, float, int, str]]:
    """Left edge and width as parts of the whole, depth and text of each box."""
    for name, above in sorted(frame.above.items()):
        width = above.samples / all_
        if width >= SMALLEST:
            yield left, width, depth, f"{name} {100 * width:.1f} %"
            yield from _boxes(above, left, depth + 1, all_)
        left += width


def _box(left: float, width: float, depth: int, text: str, height: int) -> str:
    x, y, size = left * WIDTH, height - LINE * (depth + 1), width * WIDTH
    shown = html.escape(text[: int(size / LETTER)]) if size > 5 * LETTER else ""
    hue = sum(text.rpartition("(")[2].split(")")[0].encode()) % 50
    return (
        f'<g><title>{html.escape(text)}</title><rect x="{x:.1f}" y="{y}" width="{size:.1f}" '
        f'height="{LINE - 1}" fill="hsl({hue},80%,70%)"/>'
        f'<text x="{x + 3:.1f}" y="{y + 13}">{shown}</text></g>'
    )


if __name__ == "__main__":
    main()
