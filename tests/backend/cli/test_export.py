"""`termin export`."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from support.story import Story
from typer.testing import CliRunner

from backend.cli.app import build
from backend.cli.export import ExportNotWrittenError, export_to
from backend.core.settings import Settings
from backend.db.session import Database, DatabaseUnavailableError
from backend.indexer import index_once
from backend.ocds.records import record_lines
from backend.queries.errors import IndexEmptyError
from backend.queries.index import index_state
from backend.queries.years import year_counts

CONTRACTS = 8


@pytest.fixture(scope="module")
def settings(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Settings(data_dir=tmp_path_factory.mktemp("cli-export"), database_url="")
    database = Database(found.database)
    index_once(database, story.rpc, story.world.deployment, story.store)
    database.close()
    return found


@pytest.fixture(scope="module")
def expected(settings: Settings) -> bytes:
    database = Database(settings.database)
    with database.reading() as session:
        lines = b"".join(record_lines(session, index_state(session)))
    database.close()
    return lines


@pytest.fixture(scope="module")
def place(settings: Settings) -> str:
    """Where the index stands, in the words of the command."""
    database = Database(settings.database)
    with database.reading() as session:
        state = index_state(session)
    database.close()
    return f"block {state.block} of {state.time:%Y-%m-%dT%H:%M:%SZ}"


def test_it_writes_records_to_standard_output_and_the_count_beside(
    settings: Settings, expected: bytes, place: str
) -> None:
    result = CliRunner().invoke(build(), ["export", "--data-dir", str(settings.data_dir)])
    assert result.exit_code == 0
    assert result.stdout_bytes == expected
    assert result.stderr == f"Records: {CONTRACTS}, as of {place}.\n"


def test_it_writes_a_file_in_place_of_what_was_there(
    settings: Settings, expected: bytes, place: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    arguments = ["export", "--data-dir", str(settings.data_dir), "--out", str(out)]
    result = CliRunner().invoke(build(), arguments)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"Records: {CONTRACTS}, as of {place}.\n"
    assert out.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [out]


def test_the_file_is_as_readable_as_any_other(settings: Settings, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        assert export_to(settings, tmp_path / "out.jsonl") == CONTRACTS
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o644


def test_tables_are_those_that_are_downloaded(settings: Settings, tmp_path: Path) -> None:
    place = ["--data-dir", str(settings.data_dir)]
    for form, ending in (("csv", "zip"), ("xlsx", "xlsx")):
        out = tmp_path / f"out.{ending}"
        result = CliRunner().invoke(
            build(), ["export", *place, "--format", form, "--out", str(out)]
        )
        assert result.exit_code == 0
        assert result.stderr.startswith(f"Records: {CONTRACTS}, as of block ")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        rows = archive.read("releases.csv").decode().splitlines()
    assert len(rows) == 1 + CONTRACTS
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book["releases"].max_row == 1 + CONTRACTS


def test_contracts_of_a_year_alone_are_exported(settings: Settings, expected: bytes) -> None:
    place = ["--data-dir", str(settings.data_dir)]
    database = Database(settings.database)
    with database.reading() as session:
        _, *counts = year_counts(session)
    database.close()
    lines: list[bytes] = []
    for count in counts:
        result = CliRunner().invoke(build(), ["export", *place, "--year", str(count.year)])
        found = result.stdout_bytes.splitlines(keepends=True)
        assert len(found) == count.contracts
        lines += found
    assert sorted(lines) == sorted(expected.splitlines(keepends=True))


@pytest.mark.parametrize("option", [["--format", "ods"], ["--year", "26"]])
def test_what_cannot_be_exported_is_refused(settings: Settings, option: list[str]) -> None:
    arguments = ["export", "--data-dir", str(settings.data_dir), *option]
    result = CliRunner().invoke(build(), arguments)
    assert result.exit_code == 2
    assert f"Invalid value for '{option[0]}'" in result.stderr


def test_a_link_stays_a_link(settings: Settings, expected: bytes, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    export_to(settings, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == expected


def test_what_is_no_file_is_written_to_as_it_stands(settings: Settings) -> None:
    assert export_to(settings, Path(os.devnull)) == CONTRACTS
    assert Path(os.devnull).is_char_device()


def test_an_index_that_is_not_there_leaves_the_old_file_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    settings = Settings(data_dir=tmp_path / "nothing", database_url="")
    with pytest.raises(DatabaseUnavailableError, match="There is no index yet"):
        export_to(settings, out)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_an_index_without_a_block_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="")
    database = Database(settings.database)
    database.migrate()
    database.close()
    with pytest.raises(IndexEmptyError, match="No block has been indexed yet"):
        export_to(settings, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("nowhere/out.jsonl", "No such file or directory"), (".", "Is a directory")],
)
def test_a_place_that_cannot_be_written_is_named(
    settings: Settings, tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(ExportNotWrittenError) as caught:
        export_to(settings, tmp_path / name)
    assert caught.value.detail == f"{tmp_path / name}: {why}"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_seen_enough_ends_it_quietly(settings: Settings) -> None:
    program = "from backend.cli import main; main()"
    arguments = [sys.executable, "-c", program, "export", "--data-dir", str(settings.data_dir)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
