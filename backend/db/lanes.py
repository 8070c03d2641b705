"""Reading PostgreSQL without a thread for each reader: a few connections of an event loop's own.

A thread costs more than the answer that it waits for. Each statement is answered in one state of
the index, since it is one statement; whoever needs two compares the states of both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import URL, Executable
from sqlalchemy.dialects import postgresql

from backend.db.session import server_options
from backend.db.troubles import DatabaseUnavailableError, translated

CONNECTIONS = 8
WAIT_SECONDS = 10.0
"""How long a reader waits for a connection, and a connection for the database."""
# PostgreSQL's own way to name parameters: the driver would look for its own in each question anew.
_DIALECT = postgresql.psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
TOO_MANY = "Too many readers at once. Try again."
_SILENT = "The database does not answer."

Row = tuple[Any, ...]
Connection = psycopg.AsyncConnection[Row]


class Lanes:
    """The connections, opened when they are needed; those that broke are replaced.

    With `planned` the database plans a statement once, whatever its values are; else anew for each
    values. Whatever goes wrong in reaching it is raised as `DatabaseUnavailableError`.
    """

    def __init__(self, url: URL, *, planned: bool = True) -> None:
        plans = "force_generic_plan" if planned else "force_custom_plan"
        ours = f"-c default_transaction_read_only=on -c plan_cache_mode={plans}"
        self._options = f"{server_options(url)} {ours}"
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def rows(self, statement: Executable, given: Mapping[str, Any]) -> list[Row]:
        """All rows of a statement."""
        sql, names, constants = _compiled(statement)
        values = {**constants, **given}
        async with self._place():
            return await self._ask(sql, [values[name] for name in names])

    async def close(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.pop().close()

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
            connection = self._idle.pop()
            try:
                return await self._rows(connection, sql, values)
            except psycopg.OperationalError:
                # It broke while nobody used it, as all others have: the next one is a new one.
                if not connection.closed:
                    raise
                await self.close()
        async with asyncio.timeout(WAIT_SECONDS):
            connection = await self._open()
        return await self._rows(connection, sql, values)

    async def _open(self) -> Connection:
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, options=self._options, cursor_factory=psycopg.AsyncRawCursor
        )

    async def _rows(self, connection: Connection, sql: bytes, values: list[Any]) -> list[Row]:
        whole = False
        try:
            cursor = await connection.execute(sql, values, prepare=True)
            found = await cursor.fetchall()
            whole = True
            return found
        finally:
            if whole:
                self._idle.append(connection)
            else:
                await connection.close()


@lru_cache(maxsize=1024)
def _compiled(statement: Executable) -> tuple[bytes, list[str], dict[str, Any]]:
    """A statement, the names of its parameters in their order, and those that it has values for."""
    compiled = statement.compile(  # type: ignore[attr-defined]
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return str(compiled).encode(), list(compiled.positiontup or ()), constants
