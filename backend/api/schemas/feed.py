"""The feed of all that happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from backend.api.schemas.answers import Answer
from backend.api.schemas.base import Schema, Source


class FeedDocument(Schema):
    """A document that changed."""

    hash: str
    """Its SHA-256."""
    state: Literal["missing", "present", "erased"]
    """What it is now."""
    noticed_at: datetime
    """When the index noticed that it changed, by its machine's clock."""


class FeedItem(Schema):
    """One thing that happened."""

    cursor: str
    """Give it as `after` to go on behind this item."""
    kind: Literal["event", "retraction", "document"]
    """`retraction`: the chain gave up an event that was told before, the one of this block hash and
    log index. `document`: a document was brought or removed; the rest is then said of the event
    that named it first."""
    event: str
    """Name of the event."""
    contract: str
    """Kind of the contract that emitted it."""
    address: str
    """Address of the contract that emitted it."""
    at: datetime
    """Time of its block."""
    agreement: str | None
    """Address of the agreement that it is about."""
    milestone: int | None
    """Index of the milestone that it is about."""
    participant: str | None
    """Id of the participant that it is about."""
    budget_line: str | None
    """Id of the budget line that it is about."""
    changes: list[str]
    """Paths below `/api/v1` whose answers it changes. 404 there says that the chain gave it up."""
    names: list[str]
    """Ids and hashes of what it changes that is named in other answers: an answer with one of them
    in it may be another one too."""
    data: dict[str, Any] | None
    """Its parameters by name: amounts with their currency, moments as ISO 8601, codes as words,
    hashes and addresses in hexadecimal, null where there is none. Null but for the kind `event`."""
    document: FeedDocument | None
    """Null but for the kind `document`."""
    reorganization: int | None
    """Number of the reorganisation that took it back; null but for the kind `retraction`."""
    block_hash: str
    """Hash of its block."""
    final: bool
    """Whether the chain will not give it up any more."""
    source: Source
    """Where it stands, or stood."""


class Feed(Answer):
    """What comes next."""

    next: str
    """Keep it, and give it as `after` the next time, whether there were items or not."""
    more: bool
    """Whether there is more already."""
    items: list[FeedItem]
    """In order."""
