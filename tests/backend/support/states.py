"""The states of indexes that tests leave: what is published of each is held against the standard.

Whoever closes a `Database` leaves a state, and so does a process that left one in a data directory.
What it publishes is kept, each record and release once, and validated in one go when the tests
end: the validator's time goes into its start. With several workers each validates what its own
tests left.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.many_rows import CHAIN_ID
from support.shared import STANDARD
from support.standard import findings, link, merged, package, record_package

from backend.db.models import Document
from backend.db.session import Database, DatabaseUnavailableError
from backend.ocds.records import record_lines
from backend.queries.errors import IndexEmptyError
from backend.queries.index import index_state

CHUNK = 500
"""How many releases or records are validated in one go."""
SHOWN = 5
"""How many faults are told of."""


class Left(NamedTuple):
    """Something published, as JSON, and the test that left it first."""

    test: str
    content: bytes


class States:
    """What the tests of a run have published."""

    def __init__(self) -> None:
        self.records: dict[bytes, Left] = {}
        self.releases: dict[str, Left] = {}
        self._faults: list[str] = []
        self._seen: set[object] = set()
        self._lock = Lock()

    def look(self, database: Database, test: str) -> None:
        """Keep what an index publishes; one without tables, or with nothing in them, has none.

        Rows that a test made up are no state of an index, see `many_rows`.
        """
        with self._lock, suppress(DatabaseUnavailableError, IndexEmptyError):
            try:
                with database.reading() as session:
                    self._look(session, test)
            except (DatabaseUnavailableError, IndexEmptyError):
                raise
            except Exception as error:
                self._faults.append(f"{test} left what cannot be published: {error!r}")

    def keep(self, line: bytes, test: str) -> None:
        """Keep a record and its releases."""
        key = sha256(line).digest()
        if key in self.records:
            return
        record = json.loads(line)
        for release in record["releases"]:
            content = json.dumps(release).encode()
            first = self.releases.setdefault(release["id"], Left(test, content))
            if first.content != content:
                self._faults.append(f"{test} changed release {release['id']} of {first.test}")
        short = {**record, "releases": [each["id"] for each in record["releases"]]}
        self.records[key] = Left(test, json.dumps(short).encode())

    def faults(self) -> Iterator[str]:
        """What is wrong, each with the test that left it."""
        yield from self._faults
        yield from _faults([*self.releases.values()], self._release_findings)
        yield from _faults([*self.records.values()], self._record_findings)

    def _look(self, session: Session, test: str) -> None:
        # The blocks and the documents decide what is in the tables; other tests hold them to it.
        state = index_state(session)
        known = session.execute(select(Document.hash, Document.state))
        documents = frozenset((digest, what) for digest, what in known)
        key = (state.chain_id, state.genesis_hash, state.block_hash, documents)
        if state.chain_id != CHAIN_ID and key not in self._seen:
            for line in record_lines(session, state):
                self.keep(line, test)
            self._seen.add(key)

    def _release_findings(self, some: Sequence[Left]) -> Any:
        return findings(package(*(json.loads(each.content) for each in some)))

    def _record_findings(self, some: Sequence[Left]) -> Any:
        records = []
        for number, left in enumerate(some):
            record = json.loads(left.content)
            releases = [json.loads(self.releases[each].content) for each in record["releases"]]
            if merged(releases) != record["compiledRelease"]:
                return {"ocds-merge": record["ocid"]}
            # A package has each ocid once, and these are states of the same process.
            ocid = f"{record['ocid']}-{number}"
            records.append({**record, "ocid": ocid, "releases": [link(each) for each in releases]})
        return findings(record_package(*records))


def _faults(left: list[Left], check: Callable[[Sequence[Left]], Any]) -> Iterator[str]:
    for start in range(0, len(left), CHUNK):
        for first, found in _narrowed(left[start : start + CHUNK], check):
            yield f"{first.test} left {first.content[:200]!r}: {json.dumps(found)[:2000]}"


def _narrowed(
    some: Sequence[Left], check: Callable[[Sequence[Left]], Any]
) -> Iterator[tuple[Left, Any]]:
    """The single ones that are wrong; the first of those that are wrong only together."""
    if not (found := check(some)):
        return
    half = len(some) // 2
    alone = False
    for part in (some[:half], some[half:]) if half else ():
        for each in _narrowed(part, check):
            alone = True
            yield each
    if not alone:
        yield some[0], found


@contextmanager
def watched(states: States) -> Iterator[None]:
    """Look at each database of this process that is closed while this lasts."""
    process = os.getpid()

    def look_and_close(database: Database) -> None:
        if os.getpid() == process:
            states.look(database, os.environ.get("PYTEST_CURRENT_TEST", "no test"))
        _close(database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "close", look_and_close)
        yield


_close = Database.close
_running: list[States] = []


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked at, for tests that count what a database is asked."""
    monkeypatch.setattr(Database, "close", _close)


@pytest.fixture(scope="session", autouse=True)
def published_states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Validate, when the tests end, what they left, by processes of their own too.

    Each folder of tests has this in its conftest.py; the first that is asked for does it for all.
    """
    if _running or not STANDARD.exists():
        yield
        return
    states = States()
    _running.append(states)
    with watched(states):
        yield
    _running.clear()
    folder = tmp_path_factory.getbasetemp()
    for file in sorted(folder.rglob("termin.db")):
        database = Database(f"sqlite:///{file}")
        states.look(database, f"the test of {file.parent.relative_to(folder)}")
        database.close()
    faults = list(islice(states.faults(), SHOWN))
    assert not faults, "\n".join(["What tests left is not valid OCDS:", *faults])
