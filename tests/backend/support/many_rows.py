"""Thousands of contracts without a chain, in a database that has taken stock of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, insert, text

from backend.db import models as m
from backend.db.base import Base
from backend.db.session import Database

CONTRACTS = 4_000
PARTICIPANTS = 4_000
MILESTONES = 2
START = 1_704_067_200
ASKED = 7
"""The number of the contract and of the participant of which nothing is told in the history: what
is made up here is no event."""
DIGEST = f"{ASKED:064x}"
CHAIN_ID = 1
"""Of no chain that tests have: what says that it is of this one was never indexed."""
TOKEN = "0x" + "0" * 40
_BATCH = 1_000
_NUMBERS = 100
"""How many payments a contract may have, by their numbers."""


def fill_many(database: Database, many: int = CONTRACTS, milestones: int = MILESTONES) -> None:
    """Create the tables and fill them: each grows with the contracts but tokens and cursor.

    Every milestone of a contract has a payment.
    """
    database.migrate()
    with database.transaction() as session:
        connection = session.connection()
        _add(connection, m.Cursor, [_cursor()])
        _add(connection, m.Token, [{"address": TOKEN, "number": 1, "currency": "IDR"}])
        people = range(1, PARTICIPANTS + 1)
        _add(connection, m.Participant, [_participant(n) for n in people])
        _add(connection, m.Succession, [{"participant": person(n), "number": 1} for n in people])
        _add(connection, m.BudgetLine, [_line(n) for n in people])
        contracts = range(1, many + 1)
        _add(connection, m.Document, [_document(n) for n in contracts])
        _add(connection, m.DocumentChange, [{"number": n} for n in contracts])
        _add(connection, m.Agreement, [_agreement(n) for n in contracts])
        every = [(n, k) for n in contracts for k in range(milestones)]
        _add(connection, m.Milestone, [_milestone(n, k) for n, k in every])
        _add(connection, m.Payment, [_payment(n, k) for n, k in every])
        _add(connection, m.Deduction, [_deduction(n, k) for n, k in every])
        _add(connection, m.EventRow, [_event(n, k) for n, k in every if n != ASKED])
        for model in _OF_CONTRACTS:
            _add(connection, model, [_some(n) | _SAID.get(model, {}) for n in contracts])
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


_OF_CONTRACTS = (
    m.AgreementOffice,
    m.Conditions,
    m.Tax,
    m.DirectPayment,
    m.Claim,
    m.InterestPayment,
    m.Guarantee,
    m.Amendment,
    m.AmendmentSignature,
    m.AmendmentChange,
    m.Dispute,
    m.SettlementOffer,
    m.Stop,
    m.DefaultNotice,
    m.Decision,
    m.DecisionVote,
    m.FinalAccount,
)

_SAID: dict[Any, dict[str, str]] = {
    m.AgreementOffice: {"duty": "committee"},
    m.Amendment: {"status": "enacted"},
    m.AmendmentSignature: {"side": "supplier"},
    m.Dispute: {"status": "ruled", "side": "supplier"},
    m.Guarantee: {"kind": "performance"},
    m.SettlementOffer: {"side": "supplier"},
    m.Stop: {"kind": "hold"},
}
"""Codes that pages have words for."""


def address(number: int) -> str:
    """Address of the agreement with this number."""
    return f"0x{number:040x}"


def person(number: int) -> str:
    """Id of the participant with this number."""
    return f"0x{1 + number % PARTICIPANTS:064x}"


def _add(connection: Connection, model: type[Base], rows: list[dict[str, Any]]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    blank = {c.name: _blank(c) for c in table.columns if not c.nullable}
    for start in range(0, len(rows), _BATCH):
        connection.execute(
            insert(table), [_fit(table, blank | row) for row in rows[start : start + _BATCH]]
        )


def _fit(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in table.columns}


def _blank(column: Any) -> Any:
    kind = column.type.python_type
    return kind() if kind in {str, int, bool, bytes} else 0


def _cursor() -> dict[str, Any]:
    return {"id": 1, "chain_id": CHAIN_ID, "block": 1, "block_hash": "0x" + "03" * 32}


def _some(number: int) -> dict[str, Any]:
    who = person(number)
    names = ("participant", "payee", "recipient", "proposed_by", "opened_by", "by")
    return dict.fromkeys(names, who) | {"agreement": address(number)}


def _participant(number: int) -> dict[str, Any]:
    return {
        "id": f"0x{number:064x}",
        "number": number,
        "scheme": "X",
        "identifier": f"{number:06}",
        "organization": f"0x{1 + number // 10:064x}" if number > 100 else None,
        "roles": 511,
        "standing": ("active", "suspended", "debarred")[number % 3],
        "name": f"PT Karya {number}",
        "name_key": f"pt karya {number}",
        "search": f"pt karya {number}",
        "made_block": number,
    }


def _line(number: int) -> dict[str, Any]:
    return {
        "id": f"0x{number:064x}",
        "number": number,
        "buyer": person(number),
        "token": TOKEN,
        "fiscal_year": 2000 + number % 30,
        "code": str(number),
        "appropriated": number,
        "committed": number % 7,
        "made_block": number,
    }


def _document(number: int) -> dict[str, Any]:
    return {"hash": f"0x{number:064x}", "kind": "agreement", "state": "present", "text": "{}"}


def _agreement(number: int) -> dict[str, Any]:
    return {
        "address": address(number),
        "number": number,
        "ocid": f"ocds-{number}",
        "contract_id": f"C-{number}",
        "buyer": person(number),
        "supplier": person(number * 7),
        "treasury": person(1),
        "created_by": person(2),
        "token": TOKEN,
        "budget_line": person(number),
        "document": f"0x{number:064x}",
        "title_key": f"road {number:06}",
        "search": f"road {number:06}",
        "status": ("signed", "active", "completed", "terminated", "closed")[number % 5],
        "dated_at": START + number * 10_000,
        "defects_end_at": START,
        "value": number * 100,
        "paid": number * 10,
        "made_block": number,
        "changed_block": number,
    }


def _milestone(number: int, index: int) -> dict[str, Any]:
    return {
        "agreement": address(number),
        "number": index,
        "amount": 100,
        "payee": person(number * 7),
        "late_after": START + number if index and number % 3 else None,
        "status": "scheduled" if index else "paid",
    }


def _payment(number: int, index: int) -> dict[str, Any]:
    return {
        "number": number * _NUMBERS + index,
        "agreement": address(number),
        "milestone": index,
        "payee": person(number * 7),
        "token": TOKEN,
        "basis": "acceptance",
        "gross": number,
        "net": number,
        "status": "owed" if number % 50 == 0 else "paid",
        "dated_at": START + number * 10_000,
        "paid_at": START + number,
    }


def _deduction(number: int, index: int) -> dict[str, Any]:
    return {
        "payment": number * _NUMBERS + index,
        "agreement": address(number),
        "token": TOKEN,
        "part": "tax",
        "recipient": person(number),
        "status": "paid",
        "paid_at": START + number,
    }


def _event(number: int, index: int) -> dict[str, Any]:
    return {
        "block": number,
        "log_index": index,
        "contract": "Agreement",
        "name": "MilestoneApproved",
        "agreement": address(number),
        "participant": person(number) if person(number) != f"0x{ASKED:064x}" else None,
    }
