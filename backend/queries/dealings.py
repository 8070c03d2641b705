"""With whom a buyer or a supplier deals, how punctual that is, and how it is amended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Milestone
from backend.db.types import exact_sum
from backend.queries.values import Currency, Money, Party, currencies, parties

Side = Literal["buyer", "supplier"]
_COLUMNS: dict[Side, Any] = {"buyer": Agreement.buyer, "supplier": Agreement.supplier}
_OTHER: dict[Side, Side] = {"buyer": "supplier", "supplier": "buyer"}


@dataclass(frozen=True, slots=True)
class Partner:
    """The contracts with one on the other side; `paid` is all that left under them."""

    party: Party
    contracts: int
    value: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class Dealings:
    """The contracts of one side in one currency.

    `partners` are those on the other side, the most paid first. `amended` counts contracts with an
    amendment in force, `amendments` these; `original_value` is what all contracts were worth at
    first.
    """

    currency: str
    partners: list[Partner]
    contracts: int
    amended: int
    amendments: int
    original_value: Money
    value: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the stages with a date that are accepted in full: `late` were reported late, by `days`
    days in sum."""

    stages: int
    late: int
    days: int


def dealings(session: Session, side: Side, who: str) -> list[Dealings]:
    """The dealings of a participant on one side, in the order in which currencies were admitted."""
    other = _COLUMNS[_OTHER[side]]
    counts = (
        func.count(),
        func.coalesce(func.sum(case((Agreement.amendments > 0, 1), else_=0)), 0),
        func.coalesce(func.sum(Agreement.amendments), 0),
    )
    sums = [exact_sum(c) for c in (Agreement.original_value, Agreement.value, Agreement.paid)]
    statement = select(Agreement.token, other, *counts, *sums).where(_COLUMNS[side] == who)
    rows: dict[str, list[Any]] = defaultdict(list)
    for token, *row in session.execute(statement.group_by(Agreement.token, other)):
        rows[token].append(row)
    people = parties(session, [row[0] for some in rows.values() for row in some])
    codes = currencies(session)
    return [_dealings(unit, rows[token], people) for token, unit in codes.items() if token in rows]


def dealers(session: Session, side: Side, most: int) -> list[Party]:
    """All that are on one side of any contract, by name; none if there are more than `most`."""
    column = _COLUMNS[side]
    found: list[str] = []
    # From one to the next in the index: contracts are many, and those that make them few.
    while len(found) <= most:
        after = column > found[-1] if found else column.is_not(None)
        who = session.scalar(select(func.min(column)).where(after))
        if who is None:
            return sorted(parties(session, found).values(), key=lambda p: (p.label, p.number))
        found.append(who)
    return []


def punctuality(session: Session, side: Side, who: str) -> Punctuality:
    """How punctually the stages of the contracts of a participant were reported."""
    counts = (
        func.count(),
        func.coalesce(func.sum(case((Milestone.late_days > 0, 1), else_=0)), 0),
        func.coalesce(func.sum(Milestone.late_days), 0),
    )
    statement = select(*counts).join(Agreement, Agreement.address == Milestone.agreement)
    dated = (Milestone.accepted_at.is_not(None), Milestone.due_at.is_not(None))
    stages, late, days = session.execute(statement.where(_COLUMNS[side] == who, *dated)).one()
    return Punctuality(stages, int(late), int(days))


def _dealings(currency: Currency, rows: list[Any], people: dict[str, Party]) -> Dealings:
    partners = [
        Partner(people[party], count, currency.money(value), currency.money(paid))
        for party, count, _, _, _, value, paid in rows
    ]
    contracts, amended, amendments, original, value, paid = (
        sum(int(row[place]) for row in rows) for place in range(1, 7)
    )
    return Dealings(
        currency=currency.code,
        partners=sorted(partners, key=lambda p: (-p.paid.minor, -p.value.minor, p.party.number)),
        contracts=contracts,
        amended=amended,
        amendments=amendments,
        original_value=currency.money(original),
        value=currency.money(value),
        paid=currency.money(paid),
    )
