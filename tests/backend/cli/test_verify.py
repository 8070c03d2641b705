"""`termin verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update
from support.indexes import Indexes
from support.story import Story
from typer.testing import CliRunner, Result

from backend.chain.deployment import NotDeployedError
from backend.cli.app import build
from backend.cli.verify import ReportNotWrittenError
from backend.core.settings import Settings
from backend.db.models import Agreement, Cursor
from backend.db.session import Database, DatabaseUnavailableError
from backend.verification.errors import AgreementUnknownError, NotComparableError

LAST = "Worked out 8 agreements with 8 payments: {}."


@pytest.fixture
def settings(story: Story, tmp_path: Path, indexes: Indexes) -> Settings:
    """A folder with the story's deployment and index."""
    found = Settings(data_dir=tmp_path, database_url="", rpc_url=story.rpc.url)
    story.world.deployment.save(tmp_path)
    database = Database(found.database)
    indexes.fill(database, story)
    database.close()
    return found


def run(settings: Settings, *arguments: str) -> Result:
    where = ["--data-dir", str(settings.data_dir), "--rpc-url", settings.rpc_url]
    return CliRunner().invoke(build(), ["verify", *where, *arguments])


def change(settings: Settings, **values: object) -> None:
    database = Database(settings.database)
    with database.transaction() as session:
        session.execute(update(Agreement).where(Agreement.number == 1).values(**values))
    database.close()


def test_it_says_what_it_checked(story: Story, settings: Settings) -> None:
    head = story.rpc.call("eth_getBlockByNumber", "latest", False)
    said = run(settings)
    assert said.exit_code == 0, said.output
    block, asked, rows, last = said.stdout.splitlines()
    number = int(head["number"], 16)
    assert block.startswith(f"Block {number} ({head['hash']}): {number} headers and ")
    assert asked == "The contracts were asked for their own figures as of this block."
    assert rows.startswith("Rows: 8 of agreements, 16 of milestones, 8 of payments, ")
    assert last == LAST.format("no differences")


def test_a_line_tells_of_each_difference(story: Story, settings: Settings, tmp_path: Path) -> None:
    address = story.contracts["road"].address
    change(settings, paid=2**100, status="closed")
    report = tmp_path / "report.jsonl"
    said = run(settings, "--report", str(report))
    assert said.exit_code == 1
    lines = said.stdout.splitlines()
    place = f"agreement 1, agreements {address}"
    assert lines[:2] == [
        f"{place}, status: active from the chain, closed in the database",
        f"{place}, paid: 10050 from the chain, {2**100} in the database",
    ]
    assert lines[-1] == LAST.format("2 differences")
    first, second, summary = map(json.loads, report.read_text(encoding="utf-8").splitlines())
    row = {"side": "database", "agreement": 1, "table": "agreements", "key": address}
    status = {"column": "status", "expected": "active", "found": "closed"}
    paid = {"column": "paid", "expected": "10050", "found": str(2**100)}
    assert first == {"kind": "difference"} | row | status
    assert second == {"kind": "difference"} | row | paid
    assert (summary["kind"], summary["differences"], summary["payments"]) == ("summary", 2, 8)
    assert (summary["rows"]["events"], summary["views"]) == (summary["logs"], True)


def test_one_agreement(settings: Settings) -> None:
    change(settings, paid=1)
    said = run(settings, "--agreement", "2")
    assert said.exit_code == 0
    last = "Worked out 1 agreements with 2 payments: no differences."
    assert said.stdout.splitlines()[-1] == last
    assert run(settings, "--agreement", "1").exit_code == 1
    assert isinstance(run(settings, "--agreement", "9").exception, AgreementUnknownError)
    assert run(settings, "--agreement", "0").exit_code == 2


def test_what_cannot_be_compared(settings: Settings, tmp_path: Path) -> None:
    nowhere = run(settings, "--report", str(tmp_path / "no" / "report"))
    assert isinstance(nowhere.exception, ReportNotWrittenError)
    other = f"sqlite:///{tmp_path / 'none.db'}"
    assert isinstance(run(settings, "--database-url", other).exception, DatabaseUnavailableError)
    database = Database(settings.database)
    with database.transaction() as session:
        session.execute(update(Cursor).values(block_hash="0x" + "7" * 64))
    database.close()
    refused = run(settings).exception
    assert isinstance(refused, NotComparableError)
    assert "as 0x7777" in refused.detail
    (tmp_path / "deployment.json").unlink()
    assert isinstance(run(settings).exception, NotDeployedError)
