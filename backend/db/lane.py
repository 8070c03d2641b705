"""One connection to PostgreSQL of an event loop's own, which prepares each statement once.

psycopg's cursors register with the event loop anew for each piece of an answer, which costs more
than the piece. A lane is registered for as long as it is open, and takes in what comes itself.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]

PREPARED = 32
"""How many statements are kept prepared, those that were asked for last: a search takes PostgreSQL
half a megabyte on each connection."""
_LOST = "The database has closed the connection."


class Lane:
    """One statement after another; raises what psycopg raises.

    Whoever does not wait for an answer, or gets none, has to close it: what was prepared for tables
    that were switched since, say, is of no use any more. `lost` tells that the server closed it.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.lost = False
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._server = connection.pgconn
        self._socket = self._server.socket
        self._values = Transformer(connection)
        self._prepared: OrderedDict[tuple[bytes, tuple[int, ...]], bytes] = OrderedDict()
        self._named = 0
        self._waiting: asyncio.Future[PGresult] | None = None
        self._result: PGresult | None = None
        self._loop.add_reader(self._socket, self._arrived)

    @classmethod
    async def open(cls, arguments: Mapping[str, Any]) -> Lane:
        """Connect as libpq's parameters say; raises `psycopg.OperationalError`."""
        return cls(await psycopg.AsyncConnection.connect(autocommit=True, **arguments))

    def close(self) -> None:
        """Let go of the connection."""
        if not self._open:
            # Another one may have its socket's number by now.
            return
        self._open = False
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._server.finish()

    async def rows(self, sql: bytes, values: Sequence[Any]) -> list[Row]:
        """All rows of a statement with parameters `$1`, `$2` and so on."""
        if self.lost:
            raise psycopg.OperationalError(_LOST)
        given = self._values.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = self._values.types or (), self._values.formats
        name = await self._prepare(sql, types)
        self._server.send_query_prepared(name, given, param_formats=formats)
        result = await self._answer()
        self._values.set_pgresult(result)
        try:
            return self._values.load_rows(0, result.ntuples, tuple)
        finally:
            self._values.set_pgresult(None)

    async def _prepare(self, sql: bytes, types: tuple[int, ...]) -> bytes:
        """The name of the statement on the server."""
        key = (sql, types)
        if name := self._prepared.get(key):
            self._prepared.move_to_end(key)
            return name
        while len(self._prepared) >= PREPARED:
            _, oldest = self._prepared.popitem(last=False)
            self._server.send_query(b"DEALLOCATE " + oldest)
            await self._answer()
        self._named += 1
        name = b"lane_%d" % self._named
        self._server.send_prepare(name, sql, types)
        await self._answer()
        self._prepared[key] = name
        return name

    async def _answer(self) -> PGresult:
        """The answer to what was sent."""
        self._waiting = self._loop.create_future()
        self._send()
        result = await self._waiting
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, self._connection.info.encoding)
        return result

    def _send(self) -> None:
        """Send what the connection takes, and the rest when it takes more."""
        try:
            if self._server.flush():
                self._loop.add_writer(self._socket, self._send)
            else:
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError as error:
            self._lose(error)

    def _arrived(self) -> None:
        """Take in what has come; also that the server has closed the connection."""
        try:
            self._server.consume_input()
            while self._waiting is not None and not self._server.is_busy():
                self._take(self._server.get_result())
        except psycopg.OperationalError as error:
            self._lose(error)

    def _take(self, result: PGresult | None) -> None:
        """Take a result, or that there is no other one: then the answer is complete."""
        if result is not None:
            self._result = result
            return
        waiting, answer = self._waiting, self._result
        self._waiting = self._result = None
        if waiting is not None and answer is not None and not waiting.done():
            waiting.set_result(answer)

    def _lose(self, error: psycopg.OperationalError) -> None:
        """Say to whoever waits that the connection is no more."""
        self.lost = True
        self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
