"""Contracts of the index as releases of OCDS 1.1.

`docs/open-data.md` says what each field means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from backend.ocds.fields import Json
from backend.ocds.identifiers import Names, event_uri, release_id
from backend.ocds.publishing import date, known, text, value
from backend.ocds.roles import Parties
from backend.queries.records import (
    PublishedAmendment,
    PublishedContract,
    PublishedMilestone,
    PublishedPayment,
)

MILESTONE_STATUS: Final = {"paid": "met", "owed": "met", "cancelled": "notMet"}
"""What is none of these is `scheduled`."""


def contract_status(contract: PublishedContract) -> str:
    """The status of a contract, by OCDS's codelist contractStatus."""
    if contract.status == "closed":
        return "terminated" if _is_accepted(contract) else "cancelled"
    return "active" if contract.status == "active" else "pending"


def releases_of(contract: PublishedContract, chain_id: int) -> list[Json]:
    """The releases of a contract, oldest first: at present one, which says how it stands."""
    return [_Release(contract, chain_id).build()]


def _is_accepted(contract: PublishedContract) -> bool:
    return any(milestone.accepted_at for milestone in contract.milestones)


class _Release:
    """The release of one contract."""

    def __init__(self, contract: PublishedContract, chain_id: int) -> None:
        self._contract = contract
        self._chain_id = chain_id
        self._parties = Parties()
        self._milestones = {milestone.number: milestone for milestone in contract.milestones}

    def build(self) -> Json:
        """The whole of it."""
        contract = self._contract
        buyer = self._parties.refer(contract.buyer, "buyer")
        suppliers = self._suppliers()
        agreed = self._agreed()
        content = {
            "ocid": contract.ocid,
            "date": date(contract.changed_at),
            "tag": list(self._tags()),
            "initiationType": "tender",
            "parties": self._parties.list(),
            "buyer": buyer,
            "awards": [self._award(suppliers)],
            "contracts": [agreed],
        }
        identifier = release_id(contract.number, contract.changed.block, content)
        return {"ocid": contract.ocid, "id": identifier, **content}

    def _tags(self) -> Iterator[str]:
        yield from ("award", "contract")
        if _is_accepted(self._contract):
            yield "implementation"
        if self._contract.status == "closed":
            yield "contractTermination"

    def _suppliers(self) -> list[Json]:
        lead = self._contract.supplier
        references = {(lead.scheme, lead.identifier): self._parties.refer(lead, "supplier")}
        others = self._contract.content.get("otherSuppliers")
        for other in others if isinstance(others, list) else []:
            given = other if isinstance(other, dict) else {}
            scheme, identifier = text(given, "scheme"), text(given, "identifier")
            if scheme and identifier and (scheme, identifier) not in references:
                references[scheme, identifier] = self._parties.refer_to(
                    scheme, identifier, text(given, "name"), "supplier"
                )
        return list(references.values())

    def _award(self, suppliers: list[Json]) -> Json:
        contract = self._contract
        return known(
            id=contract.contract_id, title=contract.title, status="active", suppliers=suppliers
        )

    def _agreed(self) -> Json:
        contract = self._contract
        return known(
            id=contract.contract_id,
            # One award for each contract, so that the contract's id can name both.
            awardID=contract.contract_id,
            title=contract.title,
            description=text(contract.content, "description"),
            status=contract_status(contract),
            period=known(startDate=date(contract.starts_at), endDate=date(contract.ends_at)),
            value=value(contract.value),
            dateSigned=date(contract.signed_at),
            amendments=[_amendment(amendment) for amendment in contract.amendments],
            implementation=self._implementation(),
        )

    def _implementation(self) -> Json:
        names, paid = Names(), Names()
        milestones = [self._milestone(each, names) for each in self._contract.milestones]
        transactions = [
            self._transaction(each, number, paid)
            for number, each in enumerate(self._contract.payments)
        ]
        return known(transactions=transactions, milestones=milestones)

    def _transaction(self, payment: PublishedPayment, number: int, names: Names) -> Json:
        milestone, source = self._milestones[payment.milestone], payment.source
        return {
            "id": names.name(number, *self._names(milestone)),
            "date": date(payment.paid_at, milestone.source_date),
            "value": value(payment.amount),
            "payer": self._parties.refer(self._contract.payer, "payer"),
            "payee": self._parties.refer(payment.payee, "payee"),
            "uri": event_uri(self._chain_id, source.transaction, source.log_index),
        }

    def _milestone(self, milestone: PublishedMilestone, names: Names) -> Json:
        return known(
            id=names.name(milestone.number, *self._names(milestone)),
            title=milestone.title,
            type="payment",
            dueDate=date(milestone.due_at),
            dateMet=date(milestone.accepted_at, milestone.source_date),
            status=MILESTONE_STATUS.get(milestone.status, "scheduled"),
        )

    def _names(self, milestone: PublishedMilestone) -> list[str]:
        """Names for a milestone and for its payment: that of the source, else one of our own."""
        own = f"{self._contract.number}-{milestone.number}"
        return [milestone.source_id, own] if milestone.source_id else [own]


def _amendment(amendment: PublishedAmendment) -> Json:
    reasons = (amendment.reason, text(amendment.content, "text"))
    return known(
        id=str(amendment.number),
        date=date(amendment.signed_at),
        rationale=": ".join(filter(None, reasons)),
        description="; ".join(_changes(amendment)),
    )


def _changes(amendment: PublishedAmendment) -> Iterator[str]:
    before, after = amendment.previous_value, amendment.value
    if before != after:
        yield f"value raised from {before.amount} to {after.amount} {after.currency}"
    if amendment.ends_at is not None:
        yield f"end of the work moved to {date(amendment.ends_at)}"
    if amendment.milestones:
        yield f"milestones added: {amendment.milestones}"
