"""the states that tests leave
├── are looked at when their database is closed: each record and each release is kept once
├── are faultless where all is well
├── are told with the test that left them
│   ├── where a release does not fit the schema
│   ├── where a compiled release is not what ocdsmerge makes of the releases
│   ├── where a release is another one under the same id
│   └── where nothing can be published
├── are none where there are no tables, where nothing is indexed, or where rows are made up
└── make the run fail that left a fault
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import states as module
from support.many_rows import fill_many
from support.node import ROOT
from support.standard import exported, merged, needs_standard
from support.states import States, watched

from backend.db.session import Database

RUN = """
from sqlalchemy import update
from support import states
from support.many_rows import fill_many

from backend.db.models import Cursor
from backend.db.session import Database


def test_of_a_run(tmp_path, monkeypatch):
    database = Database(f"sqlite:///{tmp_path / 'index.db'}")
    fill_many(database, 1)
    with database.transaction() as session:
        session.execute(update(Cursor).values(chain_id=2026))
    line = (tmp_path.parent.parent / "line").read_bytes()
    monkeypatch.setattr(states, "record_lines", lambda *_: [line])
    database.close()
"""


@pytest.fixture(scope="module")
def lines(told: Database) -> list[bytes]:
    return exported(told).splitlines()


def kept(lines: list[bytes], test: str = "story") -> States:
    """What is published, as a test left it."""
    found = States()
    for line in lines:
        found.keep(line, test)
    return found


@pytest.fixture
def states(lines: list[bytes]) -> States:
    """A record in which all is well."""
    return kept(lines[:1])


def changed(line: bytes, change: Callable[[Any], None], *, compiled: bool = True) -> bytes:
    """A record whose last release is another one, with what that comes to."""
    record = json.loads(line)
    change(record["releases"][-1])
    if compiled:
        record["compiledRelease"] = merged(record["releases"])
    return json.dumps(record).encode()


def paint(release: Any) -> None:
    release |= {"id": f"{release['id']}-red", "colour": "red"}


def test_each_is_kept_once(told: Database, lines: list[bytes]) -> None:
    found = States()
    with watched(found):
        told.close()
        told.close()
    assert len(found.records) == len(lines)
    ids = [each["id"] for line in lines for each in json.loads(line)["releases"]]
    assert list(found.releases) == ids
    assert {each.test for each in found.records.values()} == {os.environ["PYTEST_CURRENT_TEST"]}


@needs_standard
def test_nothing_is_said_where_all_is_well(lines: list[bytes]) -> None:
    assert list(kept(lines).faults()) == []


@needs_standard
def test_what_does_not_fit_the_schema_is_told(states: States, lines: list[bytes]) -> None:
    states.keep(changed(lines[0], paint), "painter")
    release, record = states.faults()
    assert release.startswith("painter left")
    assert "additional_fields" in release
    assert "colour" in release
    assert record.startswith("painter left")
    assert "/records/compiledRelease" in record


@needs_standard
def test_a_compiled_release_that_is_another_is_told(states: States, lines: list[bytes]) -> None:
    record = json.loads(lines[0])
    record["compiledRelease"]["initiationType"] = "other"
    states.keep(json.dumps(record).encode(), "merger")
    [fault] = states.faults()
    assert fault.startswith("merger left")
    assert fault.endswith(f'{{"ocds-merge": "{record["ocid"]}"}}')


def test_another_release_under_the_same_id_is_told(states: States, lines: list[bytes]) -> None:
    line = changed(lines[0], lambda release: release.update(language="id"), compiled=False)
    states.keep(line, "changer")
    release = json.loads(line)["releases"][-1]["id"]
    assert next(states.faults()) == f"changer changed release {release} of story"


def test_what_cannot_be_published_is_told(told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Iterator[bytes]:
        raise KeyError("role")

    monkeypatch.setattr(module, "record_lines", fail)
    found = States()
    found.look(told, "breaker")
    assert list(found.faults()) == ["breaker left what cannot be published: KeyError('role')"]


def test_nothing_is_left_where_nothing_is_indexed(any_database: Database) -> None:
    found = States()
    found.look(any_database, "none")
    any_database.migrate()
    found.look(any_database, "empty")
    fill_many(any_database, 1)
    found.look(any_database, "made up")
    assert list(found.faults()) == []
    assert found.records == {}


@needs_standard
def test_a_run_fails_for_a_fault(tmp_path: Path, lines: list[bytes]) -> None:
    (tmp_path / "line").write_bytes(changed(lines[0], paint))
    imported = "from support.states import published_states as published_states"
    (tmp_path / "conftest.py").write_text(imported)
    (tmp_path / "test_run.py").write_text(RUN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:ape_test", "--basetemp", tmp_path / "run", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'backend'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "1 passed, 1 error" in done.stdout
    assert "What tests left is not valid OCDS" in done.stdout
    assert "test_run.py::test_of_a_run (call) left" in done.stdout
