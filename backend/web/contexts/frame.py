"""What stands around every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.queries.index import IndexState


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that every reader must know first.

    "notice" is a text of whoever runs the portal, "example" says that the data are invented,
    "unreachable" that the chain cannot be asked, "behind" that the index is `blocks` behind it,
    "doubtful" that the chain has not the blocks that the index has, "stopped" that the index does
    not go on.
    """

    kind: Literal["notice", "example", "unreachable", "behind", "doubtful", "stopped"]
    text: str = ""
    blocks: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The same page in a language."""

    code: str
    name: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Head and foot of a page; `index` is None where there is none, `query` is what is searched.

    `feed` is the cursor of a reader of the feed that has all that the page was drawn from, empty
    where that is nothing.
    """

    language: str
    languages: list[Choice]
    notices: list[Notice]
    index: IndexState | None
    query: str
    feed: str
