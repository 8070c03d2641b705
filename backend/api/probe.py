"""The chain's head, for whoever asks how far behind the index is."""

from __future__ import annotations

import threading
import time

from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc

NODE_TIMEOUT_SECONDS = 1.0
HEAD_SECONDS = 1.0
"""How long an answer of the node is good for: many may ask at once."""


class HeadProbe:
    """The chain's latest block, asked for once a second at most."""

    def __init__(self, rpc_url: str) -> None:
        self._url = rpc_url
        self._lock = threading.Lock()
        self._head: int | None = None
        self._asked = float("-inf")

    def head(self) -> int | None:
        """Its number; None while the node does not answer."""
        with self._lock:
            if time.monotonic() - self._asked > HEAD_SECONDS:
                self._head = self._ask()
                self._asked = time.monotonic()
            return self._head

    def _ask(self) -> int | None:
        try:
            with Rpc(self._url, timeout=NODE_TIMEOUT_SECONDS) as rpc:
                return int(rpc.call("eth_blockNumber"), 16)
        except (NodeUnreachableError, NodeRefusedError, ValueError, TypeError):
            return None
