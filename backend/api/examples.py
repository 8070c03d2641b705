"""One example for each answer, as the OpenAPI description shows them; all names are fictional."""

from __future__ import annotations

from typing import Any

_TRANSACTION = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
_HASH = "0x9a1c2b7fd0f5e7cf0f4d2b8a1f6f0a8f0a0a8a5a9e2b1f3f6d0a0f5b7c1d2e3f"
_DOCUMENT = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
_ADDRESS = "0x7394e7A6c1d19961DB3E81f10234aA651999b087"
_ACCOUNT = "0x67a5779F94cD65358d98f467Dd05Ac7b2AA13E80"
_LINE = "0x67d4b4c7079ad5e7d146cf8c8ce2a89e1ef65d50120d585a8f0fabbdf7501ac6"

_INDEX = {"block": 4711, "blockHash": _HASH, "time": "2026-03-02T04:05:06Z"}
_REFERENCE = {
    "number": 12,
    "address": _ADDRESS,
    "ocid": "ocds-213czf-000-00012",
    "contractId": "C-2026-012",
    "title": "Road Sukamaju–Cibeureum",
}


def _money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "IDR"}


def _source(block: int, log_index: int) -> dict[str, Any]:
    return {"block": block, "transaction": _TRANSACTION, "logIndex": log_index}


_MADE = {"source": _source(120, 0), "changed": _source(4702, 3)}


def _party(number: int, scheme: str, identifier: str, name: str) -> dict[str, Any]:
    return {
        "id": f"0x{number:064x}",
        "number": number,
        "scheme": scheme,
        "identifier": identifier,
        "name": name,
    }


_BUYER = _party(1, "ID-NPWP", "00.123.456.7-001.000", "Dinas Pekerjaan Umum")
_SUPPLIER = _party(7, "ID-NPWP", "01.234.567.8-901.000", "PT Karya Jaya")
_TREASURY = _party(2, "OFFICE", "ID-NPWP-00.123.456.7-001.000/treasury", "Bendahara")
_MEMBER = _party(3, "OFFICE", "ID-NPWP-00.123.456.7-001.000/committee-1", "Pokja 1")
_INSPECTOR = _party(9, "ID-NPWP", "02.345.678.9-012.000", "PT Pengawas Mandiri")

_CONTRACT = (
    _REFERENCE
    | {
        "status": "active",
        "buyer": _BUYER,
        "supplier": _SUPPLIER,
        "date": "2026-01-05T00:00:00Z",
        "signedAt": "2026-01-05T00:00:00Z",
        "startsAt": "2026-01-12T00:00:00Z",
        "endsAt": "2026-08-31T00:00:00Z",
        "createdAt": "2026-01-05T03:00:00Z",
        "changedAt": "2026-03-02T04:01:10Z",
        "closedAt": None,
    }
    | {
        "originalValue": _money("4200000000.00"),
        "value": _money("4200000000.00"),
        "scheduled": _money("4200000000.00"),
        "funded": _money("4200000000.00"),
        "accepted": _money("1300000000.00"),
        "paid": _money("1300000000.00"),
        "owed": _money("0.00"),
        "refunded": _money("0.00"),
    }
    | {
        "milestones": 8,
        "milestonesAccepted": 3,
        "milestonesCancelled": 0,
        "payments": 3,
        "amendments": 0,
        "nextDueAt": "2026-02-18T00:00:00Z",
        "late": True,
        "daysLate": 13,
    }
    | _MADE
)

_MILESTONE = {
    "contract": _REFERENCE,
    "number": 2,
    "title": "Base course, 2 km",
    "sourceId": None,
    "sourceDate": None,
    "amount": _money("500000000.00"),
    "payee": _SUPPLIER,
    "status": "paid",
    "dueAt": "2026-02-28T00:00:00Z",
    "daysLate": 0,
    "waitsFor": None,
    "amendment": None,
    "attempt": 1,
    "approvals": 2,
    "quorum": 2,
    "disapprovals": 0,
    "rejections": 0,
    "scheduledAt": "2026-01-05T03:00:00Z",
    "submittedAt": "2026-02-26T02:00:00Z",
    "evidence": _DOCUMENT,
    "attestedAt": "2026-02-27T06:30:00Z",
    "attestedBy": _INSPECTOR,
    "seenAt": "2026-02-27T02:15:00Z",
    "report": _DOCUMENT,
    "rejectedAt": None,
    "rejectReason": None,
    "rejectDocument": None,
    "acceptedAt": "2026-03-02T04:01:10Z",
    "paidAt": "2026-03-02T04:01:10Z",
    "cancelledAt": None,
    "document": _DOCUMENT,
} | _MADE

