"""Documents that the chain anchors by their hash."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base


class Document(Base, kw_only=True):
    """A hash on the chain; the content is in the document store, if anybody brought it.

    `kind` is what the first event to name it used it for: "participant", "standing", "succession",
    "budget", "calendar", "agreement", "milestone", "evidence", "report", "acceptance", "rejection",
    "amendment", "guarantee", "dispute", "ruling", "hold", "suspension", "notice", "cure" or
    "termination". `state` is "missing", "present" or "erased"; `text` is kept of JSON objects only.
    """

    __tablename__ = "documents"
    __table_args__ = (Index(None, "state"),)

    hash: Mapped[str] = mapped_column(String(66), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="missing")
    media_type: Mapped[str | None] = mapped_column(String(40), default=None)
    size: Mapped[int | None] = mapped_column(Integer, default=None)
    text: Mapped[str | None] = mapped_column(Text, default=None)
    anchored_at: Mapped[int]
    made_block: Mapped[int]
    made_transaction: Mapped[str] = mapped_column(String(66))
    made_log_index: Mapped[int] = mapped_column(Integer)
