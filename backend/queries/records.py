"""All that is published of contracts, read in bulk: a few SELECTs for many contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Agreement
from backend.queries import record_rows
from backend.queries.contracts import find_agreement
from backend.queries.endings import Termination, termination_of
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
    year_span,
)

CONTRACTS_PER_BATCH = 100
MILESTONES_PER_BATCH = 5_000
"""How much is in memory at once: this many milestones, or those of one contract."""


@dataclass(frozen=True, slots=True)
class PublishedMilestone:
    """A milestone as it stands; `number` is its index in the contract, from 0.

    `due_at` is the date as amended; `accepted_at` is when it was accepted in full, or what was not
    accepted was given up.
    """

    number: int
    title: str | None
    source_id: str | None
    source_date: str | None
    status: str
    amount: Money
    accepted: Money
    due_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedDeduction:
    """What of a payment is a collector's ("tax") or a subcontractor's ("direct-payment").

    `paid_at` is None while it is owed. `source` is the event that paid it or says that it is owed.
    """

    position: int
    part: str
    recipient: Party
    amount: Money
    paid_at: datetime | None
    source: Source


@dataclass(frozen=True, slots=True)
class PublishedPayment:
    """A payment: `net` is the payee's, the deductions are others', the rest is withheld.

    `milestone` is None for what belongs to none; `basis` is what the payment rests on. `paid_at` is
    None while the net is owed. `source` is the event that paid it or says that it is owed.
    """

    number: int
    milestone: int | None
    payee: Party
    basis: str
    gross: Money
    advance: Money
    retention: Money
    damages: Money
    carried: Money
    late_days: int
    net: Money
    deductions: list[PublishedDeduction]
    paid_at: datetime | None
    source: Source


@dataclass(frozen=True, slots=True)
class PublishedAmendment:
    """An amendment in force; `ends_at` is None where the end stays, `content` its document's JSON.

    `milestones` is how many it added, `changes` how many it changed or removed.
    """

    number: int
    enacted_at: datetime
    reason: str | None
    legal_ground: str | None
    content: dict[str, Any]
    previous_value: Money
    value: Money
    ends_at: datetime | None
    milestones: int
    changes: int


@dataclass(frozen=True, slots=True)
class PublishedGuarantee:
    """A guarantee of kind "performance", "advance" or "retention", as recorded."""

    number: int
    kind: str
    amount: Money
    recorded_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedContract:
    """A contract with all that belongs to it.

    `status` is "signed", "active", "completed", "terminated" or "closed"; `termination` is None
    unless it ended early; `ended_at` is when its work was completed or it was terminated. `payer`
    is the legal person that funds it. `content` is the JSON document with description and further
    suppliers, empty while missing.
    """

    number: int
    address: str
    ocid: str
    contract_id: str
    title: str | None
    content: dict[str, Any]
    status: str
    termination: Termination | None
    buyer: Party
    supplier: Party
    payer: Party
    signed_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    value: Money
    guarantees: list[PublishedGuarantee]
    milestones: list[PublishedMilestone]
    payments: list[PublishedPayment]
    amendments: list[PublishedAmendment]
    changed: Source


def published_contracts(session: Session, year: int | None = None) -> Iterator[PublishedContract]:
    """All contracts in the order of their numbers, with few of them in memory at once.

    With `year` those that were signed in it (or created, where that is not known), in UTC.
    """
    codes = currencies(session)
    chosen = select(Agreement).order_by(Agreement.number).limit(CONTRACTS_PER_BATCH)
    if year is not None:
        start, end = year_span(year)
        chosen = chosen.where(Agreement.dated_at >= start, Agreement.dated_at < end)
    last = 0
    while True:
        rows = session.scalars(chosen.where(Agreement.number > last)).all()
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
        self._milestones = record_rows.milestones_of(session, addresses)
        self._payments = record_rows.payments_of(session, addresses)
        self._deductions = record_rows.deductions_of(session, addresses)
        self._amendments = record_rows.amendments_of(session, addresses)
        self._guarantees = record_rows.guarantees_of(session, addresses)
        self._payers = record_rows.payers_of(session, {row.treasury for row in rows})
        amendments = [row for rows in self._amendments.values() for row in rows]
        self._contents = record_rows.contents_of(session, [*rows, *amendments])
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
        for deductions in self._deductions.values():
            yield from (deduction.recipient for deduction in deductions)

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
            termination=termination_of(row),
            buyer=self._people[row.buyer],
            supplier=self._people[row.supplier],
            payer=self._people[self._payers[row.treasury]],
            signed_at=when_known(row.signed_at),
            starts_at=when_known(row.starts_at),
            ends_at=when_known(row.ends_at),
            ended_at=when_known(row.completed_at or row.terminated_at),
            changed_at=when(row.changed_at),
            guarantees=[_guarantee(each, currency) for each in self._guarantees[row.address]],
            value=currency.money(row.value),
            milestones=[
                _milestone(milestone, currency) for milestone in self._milestones[row.address]
            ],
            payments=[self._payment(paid, currency) for paid in self._payments[row.address]],
            amendments=[
                self._amendment(amendment, currency) for amendment in self._amendments[row.address]
            ],
            changed=changed_by(row),
        )

    def _payment(self, row: Any, currency: Currency) -> PublishedPayment:
        money = currency.money
        return PublishedPayment(
            number=row.number,
            milestone=row.milestone,
            payee=self._people[row.payee],
            basis=row.basis,
            gross=money(row.gross),
            advance=money(row.advance),
            retention=money(row.retention),
            damages=money(row.damages),
            carried=money(row.carried),
            late_days=row.late_days,
            net=money(row.net),
            deductions=[self._deduction(d, currency) for d in self._deductions[row.number]],
            paid_at=when_known(row.paid_at),
            source=changed_by(row),
        )

    def _deduction(self, row: Any, currency: Currency) -> PublishedDeduction:
        return PublishedDeduction(
            position=row.position,
            part=row.part,
            recipient=self._people[row.recipient],
            amount=currency.money(row.amount),
            paid_at=when_known(row.paid_at),
            source=changed_by(row),
        )

    def _amendment(self, row: Any, currency: Currency) -> PublishedAmendment:
        return PublishedAmendment(
            number=row.number,
            enacted_at=when(row.enacted_at),
            reason=reason(row.reason),
            legal_ground=reason(row.legal_ground),
            content=self._contents.get(row.document or "", {}),
            previous_value=currency.money(row.previous_value),
            value=currency.money(row.value),
            ends_at=when_known(row.ends_at),
            milestones=row.milestones,
            changes=row.changes,
        )


def _guarantee(row: Any, currency: Currency) -> PublishedGuarantee:
    return PublishedGuarantee(
        number=row.number,
        kind=row.kind,
        amount=currency.money(row.amount),
        recorded_at=when(row.recorded_at),
        expires_at=when(row.expires_at),
    )


def _milestone(row: Any, currency: Currency) -> PublishedMilestone:
    return PublishedMilestone(
        number=row.number,
        title=row.title,
        source_id=row.source_id,
        source_date=row.source_date,
        status=row.status,
        amount=currency.money(row.amount),
        accepted=currency.money(row.accepted),
        due_at=when_known(row.due_at),
        accepted_at=when_known(row.accepted_at),
    )
