"""One example for each answer, as the OpenAPI description shows them; all names are fictional."""

from __future__ import annotations

from typing import Any

from backend.api.example_extras import (
    AMENDMENT,
    CLAIM,
    CONDITIONS,
    DECISION,
    DISPUTE,
    GUARANTEE,
    INTEREST_PAYMENT,
    MONEY,
    NOTICE,
    STOP,
)
from backend.api.example_parts import (
    ACCOUNT,
    ADDRESS,
    ARBITER,
    CONTRACT,
    DOCUMENT,
    ENTRY,
    FEED_ITEM,
    HEALTH,
    INDEX,
    INSPECTOR,
    LINE_ROW,
    MADE,
    MEMBER,
    MILESTONE,
    PARTICIPANT,
    PAYMENT,
    READINESS,
    REORGANIZATION,
    TREASURY,
    money,
    source,
)

EXAMPLES: dict[str, Any] = {
    "/downloads": {
        "index": INDEX,
        "downloads": [
            {
                "name": "tables",
                "year": 2026,
                "format": "csv.zip",
                "mediaType": "application/zip",
                "rows": 412,
                "url": "https://termin.example/api/v1/downloads/2026/tables.csv.zip",
            }
        ],
    },
    "/contracts": {"index": INDEX, "next": None, "contracts": [CONTRACT]},
    "/contracts/{name}": {
        "index": INDEX,
        "contract": CONTRACT,
        "treasury": TREASURY,
        "arbiter": ARBITER,
        "committee": [MEMBER],
        "quorum": 2,
        "inspectors": [INSPECTOR],
        "createdBy": MEMBER,
        "budgetLine": LINE_ROW,
        "conditions": CONDITIONS,
        "originalEndsAt": "2026-08-31T00:00:00Z",
        "supplierSignedAt": "2026-01-05T05:00:00Z",
        "activatedAt": "2026-01-06T02:00:00Z",
        "completedAt": None,
        "defectsEndAt": None,
        "termination": None,
        "money": MONEY,
        "document": DOCUMENT,
        "content": {"type": "agreement", "title": "Road Sukamaju–Cibeureum"},
        "milestones": [MILESTONE],
        "payments": [PAYMENT],
        "claims": [CLAIM],
        "interestPayments": [INTEREST_PAYMENT],
        "guarantees": [GUARANTEE],
        "amendments": [AMENDMENT],
        "disputes": [DISPUTE],
        "stops": [STOP],
        "notices": [NOTICE],
        "decisions": [DECISION],
        "finalAccount": None,
    },
    "/contracts/{name}/summary": {"index": INDEX, "contract": CONTRACT},
    "/contracts/{name}/history": {"index": INDEX, "history": [ENTRY]},
    "/participants": {"index": INDEX, "next": None, "participants": [PARTICIPANT]},
    "/participants/{name}": {
        "index": INDEX,
        "participant": PARTICIPANT,
        "totals": [
            {
                "part": "supplier",
                "currency": "IDR",
                "contracts": 2,
                "payments": 3,
                "value": money("4580000000.00"),
                "paid": money("1814000000.00"),
                "owed": money("0.00"),
            }
        ],
        "offices": [],
        "successions": [
            {
                "status": "confirmed",
                "account": ACCOUNT,
                "document": DOCUMENT,
                "proposedAt": "2026-02-01T01:00:00Z",
                "previous": ADDRESS,
                "confirmedAt": "2026-02-02T01:00:00Z",
                "confirmedBy": ADDRESS,
            }
            | MADE
        ],
        "history": [],
    },
    "/payments": {"index": INDEX, "next": "WyJkYXRlIiwiZGVzYyIsMSwxXQ", "payments": [PAYMENT]},
    "/payments/{number}": {"index": INDEX, "payment": PAYMENT},
    "/events/{block}/{log_index}": {"index": INDEX, "event": ENTRY | {"address": ADDRESS}},
    "/budget-lines": {"index": INDEX, "next": None, "budgetLines": [LINE_ROW]},
    "/budget-lines/{name}": {"index": INDEX, "budgetLine": LINE_ROW},
    "/totals": {
        "index": INDEX,
        "totals": [
            {
                "currency": "IDR",
                "lines": 12,
                "appropriated": money("812000000000.00"),
                "committed": money("603400000000.00"),
                "contracts": 41,
                "value": money("603400000000.00"),
                "scheduled": money("601900000000.00"),
                "funded": money("590000000000.00"),
                "accepted": money("289000000000.00"),
                "paid": money("287900000000.00"),
                "owed": money("1100000000.00"),
                "refunded": money("0.00"),
                "held": money("301000000000.00"),
                "advanceOutstanding": money("8400000000.00"),
                "interestOwed": money("4200000.00"),
                "payments": 207,
                "late": 5,
            }
        ],
    },
    "/reorganizations": {"index": INDEX, "next": None, "reorganizations": [REORGANIZATION]},
    "/reorganizations/{number}": {
        "index": INDEX,
        "reorganization": REORGANIZATION,
        "retractions": [
            ENTRY | {"final": False, "source": source(4690, 3), "address": ADDRESS},
        ],
    },
    "/feed": {"index": INDEX, "next": FEED_ITEM["cursor"], "more": False, "items": [FEED_ITEM]},
    "/healthz": HEALTH,
    "/readyz": READINESS,
}
"""By path."""

PROBLEM = {
    "type": "urn:termin:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is no contract '99'; expected its number or address.",
    "instance": "/api/v1/contracts/99",
    "requestId": "0af7651916cd43dd8448eb211c80319c",
}
