"""How the fast ways of the API read the index: on lanes of their own, or in a thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import BigInteger, Executable, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String
from starlette.concurrency import run_in_threadpool

from backend.api.parameters import ContractParameters
from backend.api.problems import InvalidParametersError
from backend.api.together import Together
from backend.api.wanted import contract_filter, listed_contracts
from backend.db.lanes import Compiled, Lanes, compiled
from backend.db.models import Agreement, Cursor, Participant
from backend.db.session import Database
from backend.queries.contract import CONTRACT, ContractDetail, contract, detail, found_contract
from backend.queries.contract_pages import (
    CURSOR,
    SUMMARY,
    PageQuestion,
    contract_summary,
    found_summary,
    summarized,
)
from backend.queries.contracts import ContractSummary, contract_name, no_contract
from backend.queries.gathering import Found, Gathered
from backend.queries.index import IndexState, index_state, state_of
from backend.queries.pages import Page
from backend.queries.participants import no_participant
from backend.queries.values import Party


class Reading(Protocol):
    """The index, for whoever must not wait in the event loop."""

    async def state(self) -> IndexState:
        """Where it stands; raises `IndexEmptyError`."""

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        """A contract and the state that it is of; raises `NotFoundError`, `IndexEmptyError`."""

    async def summary(self, name: str, now: datetime) -> tuple[IndexState, ContractSummary]:
        """The same as lists have it."""

    async def contracts(
        self, given: ContractParameters, now: datetime
    ) -> tuple[IndexState, Page[ContractSummary]]:
        """A page and the state that it is of; raises as `listed_contracts`."""

    async def close(self) -> None:
        """Close what is open."""


def reading(database: Database) -> Reading:
    """The fastest way there is to read a database."""
    if database.engine.dialect.name == "postgresql":
        return OnLanes(database)
    return InThreads(database)


class InThreads:
    """SQLite: it answers in the process itself, and blocks meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self) -> IndexState:
        return await run_in_threadpool(self._state)

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        return await run_in_threadpool(self._contract, name, now)

    async def summary(self, name: str, now: datetime) -> tuple[IndexState, ContractSummary]:
        return await run_in_threadpool(self._summary, name, now)

    async def contracts(
        self, given: ContractParameters, now: datetime
    ) -> tuple[IndexState, Page[ContractSummary]]:
        return await run_in_threadpool(self._contracts, given, now)

    async def close(self) -> None:
        """The database itself is closed by whoever opened it."""

    def _state(self) -> IndexState:
        with self._database.reading() as session:
            return index_state(session)

    def _contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        with self._database.reading() as session:
            return index_state(session), contract(session, name, now)

    def _summary(self, name: str, now: datetime) -> tuple[IndexState, ContractSummary]:
        with self._database.reading() as session:
            return index_state(session), contract_summary(session, name, now)

    def _contracts(
        self, given: ContractParameters, now: datetime
    ) -> tuple[IndexState, Page[ContractSummary]]:
        with self._database.reading() as session:
            return index_state(session), listed_contracts(session, given, now)


_LOOKS = 3
"""How many looks at contracts are under way: one is read while another one is written."""
_CONTRACTS = 12
"""How many contracts one look brings at most."""
_FORMS = 1_000
"""How many forms of questions are kept, more than there are without words to search for."""

_IDS = bindparam("ids", type_=ARRAY(String))
_PEOPLE = Gathered(Participant, Participant.id == any_(_IDS))
_STATE = select(CURSOR.column).select_from(Cursor).where(Cursor.id == 1)
_PEOPLE_OF_STATE = select(CURSOR.column, _PEOPLE.column).where(Cursor.id == 1)
_PERSON = {
    name: select(CURSOR.column, Gathered(Participant, column == bindparam(name)).column)
    for name, column in (("id", Participant.id), ("number", Participant.number))
}
_BY = {
    "number": Agreement.number == any_(bindparam("names", type_=ARRAY(BigInteger))),
    "address": Agreement.address == any_(bindparam("names", type_=ARRAY(String))),
}


@dataclass(frozen=True, slots=True)
class _Form:
    """What is looked for of contracts, by number or address, and how a row of it is read."""

    by: str
    statement: Executable
    read: Callable[[Sequence[Any]], Found]


