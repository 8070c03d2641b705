"""What the examples of the answers are made of; all names are fictional."""

from __future__ import annotations

from typing import Any

TRANSACTION = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
HASH = "0x9a1c2b7fd0f5e7cf0f4d2b8a1f6f0a8f0a0a8a5a9e2b1f3f6d0a0f5b7c1d2e3f"
DOCUMENT = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ADDRESS = "0x7394e7A6c1d19961DB3E81f10234aA651999b087"
ACCOUNT = "0x67a5779F94cD65358d98f467Dd05Ac7b2AA13E80"
LINE = "0x67d4b4c7079ad5e7d146cf8c8ce2a89e1ef65d50120d585a8f0fabbdf7501ac6"

INDEX = {
    "block": 4711,
    "blockHash": HASH,
    "time": "2026-03-02T04:05:06Z",
    "age": 54,
    "finalBlock": 4711,
}
REFERENCE = {
    "number": 12,
    "address": ADDRESS,
    "ocid": "ocds-213czf-000-00012",
    "contractId": "C-2026-012",
    "title": "Road Sukamaju–Cibeureum",
}


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "IDR"}


def source(block: int, log_index: int) -> dict[str, Any]:
    return {"block": block, "transaction": TRANSACTION, "logIndex": log_index}


MADE = {"source": source(120, 0), "changed": source(4702, 3)}


def party(number: int, scheme: str, identifier: str, name: str) -> dict[str, Any]:
    return {
        "id": f"0x{number:064x}",
        "number": number,
        "scheme": scheme,
        "identifier": identifier,
        "name": name,
    }


BUYER = party(1, "ID-NPWP", "00.123.456.7-001.000", "Dinas Pekerjaan Umum")
SUPPLIER = party(7, "ID-NPWP", "01.234.567.8-901.000", "PT Karya Jaya")
TREASURY = party(2, "OFFICE", "ID-NPWP-00.123.456.7-001.000/treasury", "Bendahara")
MEMBER = party(3, "OFFICE", "ID-NPWP-00.123.456.7-001.000/committee-1", "Pokja 1")
COLLECTOR = party(11, "OFFICE", "ID-NPWP-00.000.000.0-000.000/tax", "Kas Negara")
ARBITER = party(12, "ID-NPWP", "03.456.789.0-123.000", "Dewan Sengketa")
AUDITOR = party(13, "OFFICE", "ID-NPWP-00.111.222.3-001.000/apip", "Inspektorat")
INSPECTOR = party(9, "ID-NPWP", "02.345.678.9-012.000", "PT Pengawas Mandiri")

