"""How the fast ways of the API read the index: on lanes of their own, or in a thread."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String
from starlette.concurrency import run_in_threadpool

from backend.db.lanes import Lanes
from backend.db.models import Agreement, Cursor, Participant
from backend.db.session import Database
from backend.queries.contract import CONTRACT, ContractDetail, contract, detail, found_contract
from backend.queries.contracts import contract_name, no_contract
from backend.queries.gathering import Gathered, Record
from backend.queries.index import IndexState, index_state, state_of
from backend.queries.values import Party


class Reading(Protocol):
    """The index, for whoever must not wait in the event loop."""

    async def state(self) -> IndexState:
        """Where it stands; raises `IndexEmptyError`."""

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        """A contract and the state that it is of; raises `NotFoundError`, `IndexEmptyError`."""

    async def close(self) -> None:
        """Close what is open."""


def reading(database: Database) -> Reading:
    """The fastest way there is to read a database."""
    if database.engine.dialect.name == "postgresql":
        return OnLanes(Lanes(database.url))
    return InThreads(database)


class InThreads:
    """SQLite: it answers in the process itself, and blocks meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self) -> IndexState:
        return await run_in_threadpool(self._state)

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        return await run_in_threadpool(self._contract, name, now)

    async def close(self) -> None:
        """The database itself is closed by whoever opened it."""

    def _state(self) -> IndexState:
        with self._database.reading() as session:
            return index_state(session)

    def _contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        with self._database.reading() as session:
            return index_state(session), contract(session, name, now)


_CURSOR = Record(Cursor)
_PEOPLE = Gathered(Participant, Participant.id == any_(bindparam("ids", type_=ARRAY(String))))
_STATE = select(_CURSOR.column).select_from(Cursor).where(Cursor.id == 1)
_STATE_AND_PEOPLE = select(_CURSOR.column, _PEOPLE.column).where(Cursor.id == 1)
_BY = {
    "number": CONTRACT.where(Agreement.number == bindparam("number")),
    "address": CONTRACT.where(Agreement.address == bindparam("address")),
}


class OnLanes:
    """PostgreSQL: a contract takes one statement, and one more if it names participants that
    nobody has asked for since the index moved."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._known: tuple[IndexState | None, dict[str, Party]] = (None, {})

    async def state(self) -> IndexState:
        rows = await self._lanes.rows(_STATE, {})
        return state_of(_CURSOR.read(rows[0][0]) if rows else None)

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        by, value = contract_name(name)
        while True:
            rows = await self._lanes.rows(_BY[by], {by: value})
            if not rows:
                await self.state()
                raise no_contract(name)
            found = found_contract(rows[0])
            state = state_of(found.first(Cursor))
            people = await self._people(state, found.people())
            if people is not None:
                return state, detail(found, people, now)

    async def close(self) -> None:
        await self._lanes.close()

    async def _people(self, state: IndexState, ids: set[str]) -> dict[str, Party] | None:
        """At least these participants as they are in a state; None if that has passed."""
        known_at, known = self._known
        if known_at != state:
            known = {}
        missing = ids - known.keys()
        if not missing:
            return known
        rows = await self._lanes.rows(_STATE_AND_PEOPLE, {"ids": sorted(missing)})
        if not rows or state_of(_CURSOR.read(rows[0][0])) != state:
            return None
        for row in _PEOPLE.rows(rows[0][1]):
            known[row.id] = Party(row.id, row.number, row.scheme, row.identifier, row.name)
        self._known = (state, known)
        return known
