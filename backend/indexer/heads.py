"""Hears from the node when there is a new block; else one asks again and again."""

from __future__ import annotations

import logging
import threading
import time
from typing import Self

import msgspec
import tenacity
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.connection import Connection

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
"""How often one asks while the node says nothing by itself."""

LISTENING_POLL_SECONDS = 2.0
"""How often one asks all the same while it does: a connection may be dead and not know it."""

STEADY_SECONDS = 5.0
"""A connection that ended sooner is made anew after a pause, longer each time."""

_OPEN_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 60.0
_BROKEN = (OSError, WebSocketException, ValueError, RecursionError)
_SUBSCRIBE = msgspec.json.encode(
    {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
)


class Heads:
    """News of blocks: by a subscription while there is one, else by the clock."""

    def __init__(self) -> None:
        self.listening = threading.Event()
        self._news = threading.Event()

    def wait(self, stop: threading.Event) -> None:
        """Wait until there may be a new block, or `stop` is set."""
        left = LISTENING_POLL_SECONDS if self.listening.is_set() else POLL_SECONDS
        while left > 0 and not stop.is_set():
            if self._news.wait(min(left, _LOOK_SECONDS)):
                break
            left -= _LOOK_SECONDS
        self._news.clear()

    def tell(self) -> None:
        """There is a new block."""
        self._news.set()


class Listener(Heads):
    """Keeps a subscription to `newHeads` over a websocket, and makes it anew whenever it breaks."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(2 * _LOOK_SECONDS)

    def _keep(self) -> None:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_BROKEN),
            wait=tenacity.wait_exponential_jitter(multiplier=1, max=_LONGEST_PAUSE_SECONDS),
            stop=tenacity.stop_when_event_set(self._stop),
            sleep=tenacity.sleep_using_event(self._stop),
            reraise=True,
        )
        while not self._stop.is_set():
            try:
                retrying(self._listen)
            except _BROKEN:
                return

    def _listen(self) -> None:
        """Listen until the connection breaks, which is raised unless it was steady before."""
        told, began = False, time.monotonic()
        try:
            with connect(self._url, open_timeout=_OPEN_SECONDS, close_timeout=1) as socket:
                socket.send(_SUBSCRIBE, text=True)
                while not self._stop.is_set():
                    told = self._receive(socket) or told
        except (OSError, WebSocketException) as error:
            if not told or time.monotonic() - began < STEADY_SECONDS:
                raise
            logger.info("The node's subscription ended (%s): asking instead.", error)
        finally:
            self.listening.clear()
            self.tell()

    def _receive(self, socket: Connection) -> bool:
        try:
            message = socket.recv(timeout=_LOOK_SECONDS)
        except TimeoutError:
            return False
        answer = msgspec.json.decode(message)
        if not isinstance(answer, dict) or "error" in answer:
            raise ValueError(f"no subscription: {message!r:.200}")
        self.listening.set()
        self.tell()
        return True
