"""`make bench`: how fast published data is loaded, as a table and as JSON.

The published file that `SHARED` holds (default: ../shared) is measured where it is there. Sizes
can be given: `python -m benchmarks 500 2000`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.loading import Timing, time_load
from benchmarks.peer import milliseconds_per_payment
from benchmarks.sources import write_source

SIZES = (500, 2_000, 5_000, 20_000)
RESULT = Path(".termin/bench.json")
REAL = "realdata/mx-nuevo-leon-works.record-packages.jsonl"


def main() -> None:
    """Measure, print, and write `RESULT`."""
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    rows: dict[str, Timing] = {}
    real = Path(os.environ.get("SHARED", "../shared")) / REAL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = milliseconds_per_payment(folder / "peer")
        if real.exists():
            rows["published file"] = time_load(folder / "real", [real])
        for size in sizes:
            source = write_source(folder / f"{size}.jsonl", size)
            rows[f"{size:,} made up"] = time_load(folder / str(size), [source])
            print(f"{size:,} payments: {rows[f'{size:,} made up'].seconds:.1f} s", flush=True)
    _print(rows, peer)
    RESULT.parent.mkdir(exist_ok=True)
    result = {name: asdict(row) for name, row in rows.items()}
    RESULT.write_text(json.dumps({"peer_ms_per_payment": peer, "loads": result}, indent=2) + "\n")


def _print(rows: dict[str, Timing], peer: float) -> None:
    table = Table(title=f"Loading. web3.py, waiting for each receipt: {peer:.0f} ms a payment")
    for heading in ("source", "payments", "s", "ms a payment", "Termin's CPU", "Anvil's CPU"):
        table.add_column(heading, justify="left" if heading == "source" else "right")
    table.add_column("× web3.py", justify="right")
    for name, row in rows.items():
        table.add_row(
            name,
            f"{row.payments:,}",
            f"{row.seconds:.1f}",
            f"{row.per_payment:.1f}",
            f"{1000 * row.own_cpu / row.payments:.1f}",
            f"{1000 * row.node_cpu / row.payments:.1f}",
            f"{peer / row.per_payment:.1f}",
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
