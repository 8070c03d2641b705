"""Contracts of the index as releases of OCDS 1.1.

`docs/open-data.md` says what each field means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from backend.ocds.fields import Json
from backend.ocds.identifiers import release_id
from backend.ocds.implementation import Implementation
from backend.ocds.publishing import date, known, text, value
from backend.ocds.roles import Parties
from backend.queries.records import (
    PublishedAmendment,
    PublishedContract,
    PublishedGuarantee,
)

OBLIGATIONS: Final = {
    "performance": "fulfillment",
    "advance": "prepaid",
    "retention": "latentDefects",
}
"""What each kind of guarantee secures, by the codelist of the extension."""


def contract_status(contract: PublishedContract) -> str:
    """The status of a contract, by OCDS's codelist contractStatus."""
    if contract.status in ("closed", "terminated"):
        return "terminated" if _is_accepted(contract) else "cancelled"
    return "pending" if contract.status == "signed" else "active"


def releases_of(contract: PublishedContract, chain_id: int) -> list[Json]:
    """The releases of a contract, oldest first: at present one, which says how it stands."""
    return [_Release(contract, chain_id).build()]


def _is_accepted(contract: PublishedContract) -> bool:
    return any(milestone.accepted.minor for milestone in contract.milestones) or any(
        milestone.status in ("paid", "owed") for milestone in contract.milestones
    )


class _Release:
    """The release of one contract."""

    def __init__(self, contract: PublishedContract, chain_id: int) -> None:
        self._contract = contract
        self._chain_id = chain_id
        self._parties = Parties()

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
        if self._contract.amendments:
            yield "contractAmendment"
        if _is_accepted(self._contract):
            yield "implementation"
        if self._contract.status in ("closed", "terminated"):
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
            guarantees=[_guarantee(guarantee) for guarantee in contract.guarantees],
            implementation=self._implementation(),
        )

    def _implementation(self) -> Json:
        return Implementation(self._contract, self._chain_id, self._parties).build()


def _guarantee(guarantee: PublishedGuarantee) -> Json:
    return {
        "id": str(guarantee.number),
        "obligations": OBLIGATIONS[guarantee.kind],
        "date": date(guarantee.recorded_at),
        "value": value(guarantee.amount),
        "period": {
            "startDate": date(guarantee.recorded_at),
            "endDate": date(guarantee.expires_at),
        },
    }


def _amendment(amendment: PublishedAmendment) -> Json:
    reasons = (amendment.reason, text(amendment.content, "text"))
    return known(
        id=str(amendment.number),
        date=date(amendment.enacted_at),
        rationale=": ".join(filter(None, reasons)),
        description="; ".join(_changes(amendment)),
    )


def _changes(amendment: PublishedAmendment) -> Iterator[str]:
    before, after = amendment.previous_value, amendment.value
    if before != after:
        verb = "raised" if after.minor > before.minor else "lowered"
        yield f"value {verb} from {before.amount} to {after.amount} {after.currency}"
    if amendment.ends_at is not None:
        yield f"end of the work moved to {date(amendment.ends_at)}"
    if amendment.milestones:
        yield f"milestones added: {amendment.milestones}"
    if amendment.changes:
        yield f"milestones changed: {amendment.changes}"
    if amendment.legal_ground:
        yield f"legal ground: {amendment.legal_ground}"
