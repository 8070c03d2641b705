"""`termin load` and `termin reconcile`: source, chain and a serving API, and every difference."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.loading import BUYER, contract, payment, release, write
from support.node import free_port

from backend.app import create_app
from backend.cli.server import serving
from backend.core.settings import Settings

from .conftest import Said, Termin

C1 = contract(payment("P1", 100), payment("P2", "0.05"))
C2 = contract(payment("Q1", 2000), id="C2")


@dataclass
class Loaded:
    """A source that is loaded, indexed and served."""

    termin: Termin
    source: Path
    report: Path

    def reconcile(self, *documents: Any, report: bool = True) -> Said:
        """Compare, after changing the source to `documents` if there are any."""
        if documents:
            write(self.source, *documents)
        more = ("--report", str(self.report)) if report else ()
        return self.termin("reconcile", str(self.source), *more)

    def lines(self) -> list[Any]:
        """The load report."""
        return [json.loads(line) for line in self.report.read_text().splitlines()]


@pytest.fixture
def loaded(termin: Termin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loaded]:
    found = Loaded(termin, termin.folder / "source.jsonl", termin.folder / "report.jsonl")
    write(found.source, release(C1, C2))
    termin.ok("load", str(found.source), "--report", str(found.report))
    termin.ok("index", "--once")
    with _served(termin, monkeypatch):
        yield found


def _served(termin: Termin, monkeypatch: pytest.MonkeyPatch) -> Any:
    port = free_port()
    monkeypatch.setenv("TERMIN_API_URL", f"http://127.0.0.1:{port}")
    return serving(create_app(Settings()), "127.0.0.1", port)


def rows(said: Said) -> list[list[str]]:
    """The cells of each row of the table of differences."""
    found = [line for line in said.lines if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in found]


def test_loading_says_what_became_of_it(termin: Termin) -> None:
    source, report = termin.folder / "s.jsonl", termin.folder / "r.jsonl"
    write(source, release(C1, C2, contract(payment("R1", -1), id="C3")))
    said = termin.ok("load", str(source), "--report", str(report))
    assert said.lines == [
        "Contracts: 1 loaded, 1 loaded_with_amendment, 1 loaded_without_payments.",
        "Payments: 3 loaded, 1 skipped. Steps: 7.",
        f"Report: {report}",
    ]
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert lines[0] == {
        "file": str(source),
        "line": 1,
        "ocid": "ocds-abc123-1",
        "contract_id": "C1",
        "payment_id": None,
        "outcome": "loaded",
        "reason": "",
        "value": "1000.00",
        "paid": "100.05",
        "currency": "MXN",
    }
    head = termin.head
    assert termin.ok("load", str(source)).lines[1] == ("Payments: 3 loaded, 1 skipped. Steps: 0.")
    assert termin.head == head


def test_loading_fills_gaps_only_when_asked(termin: Termin) -> None:
    source, report = termin.folder / "s.jsonl", termin.folder / "r.jsonl"
    bare = contract({"id": "P1", "value": {"amount": 5}}, dateSigned=None, value={"amount": 10})
    write(source, release(bare))
    said = termin.ok("load", str(source), "--report", str(report))
    assert said.lines[0] == "Contracts: 1 skipped."
    fill = ("--currency", "MXN", "--default-date", "2024-02-29")
    said = termin.ok("load", str(source), "--report", str(report), *fill)
    assert said.lines[1].startswith("Payments: 1 loaded, 0 skipped.")


def test_all_three_agree(loaded: Loaded) -> None:
    said = loaded.reconcile()
    assert (said.status, said.out) == (
        0,
        "Source, chain and API agree on 2 contracts, to the minor unit.\n",
    )


def test_a_source_that_changed_by_one_minor_unit(loaded: Loaded) -> None:
    said = loaded.reconcile(release(contract(payment("P1", "100.01"), payment("P2", "0.05")), C2))
    assert said.status == 1
    assert "1 of 2 contracts differ" in said.out
    assert rows(said) == [
        ["ocds-abc123-1", "C1", "paid", "100.06", "100.05", "100.05"],
    ]


def test_an_index_that_was_tampered_with(loaded: Loaded) -> None:
    path = loaded.termin.folder / "data" / "termin.db"
    with sqlite3.connect(path) as database:
        changed = database.execute(
            "UPDATE agreements SET paid = substr(paid, 1, length(paid) - 1) || '6' "
            "WHERE contract_id = 'C1'"
        )
        assert changed.rowcount == 1
    database.close()
    said = loaded.reconcile()
    assert said.status == 1
    assert rows(said) == [["ocds-abc123-1", "C1", "paid", "100.05", "100.05", "100.06"]]


def test_a_contract_that_is_missing(loaded: Loaded) -> None:
    said = loaded.reconcile(release(C1, C2, contract(payment("R1", 3), id="C3")))
    assert said.status == 1
    assert rows(said) == [
        ["ocds-abc123-1", "C3", "value", "1000.00", "–", "–"],
        ["ocds-abc123-1", "C3", "paid", "3.00", "–", "–"],
        ["ocds-abc123-1", "C3", "payments", "1", "–", "–"],
    ]


def test_an_index_that_is_behind(loaded: Loaded) -> None:
    write(loaded.source, release(C1, C2, contract(payment("R1", 3), id="C3")))
    loaded.termin.ok("load", str(loaded.source), "--report", str(loaded.report))
    said = loaded.reconcile()
    assert said.status == 1
    assert [row[2:] for row in rows(said)] == [
        ["value", "1000.00", "1000.00", "–"],
        ["paid", "3.00", "3.00", "–"],
        ["payments", "1", "1", "–"],
    ]
    loaded.termin.ok("index", "--once")
    assert loaded.reconcile().status == 0


def test_what_was_skipped_for_a_reason_is_no_difference(loaded: Loaded) -> None:
    skipped = payment("S1", 7, payee={"id": "-".join(BUYER)})
    nameless = {k: v for k, v in {**skipped, "date": "2024-07-01"}.items() if k != "id"}
    future = payment("S3", 9, "2091-01-01T00:00:00Z")
    third = contract(payment("R1", 3), skipped, nameless, future, id="C3")
    write(loaded.source, release(C1, C2, third))
    loaded.termin.ok("load", str(loaded.source), "--report", str(loaded.report))
    loaded.termin.ok("index", "--once")
    reasons = {line["payment_id"]: line["reason"] for line in loaded.lines() if line["payment_id"]}
    assert set(reasons) == {"S1", "S3", "payment-3"}
    said = loaded.reconcile()
    assert said.status == 0, said.out
    # Without the report nobody knows why, and it is a difference.
    said = loaded.reconcile(report=False)
    assert said.status == 1
    assert [row[2:] for row in rows(said)] == [
        ["paid", "26.00", "3.00", "3.00"],
        ["payments", "4", "1", "1"],
    ]


def test_what_a_contract_refused_is_no_difference(loaded: Loaded) -> None:
    loaded.termin.ok(
        "participant", "suspend", "Supplier", "--reason", "x", "--yes", "--as", "TEST::0"
    )
    write(loaded.source, release(C1, C2, contract(payment("R1", 3), id="C3")))
    said = loaded.termin.ok("load", str(loaded.source), "--report", str(loaded.report))
    assert said.lines[0] == "Contracts: 1 loaded, 1 loaded_with_amendment, 1 skipped."
    assert [line["reason"] for line in loaded.lines() if line["contract_id"] == "C3"] == [
        "refused: Supplier is suspended."
    ] * 2
    assert loaded.reconcile().status == 0


def test_a_report_that_only_says_skipped_for_what_anybody_can_read(loaded: Loaded) -> None:
    # A line that a reader would have skipped by itself does not excuse what is missing.
    line = loaded.lines()[0] | {"payment_id": "P1", "outcome": "skipped", "reason": "no_amount: x"}
    loaded.report.write_text(json.dumps(line) + "\n")
    write(loaded.source, release(C1, C2))
    assert loaded.reconcile().status == 0
    assert loaded.reconcile(release(contract(payment("P1", 7)), C2)).status == 1


def test_the_api_does_not_run(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("TERMIN_API_URL", url)
    title, sentence = loaded.termin.refused("reconcile", str(loaded.source))
    assert title == "The API cannot be asked."
    assert re.match(rf"{url}/?: ConnectError", sentence)
