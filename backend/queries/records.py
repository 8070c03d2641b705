"""Contracting processes with all that happened in them, read in bulk: a few SELECTs for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.chain import events as e
from backend.queries import record_rows
from backend.queries.contracts import find_agreement
from backend.queries.values import Currency, currencies

CONTRACTS_PER_BATCH = 100
EVENTS_PER_BATCH = 5_000
"""How much is in memory at once: this many events, or those of one process."""

PUBLISHED: tuple[type[e.Event], ...] = (
    e.AgreementCreated,
    e.MilestonesScheduled,
    e.AgreementActivated,
    e.MilestonePartlyAccepted,
    e.MilestoneChanged,
    e.MilestoneCancelled,
    e.PaymentMade,
    e.DeductionPaid,
    e.ClaimPaid,
    e.DisputeSettled,
    e.DisputeRuled,
    e.GuaranteeRecorded,
    e.AmendmentProposed,
    e.AmendmentEnacted,
    e.AgreementCompleted,
    e.AgreementTerminated,
    e.AgreementClosed,
)
"""The events that say what OCDS has a field for."""


@dataclass(frozen=True, slots=True)
class MilestoneTexts:
    """What the document of a milestone says; None where it does not, or is missing.

    `source_id` and `source_date` are those of its payment in the source that was loaded.
    """

    title: str | None = None
    source_id: str | None = None
    source_date: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedPerson:
    """A participant; `names` are its names with the block from which on each counts, in order.

    A name is None while its document is missing.
    """

    scheme: str
    identifier: str
    names: Sequence[tuple[int, str | None]]

    def name_at(self, block: int) -> str | None:
        """Its name once a block was made."""
        names = [name for since, name in self.names if since <= block]
        return names[-1] if names else None


@dataclass(frozen=True, slots=True)
class PublishedContract:
    """A contract and the events of `PUBLISHED` that are about it, oldest first.

    `payer` is the participant id of the legal person that funds it; `milestones` are by number.
    """

    number: int
    address: str
    contract_id: str
    currency: Currency
    payer: str
    milestones: Mapping[int, MilestoneTexts]
    events: Sequence[e.Event]


@dataclass(frozen=True, slots=True)
class PublishedProcess:
    """A contracting process: the contracts of one ocid, in the order of their numbers.

    `people` are by participant id, `documents` the JSON objects that are there by their hash.
    """

    ocid: str
    contracts: Sequence[PublishedContract]
    people: Mapping[str, PublishedPerson]
    documents: Mapping[str, dict[str, Any]]

    @property
    def number(self) -> int:
        """The number of its first contract."""
        return self.contracts[0].number


def published_processes(
    session: Session, after: int = 0, batch: int = CONTRACTS_PER_BATCH, year: int | None = None
) -> Iterator[PublishedProcess]:
    """All processes in the order of their first contracts, with few of them in memory at once.

    Those whose first contract has a number greater than `after` and, with `year`, was signed in it
    (or created, where that is not known), in UTC; `batch` contracts are read at a time.
    """
    codes = currencies(session)
    while listed := record_rows.listed(session, after, batch, year):
        after = listed[-1].number
        rows = record_rows.agreements_of(session, [row.ocid for row in listed])
        first = {each.ocid: rows[each.ocid] for each in listed if each == rows[each.ocid][0]}
        yield from _read(session, first, codes)


def published_process(session: Session, name: str) -> PublishedProcess:
    """The process of the contract with this number or address; raises `NotFoundError`."""
    ocid = find_agreement(session, name).ocid
    (found,) = _read(session, record_rows.agreements_of(session, [ocid]), currencies(session))
    return found


def process_of(session: Session, ocid: str) -> PublishedProcess | None:
    """The process with this ocid; None if there is none."""
    rows = record_rows.agreements_of(session, [ocid])
    return next(_read(session, rows, currencies(session)), None)


def _read(
    session: Session, rows: Mapping[str, Sequence[Any]], codes: Mapping[str, Currency]
) -> Iterator[PublishedProcess]:
    """The processes whose agreements are `rows`, by ocid."""
    counts = record_rows.event_counts(
        session, [row.address for each in rows.values() for row in each]
    )
    sizes = {ocid: sum(counts[row.address] for row in each) for ocid, each in rows.items()}
    for batch in _batches(sizes):
        yield from _Batch(session, {ocid: rows[ocid] for ocid in batch}, codes).processes()


def _batches(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    total = 0
    for ocid, size in sizes.items():
        if batch and total + size > EVENTS_PER_BATCH:
            yield batch
            batch, total = [], 0
        batch.append(ocid)
        total += size
    if batch:
        yield batch


class _Batch:
    """Processes that are read together; `rows` are their agreements by ocid."""

    def __init__(
        self, session: Session, rows: Mapping[str, Sequence[Any]], codes: Mapping[str, Currency]
    ) -> None:
        self._rows = rows
        self._codes = codes
        agreements = [row for each in rows.values() for row in each]
        addresses = [row.address for row in agreements]
        names = [kind.__name__ for kind in PUBLISHED]
        self._events = record_rows.events_of(session, addresses, names)
        self._milestones = record_rows.milestones_of(session, addresses)
        self._payers = record_rows.payers_of(session, {row.treasury for row in agreements})
        events = [event for each in self._events.values() for event in each]
        self._people = self._persons(session, {*self._payers.values(), *participants(events)})
        self._documents = record_rows.contents_of(session, documents(events))

    def processes(self) -> Iterator[PublishedProcess]:
        """Each of them."""
        for ocid, rows in self._rows.items():
            contracts = [self._contract(row) for row in rows]
            yield PublishedProcess(ocid, contracts, self._people, self._documents)

    def _contract(self, row: Any) -> PublishedContract:
        return PublishedContract(
            number=row.number,
            address=row.address,
            contract_id=row.contract_id,
            currency=self._codes[row.token],
            payer=self._payers[row.treasury],
            milestones={
                each.number: MilestoneTexts(each.title, each.source_id, each.source_date)
                for each in self._milestones[row.address]
            },
            events=self._events[row.address],
        )

    @staticmethod
    def _persons(session: Session, ids: set[str]) -> dict[str, PublishedPerson]:
        registered = record_rows.registrations_of(session, ids)
        named = [each for events in registered.values() for each in events]
        names = record_rows.names_of(session, {event.document for event in named})
        return {
            participant: PublishedPerson(
                first.scheme,
                first.identifier,
                [(each.origin.block, names.get(each.document)) for each in (first, *later)],
            )
            for participant, (first, *later) in registered.items()
        }


def participants(events: Iterable[e.Event]) -> Iterator[str]:
    """Ids of the participants whom events make parties of a process."""
    for event in events:
        if isinstance(event, e.AgreementCreated):
            yield from (event.buyer, event.supplier)
        elif isinstance(event, e.PaymentMade):
            yield event.payee
        elif isinstance(event, e.DeductionPaid):
            yield event.recipient


def documents(events: Iterable[e.Event]) -> Iterator[str]:
    """Hashes of the documents whose content is published."""
    for event in events:
        if isinstance(event, e.AgreementCreated):
            yield event.terms.document
        elif isinstance(event, e.AmendmentEnacted):
            yield event.document
