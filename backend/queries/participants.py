"""Participants and what they bought, delivered and were paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Participant, Payment
from backend.db.text import LIKE_ESCAPE, like_pattern
from backend.db.types import exact_sum
from backend.queries.errors import NotFoundError
from backend.queries.history import HistoryEntry, participant_history
from backend.queries.pages import Order, Page, Sort, fetch
from backend.queries.values import (
    Money,
    Party,
    Source,
    changed_by,
    currencies,
    made_by,
    parties,
    reason,
    when,
)

SORTS = {
    "created": Sort("created", Participant.made_block, Participant.number),
    "name": Sort("name", Participant.name_key, Participant.number),
}

ROLES = {
    "buyer": 1 << 0,
    "supplier": 1 << 1,
    "committee": 1 << 2,
    "inspector": 1 << 3,
    "treasury": 1 << 4,
    "auditor": 1 << 5,
    "arbiter": 1 << 6,
}
"""The bits of the contracts' `Roles`."""

Part = Literal["buyer", "supplier", "payee"]


@dataclass(frozen=True, slots=True)
class ParticipantFilter:
    """Which participants; None and empty do not restrict.

    `role` is a key of `ROLES`, `organization` the id of the legal person whose offices to list;
    `text` is looked for word by word in name and identifier.
    """

    role: str | None = None
    standing: str | None = None
    scheme: str | None = None
    identifier: str | None = None
    organization: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ParticipantRow(Party):
    """A participant as it stands; `organization` is the legal person whose office it is."""

    account: str | None
    organization: Party | None
    roles: list[str]
    standing: str
    standing_reason: str | None
    standing_document: str | None
    registered_at: datetime
    document: str | None
    source: Source
    changed: Source


@dataclass(frozen=True, slots=True)
class ParticipantTotals:
    """What a participant did in one part and one currency.

    As buyer and as supplier: its contracts, their value and what was paid under them. As payee:
    the contracts that paid it, what it was paid, and no value.
    """

    part: Part
    currency: str
    contracts: int
    payments: int
    value: Money | None
    paid: Money
    owed: Money | None


@dataclass(frozen=True, slots=True)
class ParticipantDetail:
    """A participant with its totals, its offices and its history in the registry."""

    row: ParticipantRow
    totals: list[ParticipantTotals]
    offices: list[Party]
    history: list[HistoryEntry]


def participants(
    session: Session,
    wanted: ParticipantFilter,
    *,
    sort: str = "name",
    order: Order = "asc",
    limit: int = 50,
    after: str | None = None,
) -> Page[ParticipantRow]:
    """One page of the participants that match; `sort` is a key of `SORTS`.

    Raises `InvalidCursorError`.
    """
    statement = select(Participant).where(*_conditions(wanted))
    rows, following = fetch(session, statement, SORTS[sort], order, limit, after)
    return Page(_rows(session, [row[0] for row in rows]), following)


def find_participant(session: Session, name: str) -> str:
    """The id of the participant with this id or number; raises `NotFoundError`."""
    return _find(session, name).id


def participant(session: Session, name: str) -> ParticipantDetail:
    """The participant with this id or number; raises `NotFoundError`."""
    row = _find(session, name)
    offices = select(Participant.id).where(Participant.organization == row.id)
    ids = session.scalars(offices.order_by(Participant.number)).all()
    people = parties(session, ids)
    return ParticipantDetail(
        row=_rows(session, [row])[0],
        totals=_totals(session, row.id),
        offices=[people[i] for i in ids],
        history=participant_history(session, row.id),
    )


def _find(session: Session, name: str) -> Participant:
    row = None
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", name):
        row = session.get(Participant, name.lower())
    elif re.fullmatch(r"[1-9][0-9]{0,17}", name):
        row = session.scalar(select(Participant).where(Participant.number == int(name)))
    if row is None:
        raise NotFoundError(f"There is no participant {name!r:.80}; expected its number or id.")
    return row


def _conditions(wanted: ParticipantFilter) -> list[ColumnElement[bool]]:
    exact: dict[Any, Any] = {
        Participant.standing: wanted.standing,
        Participant.scheme: wanted.scheme,
        Participant.identifier: wanted.identifier,
        Participant.organization: wanted.organization,
    }
    found = [column == value for column, value in exact.items() if value is not None]
    if wanted.role is not None:
        found.append(Participant.roles.bitwise_and(ROLES[wanted.role]) != 0)
    words = map(like_pattern, wanted.text.split())
    return found + [Participant.search.like(word, escape=LIKE_ESCAPE) for word in words]


def _rows(session: Session, rows: list[Participant]) -> list[ParticipantRow]:
    people = parties(session, [row.organization for row in rows if row.organization])
    return [
        ParticipantRow(
            id=row.id,
            number=row.number,
            scheme=row.scheme,
            identifier=row.identifier,
            name=row.name,
            account=row.account,
            organization=people.get(row.organization or ""),
            roles=[name for name, bit in ROLES.items() if row.roles & bit],
            standing=row.standing,
            standing_reason=reason(row.standing_reason),
            standing_document=row.standing_document,
            registered_at=when(row.registered_at),
            document=row.document,
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in rows
    ]


def _totals(session: Session, who: str) -> list[ParticipantTotals]:
    contracts = {"buyer": Agreement.buyer, "supplier": Agreement.supplier}
    found = [_as_party(session, part, column == who) for part, column in contracts.items()]
    return [row for rows in [*found, _as_payee(session, who)] for row in rows]


def _as_party(session: Session, part: Any, condition: Any) -> list[ParticipantTotals]:
    sums = [exact_sum(c) for c in (Agreement.value, Agreement.paid, Agreement.owed)]
    statement: Any = select(Agreement.token, func.count(), func.sum(Agreement.payments), *sums)
    rows = session.execute(statement.where(condition).group_by(Agreement.token)).all()
    codes = currencies(session)
    return sorted(
        (
            ParticipantTotals(
                part=part,
                currency=codes[token].code,
                contracts=count,
                payments=int(payments),
                value=codes[token].money(value),
                paid=codes[token].money(paid),
                owed=codes[token].money(owed),
            )
            for token, count, payments, value, paid, owed in rows
        ),
        key=lambda row: row.currency,
    )


def _as_payee(session: Session, who: str) -> list[ParticipantTotals]:
    contracts = func.count(Payment.agreement.distinct())
    statement = select(Payment.token, contracts, func.count(), exact_sum(Payment.amount))
    rows = session.execute(statement.where(Payment.payee == who).group_by(Payment.token)).all()
    codes = currencies(session)
    found = [
        ParticipantTotals("payee", codes[t].code, count, payments, None, codes[t].money(paid), None)
        for t, count, payments, paid in rows
    ]
    return sorted(found, key=lambda row: row.currency)
