"""Which contracts a question is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from backend.db.models import Agreement, Milestone, Participant, Token
from backend.db.text import LIKE_ESCAPE, like_pattern
from backend.queries.values import seconds, year_span

first_late = (
    select(func.min(Milestone.late_after))
    .where(Milestone.agreement == Agreement.address, Milestone.late_after.is_not(None))
    .correlate(Agreement)
    .scalar_subquery()
)
"""After which moment the first milestone that is to be submitted is late, as `running` counts."""


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


def running(now: datetime) -> ColumnElement[int]:
    """The moment less all the time for which the agreement's latest stop has lasted by then."""
    at = seconds(now)
    start, end = Agreement.stopped_from, Agreement.stopped_until
    return case((at <= start, at), (at < end, start), else_=at - end + start)


def stopped(row: Agreement, now: datetime) -> int:
    """For how many seconds the agreement's latest stop has lasted by a moment."""
    return max(0, min(seconds(now), row.stopped_until) - row.stopped_from)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Whether a milestone, joined with its agreement, is to be submitted and late."""
    # The first says nothing new, but an index answers it.
    return (Milestone.late_after < seconds(now)) & (Milestone.late_after < running(now))


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether an agreement has a milestone that is to be submitted and late."""
    return exists().where(Milestone.agreement == Agreement.address, is_overdue(now))


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
