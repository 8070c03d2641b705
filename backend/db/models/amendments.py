"""Amendments: what is proposed, who signed, what took effect."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made, Provenance
from backend.db.types import Money


class Amendment(Provenance, Base, kw_only=True):
    """A change of an agreement; `number` counts proposals, from 1.

    `status` is "proposed", "enacted" or "void" (another amendment took effect after it was made).
    `ends_at` is the new end of the work, None where it stays; `milestones` is how many are added,
    `changes` how many are changed or removed. `legal_ground` is None where none is named.
    `previous_value` and `value` are those of the agreement before and after it took effect;
    `cumulative_increase` is by how much the value then exceeded the original one.
    """

    __tablename__ = "amendments"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12), default="proposed")
    increase: Mapped[int] = mapped_column(Money())
    decrease: Mapped[int] = mapped_column(Money())
    ends_at: Mapped[int | None]
    milestones: Mapped[int] = mapped_column(Integer)
    changes: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(66))
    legal_ground: Mapped[str | None] = mapped_column(String(66))
    document: Mapped[str | None] = mapped_column(String(66))
    valid_until: Mapped[int | None]
    proposed_by: Mapped[str] = mapped_column(String(66))
    proposed_at: Mapped[int]
    signatures: Mapped[int] = mapped_column(Integer, default=0)
    enacted_at: Mapped[int | None] = mapped_column(default=None)
    previous_value: Mapped[int | None] = mapped_column(Money(), default=None)
    value: Mapped[int | None] = mapped_column(Money(), default=None)
    cumulative_increase: Mapped[int | None] = mapped_column(Money(), default=None)


class AmendmentSignature(Made, Base, kw_only=True):
    """A signature; `side` is "supplier", "committee" or "authority"."""

    __tablename__ = "amendment_signatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "amendment"], ["amendments.agreement", "amendments.number"]
        ),
    )

    agreement: Mapped[str] = mapped_column(String(42), primary_key=True)
    amendment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    participant: Mapped[str] = mapped_column(
        String(66), ForeignKey("participants.id"), primary_key=True
    )
    side: Mapped[str] = mapped_column(String(12))
    signed_at: Mapped[int]


class AmendmentChange(Made, Base, kw_only=True):
    """A milestone as an amendment wants it; `position` is the place in the amendment, from 0.

    `payee` is None for the supplier, `due_at` where no date is agreed.
    """

    __tablename__ = "amendment_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "amendment"], ["amendments.agreement", "amendments.number"]
        ),
    )

    agreement: Mapped[str] = mapped_column(String(42), primary_key=True)
    amendment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    milestone: Mapped[int | None]
    amount: Mapped[int] = mapped_column(Money())
    due_at: Mapped[int | None]
    payee: Mapped[str | None] = mapped_column(String(66))
    removed: Mapped[bool]