_WHOLE = {by: _Form(by, CONTRACT.where(named), found_contract) for by, named in _BY.items()}
_SHORT = {by: _Form(by, SUMMARY.where(named), found_summary) for by, named in _BY.items()}


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a look found of a contract; `people` are all whom it names, or more."""

    state: IndexState
    found: Found
    people: dict[str, Party]


@dataclass(slots=True)
class _Directory:
    """The participants that were asked for since the index came to a state."""

    state: IndexState | None = None
    people: dict[str, Party] = field(default_factory=dict)
    by_number: dict[int, Party] = field(default_factory=dict)

    def find(self, name: str) -> Party | None:
        """The participant with this id or number."""
        if name.startswith("0x"):
            return self.people.get(name.lower())
        return self.by_number.get(int(name))


class OnLanes:
    """PostgreSQL: an answer takes one statement, and one more if it names participants that
    nobody has asked for since the index moved. Contracts that are asked for at the same time are
    read by the same statement."""

    def __init__(self, database: Database) -> None:
        self._lanes = Lanes(database.url)
        self._unplanned = Lanes(database.url, planned=False)
        self._known = _Directory()
        self._forms: dict[Hashable, Compiled] = {}
        self._contracts = {
            form: Together(partial(self._look, form), looks=_LOOKS, most=_CONTRACTS)
            for form in (*_WHOLE.values(), *_SHORT.values())
        }

    async def state(self) -> IndexState:
        rows = await self._lanes.rows(_STATE, {})
        return state_of(CURSOR.read(rows[0][0]) if rows else None)

    async def contract(self, name: str, now: datetime) -> tuple[IndexState, ContractDetail]:
        answered = await self._one(_WHOLE, name)
        return answered.state, detail(answered.found, answered.people, now)

    async def summary(self, name: str, now: datetime) -> tuple[IndexState, ContractSummary]:
        answered = await self._one(_SHORT, name)
        return answered.state, summarized(answered.found, answered.people, now)

    async def _one(self, forms: Mapping[str, _Form], name: str) -> _Answered:
        by, value = contract_name(name)
        answered = await self._contracts[forms[by]].get(value)
        if answered is None:
            await self.state()
            raise no_contract(name)
        return answered

    async def _look(self, form: _Form, names: Sequence[Any]) -> Mapping[Any, _Answered | None]:
        """What there is of each number or address, all of one state; None is nothing."""
        while True:
            rows = await self._lanes.rows(form.statement, {"names": names})
            if not rows:
                return dict.fromkeys(names)
            found = {getattr(each.one(Agreement), form.by): each for each in map(form.read, rows)}
            state = state_of(next(iter(found.values())).first(Cursor))
            named = set().union(*(each.people() for each in found.values()))
            people = await self._people(state, named)
            if people is not None:
                known = {name: _Answered(state, each, people) for name, each in found.items()}
                return dict.fromkeys(names) | known

    async def contracts(
        self, given: ContractParameters, now: datetime
    ) -> tuple[IndexState, Page[ContractSummary]]:
        while True:
            directory = self._known
            if not await self._look_up(directory, given.buyer, given.supplier):
                # Unless somebody else has begun a newer one meanwhile.
                if self._known is directory:
                    self._known = _Directory()
                continue
            buyer = _id(directory, "buyer", given.buyer)
            supplier = _id(directory, "supplier", given.supplier)
            wanted = contract_filter(given, buyer, supplier)
            asked = PageQuestion(wanted, now, given.sort, given.order, given.limit, given.after)
            lanes = self._lanes if asked.is_plain else self._unplanned
            rows = await lanes.rows(self._statement(asked), asked.values)
            state = state_of(CURSOR.read(rows[0][0]) if rows else None)
            # Who is meant by a number was looked up in the state of the directory.
            if (buyer or supplier) and directory.state != state:
                self._known = _Directory(state)
                continue
            found = asked.answered(*rows[0][1:])
            people = await self._people(state, found.people())
            if people is not None:
                return state, found.page(people)

    async def close(self) -> None:
        self._lanes.close()
        self._unplanned.close()

    def _statement(self, asked: PageQuestion) -> Compiled:
        form = asked.form
        if form not in self._forms:
            if len(self._forms) >= _FORMS:
                self._forms.clear()
            self._forms[form] = compiled(asked.statement())
        return self._forms[form]

    async def _look_up(self, directory: _Directory, *names: str | None) -> bool:
        """Take in who has these numbers or ids; False if the directory's state has passed."""
        for name in names:
            if name is None or directory.find(name) is not None:
                continue
            by = "id" if name.startswith("0x") else "number"
            given = {"id": name.lower()} if by == "id" else {"number": int(name)}
            if not self._learn(directory, await self._lanes.rows(_PERSON[by], given)):
                return False
        return True

    async def _people(self, state: IndexState, ids: set[str]) -> dict[str, Party] | None:
        """At least these participants as they are in a state; None if that has passed."""
        if self._known.state != state:
            self._known = _Directory(state)
        directory = self._known
        missing = ids - directory.people.keys()
        if missing:
            rows = await self._lanes.rows(_PEOPLE_OF_STATE, {"ids": sorted(missing)})
            if not self._learn(directory, rows):
                return None
        return directory.people

    def _learn(self, directory: _Directory, rows: list[tuple[Any, ...]]) -> bool:
        """Take in participants, unless they are of another state."""
        state = state_of(CURSOR.read(rows[0][0]) if rows else None)
        if directory.state is None:
            directory.state = state
        for row in _PEOPLE.rows(rows[0][1]) if directory.state == state else ():
            party = Party(row.id, row.number, row.scheme, row.identifier, row.name)
            directory.people[row.id] = directory.by_number[row.number] = party
        return directory.state == state


def _id(directory: _Directory, parameter: str, name: str | None) -> str | None:
    """The id of the participant that a parameter names; raises `InvalidParametersError`."""
    if name is None:
        return None
    found = directory.find(name)
    if found is None:
        error = no_participant(name)
        raise InvalidParametersError({parameter: error.detail})
    return found.id
