"""The flat tables are those that one run of flattentool over all releases makes."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import flattentool
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.downloads import made, unpacked

from backend.db.session import Database
from backend.downloads import making
from backend.downloads.files import RecordsFile, TablesFile
from backend.downloads.tables import Tables
from backend.ocds.packages import to_json
from backend.ocds.records import records
from backend.queries.index import index_state
from backend.queries.years import year_counts

SETTINGS = {"root_list_path": "releases", "root_id": "ocid", "main_sheet_name": "releases"}


def whole(releases: list[Any], folder: Path, form: str) -> Path:
    """What flattentool makes of a release package with all of them."""
    package = folder / "package.json"
    package.write_bytes(to_json({"releases": releases}))
    target = folder / f"whole.{form}"
    flattentool.flatten(str(package), output_name=str(target), output_format=form, **SETTINGS)
    return target


def compiled(database: Database, year: int | None = None) -> list[Any]:
    with database.reading() as session:
        return [r["compiledRelease"] for r in records(session, index_state(session), year=year)]


@pytest.fixture(params=["told", "worked"])
def database(request: pytest.FixtureRequest) -> Database:
    """Agreements in every state, and with all that real ones have."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_csv_is_that_of_flattentool_byte_for_byte(
    database: Database, tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole(compiled(database), tmp_path, "csv")
    monkeypatch.setattr(making, "RELEASES_AT_ONCE", at_once)
    found = unpacked(made(database, TablesFile(format="csv")))
    about = json.loads(found.pop("about.json"))
    assert found == {path.name: path.read_bytes() for path in expected.iterdir()}
    assert found.keys() >= {"releases.csv", "contracts.csv", "con_imp_transactions.csv"}
    with database.reading() as session:
        state = index_state(session)
    assert about == {
        "file": "tables-all.csv.zip",
        "source": "https://termin.example",
        "publisher": "Kabupaten Sukamaju",
        "publisherUri": "https://sukamaju.example",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "block": state.block,
        "blockHash": state.block_hash,
        "finalBlock": state.final_block,
        "time": f"{state.time:%Y-%m-%dT%H:%M:%SZ}",
        "chainId": state.chain_id,
        "factory": state.factory,
    }


@pytest.mark.parametrize("at_once", [1, 1000])
def test_workbook_has_the_cells_of_flattentool(
    database: Database, tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = openpyxl.load_workbook(whole(compiled(database), tmp_path, "xlsx"))
    monkeypatch.setattr(making, "RELEASES_AT_ONCE", at_once)
    found = openpyxl.load_workbook(BytesIO(made(database, TablesFile(format="xlsx"))))
    assert found.sheetnames == [*expected.sheetnames, "about"]
    for name in expected.sheetnames:
        pairs = zip(found[name].iter_rows(), expected[name].iter_rows(), strict=True)
        for ours, theirs in pairs:
            for mine, other in zip(ours, theirs, strict=True):
                assert mine.value == other.value or too_long(mine.value), mine.coordinate


def too_long(value: object) -> bool:
    """Whether a number has more digits than a workbook keeps, and is text for that."""
    return isinstance(value, str) and len(Decimal(value).normalize().as_tuple().digits) > 15


def test_contracts_of_a_year_are_those_that_were_signed_in_it(told: Database) -> None:
    with told.reading() as session:
        counts = [count for count in year_counts(session) if count.year and count.contracts]
    by_year = {count.year: [r["ocid"] for r in compiled(told, count.year)] for count in counts}
    assert {year: len(found) for year, found in by_year.items()} == {
        count.year: count.contracts for count in counts
    }
    assert len(by_year) > 1
    found = [ocid for ocids in by_year.values() for ocid in ocids]
    assert sorted(found) == sorted(release["ocid"] for release in compiled(told))
    for year, ocids in by_year.items():
        rows = unpacked(made(told, TablesFile(format="csv", year=year)))["releases.csv"]
        assert len(rows.decode().splitlines()[1:]) == len(ocids)


def test_year_without_contracts_has_one_empty_table_as_with_flattentool(
    told: Database, tmp_path: Path
) -> None:
    expected = whole([], tmp_path, "csv")
    found = unpacked(made(told, TablesFile(format="csv", year=1999)))
    del found["about.json"]
    assert found == {path.name: path.read_bytes() for path in expected.iterdir()}


def test_same_state_gives_the_same_bytes(told: Database) -> None:
    for file in (RecordsFile(), TablesFile(format="csv")):
        assert made(told, file) == made(told, file)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**30)
PLAIN = st.one_of(TEXTS, st.integers(), NUMBERS, st.booleans(), st.none())
ITEMS = st.dictionaries(st.sampled_from(["id", "a", "b"]), PLAIN, min_size=1, max_size=3)
RELEASES = st.fixed_dictionaries(
    {"ocid": TEXTS},
    optional={
        "id": TEXTS,
        "title": PLAIN,
        "tag": st.lists(TEXTS, min_size=1, max_size=2),
        "value": ITEMS,
        "things": st.lists(ITEMS, min_size=1, max_size=3),
        "others": st.lists(
            st.fixed_dictionaries({"id": TEXTS, "parts": st.lists(ITEMS, min_size=1, max_size=2)}),
            min_size=1,
            max_size=2,
        ),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(RELEASES, max_size=3), max_size=4))
def test_tables_of_parts_are_the_tables_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[list[Any]]
) -> None:
    folders = [tmp_path_factory.mktemp("part"), tmp_path_factory.mktemp("whole")]
    parts, together = (Tables(folder) for folder in folders)
    for chunk in chunks:
        parts.add(chunk)
    together.add([release for chunk in chunks for release in chunk])
    for tables in (parts, together):
        tables.close()
    found, expected = ({t.name: [t.columns, *t] for t in tables} for tables in (parts, together))
    assert found == expected
