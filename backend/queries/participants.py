"""Participants and what they bought, delivered and were paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backend.db.models import Participant, Succession
from backend.db.text import LIKE_ESCAPE, like_pattern
from backend.queries.errors import NotFoundError
from backend.queries.history import HistoryEntry, participant_history
from backend.queries.pages import Order, Page, Sort, fetch
from backend.queries.participant_totals import ParticipantTotals, participant_totals
from backend.queries.values import (
    Party,
    Row,
    Source,
    changed_by,
    made_by,
    parties,
    reason,
    when,
    when_known,
)
from backend.queries.words import plan_anew

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
    "authority": 1 << 7,
    "collector": 1 << 8,
}
"""The bits of the contracts' `Roles`."""


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


class ParticipantRow(Party, frozen=True):
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


class SuccessionRow(Row, frozen=True):
    """Another account to act with; `status` is "proposed", "confirmed", "replaced" or "withdrawn".

    `previous` is the account that was given up, `confirmed_by` the account that confirmed it.
    """

    status: str
    account: str
    document: str | None
    proposed_at: datetime
    previous: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    source: Source
    changed: Source


class ParticipantDetail(Row, frozen=True):
    """A participant with its totals, its offices, its accounts and its history in the registry."""

    participant: ParticipantRow
    totals: list[ParticipantTotals]
    offices: list[Party]
    successions: list[SuccessionRow]
    history: list[HistoryEntry]

    @property
    def row(self) -> ParticipantRow:
        """The participant as lists have it."""
        return self.participant


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
    if wanted.text:
        plan_anew(session, wanted.text)
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
        participant=_rows(session, [row])[0],
        totals=participant_totals(session, row.id),
        offices=[people[i] for i in ids],
        successions=_successions(session, row.id),
        history=participant_history(session, row.id),
    )


def _find(session: Session, name: str) -> Participant:
    row = None
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", name):
        row = session.get(Participant, name.lower())
    elif re.fullmatch(r"[1-9][0-9]{0,17}", name):
        row = session.scalar(select(Participant).where(Participant.number == int(name)))
    if row is None:
        raise no_participant(name)
    return row


def no_participant(name: str) -> NotFoundError:
    """What there is to say where no participant has a name."""
    return NotFoundError(f"There is no participant {name!r:.80}; expected its number or id.")


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


def _successions(session: Session, who: str) -> list[SuccessionRow]:
    statement = select(Succession).where(Succession.participant == who)
    return [
        SuccessionRow(
            status=row.status,
            account=row.account,
            document=row.document,
            proposed_at=when(row.proposed_at),
            previous=row.previous,
            confirmed_at=when_known(row.confirmed_at),
            confirmed_by=row.confirmed_by,
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in session.scalars(statement.order_by(Succession.number))
    ]
