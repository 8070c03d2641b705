"""What a database is asked, and the tables that it reads whole for the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Executable, event, text

from backend.db.base import Base
from backend.db.lanes import Compiled, Lanes, compiled
from backend.db.session import Database

SMALL = {"tokens", "cursor", "reorganizations", "retractions"}
"""Tables of a few rows, however many contracts there are."""
_NO_DISK_THAT_TURNS = text("SET LOCAL random_page_cost = 1.1")
"""From one that does, tables as small as here are read whole."""


@dataclass
class Asked:
    """What the database was asked while something was answered."""

    statements: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def listening(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """All that is asked meanwhile, by whatever way."""
    asked = Asked()

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        asked.statements.append((statement, values))

    plain = Lanes.rows

    async def rows(self: Lanes, statement: Executable | Compiled, given: Mapping[str, Any]) -> Any:
        sent = statement if isinstance(statement, Compiled) else compiled(statement)
        values = {**sent.constants, **given}
        written = sent.text(values).decode().replace("%", "%%")
        named = re.sub(r"\$(\d+)", lambda mark: f"%({sent.names[int(mark[1]) - 1]})s", written)
        asked.statements.append((named, values))
        return await plain(self, statement, given)

    monkeypatch.setattr(Lanes, "rows", rows)
    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def scanned(database: Database, statement: str, values: Any) -> set[str]:
    """The tables that a statement reads row by row."""
    if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
        return set()
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(_NO_DISK_THAT_TURNS)
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars()
            return {m[1] for row in rows if (m := re.search(r"Seq Scan on (\w+)", row))}
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        found = {m[1] for row in rows if (m := re.fullmatch(r"SCAN (\w+)", row[3]))}
        # Names that the statement gives to tables are theirs with a number.
        return {name.rstrip("_0123456789") for name in found} & Base.metadata.tables.keys()


def counts(statement: str) -> bool:
    """Whether a statement counts rows, and does nothing else."""
    found = re.search(r"^\s*(WITH .*\n\s*)?SELECT (\(SELECT )?count\(", statement, re.DOTALL)
    return found is not None


def rows_read(database: Database, statement: str, values: Any) -> int:
    """How many rows of tables PostgreSQL looks at for the answer, those it passes over included."""
    with database.engine.connect() as connection:
        connection.execute(_NO_DISK_THAT_TURNS)
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        (explained,) = connection.exec_driver_sql(explain, values).scalar_one()
    return _rows_read(explained["Plan"])


def _rows_read(plan: dict[str, Any]) -> int:
    passed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows = plan["Actual Rows"] + sum(plan.get(name, 0) for name in passed)
    own = rows * plan["Actual Loops"] if "Relation Name" in plan else 0
    return int(own + sum(map(_rows_read, plan.get("Plans", ()))))


def filtered(database: Database, statement: str, values: Any) -> set[str]:
    """What PostgreSQL looks for in rows that it has read already, in the order of an index."""
    with database.engine.connect() as connection:
        connection.execute(text("SET LOCAL enable_sort = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
    return {row.strip() for row in rows if "Filter: " in row}
