"""One load on a fresh chain, timed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from backend.acts.accounts import find_signer
from backend.acts.deploy import ensure_deployment
from backend.acts.load.load import load
from backend.acts.sending import Sender
from backend.chain.local import LocalChain
from backend.chain.rpc import Rpc
from backend.cli.server import LOCALHOST, free_port
from backend.core.documents import DocumentStore
from backend.ocds.contracts import read_source


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a load of so many payments took, reading and signing included.

    `own_cpu` and `node_cpu` are the processor seconds of Termin and of Anvil.
    """

    payments: int
    seconds: float
    own_cpu: float
    node_cpu: float

    @property
    def per_payment(self) -> float:
        """Milliseconds for each payment."""
        return 1000 * self.seconds / self.payments


@contextmanager
def fresh_chain(folder: Path) -> Iterator[Rpc]:
    """A local chain of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    chain = LocalChain(folder / "chain", f"http://{LOCALHOST}:{free_port()}")
    chain.start()
    try:
        with Rpc(chain.rpc_url, timeout=600) as rpc:
            yield rpc
    finally:
        chain.stop()


def time_load(folder: Path, files: Sequence[Path]) -> Timing:
    """Deploy and load `files`; raises AssertionError if a payment is missing."""
    with fresh_chain(folder) as rpc:
        begin, own, node = time.perf_counter(), _cpu(psutil.Process()), _node(rpc)
        node_before = _cpu(node)
        sender, admin = Sender(rpc), find_signer("TEST::0")
        made = ensure_deployment(sender, admin, folder)
        source = read_source(files)
        loaded = load(sender, admin, made, DocumentStore(folder / "documents"), source)
        seconds = time.perf_counter() - begin
        own, node_cpu = _cpu(psutil.Process()) - own, _cpu(node) - node_before
    wanted = sum(len(contract.payments) for contract in source.contracts)
    found = sum(len(contract.payments) for contract in loaded.source.contracts)
    assert wanted == found, f"{wanted} payments in the source, {found} loaded"
    return Timing(wanted, seconds, own, node_cpu)


def _node(rpc: Rpc) -> psutil.Process:
    port = rpc.url.rpartition(":")[2]
    return next(
        child
        for child in psutil.Process().children(recursive=True)
        if port in child.cmdline() and "anvil" in child.name()
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
