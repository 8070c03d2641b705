"""Records and their compiled releases, of agreements in every state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ocdsmerge import Merger
from support.published import CHAIN, contract
from support.standard import findings, needs_standard, package, schema
from support.story import Story

from backend.core.documents import DocumentStore
from backend.core.money import format_minor
from backend.db.session import Database
from backend.indexer import index_once
from backend.ocds.contracts import read_source
from backend.ocds.packages import EXTENSIONS, Publication, to_json
from backend.ocds.records import record_lines, record_of
from backend.queries.index import index_state

Records = dict[str, Any]


def export(database: Database) -> bytes:
    with database.reading() as session:
        return b"".join(record_lines(session, index_state(session)))


def by_contract(lines: bytes) -> Records:
    """Records by the id of their contract, amounts as `Decimal`."""
    records = [json.loads(line, parse_float=Decimal) for line in lines.splitlines()]
    return {each["compiledRelease"]["contracts"][0]["id"]: each for each in records}


@pytest.fixture(scope="module")
def indexed(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('records') / 'termin.db'}")
    index_once(database, story.rpc, story.world.deployment, story.store)
    yield database
    database.close()


@pytest.fixture(scope="module")
def records(indexed: Database) -> Records:
    return by_contract(export(indexed))


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


def test_the_compiled_release_is_what_ocdsmerge_makes_of_an_empty_contract() -> None:
    record = record_of(contract(), CHAIN)
    assert record["compiledRelease"] == {
        **record["releases"][0],
        "id": "ocds-abc123-1-2024-03-09T00:00:00Z",
        "tag": ["compiled"],
    }


@needs_standard
def test_the_compiled_release_is_what_ocdsmerge_makes_by_the_official_schema(
    records: Records,
) -> None:
    merger = Merger(schema())
    for record in records.values():
        assert merger.create_compiled_release(record["releases"]) == record["compiledRelease"]


@needs_standard
def test_every_state_is_valid(indexed: Database) -> None:
    for line in export(indexed).splitlines():
        record = json.loads(line)
        for release in (*record["releases"], record["compiledRelease"]):
            assert findings(package(release)) == {}, release["ocid"]


def test_a_rebuilt_index_gives_the_same_bytes(
    indexed: Database, story: Story, database: Database
) -> None:
    index_once(database, story.rpc, story.world.deployment, story.store)
    assert export(database) == export(indexed)


def test_figures_are_complete_while_all_documents_are_missing(
    records: Records, story: Story, database: Database, tmp_path: Path
) -> None:
    index_once(database, story.rpc, story.world.deployment, DocumentStore(tmp_path / "nothing"))
    bare = by_contract(export(database))
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
    path.write_bytes(export(indexed))
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


def test_packages_say_who_when_and_under_which_licence() -> None:
    record = record_of(contract(), CHAIN)
    moment = contract().changed_at
    full = Publication("City", "https://city.example", "https://licence.example", moment)
    assert full.records("https://city.example/r/1", [record]) == {
        "uri": "https://city.example/r/1",
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": "2024-03-09T00:00:00Z",
        "publisher": {"name": "City", "uri": "https://city.example"},
        "license": "https://licence.example",
        "records": [record],
    }
    bare = Publication("City", "", "", moment).releases("urn:x", record["releases"])
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
