"""Legal persons and offices."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import sorted_text


class Participant(Provenance, Base, kw_only=True):
    """A participant; `number` counts registrations from 1.

    `name` comes from the document and is None while that is missing; `search` is what search
    looks through. `standing` is "active", "suspended" or "debarred"; `roles` are the bits of the
    contracts' `Roles`.
    """

    __tablename__ = "participants"
    __table_args__ = (
        Index("ix_participants_identifier", "identifier", postgresql_using="hash"),
        Index(None, "organization"),
        Index(None, "document"),
        Index(None, "name_key", "number"),
        Index(None, "made_block", "number"),
    )

    id: Mapped[str] = mapped_column(String(66), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    scheme: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(Text)
    account: Mapped[str | None] = mapped_column(String(42))
    organization: Mapped[str | None] = mapped_column(String(66), ForeignKey("participants.id"))
    roles: Mapped[int] = mapped_column(Integer)
    standing: Mapped[str] = mapped_column(String(12))
    standing_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    standing_document: Mapped[str | None] = mapped_column(String(66), default=None)
    registered_at: Mapped[int]
    document: Mapped[str | None] = mapped_column(String(66))
    name: Mapped[str | None] = mapped_column(Text, default=None)
    name_key: Mapped[str] = mapped_column(sorted_text())
    search: Mapped[str] = mapped_column(Text)
    successions: Mapped[int] = mapped_column(Integer, default=0)


class Succession(Provenance, Base, kw_only=True):
    """A change of the account that a participant acts with; `number` counts them from 1.

    `status` is "proposed", "confirmed", "replaced" (by a later proposal) or "withdrawn".
    `previous` is the account that was given up. What was done with it stays the participant's:
    rows name authors by participant, never by account. `confirmed_by` is an account.
    """

    __tablename__ = "successions"

    participant: Mapped[str] = mapped_column(
        String(66), ForeignKey("participants.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12), default="proposed")
    account: Mapped[str] = mapped_column(String(42))
    document: Mapped[str | None] = mapped_column(String(66))
    proposed_at: Mapped[int]
    previous: Mapped[str | None] = mapped_column(String(42), default=None)
    confirmed_at: Mapped[int | None] = mapped_column(default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(42), default=None)
