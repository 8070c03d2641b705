"""Contracts in bulk: the same as one by one, by few SELECTs, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from support.story import MEMBERS, START, Story

from backend.db.session import Database
from backend.indexer import index_once
from backend.queries import records
from backend.queries.contract import contract
from backend.queries.errors import NotFoundError
from backend.queries.records import published_contract, published_contracts


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def indexed(any_database: Database, story: Story) -> Database:
    index_once(any_database, story.rpc, story.world.deployment, story.store)
    return any_database


def test_in_bulk_and_one_by_one_are_the_same(indexed: Database, story: Story) -> None:
    with indexed.reading() as session:
        bulk = list(published_contracts(session))
        single = [published_contract(session, str(each.number)) for each in bulk]
        by_address = published_contract(session, bulk[0].address)
    assert bulk == single
    assert by_address == bulk[0]
    assert [each.number for each in bulk] == list(range(1, len(story.contracts) + 1))


def test_the_figures_are_those_of_the_contract(indexed: Database) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    with indexed.reading() as session:
        for found in published_contracts(session):
            detail = contract(session, found.address, now)
            assert found.value == detail.summary.value
            assert found.changed == detail.summary.changed
            assert [each.amount for each in found.payments] == [
                each.amount for each in detail.payments
            ]
            assert [each.source for each in found.payments] == [
                each.source for each in detail.payments
            ]
            assert [(each.number, each.status) for each in found.milestones] == [
                (each.number, each.status) for each in detail.milestones
            ]


def test_all_contracts_take_as_many_selects_as_one(indexed: Database) -> None:
    with counted(indexed) as all_of_them, indexed.reading() as session:
        assert len(list(published_contracts(session))) > 5
    with counted(indexed) as one, indexed.reading() as session:
        published_contract(session, "1")
    selects = [sum("SELECT" in each for each in some) for some in (all_of_them, one)]
    # One more, which says that nothing follows.
    assert selects == [9, 8]


@pytest.mark.parametrize(("contracts", "milestones"), [(1, 5_000), (3, 2), (100, 1), (100, 3)])
def test_small_batches_give_the_same(
    indexed: Database, monkeypatch: pytest.MonkeyPatch, contracts: int, milestones: int
) -> None:
    with indexed.reading() as session:
        expected = list(published_contracts(session))
        monkeypatch.setattr(records, "CONTRACTS_PER_BATCH", contracts)
        monkeypatch.setattr(records, "MILESTONES_PER_BATCH", milestones)
        assert list(published_contracts(session)) == expected


def test_the_payer_is_the_treasury_or_the_legal_person_whose_office_it_is(
    indexed: Database, story: Story
) -> None:
    with indexed.reading() as session:
        road = published_contract(session, "1")
        assert road.payer.identifier == "T-1"
        office, treasury = story.people[MEMBERS["city"].format(0)], story.people["treasury"]
        assert records._payers(session, {office.hex, treasury.hex}) == {
            office.hex: story.people["city"].hex,
            treasury.hex: treasury.hex,
        }


def test_documents_are_there(indexed: Database) -> None:
    with indexed.reading() as session:
        road = published_contract(session, "1")
    assert road.title == "Road Sukamaju–Cibeureum"
    assert road.content["description"] == "Asphalt, 4 km"
    first = road.milestones[0]
    assert (first.title, first.source_id) == ("Foundation", "P-1")
    assert first.source_date == "2024-03-01T09:00:00-06:00"
    assert first.due_at == datetime.fromtimestamp(START + 10 * 86_400, UTC)


def test_an_empty_index_has_no_contracts(database: Database) -> None:
    database.migrate()
    with database.reading() as session:
        assert list(published_contracts(session)) == []
        with pytest.raises(NotFoundError, match="There is no contract '1'"):
            published_contract(session, "1")
