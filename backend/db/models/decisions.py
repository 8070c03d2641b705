"""Decisions that need a quorum of the committee, vote by vote."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made, Provenance


class Decision(Provenance, Base, kw_only=True):
    """What members of a committee are for; `decision` is the hash of the call.

    The same can be decided more than once: `round` counts from 1. `act` is the function's name,
    e.g. "terminate", or its selector where no function of ours has it. `decided_at` is when the
    quorum was complete.
    """

    __tablename__ = "decisions"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    decision: Mapped[str] = mapped_column(String(66), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(40))
    approvals: Mapped[int] = mapped_column(Integer)
    quorum: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[int]
    decided_at: Mapped[int | None] = mapped_column(default=None)


class DecisionVote(Made, Base, kw_only=True):
    """One vote for a decision."""

    __tablename__ = "decision_votes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "decision", "round"],
            ["decisions.agreement", "decisions.decision", "decisions.round"],
        ),
    )

    agreement: Mapped[str] = mapped_column(String(42), primary_key=True)
    decision: Mapped[str] = mapped_column(String(66), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    participant: Mapped[str] = mapped_column(
        String(66), ForeignKey("participants.id"), primary_key=True
    )
    voted_at: Mapped[int]
