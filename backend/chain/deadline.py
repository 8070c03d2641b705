"""Connections that are not waited for in vain.

An answer has to be complete in time. A timeout of a socket is for each step: a node that says a
byte now and then, or goes on saying that it will answer, would never be given up. And a connection
that was idle for long is made anew: who is between may have forgotten it without a word.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

KEPT_SECONDS = 5.0
"""For how long an idle connection is trusted."""
_PUT_BACK = "put_back"


class _Timed(io.RawIOBase):
    """What a connection brings, until its timeout is over: then TimeoutError."""

    def __init__(self, connection: socket.socket, source: io.RawIOBase) -> None:
        self._connection, self._source = connection, source
        self._until = time.monotonic() + (connection.gettimeout() or 0.0)

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """What there is next."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not complete in time")
        self._connection.settimeout(left)
        return self._source.readinto(buffer)

    def close(self) -> None:
        """Close the source too."""
        self._source.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp = io.BufferedReader(_Timed(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Rested(HTTPConnectionPool):
    """Closes what is taken out after more than `KEPT_SECONDS`; it is connected anew then."""

    def _get_conn(self, timeout: float | None = None) -> BaseHTTPConnection:
        found = super()._get_conn(timeout)
        if time.monotonic() - getattr(found, _PUT_BACK, float("inf")) > KEPT_SECONDS:
            found.close()
        return found

    def _put_conn(self, conn: BaseHTTPConnection | None) -> None:
        if conn is not None:
            setattr(conn, _PUT_BACK, time.monotonic())
        super()._put_conn(conn)


class _Pool(_Rested):
    ConnectionCls = _Connection


class _SecurePool(_Rested, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def in_time(pools: PoolManager) -> PoolManager:
    """The same with such connections; the timeout for reading is for the whole of an answer."""
    pools.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return pools
