"""How fast published data is loaded: a file as it was published, and made-up ones of four sizes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.loading.peer import milliseconds_per_payment
from benchmarks.loading.sources import write_source
from benchmarks.loading.timing import Timing, time_load
from benchmarks.rows import LeftOut, Measurement, Row

SIZES = (500, 2_000, 5_000, 20_000)
REAL = "realdata/mx-nuevo-leon-works.record-packages.jsonl"

T = TypeVar("T")


def measurements(*, thorough: bool) -> Iterator[Measurement]:  # noqa: ARG001
    """Each load; the published file that `SHARED` holds (default: ../shared) is one of them."""
    yield Measurement("web3.py, waiting for each receipt", _receipts)
    yield Measurement("Loading the published file", _published)
    for size in SIZES:
        yield Measurement(f"Loading {size:,} made-up payments", partial(_made_up, size))


def _receipts() -> list[Row]:
    value = _in_a_folder(milliseconds_per_payment)
    return [Row("load_web3_receipts_ms", value, "ms a payment")]


def _published() -> list[Row]:
    real = Path(os.environ.get("SHARED", "../shared")) / REAL
    if not real.exists():
        raise LeftOut(f"{real} is not there; SHARED names the folder that holds {REAL}.")
    return [_row("load_published_ms", _in_a_folder(lambda folder: time_load(folder, [real])))]


def _made_up(size: int) -> list[Row]:
    def load(folder: Path) -> Timing:
        return time_load(folder, [write_source(folder / "source.jsonl", size)])

    return [_row(f"load_{size}_ms", _in_a_folder(load))]


def _row(name: str, timing: Timing) -> Row:
    own, node = (1000 * cpu / timing.payments for cpu in (timing.own_cpu, timing.node_cpu))
    note = f"{timing.payments:,} payments in {timing.seconds:.1f} s; CPU {own:.1f} ms own, "
    return Row(name, timing.per_payment, "ms a payment", note=note + f"{node:.1f} ms Anvil's")


def _in_a_folder(measure: Callable[[Path], T]) -> T:
    with tempfile.TemporaryDirectory() as name:
        return measure(Path(name))
