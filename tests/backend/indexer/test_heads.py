"""a subscription to new blocks
├── tells of each, and of what was missed when it begins and ends
├── that ends at once is made anew after a pause, longer each time
└── whose messages are nonsense is given up, and tried again
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from support.waiting import wait_until
from websockets.sync.server import ServerConnection, serve

from backend.indexer import heads
from backend.indexer.heads import Listener

CONFIRMED = '{"jsonrpc":"2.0","id":1,"result":"0x1"}'
NEWS = '{"jsonrpc":"2.0","method":"eth_subscription","params":{}}'


@contextmanager
def node(behave: Callable[[ServerConnection], None]) -> Iterator[tuple[str, list[float]]]:
    """A node, and when it was connected to."""
    times: list[float] = []

    def handle(connection: ServerConnection) -> None:
        times.append(time.monotonic())
        connection.recv()
        behave(connection)

    with serve(handle, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.socket.getsockname()[1]
        yield f"ws://127.0.0.1:{port}", times
        server.shutdown()


def test_tells_of_each_block() -> None:
    more = threading.Event()

    def behave(connection: ServerConnection) -> None:
        connection.send(CONFIRMED)
        more.wait()
        connection.send(NEWS)
        wait_until(lambda: not listener.listening.is_set())

    with node(behave) as (url, _), Listener(url) as listener:
        wait_until(listener.listening.is_set)
        listener.wait(threading.Event())
        assert not listener._news.is_set()
        more.set()
        wait_until(listener._news.is_set)
        listener.listening.clear()


@pytest.mark.parametrize("message", [None, NEWS, "[" * 100_000, "hello", b"\xff\x00"])
def test_one_that_ends_at_once_is_made_anew_after_a_pause(message: str | bytes | None) -> None:
    def behave(connection: ServerConnection) -> None:
        connection.send(CONFIRMED)
        if message is not None:
            connection.send(message)

    with node(behave) as (url, times), Listener(url):
        wait_until(lambda: len(times) == 3)
    first, second = times[1] - times[0], times[2] - times[1]
    assert first > 0.9
    assert second > 1.9


def test_one_that_was_steady_is_made_anew_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "STEADY_SECONDS", 0.2)

    def behave(connection: ServerConnection) -> None:
        connection.send(CONFIRMED)
        time.sleep(0.3)

    with node(behave) as (url, times), Listener(url):
        # With pauses in between that would take more than half a minute.
        wait_until(lambda: len(times) == 6, seconds=25)
