"""The local chain: one Anvil process whose state outlives it, and its clock.

The chain's clock starts in `GENESIS_TIME` and only goes forward: a load moves it to the dates of
the payments that it plays, an act by hand moves it to the present.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.errors import AppError

CHAIN_ID = 2026
LOCALHOST = "127.0.0.1"
GENESIS_TIME = 631_152_000  # 1990-01-01: no published payment that we know of is older
GAS_LIMIT = 1_000_000_000_000  # a block holds all payments that bear the same second
START_SECONDS = 30.0
STOP_SECONDS = 60.0


class LocalChainError(AppError):
    """The local chain cannot be started or is not what it should be."""

    status = 503
    title = "The local chain does not run"


def is_local(rpc: Rpc) -> bool:
    """Whether the node is Anvil, whose clock can be set."""
    return str(rpc.call("web3_clientVersion")).lower().startswith("anvil")


def head_time(rpc: Rpc) -> int:
    """Timestamp of the newest block, Unix seconds."""
    return int(rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


def set_clock(rpc: Rpc, timestamp: int) -> None:
    """Move the clock to `timestamp` (Unix seconds), never back."""
    rpc.call("evm_setTime", max(timestamp, head_time(rpc)))


def bring_to_present(rpc: Rpc) -> None:
    """Make the next block bear the present time and be mined as soon as it has a transaction.

    Does nothing on a chain that keeps its own time.
    """
    if is_local(rpc):
        resume_mining(rpc)
        set_clock(rpc, int(time.time()))


def resume_mining(rpc: Rpc) -> None:
    """Mine each transaction as it comes, on the local chain, also after a load was killed."""
    if not rpc.call("anvil_getAutomine"):
        # A load that was killed leaves transactions of a block that it never completed.
        rpc.call("anvil_dropAllTransactions")
        rpc.call("evm_setAutomine", True)


@contextmanager
def manual_blocks(rpc: Rpc) -> Iterator[None]:
    """Mine only when told, for as long as the context lasts."""
    rpc.call("anvil_dropAllTransactions")
    rpc.call("evm_setAutomine", False)
    try:
        yield
    finally:
        rpc.call("anvil_dropAllTransactions")
        rpc.call("evm_setAutomine", True)


def mine(rpc: Rpc, timestamp: int) -> None:
    """Mine one block with what is waiting; Anvil lets it bear the same second as its parent."""
    rpc.call("evm_mine", {"timestamp": timestamp})


class LocalChain:
    """An Anvil process that keeps its state in `folder` and listens where `rpc_url` says."""

    def __init__(self, folder: Path, rpc_url: str) -> None:
        self.folder = folder
        self.rpc_url = rpc_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start where the chain stood; raises `LocalChainError`."""
        command = self._command()
        self._refuse_taken_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = (self.folder / "anvil.log").open("wb")
        with log:
            # In a session of its own: Ctrl-C reaches only the one who started it.
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the process after it has written its state."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def wait(self) -> int:
        """Wait until the process ends and return its exit status."""
        return self._process.wait() if self._process else 0

    def _port(self) -> int:
        try:
            address = urlsplit(self.rpc_url)
            host, port = address.hostname, address.port
        except ValueError:
            host = port = None
        if host not in {LOCALHOST, "localhost"} or port is None:
            raise LocalChainError(
                f"The local chain listens on this machine only; found --rpc-url {self.rpc_url}, "
                f"expected http://{LOCALHOST}:PORT."
            )
        return port

    def _refuse_taken_port(self) -> None:
        # Another node there would answer in place of the one that cannot listen.
        with socket.socket() as probe:
            taken = probe.connect_ex((LOCALHOST, self._port())) == 0
        if taken:
            raise LocalChainError(
                f"Somebody else listens at {LOCALHOST}:{self._port()} already. If it is a chain "
                "that was left running, end it; else choose another port with --rpc-url."
            )

    def _command(self) -> list[str]:
        options = {
            "--host": LOCALHOST,
            "--port": self._port(),
            "--chain-id": CHAIN_ID,
            "--timestamp": GENESIS_TIME,
            "--hardfork": "cancun",
            "--order": "fifo",
            "--gas-price": 0,
            "--block-base-fee-per-gas": 0,
            "--gas-limit": GAS_LIMIT,
            # One node alone gives nothing up: its blocks are final when they are made, as QBFT's.
            "--slots-in-an-epoch": 0,
            "--state": self.folder / "state.json",
            "--cache-path": self.folder / "cache",
        }
        flat = [str(part) for option in options.items() for part in option]
        return [_anvil(), *flat, "--prune-history", "--silent"]

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        with Rpc(self.rpc_url, timeout=2) as rpc:
            while time.monotonic() < deadline:
                if self._process is None or self._process.poll() is not None:
                    raise LocalChainError(f"Anvil ended at once: {self._last_words()}")
                try:
                    # Anvil forgets its clock when it restarts.
                    set_clock(rpc, head_time(rpc))
                    return
                except (NodeUnreachableError, NodeRefusedError):
                    time.sleep(0.05)
        raise LocalChainError(f"Anvil did not answer at {self.rpc_url} in {START_SECONDS:.0f} s")

    def _last_words(self) -> str:
        lines = (self.folder / "anvil.log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _anvil() -> str:
    places = os.pathsep.join([str(Path(".termin/bin").absolute()), os.environ.get("PATH", "")])
    found = shutil.which("anvil", path=places)
    if found is None:
        raise LocalChainError("Anvil is not installed here. Run `make setup` in the checkout.")
    return found
