"""Rows without a chain, where a test needs many."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from backend.db.base import Base
from backend.db.models import (
    Agreement,
    BudgetLine,
    Conditions,
    Cursor,
    Milestone,
    Participant,
    Payment,
    Token,
)
from backend.db.session import Database
from backend.db.text import sort_key

TOKEN = "0x" + "0" * 40
PLACE = {
    "made_transaction": "0x" + "0" * 64,
    "made_log_index": 0,
    "changed_transaction": "0x" + "0" * 64,
    "changed_log_index": 0,
}


@dataclass(frozen=True)
class Made:
    """One agreement with one paid milestone."""

    title: str
    value: int
    dated_at: int
    block: int
    late: bool = False


def address(number: int) -> str:
    """Address of the agreement with this number."""
    return f"0x{number:040x}"


def fill(database: Database, rows: list[Made]) -> None:
    """Replace whatever is there."""
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        places = PLACE | {"made_block": 1, "changed_block": 1}
        session.add(
            Cursor(
                chain_id=1,
                genesis_hash="0x01",
                factory="0x02",
                block=1,
                block_hash="0x" + "03" * 32,
                block_timestamp=1,
                final_block=1,
                projection_version=1,
            )
        )
        session.add(Token(address=TOKEN, number=1, currency="MXN", decimals=2, **places))
        session.add(
            Participant(
                id="p",
                number=1,
                scheme="X",
                identifier="1",
                account=None,
                organization=None,
                roles=1,
                standing="active",
                registered_at=0,
                document=None,
                name_key="p",
                search="p",
                **places,
            )
        )
        session.flush()
        session.add(
            BudgetLine(
                id="l",
                number=1,
                buyer="p",
                token=TOKEN,
                fiscal_year=2024,
                code="c",
                appropriated=0,
                document=None,
                **places,
            )
        )
        session.flush()
        session.add_all([_agreement(i, row) for i, row in enumerate(rows, 1)])
        session.flush()
        session.add_all([_conditions(i) for i in range(1, len(rows) + 1)])
        session.add_all([_milestone(i, row) for i, row in enumerate(rows, 1)])
        session.flush()
        session.add_all([_payment(i, row) for i, row in enumerate(rows, 1)])


def _agreement(number: int, row: Made) -> Agreement:
    return Agreement(
        address=address(number),
        number=number,
        ocid="o",
        contract_id=f"c{number}",
        buyer="p",
        supplier="p",
        treasury="p",
        arbiter=None,
        created_by="p",
        quorum=1,
        token=TOKEN,
        budget_line="l",
        document=None,
        title=row.title or None,
        title_key=sort_key(row.title),
        search="",
        signed_at=None,
        starts_at=None,
        ends_at=None,
        original_ends_at=None,
        dated_at=row.dated_at,
        created_at=row.dated_at,
        changed_at=row.dated_at,
        original_value=row.value,
        value=row.value,
        paid=row.value,
        made_block=row.block,
        changed_block=row.block,
        **PLACE,
    )


def _milestone(number: int, row: Made) -> Milestone:
    return Milestone(
        agreement=address(number),
        number=0,
        amount=row.value,
        original_amount=row.value,
        due_at=0,
        original_due_at=0,
        agreed_at=0,
        late_after=0 if row.late else None,
        payee="p",
        document=None,
        amendment=None,
        status="scheduled" if row.late else "paid",
        scheduled_at=0,
        made_block=row.block,
        changed_block=row.block,
        **PLACE,
    )


def _conditions(number: int) -> Conditions:
    names = [c.name for c in Conditions.__table__.columns if c.name not in {*PLACE, "made_block"}]
    zeros = dict.fromkeys(names, 0) | {"agreement": address(number), "made_block": 1}
    place = {name: value for name, value in PLACE.items() if name.startswith("made_")}
    return Conditions(**zeros, **place)


def _payment(number: int, row: Made) -> Payment:
    zeros = dict.fromkeys(("advance", "retention", "damages", "taxes", "direct", "carried"), 0)
    return Payment(
        number=number,
        agreement=address(number),
        milestone=0,
        payee="p",
        account="0x",
        token=TOKEN,
        basis="acceptance",
        attempt=1,
        gross=row.value,
        net=row.value,
        late_days=0,
        status="paid",
        made_at=row.dated_at,
        paid_at=row.dated_at,
        dated_at=row.dated_at,
        made_block=row.block,
        changed_block=row.block,
        **zeros,
        **PLACE,
    )