_PAYMENT = {
    "number": 31,
    "contract": _REFERENCE,
    "milestone": 2,
    "milestoneTitle": "Base course, 2 km",
    "sourceId": None,
    "sourceDate": None,
    "payer": _BUYER,
    "payee": _SUPPLIER,
    "account": _ACCOUNT,
    "amount": _money("500000000.00"),
    "paidAt": "2026-03-02T04:01:10Z",
    "claimed": False,
    "source": _source(4702, 3),
}

_LINE_ROW = {
    "number": 4,
    "id": _LINE,
    "buyer": _BUYER,
    "fiscalYear": 2026,
    "code": "5.2.3.01",
    "appropriated": _money("9000000000.00"),
    "committed": _money("4200000000.00"),
    "available": _money("4800000000.00"),
    "document": None,
} | _MADE

_AMENDMENT = {
    "number": 1,
    "status": "proposed",
    "increase": _money("150000000.00"),
    "endsAt": "2026-09-30T00:00:00Z",
    "milestones": 1,
    "reason": "additional-work",
    "document": _DOCUMENT,
    "proposedBy": _MEMBER,
    "proposedAt": "2026-03-01T02:00:00Z",
    "signedBy": None,
    "signedAt": None,
    "previousValue": None,
    "value": None,
} | _MADE

_ENTRY = {
    "event": "PaymentMade",
    "contract": "Agreement",
    "at": "2026-03-02T04:01:10Z",
    "milestone": 2,
    "arguments": {
        "account": _ACCOUNT,
        "amount": "50000000000",
        "claimed": False,
        "milestone": "2",
        "payee": _SUPPLIER["id"],
    },
    "blockHash": _HASH,
    "source": _source(4702, 3),
}

_PARTICIPANT = (
    _SUPPLIER
    | {
        "account": _ACCOUNT,
        "organization": None,
        "roles": ["supplier"],
        "standing": "active",
        "standingReason": None,
        "standingDocument": None,
        "registeredAt": "2026-01-02T01:00:00Z",
        "document": _DOCUMENT,
    }
    | _MADE
)

_HEALTH = {"status": "ok", "index": _INDEX, "head": 4711, "lag": 0, "problems": []}

EXAMPLES: dict[str, Any] = {
    "/contracts": {"index": _INDEX, "next": None, "contracts": [_CONTRACT]},
    "/contracts/{name}": {
        "index": _INDEX,
        "contract": _CONTRACT,
        "treasury": _TREASURY,
        "committee": [_MEMBER],
        "quorum": 2,
        "inspectors": [_INSPECTOR],
        "createdBy": _MEMBER,
        "budgetLine": _LINE_ROW,
        "originalEndsAt": "2026-08-31T00:00:00Z",
        "activatedAt": "2026-01-06T02:00:00Z",
        "closeReason": None,
        "closeDocument": None,
        "held": _money("2900000000.00"),
        "cancelled": _money("0.00"),
        "released": _money("0.00"),
        "document": _DOCUMENT,
        "content": {"type": "agreement", "title": "Road Sukamaju–Cibeureum"},
        "milestones": [_MILESTONE],
        "payments": [_PAYMENT],
        "amendments": [_AMENDMENT],
    },
    "/contracts/{name}/history": {"index": _INDEX, "history": [_ENTRY]},
    "/participants": {"index": _INDEX, "next": None, "participants": [_PARTICIPANT]},
    "/participants/{name}": {
        "index": _INDEX,
        "participant": _PARTICIPANT,
        "totals": [
            {
                "part": "supplier",
                "currency": "IDR",
                "contracts": 2,
                "payments": 3,
                "value": _money("4580000000.00"),
                "paid": _money("1300000000.00"),
                "owed": _money("0.00"),
            }
        ],
        "offices": [],
        "history": [],
    },
    "/payments": {"index": _INDEX, "next": "WyJkYXRlIiwiZGVzYyIsMSwxXQ", "payments": [_PAYMENT]},
    "/budget-lines": {"index": _INDEX, "next": None, "budgetLines": [_LINE_ROW]},
    "/totals": {
        "index": _INDEX,
        "totals": [
            {
                "currency": "IDR",
                "lines": 12,
                "appropriated": _money("812000000000.00"),
                "committed": _money("603400000000.00"),
                "contracts": 41,
                "value": _money("603400000000.00"),
                "scheduled": _money("601900000000.00"),
                "funded": _money("590000000000.00"),
                "accepted": _money("289000000000.00"),
                "paid": _money("287900000000.00"),
                "owed": _money("1100000000.00"),
                "refunded": _money("0.00"),
                "payments": 207,
                "late": 5,
            }
        ],
    },
    "/healthz": _HEALTH,
}
"""By path."""

PROBLEM = {
    "type": "urn:termin:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is no contract '99'; expected its number or address.",
    "instance": "/api/v1/contracts/99",
}
