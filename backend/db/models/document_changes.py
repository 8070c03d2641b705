"""What became of documents after the chain had named them."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base


class DocumentChange(Base, kw_only=True):
    """A document was brought or removed, or the chain names it no more; `number` counts from 1.

    `noticed_at` is Unix seconds of this machine's clock.
    """

    __tablename__ = "document_changes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(66))
    noticed_at: Mapped[int]
