"""Contracts: the list, and one of them by number or address."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.chain.logs import checksummed
from backend.db.models import Agreement
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter, alternatives, stopped
from backend.queries.pages import Sort
from backend.queries.values import (
    SECONDS_PER_DAY,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    made_by,
    seconds,
    when,
    when_known,
)
from backend.queries.words import has_indexes, plan_anew

SORTS = {
    "date": Sort("date", Agreement.dated_at, Agreement.number),
    "created": Sort("created", Agreement.made_block, Agreement.number),
    "value": Sort("value", Agreement.value, Agreement.number),
    "paid": Sort("paid", Agreement.paid, Agreement.number),
    "title": Sort("title", Agreement.title_key, Agreement.number),
    "updated": Sort("updated", Agreement.changed_block, Agreement.number),
}
"""`date` is when the contract was signed, or created where that is not known. Values are compared
in minor units: sort by them within one currency."""

STATUSES = ("signed", "active", "completed", "terminated", "closed")


class ContractReference(Row, frozen=True):
    """A contract as other rows refer to it."""

    number: int
    address: str
    ocid: str
    contract_id: str
    title: str | None

    @property
    def label(self) -> str:
        """Its title or, where that is missing, its id."""
        return self.title or self.contract_id


class ContractSummary(ContractReference, frozen=True):
    """A contract with its money and counts.

    `paid` is all that left to payees, collectors and subcontractors, `owed` what waits as their
    claims. `next_due_at` is when the first milestone that is to be submitted is due, holds and
    suspensions added; the contract is `late`, by `days_late` days counted from 1, when that has
    passed, and by 0 when it has not.
    """

    status: str
    buyer: Party
    supplier: Party
    date: datetime
    signed_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    original_value: Money
    value: Money
    scheduled: Money
    funded: Money
    accepted: Money
    paid: Money
    owed: Money
    refunded: Money
    milestones: int
    milestones_accepted: int
    milestones_cancelled: int
    payments: int
    amendments: int
    next_due_at: datetime | None
    late: bool
    days_late: int
    source: Source
    changed: Source

    @property
    def reference(self) -> ContractReference:
        """How other rows refer to it."""
        return self


def count_contracts(session: Session, wanted: ContractFilter, now: datetime) -> int:
    """How many contracts match."""
    if wanted.text:
        plan_anew(session, wanted.text)
    counts = [
        select(func.count()).select_from(Agreement).where(*way).scalar_subquery()
        for way in alternatives(wanted, now, indexed=has_indexes(session))
    ]
    return sum(session.execute(select(*counts)).one())


def find_agreement(session: Session, name: str) -> Agreement:
    """The agreement with this number or address; raises `NotFoundError`."""
    row = session.scalar(select(Agreement).where(named(name)))
    if row is None:
        raise no_contract(name)
    return row


def named(name: str) -> ColumnElement[bool]:
    """Whether an agreement has this number or address; raises `NotFoundError` for neither."""
    by, value = contract_name(name)
    return Agreement.number == value if by == "number" else Agreement.address == value


def contract_name(name: str) -> tuple[Literal["number"], int] | tuple[Literal["address"], str]:
    """What a name is, and its value; raises `NotFoundError` if it is neither of both."""
    if re.fullmatch(r"[1-9][0-9]{0,17}", name):
        return "number", int(name)
    if re.fullmatch(r"0x[0-9a-fA-F]{40}", name):
        return "address", checksummed(name.lower())
    raise no_contract(name)


def no_contract(name: str) -> NotFoundError:
    """What there is to say where no contract has a name."""
    return NotFoundError(f"There is no contract {name!r:.80}; expected its number or address.")


def reference(row: Agreement) -> ContractReference:
    """How other rows refer to an agreement."""
    return ContractReference(row.number, row.address, row.ocid, row.contract_id, row.title)


def days_late(agreement: Agreement, late_after: int | None, now: datetime) -> int:
    """How many days have begun since a milestone was due; 0 if its time has not passed."""
    if late_after is None:
        return 0
    return max(0, -(-(seconds(now) - stopped(agreement, now) - late_after) // SECONDS_PER_DAY))


def deadline(agreement: Agreement, late_after: int | None) -> datetime | None:
    """When a milestone is due, the whole of the agreement's latest stop added."""
    if late_after is None:
        return None
    return when(late_after + agreement.stopped_until - agreement.stopped_from)


def summary(
    row: Agreement, late: int | None, people: dict[str, Party], money: Any, now: datetime
) -> ContractSummary:
    """A contract; `late` is its `first_late`."""
    days = days_late(row, late, now)
    return ContractSummary(
        row.number,
        row.address,
        row.ocid,
        row.contract_id,
        row.title,
        row.status,
        people[row.buyer],
        people[row.supplier],
        when(row.dated_at),
        when_known(row.signed_at),
        when_known(row.starts_at),
        when_known(row.ends_at),
        when(row.created_at),
        when(row.changed_at),
        when_known(row.closed_at),
        money(row.original_value),
        money(row.value),
        money(row.scheduled),
        money(row.funded),
        money(row.accepted),
        money(row.paid),
        money(row.owed),
        money(row.refunded),
        row.milestones,
        row.milestones_accepted,
        row.milestones_cancelled,
        row.payments,
        row.amendments,
        deadline(row, late),
        days > 0,
        days,
        made_by(row),
        changed_by(row),
    )
