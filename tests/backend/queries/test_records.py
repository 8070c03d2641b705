"""Processes in bulk: the same as one by one, by few SELECTs, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update
from support.indexes import Indexes
from support.sending import ADMIN
from support.story import MEMBERS, Story, named

from backend.chain import events as e
from backend.core.documents import DocumentStore
from backend.db.models import Agreement
from backend.db.session import Database
from backend.indexer import index_once
from backend.queries import record_rows, records
from backend.queries.errors import NotFoundError
from backend.queries.history import contract_history
from backend.queries.records import (
    PUBLISHED,
    process_of,
    published_process,
    published_processes,
)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_in_bulk_and_one_by_one_are_the_same(indexed: Database, story: Story) -> None:
    with indexed.reading() as session:
        bulk = list(published_processes(session))
        single = [published_process(session, str(each.number)) for each in bulk]
        by_ocid = [process_of(session, each.ocid) for each in bulk]
        by_address = published_process(session, bulk[0].contracts[0].address)
        ocids = [each.ocid for each in bulk]
    for found in (single, by_ocid):
        assert [each and (each.ocid, each.contracts) for each in found] == [
            (each.ocid, each.contracts) for each in bulk
        ]
    assert by_address == single[0]
    assert ocids == [f"ocds-{name}" for name in story.contracts]


def test_events_are_those_of_the_history_in_its_order(indexed: Database) -> None:
    names = {kind.__name__ for kind in PUBLISHED}
    with indexed.reading() as session:
        for process in published_processes(session):
            (contract,) = process.contracts
            history = contract_history(session, contract.address)
            assert [
                (type(each).__name__, each.origin.transaction, each.origin.log_index)
                for each in contract.events
            ] == [
                (each.event, each.source.transaction, each.source.log_index)
                for each in history
                if each.event in names
            ]
            assert type(contract.events[0]) is e.AgreementCreated


def test_all_processes_take_as_many_selects_as_one(indexed: Database) -> None:
    with counted(indexed) as all_of_them, indexed.reading() as session:
        assert len(list(published_processes(session))) > 5
    with counted(indexed) as one, indexed.reading() as session:
        published_process(session, "1")
    selects = [sum("SELECT" in each for each in some) for some in (all_of_them, one)]
    # One more, which says that nothing follows.
    assert selects == [11, 10]


@pytest.mark.parametrize(("contracts", "events"), [(1, 5_000), (3, 2), (100, 1), (100, 30)])
def test_small_batches_give_the_same(
    indexed: Database, monkeypatch: pytest.MonkeyPatch, contracts: int, events: int
) -> None:
    with indexed.reading() as session:
        expected = [(each.ocid, each.contracts) for each in published_processes(session)]
        monkeypatch.setattr(records, "EVENTS_PER_BATCH", events)
        found = published_processes(session, batch=contracts)
        assert [(each.ocid, each.contracts) for each in found] == expected


def test_what_comes_after_a_number_is_read_from_there(indexed: Database) -> None:
    with indexed.reading() as session:
        assert [each.number for each in published_processes(session, after=6)] == [7, 8]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_contracts_of_one_ocid_are_one_process(
    any_database: Database, story: Story, indexes: Indexes, batch: int
) -> None:
    indexes.fill(any_database, story)
    with any_database.transaction() as session:
        same = Agreement.number.in_([2, 3, 7])
        session.execute(update(Agreement).where(same).values(ocid="ocds-together"))
    with any_database.reading() as session:
        found = list(published_processes(session, batch=batch))
        numbers = [[contract.number for contract in each.contracts] for each in found]
        by_later = published_process(session, "7")
        after = [each.number for each in published_processes(session, after=2, batch=batch)]
    assert numbers == [[1], [2, 3, 7], [4], [5], [6], [8]]
    assert (by_later.ocid, by_later.number) == ("ocds-together", 2)
    assert after == [4, 5, 6, 8]


def test_the_payer_is_the_treasury_or_the_legal_person_whose_office_it_is(
    indexed: Database, story: Story
) -> None:
    with indexed.reading() as session:
        process = published_process(session, "1")
        assert process.people[process.contracts[0].payer].identifier == "T-1"
        office, treasury = story.people[MEMBERS["city"].format(0)], story.people["treasury"]
        assert record_rows.payers_of(session, {office.hex, treasury.hex}) == {
            office.hex: story.people["city"].hex,
            treasury.hex: treasury.hex,
        }


def test_documents_are_there(indexed: Database) -> None:
    with indexed.reading() as session:
        road = published_process(session, "1")
        created = road.contracts[0].events[0]
        assert isinstance(created, e.AgreementCreated)
        content = road.documents[created.terms.document]
    assert (content["title"], content["description"]) == (
        "Road Sukamaju–Cibeureum",
        "Asphalt, 4 km",
    )
    first = road.contracts[0].milestones[0]
    assert (first.title, first.source_id) == ("Foundation", "P-1")
    assert first.source_date == "2024-03-01T09:00:00-06:00"
    assert road.people[created.supplier].name_at(created.origin.block) == "PT Karya Jaya"


def test_a_name_counts_from_the_block_that_gave_it(
    story: Story, database: Database, store: DocumentStore
) -> None:
    snapshot = story.rpc.call("evm_snapshot")
    karya, blocks = story.people["karya"].id, []
    for document in (
        named(story, "participant", "Karya Baru"),
        story.store.write_json({"type": "note", "name": "Not a name"}),
        b"\x00" * 32,
    ):
        registry = story.world.deployment.registry
        story.world.act(ADMIN, "ParticipantRegistry", registry, "setDocument", karya, document)
        blocks.append(int(story.rpc.call("eth_blockNumber"), 16))
    index_once(database, story.rpc, story.world.deployment, story.store)
    story.rpc.call("evm_revert", snapshot)
    with database.reading() as session:
        found = published_process(session, "1").people["0x" + karya.hex()]
    names = [found.name_at(block) for block in (0, blocks[0] - 1, *blocks)]
    assert names == [None, "PT Karya Jaya", "Karya Baru", None, None]


def test_an_empty_index_has_no_processes(database: Database) -> None:
    database.migrate()
    with database.reading() as session:
        assert list(published_processes(session)) == []
        assert process_of(session, "ocds-road") is None
        with pytest.raises(NotFoundError, match="There is no contract '1'"):
            published_process(session, "1")
