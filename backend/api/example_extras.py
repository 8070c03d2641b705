"""Conditions, guarantees, conflicts and endings of the contract of the examples."""

from __future__ import annotations

from typing import Any

from backend.api.example_parts import (
    ACCOUNT,
    ARBITER,
    AUDITOR,
    COLLECTOR,
    DOCUMENT,
    HASH,
    MADE,
    MEMBER,
    SUPPLIER,
    TREASURY,
    money,
    source,
)

CONDITIONS: dict[str, Any] = {
    "advanceRate": "0.2000",
    "recoveryRate": "0.2000",
    "retentionRate": "0.0500",
    "securityRate": "0.0500",
    "damagesRate": "0.001000",
    "damagesCap": "0.0500",
    "interestRate": "0.000164",
    "amendmentCap": "0.1000",
    "defaultShare": "0.5000",
    "reviewDays": 14,
    "paymentDays": 14,
    "disputeDays": 14,
    "rulingDays": 30,
    "holdDays": 30,
    "suspensionDays": 90,
    "cureDays": 14,
    "defectsDays": 180,
    "lapseDays": 365,
    "taxes": [{"recipient": COLLECTOR, "numerator": 11, "denominator": 111, "base": "gross"}],
    "directPayments": [
        {
            "milestone": 4,
            "recipient": SUPPLIER | {"number": 8, "name": "CV Aspal Prima"},
            "amount": money("90000000.00"),
            "paid": money("0.00"),
        }
    ],
}

MONEY = {
    "held": money("2386000000.00"),
    "advancePaid": money("840000000.00"),
    "advanceOutstanding": money("580000000.00"),
    "retained": money("65000000.00"),
    "damages": money("1000000.00"),
    "damagesCarried": money("0.00"),
    "taxes": money("128828828.83"),
    "direct": money("0.00"),
    "cancelled": money("0.00"),
    "released": money("0.00"),
    "interestAccrued": money("161500.00"),
    "interestPaid": money("100000.00"),
    "interestOwed": money("61500.00"),
}

CLAIM = {
    "milestone": 3,
    "payee": SUPPLIER,
    "owed": money("0.00"),
    "paid": money("80000000.00"),
    "since": "2026-03-05T02:00:00Z",
    "paidAt": "2026-03-09T02:00:00Z",
} | MADE

INTEREST_PAYMENT = {
    "by": TREASURY,
    "account": ACCOUNT,
    "amount": money("100000.00"),
    "paidAt": "2026-03-10T02:00:00Z",
    "source": source(4705, 0),
}

GUARANTEE = {
    "kind": "performance",
    "status": "in-force",
    "amount": money("210000000.00"),
    "expiresAt": "2026-12-31T00:00:00Z",
    "document": DOCUMENT,
    "recordedAt": "2026-01-06T01:00:00Z",
    "replacedAt": None,
    "calledAt": None,
    "called": None,
    "callReason": None,
} | MADE

AMENDMENT = {
    "number": 1,
    "status": "proposed",
    "increase": money("150000000.00"),
    "decrease": money("0.00"),
    "endsAt": "2026-09-30T00:00:00Z",
    "milestones": 1,
    "changes": [
        {
            "milestone": 5,
            "amount": money("600000000.00"),
            "dueAt": "2026-07-15T00:00:00Z",
            "payee": None,
            "removed": False,
        }
    ],
    "reason": "additional-work",
    "legalGround": None,
    "document": DOCUMENT,
    "validUntil": "2026-04-01T00:00:00Z",
    "proposedBy": MEMBER,
    "proposedAt": "2026-03-01T02:00:00Z",
    "signatures": [
        {
            "by": MEMBER,
            "side": "committee",
            "signedAt": "2026-03-01T02:00:00Z",
            "source": source(4701, 0),
        }
    ],
    "enactedAt": None,
    "previousValue": None,
    "value": None,
    "cumulativeIncrease": None,
} | MADE

DISPUTE = {
    "milestone": 1,
    "status": "ruled",
    "side": "supplier",
    "openedBy": SUPPLIER,
    "openedAt": "2026-02-02T02:00:00Z",
    "disputed": money("200000000.00"),
    "reason": "work-is-done",
    "document": DOCUMENT,
    "offers": [
        {
            "side": "supplier",
            "by": SUPPLIER,
            "amount": money("180000000.00"),
            "offeredAt": "2026-02-03T02:00:00Z",
            "source": source(3900, 0),
        }
    ],
    "endedAt": "2026-02-12T02:00:00Z",
    "ruledBy": ARBITER,
    "amount": money("150000000.00"),
    "rest": money("50000000.00"),
    "rulingReason": "partly-done",
    "rulingDocument": DOCUMENT,
} | MADE

STOP = {
    "kind": "hold",
    "inForce": False,
    "by": AUDITOR,
    "placedAt": "2026-02-14T02:00:00Z",
    "plannedUntil": "2026-02-28T02:00:00Z",
    "until": "2026-02-19T02:00:00Z",
    "reason": "audit",
    "document": DOCUMENT,
    "extendedAt": None,
    "extendedBy": None,
    "extensionReason": None,
    "extensionDocument": None,
    "endedAt": "2026-02-19T02:00:00Z",
    "endedBy": AUDITOR,
} | MADE

NOTICE = {
    "noticedAt": "2026-02-20T02:00:00Z",
    "curableUntil": "2026-03-06T02:00:00Z",
    "reason": "idle",
    "document": DOCUMENT,
    "curedAt": "2026-02-27T02:00:00Z",
    "cureReason": "back-at-work",
    "cureDocument": None,
} | MADE

DECISION = {
    "decision": HASH,
    "act": "noticeDefault",
    "approvals": 1,
    "quorum": 2,
    "openedAt": "2026-02-20T01:00:00Z",
    "decidedAt": None,
    "votes": [{"by": MEMBER, "votedAt": "2026-02-20T01:00:00Z", "source": source(4300, 0)}],
} | MADE
