"""The result of a run: as a table, and as the JSON that is kept."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.rows import Row

# Less is better.
_COSTS = ("ms", "MB", "µs/event", "ms a payment")


def document(rows: Sequence[Row], left_out: dict[str, str]) -> dict[str, Any]:
    """What is kept; `left_out` says of each measurement that could not be made, why."""
    return {
        "machine": _machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "rows": [_plain(row) for row in rows],
        "left_out": left_out,
    }


def write(path: Path, result: dict[str, Any]) -> None:
    """Keep a result."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def show(rows: Sequence[Row], left_out: dict[str, str]) -> None:
    """Print the table, and what is not in it."""
    table = Table(title="Ratios say how many times better than the peer, or how near the floor")
    table.add_column("measure")
    for heading in ("value", "unit", "Ponder", "×", "tuned", "×", "floor", "of it"):
        table.add_column(heading, justify="left" if heading == "unit" else "right")
    for row in rows:
        peers = (row.ponder, row.ponder_tuned, row.floor)
        cells = [cell for peer in peers for cell in (_number(peer), _ratio(row, peer))]
        table.add_row(row.name, _number(row.value), row.unit, *cells)
    console = Console(width=120)
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"{row.name}: {row.note}", highlight=False)
    for title, why in left_out.items():
        console.print(f"Left out: {title}: {why}", highlight=False)


def _ratio(row: Row, peer: float | None) -> str:
    if not peer or not row.value:
        return ""
    ratio = peer / row.value if row.unit in _COSTS else row.value / peer
    return f"{ratio:.2f}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _plain(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in asdict(row).items() if value not in {None, ""}}
    return {n: round(v, 3) if isinstance(v, float) else v for n, v in values.items()}


def _machine() -> str:
    memory = psutil.virtual_memory().total / (1 << 30)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo")
    if lines.exists():
        for line in lines.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
