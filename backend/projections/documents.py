"""Documents: which hashes the chain anchors, what is known of them, and what they name."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.chain.events import ZERO_BYTES32, Origin
from backend.core.documents import TOMBSTONE_SUFFIX, DocumentStore
from backend.core.objects import parse_object
from backend.db.models import (
    Agreement,
    Cursor,
    Document,
    DocumentChange,
    Milestone,
    Participant,
)
from backend.db.text import fold, sort_key, storable, storable_json
from backend.projections.media import JSON, media_type
from backend.projections.rows import Rows, made

MISSING, PRESENT, ERASED = "missing", "present", "erased"

LONGEST_NAME = 1000
"""How many characters of a name or a title the tables keep; the document keeps all."""

_AT_ONCE = 1_000
"""Rows that are in memory together where all are gone over: there is one for three events."""


@dataclass(frozen=True, slots=True)
class _Found:
    state: str
    media_type: str | None = None
    size: int | None = None
    text: str | None = None


_MISSING = _Found(MISSING)


def anchor(rows: Rows, digest: str, kind: str, origin: Origin) -> str | None:
    """Note that the chain names a document; returns its hash, None where there is none."""
    if digest == ZERO_BYTES32:
        return None
    if rows.find(Document, digest) is None:
        found = _look_up(rows.store, digest)
        rows.new(
            Document,
            hash=digest,
            kind=kind,
            state=found.state,
            media_type=found.media_type,
            size=found.size,
            text=found.text,
            anchored_at=origin.timestamp,
            **made(origin),
        )
    return digest


def contents(rows: Rows, digest: str | None) -> dict[str, Any]:
    """The JSON object that an anchored document holds; empty if it is missing or another type."""
    document = rows.find(Document, digest) if digest else None
    return _parsed(document.text if document else None)


def refresh_document(session: Session, store: DocumentStore, digest: str) -> bool:
    """Bring the tables in line with what the store has of one anchored document.

    Returns whether anything changed; False too where the chain does not name the hash.
    """
    document = session.get(Document, digest)
    if document is None:
        return False
    found = _look_up(store, digest)
    if (found.state, found.size) == (document.state, document.size):
        return False
    document.state, document.media_type = found.state, found.media_type
    document.size, document.text = found.size, found.text
    _rename(session, digest, _parsed(found.text))
    note_changes(session, [digest])
    session.execute(
        update(Cursor)
        .values(documents_revision=Cursor.documents_revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return True


def refresh_documents(session: Session, store: DocumentStore) -> int:
    """Do so for every document whose state in the store is another; returns how many changed."""
    states = _states(store)
    everything = select(Document.hash, Document.state).execution_options(yield_per=_AT_ONCE)
    known = session.execute(everything)
    stale = [digest for digest, state in known if states.get(digest, MISSING) != state]
    return sum(refresh_document(session, store, digest) for digest in sorted(stale))


def note_changes(session: Session, digests: Iterable[str]) -> None:
    """Let the feed tell of documents: they are not what they were when the chain named them."""
    last = session.scalar(select(func.max(DocumentChange.number))) or 0
    noticed = int(time.time())
    for number, digest in enumerate(digests, last + 1):
        session.add(DocumentChange(number=number, hash=digest, noticed_at=noticed))
    session.flush()


def describe_again(session: Session, table: str, keys: Iterable[Sequence[Any]]) -> None:
    """Let rows say again what their documents say, after they were brought back to an earlier form.

    A document may have come since.
    """
    describe = _DESCRIBED.get(table)
    if describe is None:
        return
    model, write = describe
    for key in keys:
        row = session.get_one(model, key if len(key) > 1 else key[0])
        document = session.get(Document, row.document) if row.document else None
        write(row, _parsed(document.text if document else None))
    session.flush()


def describe_participant(row: Participant, content: dict[str, Any]) -> None:
    """Fill in what the document of a participant says."""
    row.name = _string(content, "participant", "name")
    row.name_key = sort_key(row.name or row.identifier)
    row.search = fold("\n".join([row.name or "", row.identifier]))


def describe_agreement(row: Agreement, content: dict[str, Any]) -> None:
    """Fill in what the document of an agreement says."""
    row.title = _string(content, "agreement", "title")
    row.title_key = sort_key(row.title or row.contract_id)
    row.search = fold("\n".join([row.title or "", row.ocid, row.contract_id]))


def describe_milestone(row: Milestone, content: dict[str, Any]) -> None:
    """Fill in what the document of a milestone says."""
    row.title = _string(content, "milestone", "title")
    row.source_id = _string(content, "milestone", "id")
    row.source_date = _string(content, "milestone", "date")


_DESCRIBED: dict[str, tuple[Any, Callable[[Any, dict[str, Any]], None]]] = {
    "participants": (Participant, describe_participant),
    "agreements": (Agreement, describe_agreement),
    "milestones": (Milestone, describe_milestone),
}


def _rename(session: Session, digest: str, content: dict[str, Any]) -> None:
    for person in session.scalars(select(Participant).where(Participant.document == digest)):
        describe_participant(person, content)
    for agreement in session.scalars(select(Agreement).where(Agreement.document == digest)):
        describe_agreement(agreement, content)
    for milestone in session.scalars(select(Milestone).where(Milestone.document == digest)):
        describe_milestone(milestone, content)


def _look_up(store: DocumentStore, digest: str) -> _Found:
    key = bytes.fromhex(digest[2:])
    content = store.read(key)
    if store.is_erased(key):
        return _Found(ERASED)
    if content is None:
        return _MISSING
    # Whoever can write into the folder must not be able to change what a hash stands for.
    if hashlib.sha256(content).digest() != key:
        return _MISSING
    kind = media_type(content)
    text = storable_json(content.decode()) if kind == JSON else None
    return _Found(PRESENT, kind, len(content), text)


def _states(store: DocumentStore) -> dict[str, str]:
    names = [path.name for path in store.folder.glob("??/*")]
    states = {f"0x{name}": PRESENT for name in names if len(name) == 64}
    erased = (name for name in names if name.endswith(TOMBSTONE_SUFFIX))
    return states | {f"0x{name.removesuffix(TOMBSTONE_SUFFIX)}": ERASED for name in erased}


def _parsed(text: str | None) -> dict[str, Any]:
    return (parse_object(text) if text else None) or {}


def _string(content: dict[str, Any], kind: str, field: str) -> str | None:
    value = content.get(field) if content.get("type") == kind else None
    return storable(value)[:LONGEST_NAME] or None if isinstance(value, str) else None
