"""Reading PostgreSQL without a thread for each reader: a few connections of an event loop's own.

A thread costs more than the answer that it waits for. Each statement is answered in one state of
the index, since it is one statement; whoever needs two compares the states of both.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import URL, BindParameter, Executable
from sqlalchemy.dialects import postgresql

from backend.db.connecting import arguments
from backend.db.lane import Lane, Row
from backend.db.troubles import DatabaseUnavailableError, translated

CONNECTIONS = 8
WAIT_SECONDS = 10.0
"""How long a reader waits for a connection, and a connection for the database."""
# PostgreSQL's own way to name parameters: the driver would look for its own in each question anew.
_DIALECT = postgresql.psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_MARK = re.compile(r"__\[POSTCOMPILE_(\w+)\]")
"""What SQLAlchemy leaves where a value is to be written."""
TOO_MANY = "Too many readers at once. Try again."
_SILENT = "The database does not answer."


class Lanes:
    """The connections, opened when they are needed; those that broke are replaced.

    With `planned` the database plans a statement once, whatever its values are; else anew for each
    values. Whatever goes wrong in reaching it is raised as `DatabaseUnavailableError`.
    """

    def __init__(self, url: URL, *, planned: bool = True) -> None:
        plans = "force_generic_plan" if planned else "force_custom_plan"
        ours = "default_transaction_read_only=on", f"plan_cache_mode={plans}"
        _, named = _DIALECT.create_connect_args(url)  # type: ignore[no-untyped-call]
        self._arguments = named | arguments(url, *ours)
        self._idle: list[Lane] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def rows(self, statement: Executable | Compiled, given: Mapping[str, Any]) -> list[Row]:
        """All rows of a statement."""
        asked = statement if isinstance(statement, Compiled) else _known(statement)
        values = {**asked.constants, **given}
        async with self._place():
            return await self._ask(asked.text(values), [values[n] for n in asked.names])

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().close()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailableError(TOO_MANY) from error
        try:
            with translated(writing=False):
                yield
        except TimeoutError as error:
            raise DatabaseUnavailableError(_SILENT) from error
        finally:
            self._free.release()

    async def _ask(self, sql: bytes, values: list[Any]) -> list[Row]:
        while self._idle:
            lane = self._idle.pop()
            try:
                return await self._rows(lane, sql, values)
            except psycopg.OperationalError:
                # It broke while nobody used it, as all others have: the next one is a new one.
                if not lane.lost:
                    raise
                self.close()
        async with asyncio.timeout(WAIT_SECONDS):
            lane = await Lane.open(self._arguments)
        return await self._rows(lane, sql, values)

    async def _rows(self, lane: Lane, sql: bytes, values: list[Any]) -> list[Row]:
        try:
            found = await lane.rows(sql, values)
        except BaseException:
            lane.close()
            raise
        self._idle.append(lane)
        return found


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text, the names of its parameters in their order, and those that it has values
    for: a fiftieth of what the statement takes of memory, for whoever keeps many.

    `written` says by name how values are written that stand in the text.
    """

    sql: str
    names: list[str]
    constants: dict[str, Any]
    written: dict[str, Callable[[Any], str]]

    def text(self, values: Mapping[str, Any]) -> bytes:
        """What is sent."""
        if not self.written:
            return self.sql.encode()
        return _MARK.sub(lambda mark: self.written[mark[1]](values[mark[1]]), self.sql).encode()


def compiled(statement: Executable) -> Compiled:
    """What there is to send of a statement."""
    found = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
    constants = {name: value for name, value in found.params.items() if value is not None}
    written = {each.key: _writer(each) for each in found.literal_execute_params}
    names = [name for name in found.positiontup or () if name not in written]
    return Compiled(str(found), names, constants, written)


_known = lru_cache(maxsize=64)(compiled)


def _writer(parameter: BindParameter[Any]) -> Callable[[Any], str]:
    """What writes values of a parameter as SQL."""
    kind = parameter.type.dialect_impl(_DIALECT)
    write: Callable[[Any], str] | None = kind.literal_processor(_DIALECT)
    if write is None:
        raise TypeError(f"{parameter.key}: {kind!r} has no literals")
    return write
