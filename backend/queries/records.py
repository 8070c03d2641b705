"""All that is published of contracts, read in bulk: a few SELECTs for many contracts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Amendment, Document, Milestone, Participant, Payment
from backend.queries.contracts import find_agreement
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Source,
    changed_by,
    currencies,
    parties,
    reason,
    when,
    when_known,
)

CONTRACTS_PER_BATCH = 100
MILESTONES_PER_BATCH = 5_000
"""How much is in memory at once: this many milestones, or those of one contract."""


@dataclass(frozen=True, slots=True)
class PublishedMilestone:
    """A milestone as it stands; `number` is its index in the contract, from 0."""

    number: int
    title: str | None
    source_id: str | None
    source_date: str | None
    status: str
    due_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedPayment:
    """Money that reached a payee for a milestone."""

    milestone: int
    payee: Party
    amount: Money
    paid_at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class PublishedAmendment:
    """A signed amendment; `ends_at` is None where the end stays, `content` its document's JSON."""

    number: int
    signed_at: datetime
    reason: str | None
    content: dict[str, Any]
    previous_value: Money
    value: Money
    ends_at: datetime | None
    milestones: int


@dataclass(frozen=True, slots=True)
class PublishedContract:
    """A contract with all that belongs to it.

    `status` is "signed", "active" or "closed". `payer` is the legal person that funds it.
    `content` is the JSON document with description and further suppliers, empty while missing.
    """

    number: int
    address: str
    ocid: str
    contract_id: str
    title: str | None
    content: dict[str, Any]
    status: str
    buyer: Party
    supplier: Party
    payer: Party
    signed_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    changed_at: datetime
    value: Money
    milestones: list[PublishedMilestone]
    payments: list[PublishedPayment]
    amendments: list[PublishedAmendment]
    changed: Source


def published_contracts(session: Session) -> Iterator[PublishedContract]:
    """All contracts in the order of their numbers, with few of them in memory at once."""
    codes = currencies(session)
    last = 0
    while True:
        statement = select(Agreement).where(Agreement.number > last).order_by(Agreement.number)
        rows = session.scalars(statement.limit(CONTRACTS_PER_BATCH)).all()
        if not rows:
            return
        last = rows[-1].number
        for batch in _batches(rows):
            yield from _Batch(session, batch, codes).contracts()


def published_contract(session: Session, name: str) -> PublishedContract:
    """The contract with this number or address; raises `NotFoundError`."""
    row = find_agreement(session, name)
    (found,) = _Batch(session, [row], currencies(session)).contracts()
    return found


def _batches(rows: Sequence[Agreement]) -> Iterator[list[Agreement]]:
    batch: list[Agreement] = []
    milestones = 0
    for row in rows:
        if batch and milestones + row.milestones > MILESTONES_PER_BATCH:
            yield batch
            batch, milestones = [], 0
        batch.append(row)
        milestones += row.milestones
    yield batch


