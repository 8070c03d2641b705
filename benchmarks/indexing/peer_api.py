"""Ponder's API under load: what `benchmarks/api` compares its own figures with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg

from benchmarks.databases import postgres_server
from benchmarks.indexing.backfill import DENSE, grown_chain
from benchmarks.indexing.peer import SCHEMA, ponder

EVENTS = 10_000
_DIFFERENT = 5_000

T = TypeVar("T")


def one_row_by_id(ask: Callable[[int, Iterator[str]], T]) -> T:
    """Let `ask` load Ponder, which is given its port and paths without end, each of one event.

    The route reads one row by its key with Ponder's own query builder, without GraphQL, which takes
    longer. Raises LeftOut where Ponder cannot be run.
    """
    with (
        grown_chain(EVENTS, DENSE) as chain,
        postgres_server() as server,
        ponder(chain, server.fresh(), tuned=True) as peer,
    ):
        peer.wait_ready()
        port = urlsplit(peer.url).port
        assert port is not None
        return ask(port, cycle(_paths(peer.database_url)))


def _paths(database_url: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            f"SELECT block, log_index FROM {SCHEMA}.events "
            f"ORDER BY md5(transaction || log_index) LIMIT {_DIFFERENT}"
        )
        return [f"/events/{block}/{log}" for block, log in found]
