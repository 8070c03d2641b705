"""What the chain gave up."""

from __future__ import annotations

from datetime import datetime

from backend.api.schemas.answers import Answer, ListAnswer
from backend.api.schemas.base import Schema
from backend.api.schemas.contracts import PlacedEntry


class Reorganization(Schema):
    """The chain gave up blocks that the index had published."""

    number: int
    """Its number in the order in which they were noticed, from 1."""
    fork_block: int
    """The last block that stayed."""
    fork_hash: str
    """Its hash."""
    block: int
    """The last block that went."""
    block_hash: str
    """Its hash, by which it was published."""
    depth: int
    """How many blocks went."""
    noticed_at: datetime
    """When the index noticed, by its machine's clock."""
    events: int
    """How many events were published and taken back."""


class Retraction(PlacedEntry):
    """An event that was published and that the chain gave up; it may have come again since, in
    another block."""


class ReorganizationList(ListAnswer):
    """A page of reorganisations."""

    reorganizations: list[Reorganization]
    """In the order that was asked for."""


class ReorganizationDetail(Answer):
    """A reorganisation with all that was taken back."""

    reorganization: Reorganization
    """As in the list."""
    retractions: list[Retraction]
    """Oldest first."""
