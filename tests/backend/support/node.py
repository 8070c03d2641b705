"""A real Anvil, as Termin starts it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backend.chain.rpc import NodeUnreachableError, Rpc

ROOT = Path(__file__).parents[3]
ANVIL = ROOT / ".termin" / "bin" / "anvil"
CHAIN_ID = 2026
OPTIONS = (
    "--gas-price 0 --block-base-fee-per-gas 0 --order fifo --hardfork cancun "
    "--timestamp 631152000 --gas-limit 100000000000 --silent"
)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def anvil(
    chain_id: int = CHAIN_ID, port: int | None = None, more: Sequence[str] = ()
) -> Iterator[str]:
    """Run a node, with `more` options than all have, and give its URL."""
    port = port or free_port()
    command = [str(ANVIL), "--port", str(port), "--chain-id", str(chain_id), *OPTIONS.split()]
    command += more
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 15
    with Rpc(url) as rpc:
        while True:
            try:
                rpc.call("eth_chainId")
                return
            except NodeUnreachableError:
                assert process.poll() is None, "anvil ended"
                assert time.monotonic() < deadline, "anvil does not answer"
                time.sleep(0.02)
