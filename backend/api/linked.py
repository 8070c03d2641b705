"""Contracts, payments and organisations as linked data: in the terms of the EU eProcurement
Ontology (ePO 5) and of schema.org, written as JSON-LD 1.1.

In ePO a contract is signed by roles, and organisations play the roles: here each contract has a
buyer and a contractor of its own. Names are those of `CONTEXT`, which says what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.queries.contracts import ContractReference, ContractSummary
from backend.queries.participants import ParticipantRow
from backend.queries.payments import PaymentRow
from backend.queries.values import Money, Party

Node = dict[str, Any]

CURRENCIES = "http://publications.europa.eu/resource/authority/currency/"
CONTEXT: Node = {
    "@version": 1.1,
    "epo": "http://data.europa.eu/a4g/ontology#",
    "schema": "http://schema.org/",
    "dct": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "title": "dct:title",
    "concluded": {"@id": "epo:hasContractConclusionDate", "@type": "xsd:date"},
    "contractValue": "epo:hasContractValue",
    "signedByBuyer": "epo:signedByBuyer",
    "signedByContractor": "epo:signedByContractor",
    "playedBy": "epo:playedBy",
    "payments": {"@reverse": "epo:refersToContract"},
    "refersToContract": "epo:refersToContract",
    "specifiesBuyer": "epo:specifiesBuyer",
    "specifiesPayee": "epo:specifiesPayee",
    "totalPaymentAmount": "epo:hasTotalPaymentAmount",
    "paymentDate": {"@id": "epo:hasPaymentDate", "@type": "xsd:date"},
    "amountValue": {"@id": "epo:hasAmountValue", "@type": "xsd:decimal"},
    "hasCurrency": {"@id": "epo:hasCurrency", "@type": "@id"},
    "hasLegalName": "epo:hasLegalName",
    "subOrganizationOf": "org:subOrganizationOf",
    "identifier": "schema:identifier",
    "propertyID": "schema:propertyID",
    "legalName": "schema:legalName",
    "agent": "schema:agent",
    "recipient": "schema:recipient",
    "amount": "schema:amount",
    "value": "schema:value",
    "currency": "schema:currency",
    "endTime": {"@id": "schema:endTime", "@type": "schema:DateTime"},
}


@dataclass(frozen=True, slots=True)
class Linked:
    """Rows as nodes, under addresses below `base`, that of the API."""

    base: str

    def document(self, node: Node) -> Node:
        """A node that stands alone."""
        return {"@context": f"{self.base}/context.jsonld"} | node

    def contract(self, row: ContractSummary, payments: list[PaymentRow]) -> Node:
        """A contract with its payments."""
        return _known(
            {
                **self._contract(row),
                "title": row.title,
                "identifier": [_identifier("ocid", row.ocid), _identifier("id", row.contract_id)],
                "concluded": _date(row.signed_at),
                "contractValue": _money(row.value),
                "signedByBuyer": self._role(row, "buyer", "epo:Buyer", row.buyer),
                "signedByContractor": self._role(row, "contractor", "epo:Contractor", row.supplier),
                "payments": [self.payment(each) for each in payments],
            }
        )

    def payment(self, row: PaymentRow) -> Node:
        """A payment: its net, of which the deductions are left out."""
        address = f"{self.base}/payments/{row.number}"
        return _known(
            {
                "id": address,
                "type": ["epo:RemittanceAdvice", "schema:MoneyTransfer"],
                "refersToContract": self._contract(row.contract),
                "specifiesBuyer": self._role(row.contract, "buyer", "epo:Buyer", row.payer),
                "specifiesPayee": {"id": f"{address}#payee", "playedBy": self._party(row.payee)},
                "totalPaymentAmount": _money(row.net),
                "amount": _money(row.net),
                "paymentDate": _date(row.paid_at),
                "endTime": row.paid_at and row.paid_at.isoformat(),
                "agent": self._party(row.payer),
                "recipient": self._party(row.payee),
            }
        )

    def participant(self, row: ParticipantRow) -> Node:
        """A legal person, or an office of one."""
        whole = self._party(row.organization) if row.organization else None
        return _known(self._party(row) | {"subOrganizationOf": whole})

    def _contract(self, row: ContractReference) -> Node:
        return {"id": f"{self.base}/contracts/{row.number}", "type": "epo:Contract"}

    def _role(self, contract: ContractReference, name: str, kind: str, party: Party) -> Node:
        address = f"{self.base}/contracts/{contract.number}#{name}"
        return {"id": address, "type": kind, "playedBy": self._party(party)}

    def _party(self, row: Party | ParticipantRow) -> Node:
        return _known(
            {
                "id": f"{self.base}/participants/{row.number}",
                "type": ["org:Organization", "schema:Organization"],
                "hasLegalName": row.name,
                "legalName": row.name,
                "identifier": _identifier(row.scheme, row.identifier),
            }
        )


def _money(money: Money) -> Node:
    return {
        "type": ["epo:MonetaryValue", "schema:MonetaryAmount"],
        "amountValue": money.amount,
        "hasCurrency": f"{CURRENCIES}{money.currency}",
        "value": money.amount,
        "currency": money.currency,
    }


def _identifier(scheme: str, value: str) -> Node:
    return {"type": "schema:PropertyValue", "propertyID": scheme, "value": value}


def _date(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _known(node: Node) -> Node:
    """Without what is not known: null would say that there is none."""
    return {name: value for name, value in node.items() if value is not None}