CONTRACT = (
    REFERENCE
    | {
        "status": "active",
        "buyer": BUYER,
        "supplier": SUPPLIER,
        "date": "2026-01-05T00:00:00Z",
        "signedAt": "2026-01-05T00:00:00Z",
        "startsAt": "2026-01-12T00:00:00Z",
        "endsAt": "2026-08-31T00:00:00Z",
        "createdAt": "2026-01-05T03:00:00Z",
        "changedAt": "2026-03-02T04:01:10Z",
        "closedAt": None,
    }
    | {
        "originalValue": money("4200000000.00"),
        "value": money("4200000000.00"),
        "scheduled": money("4200000000.00"),
        "funded": money("4200000000.00"),
        "accepted": money("1300000000.00"),
        "paid": money("1814000000.00"),
        "owed": money("0.00"),
        "refunded": money("0.00"),
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
    | MADE
)

MILESTONE = {
    "contract": REFERENCE,
    "number": 2,
    "title": "Base course, 2 km",
    "sourceId": None,
    "sourceDate": None,
    "amount": money("500000000.00"),
    "originalAmount": money("500000000.00"),
    "accepted": money("500000000.00"),
    "cancelled": money("0.00"),
    "owed": money("0.00"),
    "payee": SUPPLIER,
    "status": "paid",
    "dueAt": "2026-02-28T00:00:00Z",
    "originalDueAt": "2026-02-23T00:00:00Z",
    "deadlineAt": None,
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
    "evidence": DOCUMENT,
    "attestedAt": "2026-02-27T06:30:00Z",
    "attestedBy": INSPECTOR,
    "seenAt": "2026-02-27T02:15:00Z",
    "report": DOCUMENT,
    "rejectedAt": None,
    "rejectReason": None,
    "rejectDocument": None,
    "partAcceptedAt": None,
    "partReason": None,
    "partDocument": None,
    "acceptedAt": "2026-03-02T04:01:10Z",
    "paidAt": "2026-03-02T04:01:10Z",
    "cancelledAt": None,
    "document": DOCUMENT,
} | MADE


def _part(
    part: str,
    amount: str,
    status: str,
    condition: str | None,
    rate: str | None,
    recipient: dict[str, Any] | None = None,
) -> dict[str, Any]:
    paid = status == "paid"
    return {
        "part": part,
        "amount": money(amount),
        "status": status,
        "recipient": recipient,
        "account": ACCOUNT if paid else None,
        "paidAt": "2026-03-02T04:01:10Z" if paid else None,
        "condition": condition,
        "rate": rate,
        "base": None if rate is None else "gross",
        "days": 2 if part == "damages" else None,
        "source": source(4702, 4 if part == "tax" else 3),
    }


PAYMENT = {
    "number": 31,
    "contract": REFERENCE,
    "milestone": 2,
    "milestoneTitle": "Base course, 2 km",
    "sourceId": None,
    "sourceDate": None,
    "payer": BUYER,
    "payee": SUPPLIER,
    "account": ACCOUNT,
    "basis": "acceptance",
    "attempt": 1,
    "gross": money("500000000.00"),
    "advance": money("100000000.00"),
    "retention": money("25000000.00"),
    "damages": money("1000000.00"),
    "taxes": money("49549549.55"),
    "direct": money("0.00"),
    "net": money("324450450.45"),
    "lateDays": 2,
    "carried": money("0.00"),
    "interest": money("0.00"),
    "interestDays": 0,
    "parts": [
        _part("advance", "100000000.00", "withheld", "recoveryRate", "0.2000"),
        _part("retention", "25000000.00", "withheld", "retentionRate", "0.0500"),
        _part("damages", "1000000.00", "withheld", "damagesRate", "0.001000"),
        _part("tax", "49549549.55", "paid", "taxes", "11/111", COLLECTOR),
        _part("net", "324450450.45", "paid", None, None, SUPPLIER),
    ],
    "status": "paid",
    "claimed": False,
    "madeAt": "2026-03-02T04:01:10Z",
    "paidAt": "2026-03-02T04:01:10Z",
    "final": True,
    "source": source(4702, 3),
    "changed": source(4702, 3),
}

LINE_ROW = {
    "number": 4,
    "id": LINE,
    "buyer": BUYER,
    "fiscalYear": 2026,
    "code": "5.2.3.01",
    "appropriated": money("9000000000.00"),
    "committed": money("4200000000.00"),
    "available": money("4800000000.00"),
    "document": None,
} | MADE

ENTRY = {
    "event": "PaymentMade",
    "contract": "Agreement",
    "at": "2026-03-02T04:01:10Z",
    "milestone": 2,
    "arguments": {
        "account": ACCOUNT,
        "attempt": "1",
        "basis": "1",
        "milestone": "2",
        "payee": SUPPLIER["id"],
        "payment": {
            "advance": "10000000000",
            "carried": "0",
            "damages": "100000000",
            "direct": "0",
            "gross": "50000000000",
            "lateDays": "2",
            "net": "32445045045",
            "retention": "2500000000",
            "taxes": "4954954955",
        },
    },
    "blockHash": HASH,
    "final": True,
    "source": source(4702, 3),
}

PARTICIPANT = (
    SUPPLIER
    | {
        "account": ACCOUNT,
        "organization": None,
        "roles": ["supplier"],
        "standing": "active",
        "standingReason": None,
        "standingDocument": None,
        "registeredAt": "2026-01-02T01:00:00Z",
        "document": DOCUMENT,
    }
    | MADE
)

REORGANIZATION = {
    "number": 1,
    "forkBlock": 4689,
    "forkHash": DOCUMENT,
    "block": 4691,
    "blockHash": HASH,
    "depth": 2,
    "noticedAt": "2026-03-02T03:50:31Z",
    "events": 1,
}

FEED_ITEM = {
    "cursor": "WzIsIjA4YjFhNmM5ZDJlNGY3MDMiLDQ3MDIsMSwiOWExYzJiN2ZkMGY1ZTdjZiIsMCwiIiwwLCIiXQ",
    "kind": "event",
    "event": "ClaimPaid",
    "contract": "Agreement",
    "address": ADDRESS,
    "at": "2026-03-02T04:01:10Z",
    "agreement": ADDRESS,
    "milestone": 2,
    "participant": None,
    "budgetLine": None,
    "changes": [
        f"contracts/{ADDRESS}",
        f"participants/{SUPPLIER['id']}",
        f"participants/{BUYER['id']}",
    ],
    "names": [],
    "data": {
        "milestone": 2,
        "payee": SUPPLIER["id"],
        "account": ACCOUNT,
        "amount": money("80000000.00"),
    },
    "document": None,
    "reorganization": None,
    "blockHash": HASH,
    "final": True,
    "source": source(4702, 1),
}

READINESS = {
    "status": "ready",
    "index": INDEX,
    "head": 4711,
    "lagBlocks": 0,
    "lagSeconds": 0,
    "reasons": [],
}

HEALTH = {"status": "ok", "index": INDEX, "head": 4711, "lag": 0, "problems": []}