class _Batch:
    """Contracts that are read together."""

    def __init__(
        self, session: Session, rows: Sequence[Agreement], codes: dict[str, Currency]
    ) -> None:
        addresses = [row.address for row in rows]
        self._rows = rows
        self._codes = codes
        self._milestones = _milestones(session, addresses)
        self._payments = _payments(session, addresses)
        self._amendments = _amendments(session, addresses)
        self._payers = _payers(session, {row.treasury for row in rows})
        amendments = [row for rows in self._amendments.values() for row in rows]
        self._contents = _contents(session, [*rows, *amendments])
        self._people = parties(session, self._participants())

    def contracts(self) -> Iterator[PublishedContract]:
        """Each of them."""
        return map(self._contract, self._rows)

    def _participants(self) -> Iterator[str]:
        yield from self._payers.values()
        for row in self._rows:
            yield from (row.buyer, row.supplier)
        for payments in self._payments.values():
            yield from (payment.payee for payment in payments)

    def _contract(self, row: Agreement) -> PublishedContract:
        currency = self._codes[row.token]
        return PublishedContract(
            number=row.number,
            address=row.address,
            ocid=row.ocid,
            contract_id=row.contract_id,
            title=row.title,
            content=self._contents.get(row.document or "", {}),
            status=row.status,
            buyer=self._people[row.buyer],
            supplier=self._people[row.supplier],
            payer=self._people[self._payers[row.treasury]],
            signed_at=when_known(row.signed_at),
            starts_at=when_known(row.starts_at),
            ends_at=when_known(row.ends_at),
            changed_at=when(row.changed_at),
            value=currency.money(row.value),
            milestones=self._milestones[row.address],
            payments=[self._payment(paid) for paid in self._payments[row.address]],
            amendments=[
                self._amendment(amendment, currency) for amendment in self._amendments[row.address]
            ],
            changed=changed_by(row),
        )

    def _payment(self, row: Any) -> PublishedPayment:
        return PublishedPayment(
            milestone=row.milestone,
            payee=self._people[row.payee],
            amount=self._codes[row.token].money(row.amount),
            paid_at=when(row.paid_at),
            source=Source(row.block, row.transaction, row.log_index),
        )

    def _amendment(self, row: Any, currency: Currency) -> PublishedAmendment:
        return PublishedAmendment(
            number=row.number,
            signed_at=when(row.signed_at),
            reason=reason(row.reason),
            content=self._contents.get(row.document or "", {}),
            previous_value=currency.money(row.previous_value),
            value=currency.money(row.value),
            ends_at=when_known(row.ends_at),
            milestones=row.milestones,
        )


def _milestones(session: Session, addresses: list[str]) -> dict[str, list[PublishedMilestone]]:
    columns = (
        Milestone.agreement,
        Milestone.number,
        Milestone.title,
        Milestone.source_id,
        Milestone.source_date,
        Milestone.status,
        Milestone.due_at,
        Milestone.accepted_at,
    )
    statement = select(*columns).where(Milestone.agreement.in_(addresses))
    found: dict[str, list[PublishedMilestone]] = defaultdict(list)
    for row in session.execute(statement.order_by(Milestone.agreement, Milestone.number)):
        agreement, number, title, source_id, source_date, status, due, accepted = row
        found[agreement].append(
            PublishedMilestone(
                number=number,
                title=title,
                source_id=source_id,
                source_date=source_date,
                status=status,
                due_at=when_known(due),
                accepted_at=when_known(accepted),
            )
        )
    return found


def _payments(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    columns = (
        Payment.agreement,
        Payment.milestone,
        Payment.payee,
        Payment.token,
        Payment.amount,
        Payment.paid_at,
        Payment.block,
        Payment.transaction,
        Payment.log_index,
    )
    statement = select(*columns).where(Payment.agreement.in_(addresses))
    return _by_agreement(session.execute(statement.order_by(Payment.number)))


def _amendments(session: Session, addresses: list[str]) -> dict[str, list[Any]]:
    columns = (
        Amendment.agreement,
        Amendment.number,
        Amendment.signed_at,
        Amendment.reason,
        Amendment.document,
        Amendment.previous_value,
        Amendment.value,
        Amendment.ends_at,
        Amendment.milestones,
    )
    signed = (Amendment.agreement.in_(addresses), Amendment.status == "signed")
    statement = select(*columns).where(*signed).order_by(Amendment.number)
    return _by_agreement(session.execute(statement))


def _by_agreement(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.agreement].append(row)
    return found


def _payers(session: Session, treasuries: set[str]) -> dict[str, str]:
    """The legal person of each treasury: an office pays in the name of its organization."""
    columns = (Participant.id, Participant.organization)
    rows = session.execute(select(*columns).where(Participant.id.in_(sorted(treasuries))))
    return {treasury: organization or treasury for treasury, organization in rows}


def _contents(session: Session, rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """The JSON documents of `rows` that are there, by hash."""
    wanted = sorted({row.document for row in rows if row.document is not None})
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        columns = (Document.hash, Document.text)
        for digest, text in session.execute(select(*columns).where(Document.hash.in_(chunk))):
            found[digest] = json.loads(text) if text else {}
    return found
