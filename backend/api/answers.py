"""Answers as the readers of the API get them: rows of the queries, written as JSON.

What the fields are called and what they mean stands in `backend.api.schemas`; the rows have the
same fields in the same order, which the tests hold them to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from pydantic_core import to_json

from backend.queries.contract import ContractDetail
from backend.queries.feed_items import FeedItem, FeedPage
from backend.queries.index import IndexState
from backend.queries.pages import Page
from backend.queries.values import Row

JSON = "application/json"

_encode = msgspec.json.Encoder().encode


class Index(Row, frozen=True):
    """How far the index was when it gave an answer."""

    block: int
    block_hash: str
    time: datetime
    age: int
    final_block: int


def part(state: IndexState, name: str, value: Any) -> bytes:
    """The body with one field beside `index`."""
    return _encode({"index": _index(state), name: value})


def page(state: IndexState, name: str, found: Page[Any]) -> bytes:
    """The body with one page of a list."""
    return _encode({"index": _index(state), "next": found.next, name: found.items})


def feed(state: IndexState, page: FeedPage) -> bytes:
    """The body with what comes next of the feed."""
    return _encode(
        {"index": _index(state), "next": page.next, "more": page.more, "items": page.items}
    )


def feed_item(item: FeedItem) -> str:
    """One item of the feed, as a stream has it."""
    return _encode(item).decode()


def whole(state: IndexState, row: Row) -> bytes:
    """The body with the fields of one row beside `index`."""
    return b'{"index":%b,%b' % (_encode(_index(state)), _encode(row)[1:])


def contract(state: IndexState, row: ContractDetail) -> bytes:
    """The body with one contract."""
    # A document may hold any JSON: its numbers are written as they always were.
    content: Any = msgspec.Raw(to_json(row.content))
    return whole(state, msgspec.structs.replace(row, content=content))


def _index(state: IndexState) -> Index:
    return Index(state.block, state.block_hash, state.time, state.age, state.final_block)
