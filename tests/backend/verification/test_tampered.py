"""Whatever is changed in the tables is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, and_, create_engine, delete, insert, select, text, update
from support.works import Works

from backend.db.base import Base
from backend.db.session import Database
from backend.verification.differences import A_ROW, NO_ROW, Difference, Side
from backend.verification.tables import AGREEMENTS, EVENTS, LINES, OF_AGREEMENTS, TOKENS, Table

from .conftest import checked

TABLES = {table.name: table for table in (AGREEMENTS, *OF_AGREEMENTS, TOKENS, LINES, EVENTS)}
MORE = 1_000
FRESH: dict[str, dict[str, Any]] = {
    "agreements": {"address": "0x" + "9" * 40, "number": 1_001},
    "milestones": {"number": 1_001},
    "payments": {"number": 1_001, "made_log_index": 1_001},
    "deductions": {"position": 1_001, "made_log_index": 1_001},
    "claims": {"milestone": 1_001},
    "interest_payments": {"made_log_index": 1_001},
    "taxes": {"position": 1_001},
    "direct_payments": {"position": 1_001},
    "agreement_offices": {"position": 1_001},
    "tokens": {"address": "0x" + "9" * 40, "number": 1_001, "currency": "XXX"},
    "budget_lines": {"id": "0x" + "9" * 64, "number": 1_001},
    "events": {"log_index": 1_001},
}
"""What makes another row of a copy. Each agreement has one final account, and one of conditions."""


@contextmanager
def changing(database: Database) -> Iterator[Connection]:
    """A connection that no foreign key hinders."""
    engine = create_engine(database.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


def rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    kind = Base.metadata.tables[table.name]
    order = [kind.c[name] for name in table.key]
    return [dict(row) for row in connection.execute(select(kind).order_by(*order)).mappings()]


def this(table: Table, row: dict[str, Any]) -> Any:
    kind = Base.metadata.tables[table.name]
    return and_(*(kind.c[column.name] == row[column.name] for column in kind.primary_key))


def key(table: Table, row: dict[str, Any]) -> str:
    return "/".join(str(row[name]) for name in table.key)


def owner(owners: dict[str, int], table: Table, row: dict[str, Any]) -> int | None:
    """The number of the agreement that a difference names."""
    if table in (TOKENS, LINES, EVENTS):
        return None
    return int(row["number"]) if table is AGREEMENTS else owners[row["agreement"]]


def other(value: Any) -> Any:
    """A value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + MORE
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    return None


def filling(table: Table, column: str) -> Any:
    """A value where there was none."""
    kind = Base.metadata.tables[table.name].c[column].type.python_type
    return "0x" if kind is str else 7


def sorted_by_table(differences: Iterable[Difference]) -> list[Difference]:
    """In an order that does not depend on the table's or the column's place in the check."""
    return sorted(differences, key=lambda each: (each.table, each.key, each.column))


def test_every_column_of_every_table(works: Works, indexed_works: Database) -> None:
    expected: list[Difference] = []
    with changing(indexed_works) as connection:
        whole = {name: rows(connection, table) for name, table in TABLES.items()}
        owners = {row["address"]: row["number"] for row in whole["agreements"]}
        for name, table in TABLES.items():
            # The row with most in it.
            row = max(whole[name], key=lambda row: sum(v is not None for v in row.values()))
            changed = {
                column: filling(table, column) if row[column] is None else other(row[column])
                for column in table.columns
                # By these rows are found.
                if column not in {"agreement", *table.key}
            }
            assert changed
            kind = Base.metadata.tables[name]
            connection.execute(update(kind).where(this(table, row)).values(changed))
            place = (Side.DATABASE, owner(owners, table, row), name, key(table, row))
            expected += [Difference(*place, each, row[each], changed[each]) for each in changed]
    done, differences = checked(works.rpc, works, indexed_works)
    assert sorted_by_table(differences) == sorted_by_table(expected)
    assert done.differences == len(expected) > 150


def test_rows_that_are_missing_in_every_table(works: Works, indexed_works: Database) -> None:
    expected: list[Difference] = []
    with changing(indexed_works) as connection:
        whole = {name: rows(connection, table) for name, table in TABLES.items()}
        owners = {row["address"]: row["number"] for row in whole["agreements"]}
        for name, table in TABLES.items():
            row = whole[name][-1]
            connection.execute(delete(Base.metadata.tables[name]).where(this(table, row)))
            place = (Side.DATABASE, owner(owners, table, row), name, key(table, row))
            expected.append(Difference(*place, "row", A_ROW, NO_ROW))
    _, differences = checked(works.rpc, works, indexed_works)
    assert sorted_by_table(differences) == sorted_by_table(expected)


def test_rows_in_excess_in_every_table(works: Works, indexed_works: Database) -> None:
    expected: list[Difference] = []
    with changing(indexed_works) as connection:
        whole = {name: rows(connection, table) for name, table in TABLES.items()}
        owners = {row["address"]: row["number"] for row in whole["agreements"]}
        for name, fresh in FRESH.items():
            table, row = TABLES[name], whole[name][0] | fresh
            connection.execute(insert(Base.metadata.tables[name]).values(row))
            place = (Side.DATABASE, owner(owners, table, row), name, key(table, row))
            expected.append(Difference(*place, "row", NO_ROW, A_ROW))
    _, differences = checked(works.rpc, works, indexed_works)
    assert sorted_by_table(differences) == sorted_by_table(expected)


def test_a_final_account_of_what_goes_on(works: Works, indexed_works: Database) -> None:
    quay = works.contracts["quay"].address
    table = TABLES["final_accounts"]
    with changing(indexed_works) as connection:
        row = rows(connection, table)[0] | {"agreement": quay}
        connection.execute(insert(Base.metadata.tables[table.name]).values(row))
    _, differences = checked(works.rpc, works, indexed_works)
    assert differences == [Difference(Side.DATABASE, 5, table.name, quay, "row", NO_ROW, A_ROW)]


def test_only_the_agreement_that_is_asked_for(works: Works, indexed_works: Database) -> None:
    table = Base.metadata.tables["agreements"]
    with changing(indexed_works) as connection:
        connection.execute(update(table).values(paid=table.c.paid, damages=1))
    _, differences = checked(works.rpc, works, indexed_works, only=2)
    dam = works.contracts["dam"].address
    assert differences == [Difference(Side.DATABASE, 2, "agreements", dam, "damages", 0, 1)]


def test_a_payment_under_another_number_is_one_wherever_all_are_counted(
    works: Works, indexed_works: Database
) -> None:
    table = Base.metadata.tables["payments"]
    with changing(indexed_works) as connection:
        (row, *_) = rows(connection, TABLES["payments"])
        connection.execute(update(table).where(table.c.number == 1).values(number=1_001))
    _, differences = checked(works.rpc, works, indexed_works)
    assert [(each.table, each.column, each.expected, each.found) for each in differences] == [
        ("payments", "number", row["number"], 1_001)
    ]
    assert checked(works.rpc, works, indexed_works, only=1)[1] == []
