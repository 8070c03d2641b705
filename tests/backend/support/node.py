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
START_SECONDS = 60.0
"""A busy machine takes long to start a process, and to end one."""
OPTIONS = (
    "--gas-price 0 --block-base-fee-per-gas 0 --order fifo --hardfork cancun "
    "--timestamp 631152000 --gas-limit 100000000000 --silent"
)


def free_port() -> int:
    """A port that nobody listens on.

    A connection there has just ended: for a minute the system gives the port to nobody who lets it
    choose one, as other tests do at the same time, and to whoever asks for this one.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()
    return port


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
        process.wait(START_SECONDS)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Rpc(url) as rpc:
        while True:
            try:
                rpc.call("eth_chainId")
                return
            except NodeUnreachableError:
                assert process.poll() is None, "anvil ended"
                assert time.monotonic() < deadline, "anvil does not answer"
                time.sleep(0.02)
