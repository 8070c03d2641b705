"""What a published contract says, as the contracts on the chain take it: terms and milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.acts.load.books import NOBODY, Books
from backend.acts.load.conditions import PUBLISHED
from backend.acts.load.parties import legal_person
from backend.core.documents import DocumentStore
from backend.ocds.source import SourceContract, SourcePayment


def seconds(date: datetime | None) -> int:
    """Unix seconds; zero for no date, as the contracts have it."""
    return int(date.timestamp()) if date else 0


def terms_of(contract: SourceContract, books: Books, line: bytes) -> dict[str, object]:
    """The struct `Terms`; writes the document with title and description."""
    return {
        "ocid": contract.ocid,
        "contractId": contract.contract_id,
        "token": books.token(contract.currency),
        "value": contract.value,
        "signedAt": seconds(contract.date_signed),
        "startsAt": seconds(contract.start),
        "endsAt": seconds(contract.end),
        "budgetLine": line,
        "document": books.store.write_json(_agreement_document(contract)),
        "conditions": PUBLISHED,
    }


def milestones_of(
    contract: SourceContract, payments: Sequence[SourcePayment], store: DocumentStore
) -> list[dict[str, object]]:
    """A `MilestoneTerms` for each of some payments; writes the documents that name them."""
    due = {item.id: item.due for item in contract.milestones}
    supplier = contract.supplier.key
    return [
        {
            "amount": payment.amount,
            "dueAt": seconds(due.get(payment.milestone_id or "")),
            "payee": NOBODY if payment.payee.key == supplier else legal_person(payment.payee).id,
            "document": store.write_json(milestone_document(payment)),
        }
        for payment in payments
    ]


def milestone_document(payment: SourcePayment) -> dict[str, object]:
    """What names a milestone, and is the evidence and report of it too."""
    document: dict[str, object] = {
        "type": "milestone",
        "id": payment.id,
        "title": payment.title,
    }
    return document | ({"date": payment.published_date} if payment.published_date else {})


def _agreement_document(contract: SourceContract) -> dict[str, object]:
    return {
        "type": "agreement",
        "title": contract.title,
        "description": contract.description,
        "otherSuppliers": [
            {"scheme": each.scheme, "identifier": each.identifier, "name": each.name}
            for each in contract.other_suppliers
        ],
        **({"tender": contract.tender} if contract.tender else {}),
    }
