"""Records and their compiled releases, of agreements in every state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.indexes import Indexes
from support.published import CHAIN, History, created
from support.standard import defects, exported, findings, needs_standard, package
from support.story import Story

from backend.core.documents import DocumentStore
from backend.core.money import format_minor
from backend.db.session import Database
from backend.indexer import index_once
from backend.ocds.contracts import read_source
from backend.ocds.packages import EXTENSIONS, Publication, to_json
from backend.ocds.records import find_release, record_of
from backend.ocds.releases import releases_of
from backend.queries.errors import NotFoundError
from backend.queries.records import published_process, published_processes

Records = dict[str, Any]


def by_contract(lines: bytes) -> Records:
    """Records by the id of their contract, amounts as `Decimal`."""
    records = [json.loads(line, parse_float=Decimal) for line in lines.splitlines()]
    return {each["compiledRelease"]["contracts"][0]["id"]: each for each in records}


@pytest.fixture(scope="module")
def indexed(
    story: Story, indexes: Indexes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('records') / 'termin.db'}")
    indexes.fill(database, story)
    yield database
    database.close()


@pytest.fixture(scope="module")
def records(indexed: Database) -> Records:
    return by_contract(exported(indexed))


def compiled(records: Records, name: str) -> Any:
    return records[name]["compiledRelease"]


def payments(records: Records) -> dict[str, list[Any]]:
    """What was paid: amount as in the text, currency and payee, by contract."""
    return {
        name: [
            (str(each["value"]["amount"]), each["value"]["currency"], each["payee"]["id"])
            for each in compiled(records, name)["contracts"][0]
            .get("implementation", {})
            .get("transactions", [])
        ]
        for name in records
    }


def test_each_contract_has_one_record_in_the_order_in_which_they_were_made(
    records: Records, story: Story
) -> None:
    assert list(records) == list(story.contracts)
    assert {each["ocid"] for each in records.values()} == {f"ocds-{name}" for name in records}


def test_all_that_was_paid_is_there_exactly(records: Records) -> None:
    assert payments(records) == {
        "road": [("100.50", "MXN", "XX-TEST-S-karya")],
        "clinic": [("1000", "JPY", "XX-TEST-S-jose"), ("0", "JPY", "XX-TEST-S-jose")],
        "school": [("2.50", "MXN", "XX-TEST-S-sub"), ("1.25", "MXN", "XX-TEST-S-jose")],
        "bridge": [("1237940039285380274899124.224", "KWD", "XX-TEST-S-karya")],
        "empty": [],
        "unfunded": [],
        "dropped": [("3.00", "MXN", "XX-TEST-S-karya")],
        "forever": [],
    }


def test_statuses_are_those_of_the_agreements(records: Records) -> None:
    found = {name: compiled(records, name)["contracts"][0] for name in records}
    assert {name: each["status"] for name, each in found.items()} == {
        "road": "active",
        "clinic": "terminated",
        "school": "active",
        "bridge": "active",
        "empty": "active",
        "unfunded": "pending",
        "dropped": "terminated",
        "forever": "pending",
    }
    statuses = {
        name: [m["status"] for m in each["implementation"]["milestones"]]
        for name, each in found.items()
        if "implementation" in each
    }
    assert statuses == {
        "road": ["met", "scheduled", "scheduled", "scheduled"],
        "clinic": ["met", "met"],
        "school": ["scheduled", "met", "met"],
        "bridge": ["met", "met", "scheduled"],
        "unfunded": ["scheduled"],
        "dropped": ["met", "notMet"],
        "forever": ["scheduled"],
    }


def test_only_the_amendment_that_was_signed_is_there(records: Records) -> None:
    (amendment,) = compiled(records, "school")["contracts"][0]["amendments"]
    assert amendment["id"] == "2"
    assert amendment["rationale"] == "additional-work"
    assert amendment["description"] == (
        "value raised from 7.50 to 8.75 MXN; end of the work moved to 2026-06-19T00:00:00Z; "
        "milestones added: 1"
    )


@needs_standard
@pytest.mark.parametrize("told", ["indexed", "worked"])
def test_every_state_is_valid_and_compiles_as_ocdsmerge_compiles_it(
    told: str, request: pytest.FixtureRequest
) -> None:
    export = exported(request.getfixturevalue(told))
    assert defects(export) == {}
    # Each release stands for itself: the validator takes them one by one as well.
    for line in export.splitlines()[:2]:
        for release in json.loads(line)["releases"]:
            assert findings(package(release)) == {}, release["id"]


def test_each_act_that_changes_what_is_published_is_a_release(records: Records) -> None:
    tags = {name: [each["tag"] for each in records[name]["releases"]] for name in records}
    begun = [["award", "contract"], ["contractUpdate"]]
    update = ["implementationUpdate"]
    assert tags == {
        "road": [*begun, ["implementation"]],
        "clinic": [*begun, ["implementation"], update, [*update, "contractTermination"]],
        "school": [*begun, ["implementation"], ["contractAmendment"], update],
        "bridge": [*begun, ["implementation"], update, update],
        "empty": begun,
        "unfunded": begun[:1],
        "dropped": [*begun, ["implementation"], ["contractTermination"]],
        "forever": begun[:1],
    }


@pytest.mark.parametrize("told", ["indexed", "worked"])
def test_what_is_published_never_changes(told: str, request: pytest.FixtureRequest) -> None:
    """Of what really happened: the releases up to any block are the first of all releases."""
    database: Database = request.getfixturevalue(told)
    with database.reading() as session:
        processes = list(published_processes(session))
    compared = 0
    for process in processes:
        whole = [to_json(each) for each in releases_of(process, CHAIN)]
        (contract,) = process.contracts
        for block in sorted({event.origin.block for event in contract.events}):
            events = [event for event in contract.events if event.origin.block <= block]
            earlier = replace(process, contracts=[replace(contract, events=events)])
            found = [to_json(each) for each in releases_of(earlier, CHAIN)]
            assert found == whole[: len(found)]
            compared += 1
    assert compared > 20


def test_records_may_link_to_their_releases(indexed: Database) -> None:
    with indexed.reading() as session:
        (record, *_) = (
            record_of(each, CHAIN, "https://termin.example/ocds")
            for each in published_processes(session)
        )
        whole = record_of(published_process(session, "1"), CHAIN)
    assert [each["url"] for each in record["releases"]] == [
        f"https://termin.example/ocds/releases/{each['id']}#{each['id']}"
        for each in whole["releases"]
    ]
    for name in ("date", "tag"):
        assert [each[name] for each in record["releases"]] == [
            each[name] for each in whole["releases"]
        ]
    assert record["compiledRelease"] == whole["compiledRelease"]


def test_a_release_is_found_by_its_id(indexed: Database) -> None:
    with indexed.reading() as session:
        for process in published_processes(session):
            for release in releases_of(process, CHAIN):
                assert find_release(session, release["id"], CHAIN) == release


@pytest.mark.parametrize(
    "wrong", ["", "-", "ocds-road", "ocds-road-1-0", "ocds-none-1-000000000000", "\0-1-2", "\ud800"]
)
def test_an_id_that_no_release_has_is_not_found(indexed: Database, wrong: str) -> None:
    with indexed.reading() as session, pytest.raises(NotFoundError) as caught:
        find_release(session, wrong, CHAIN)
    assert caught.value.detail == (
        f"There is no release {wrong!r}; expected the id of one in a record. A document that "
        "became known, or was erased, makes another id."
    )


def test_a_rebuilt_index_gives_the_same_bytes(
    indexed: Database, story: Story, database: Database
) -> None:
    index_once(database, story.rpc, story.world.deployment, story.store)
    assert exported(database) == exported(indexed)


def test_figures_are_complete_while_all_documents_are_missing(
    records: Records, story: Story, database: Database, tmp_path: Path
) -> None:
    index_once(database, story.rpc, story.world.deployment, DocumentStore(tmp_path / "nothing"))
    bare = by_contract(exported(database))
    assert payments(bare) == payments(records)
    text = json.dumps(list(bare.values()), default=str)
    assert '"name"' not in text
    assert '"title"' not in text
    road = compiled(bare, "road")["contracts"][0]
    assert road["value"] == compiled(records, "road")["contracts"][0]["value"]
    assert [each["id"] for each in road["implementation"]["milestones"]] == [
        "1-0",
        "1-1",
        "1-2",
        "1-3",
    ]


def test_what_is_exported_is_read_back(indexed: Database, records: Records, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(exported(indexed))
    source = read_source([path])
    # Two have no date at all, one lies beyond 2100.
    left_out = {"empty", "unfunded", "forever"}
    assert {line.contract_id for line in source.findings} == left_out
    assert {
        each.contract_id: [
            (format_minor(paid.amount, each.currency), each.currency, str(paid.payee.identifier))
            for paid in each.payments
        ]
        for each in source.contracts
    } == {
        name: [
            (amount, currency, payee.removeprefix("XX-TEST-")) for amount, currency, payee in paid
        ]
        for name, paid in payments(records).items()
        if name not in left_out
    }


def test_packages_say_who_when_under_which_licence_and_by_which_policy() -> None:
    record = record_of(History().tell(created()).process(), CHAIN)
    moment = datetime(2024, 3, 9, tzinfo=UTC)
    places = [f"https://city.example/{name}" for name in ("", "licence", "policy")]
    full = Publication("City", *places, moment)
    package = {
        "uri": "https://city.example/r/1",
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": "2024-03-09T00:00:00Z",
        "publisher": {"name": "City", "uri": "https://city.example/"},
        "license": "https://city.example/licence",
        "publicationPolicy": "https://city.example/policy",
        "records": [record],
    }
    uri = "https://city.example/r/1"
    assert full.records(uri, [record]) == package
    bare = Publication("City", "", "", "", moment).releases("urn:x", record["releases"])
    assert bare == {
        "uri": "urn:x",
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": "2024-03-09T00:00:00Z",
        "publisher": {"name": "City"},
        "releases": record["releases"],
    }


def test_json_has_the_digits_and_no_floats() -> None:
    amounts = [Decimal("1267650600228229401496703205.376"), Decimal("0.10"), Decimal(5)]
    assert to_json({"ä": amounts}) == '{"ä":[1267650600228229401496703205.376,0.10,5]}'.encode()
