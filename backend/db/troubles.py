"""What a database cannot do at present, in words: whoever reads them can do something about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from backend.core.errors import AppError

UNREACHABLE = "database-unreachable"
_FIRST = "Run `termin index` first."


class DatabaseUnavailableError(AppError):
    """The database is not there, does not answer, or cannot do what it is asked for now.

    `code` names the trouble for programs: `index-missing` (no file), `tables-missing`,
    `tables-outdated`, or `database-` and `unreachable`, `connections`, `locked`, `slow`, `full`,
    `read-only`, `forbidden`, `damaged`, `failed`.
    """

    status = 503
    title = "The index is not available"

    def __init__(self, detail: str, code: str = UNREACHABLE) -> None:
        super().__init__(detail)
        self.code = code


_DETAILS = {
    "tables-missing": f"The database has no tables yet. {_FIRST}",
    "tables-outdated": "The tables are not those of this version. Run `termin index` to bring them "
    "up to date.",
    UNREACHABLE: "The database does not answer, or has closed the connection.",
    "database-missing": "The server has no database of this name.",
    "database-connections": "The database takes no further connections.",
    "database-locked": "Somebody else holds the database's lock for longer than can be waited for.",
    "database-slow": "The database did not answer in the time that a reader may take.",
    "database-full": "The database's disk is full.",
    "database-read-only": "The database takes no changes: it is read-only.",
    "database-forbidden": "The database refuses this user or password, or what it is asked for.",
    "database-damaged": "The database file is damaged, or is no database. Move it away and run "
    "`termin index`.",
    "database-failed": "The database failed.",
}

_STATES = {
    "42P01": "tables-missing",
    "3F000": "tables-missing",
    "42703": "tables-outdated",
    "3D000": "database-missing",
    "53100": "database-full",
    "53300": "database-connections",
    "55P03": "database-locked",
    "40001": "database-locked",
    "40P01": "database-locked",
    "57014": "database-slow",
    "25006": "database-read-only",
    "42501": "database-forbidden",
    "28000": "database-forbidden",
    "28P01": "database-forbidden",
    "58030": "database-failed",
}
"""PostgreSQL's SQLSTATEs."""

_REFUSALS = {
    "too many clients": "database-connections",
    "too many connections": "database-connections",
    "connection slots": "database-connections",
    "password authentication failed": "database-forbidden",
    "no pg_hba.conf entry": "database-forbidden",
    "does not exist": "database-missing",
}
"""Who is not let in is told the reason in words alone."""

_SQLITE = {
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_FULL: "database-full",
    sqlite3.SQLITE_READONLY: "database-read-only",
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_PERM: "database-forbidden",
    sqlite3.SQLITE_CORRUPT: "database-damaged",
    sqlite3.SQLITE_NOTADB: "database-damaged",
    sqlite3.SQLITE_IOERR: "database-failed",
}
PRIMARY = 0xFF
"""SQLite's codes carry details above their lowest byte."""


@contextmanager
def translated(*, writing: bool) -> Iterator[None]:
    """Raise what can be over by itself, or what a user can mend, as `DatabaseUnavailableError`."""
    try:
        yield
    except DBAPIError as error:
        raise _unavailable(error.orig, writing) or error from error
    except psycopg.Error as error:
        # COPY goes past SQLAlchemy.
        raise _unavailable(error, writing) or error from error
    except PoolTimeoutError as error:
        code = "database-connections"
        detail = "All connections of this process to the database are in use."
        raise DatabaseUnavailableError(detail, code) from error


def _unavailable(error: BaseException | None, writing: bool) -> DatabaseUnavailableError | None:
    code = _of_sqlite(error) if isinstance(error, sqlite3.Error) else _of_postgresql(error)
    # A reader that tries to change something is wrong itself.
    own = isinstance(error, psycopg.errors.ReadOnlySqlTransaction) and not writing
    return None if code is None or own else DatabaseUnavailableError(_DETAILS[code], code)


def _of_postgresql(error: BaseException | None) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state in _STATES:
        return _STATES[state]
    if not isinstance(error, psycopg.OperationalError):
        return None
    if state is None or state.startswith(("08", "57P")):
        words = str(error)
        return next((code for text, code in _REFUSALS.items() if text in words), UNREACHABLE)
    return "database-failed"


def _of_sqlite(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY
    if code in _SQLITE:
        return _SQLITE[code]
    if not isinstance(error, sqlite3.OperationalError):
        return None
    if "no such table" in str(error):
        return "tables-missing"
    return "tables-outdated" if "no such column" in str(error) else "database-failed"
