"""work ahead
├── gives what came of it, or raises it
├── so far gives nothing while it is at work, nor where it raised something
├── is not waited for once one is to stop
├── one ahead: in order, each begun while the one before is being looked at, until one raises
└── is forgotten when it has ended, with all that it was about
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable

import pytest
from support.waiting import wait_until

from backend.indexer.ahead import Ahead, one_ahead

NEVER = threading.Event()


def test_what_came_of_it() -> None:
    ahead = Ahead(lambda: 7)
    assert ahead.result(NEVER) == ahead.wait() == 7
    assert ahead.so_far() == 7


def test_so_far() -> None:
    go_on = threading.Event()

    def work() -> int:
        go_on.wait()
        return 7

    ahead = Ahead(work)
    assert ahead.so_far() is None
    go_on.set()
    assert ahead.result(NEVER) == 7


def test_what_it_raised() -> None:
    ahead = Ahead(lambda: [][0])
    with pytest.raises(IndexError):
        ahead.result(NEVER)
    assert ahead.so_far() is None


def test_one_is_to_stop() -> None:
    stop, go_on = threading.Event(), threading.Event()
    ahead = Ahead(go_on.wait)
    stop.set()
    assert ahead.result(stop) is None
    go_on.set()


def test_one_ahead() -> None:
    begun: list[int] = []

    def work(number: int) -> Callable[[], int]:
        def go() -> int:
            begun.append(number)
            if number == 3:
                raise ValueError(number)
            if number == 1:
                second.set()
            return number

        return go

    second = threading.Event()
    found = one_ahead(map(work, range(6)))
    assert next(found) == 0
    assert second.wait(10)
    assert next(found) == 1
    assert next(found) == 2
    with pytest.raises(ValueError, match="3"):
        next(found)
    assert begun == [0, 1, 2, 3]


def test_nothing_ahead() -> None:
    assert list(one_ahead(iter(()))) == []


def test_it_is_forgotten() -> None:
    class Load:
        """What the work is about."""

    def begin() -> tuple[Ahead[bool], weakref.ref[Load]]:
        load = Load()
        return Ahead(lambda: load is not None), weakref.ref(load)

    ahead, load = begin()
    assert ahead.result(NEVER)
    # Its thread may not have come to its end yet.
    wait_until(lambda: load() is None)
