"""Which contracts a question is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal_column, or_, select

from backend.db.models import OPEN_STATUSES, Agreement, Milestone, Participant, Token
from backend.db.text import LIKE_ESCAPE, like_pattern
from backend.queries.values import seconds, year_span

# The same words as in the partial indexes, or these are not used.
is_open = Milestone.status.in_([literal_column(f"'{status}'") for status in OPEN_STATUSES])

next_due = (
    select(func.min(Milestone.due_at))
    .where(Milestone.agreement == Agreement.address, is_open)
    .correlate(Agreement)
    .scalar_subquery()
)
"""When the first milestone that is neither accepted nor cancelled is due."""


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts; None and empty do not restrict.

    `buyer` and `supplier` are participant ids, `year` is that of the signature (or creation), in
    UTC, `text` is looked for word by word in title, ocid, contract id and the names of buyer and
    supplier.
    """

    buyer: str | None = None
    supplier: str | None = None
    status: tuple[str, ...] = ()
    currency: str | None = None
    year: int | None = None
    text: str = ""
    late: bool | None = None
    ocid: str | None = None
    contract_id: str | None = None


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether an agreement has an open milestone whose due date has passed."""
    return exists().where(
        Milestone.agreement == Agreement.address, is_open, Milestone.due_at < seconds(now)
    )


def conditions(wanted: ContractFilter, now: datetime) -> list[ColumnElement[bool]]:
    """What the agreements that match have in common."""
    exact = {
        Agreement.buyer: wanted.buyer,
        Agreement.supplier: wanted.supplier,
        Agreement.ocid: wanted.ocid,
        Agreement.contract_id: wanted.contract_id,
    }
    found = [column == value for column, value in exact.items() if value is not None]
    if wanted.status:
        found.append(Agreement.status.in_(wanted.status))
    if wanted.currency is not None:
        tokens = select(Token.address).where(Token.currency == wanted.currency)
        found.append(Agreement.token.in_(tokens))
    if wanted.year is not None:
        start, end = year_span(wanted.year)
        found += [Agreement.dated_at >= start, Agreement.dated_at < end]
    if wanted.late is not None:
        found.append(is_late(now) if wanted.late else ~is_late(now))
    return found + [_contains(word) for word in wanted.text.split()]


def _contains(word: str) -> ColumnElement[bool]:
    pattern = like_pattern(word)
    people = select(Participant.id).where(Participant.search.like(pattern, escape=LIKE_ESCAPE))
    return or_(
        Agreement.search.like(pattern, escape=LIKE_ESCAPE),
        Agreement.buyer.in_(people),
        Agreement.supplier.in_(people),
    )
