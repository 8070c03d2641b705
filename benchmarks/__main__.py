"""`make bench`: measure everything, print a table, and keep it in `benchmarks/results.json`.

`python -m benchmarks indexing` measures one part alone, into `.termin/bench/indexing.json`;
`--thorough` goes on to a million events, and needs 8 GB of memory.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import loading
from benchmarks.api.measurements import measurements as api
from benchmarks.downloads.measurements import measurements as downloads
from benchmarks.indexing.measurements import measurements as indexing
from benchmarks.results import document, show, write
from benchmarks.rows import LeftOut, Measurement, Row

PARTS: dict[str, Callable[..., Iterator[Measurement]]] = {
    "indexing": indexing,
    "api": api,
    "downloads": downloads,
    "loading": loading.measurements,
}
RESULTS = Path(__file__).parent / "results.json"
PARTIAL = Path(".termin/bench")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("part", nargs="*", help=f"{' or '.join(PARTS)}; all if none is named")
    parser.add_argument("--thorough", action="store_true", help="go on to a million events")
    given = parser.parse_args()
    if unknown := set(given.part) - set(PARTS):
        parser.error(
            f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
        )
    rows, left_out = run(given.part or list(PARTS), thorough=given.thorough)
    show(rows, left_out)
    target = PARTIAL / f"{'-'.join(given.part)}.json" if given.part else RESULTS
    write(target, document(rows, left_out))
    print(f"Written to {target}.")


def run(parts: Sequence[str], **options: Any) -> tuple[list[Row], dict[str, str]]:
    """The rows of some parts, and why others are left out, by what they would have measured."""
    rows: list[Row] = []
    left_out: dict[str, str] = {}
    for part in parts:
        for measurement in PARTS[part](**options):
            print(measurement.title, flush=True)
            try:
                found = measurement.measure()
            except LeftOut as missing:
                print(f"  left out: {missing}", flush=True)
                left_out[measurement.title] = str(missing)
                continue
            rows += found
            for row in found:
                print(f"  {row.name}: {row.value:,.1f} {row.unit}", flush=True)
    return rows, left_out


if __name__ == "__main__":
    main()
