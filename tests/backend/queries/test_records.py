"""Contracts in bulk: the same as one by one, by few SELECTs, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from support.story import MEMBERS, START, Story
from support.works import Works

from backend.db.session import Database
from backend.indexer import index_once
from backend.queries import record_rows, records
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
            assert [(each.net, each.basis, each.source) for each in found.payments] == [
                (each.net, each.basis, each.changed) for each in detail.payments
            ]
            parts = [("tax", "direct-payment"), ("part", "recipient", "amount", "source")]
            assert [
                [tuple(getattr(each, name) for name in parts[1]) for each in payment.deductions]
                for payment in found.payments
            ] == [
                [
                    tuple(getattr(each, name) for name in parts[1])
                    for each in payment.parts
                    if each.part in parts[0]
                ]
                for payment in detail.payments
            ]
            columns = ("number", "status", "amount", "accepted", "due_at")
            assert [[getattr(each, c) for c in columns] for each in found.milestones] == [
                [getattr(each, c) for c in columns] for each in detail.milestones
            ]
            assert found.termination == detail.termination


def test_amendments_come_in_the_order_in_which_they_took_effect(
    works: Works, worked: Database
) -> None:
    with worked.reading() as session:
        found = {each.contract_id: each for each in published_contracts(session)}
        detail = contract(session, found["plant"].address, datetime(2030, 1, 1, tzinfo=UTC))
    (raised,) = found["quay"].amendments
    assert (raised.number, raised.legal_ground, raised.milestones) == (2, "disaster", 1)
    assert (raised.previous_value.minor, raised.value.minor, raised.changes) == (
        300_000,
        360_000,
        2,
    )
    plant = found["plant"].payments
    assert [sum(d.amount.minor for d in each.deductions) for each in plant] == [
        each.taxes.minor + each.direct.minor for each in detail.payments
    ]
    assert [each.milestone for each in plant] == [None, 0, 1, 1, None, 2, None, None]


def test_all_contracts_take_as_many_selects_as_one(indexed: Database) -> None:
    with counted(indexed) as all_of_them, indexed.reading() as session:
        assert len(list(published_contracts(session))) > 5
    with counted(indexed) as one, indexed.reading() as session:
        published_contract(session, "1")
    selects = [sum("SELECT" in each for each in some) for some in (all_of_them, one)]
    # One more, which says that nothing follows.
    assert selects == [11, 10]


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
        assert record_rows.payers_of(session, {office.hex, treasury.hex}) == {
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
