"""The SELECTs of `records`: what belongs to many contracts, read in bulk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.chain.events import Event, ParticipantDocumentChanged, ParticipantRegistered
from backend.db.models import Agreement, Document, EventRow, Milestone, Participant
from backend.db.text import storable
from backend.queries.history import event_of
from backend.queries.values import year_span

LONGEST_NAME = 1000
"""How many characters of a name are published; the tables keep no more."""

_PER_SELECT = 500

Key = TypeVar("Key", bound=str)


_AGREEMENT = (
    Agreement.ocid,
    Agreement.number,
    Agreement.address,
    Agreement.contract_id,
    Agreement.token,
    Agreement.treasury,
)


def listed(session: Session, after: int, limit: int, year: int | None) -> Sequence[Any]:
    """The agreements whose numbers follow, in order; with `year` those that were dated in it."""
    statement = select(*_AGREEMENT).where(Agreement.number > after)
    if year is not None:
        start, end = year_span(year)
        statement = statement.where(Agreement.dated_at >= start, Agreement.dated_at < end)
    return session.execute(statement.order_by(Agreement.number).limit(limit)).all()


def agreements_of(session: Session, ocids: Iterable[str]) -> dict[str, list[Any]]:
    """Agreements by ocid, in the order of their numbers."""
    found: dict[str, list[Any]] = defaultdict(list)
    for chunk in _chunks(ocids):
        statement = select(*_AGREEMENT).where(Agreement.ocid.in_(chunk))
        for row in session.execute(statement.order_by(Agreement.number)):
            found[row.ocid].append(row)
    return dict(found)


def event_counts(session: Session, addresses: Iterable[str]) -> dict[str, int]:
    """How many events there are about each agreement."""
    found: dict[Any, int] = defaultdict(int)
    for chunk in _chunks(addresses):
        counted = select(EventRow.agreement, func.count()).where(EventRow.agreement.in_(chunk))
        found |= {row[0]: row[1] for row in session.execute(counted.group_by(EventRow.agreement))}
    return found


def events_of(
    session: Session, addresses: Iterable[str], names: Sequence[str]
) -> dict[str, list[Event]]:
    """Events with these names by the agreement that they are about, in the order of the chain."""
    found: dict[str, list[Event]] = defaultdict(list)
    for chunk in _chunks(addresses):
        wanted = (EventRow.agreement.in_(chunk), EventRow.name.in_(names))
        for row, event in _decoded(session, *wanted):
            found[row.agreement].append(event)
    return found


def milestones_of(session: Session, addresses: Iterable[str]) -> dict[str, list[Any]]:
    """What the documents of milestones say, by agreement."""
    columns = (
        Milestone.agreement,
        Milestone.number,
        Milestone.title,
        Milestone.source_id,
        Milestone.source_date,
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for chunk in _chunks(addresses):
        for row in session.execute(select(*columns).where(Milestone.agreement.in_(chunk))):
            found[row.agreement].append(row)
    return found


def payers_of(session: Session, treasuries: Iterable[str]) -> dict[str, str]:
    """The legal person of each treasury: an office pays in the name of its organization."""
    columns = (Participant.id, Participant.organization)
    found: dict[str, str] = {}
    for chunk in _chunks(treasuries):
        rows = session.execute(select(*columns).where(Participant.id.in_(chunk)))
        found |= {treasury: organization or treasury for treasury, organization in rows}
    return found


def registrations_of(session: Session, ids: Iterable[str]) -> dict[str, list[Any]]:
    """By participant how it was registered, and each time that its document was replaced."""
    names = [kind.__name__ for kind in (ParticipantRegistered, ParticipantDocumentChanged)]
    found: dict[str, list[Any]] = defaultdict(list)
    for chunk in _chunks(ids):
        wanted = (EventRow.participant.in_(chunk), EventRow.name.in_(names))
        for row, event in _decoded(session, *wanted):
            found[row.participant].append(event)
    return found


def names_of(session: Session, hashes: Iterable[str]) -> dict[str, str]:
    """The names in the documents of participants, by hash."""
    named = {}
    for digest, content in _contents(session, hashes):
        name = content.get("name") if content.get("type") == "participant" else None
        if isinstance(name, str) and name:
            named[digest] = storable(name)[:LONGEST_NAME]
    return named


def contents_of(session: Session, hashes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The JSON documents that are there, by hash."""
    return dict(_contents(session, hashes))


def _contents(session: Session, hashes: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    columns = (Document.hash, Document.text)
    for chunk in _chunks(hashes):
        for digest, text in session.execute(select(*columns).where(Document.hash.in_(chunk))):
            if text:
                yield digest, json.loads(text)


def _decoded(session: Session, *wanted: ColumnElement[bool]) -> Iterator[tuple[Any, Event]]:
    """Rows of the history and their events, in the order of the chain."""
    # As columns: as entities they would all stay in the session for as long as it lasts.
    statement = select(*EventRow.__table__.columns).where(*wanted)
    for row in session.execute(statement.order_by(EventRow.block, EventRow.log_index)):
        if event := event_of(row):
            yield row, event


def _chunks(values: Iterable[Key]) -> Iterator[list[Key]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _PER_SELECT):
        yield ordered[start : start + _PER_SELECT]
