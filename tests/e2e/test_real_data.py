"""Real published data through the whole: loaded, paid on a chain, indexed, published again.

The source is read here by `json` and `Decimal` alone, so that nothing of the reader that it was
loaded by can hide a loss.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.node import free_port
from support.shared import REAL_DATA
from support.standard import defects, needs_standard

from backend.chain.local import LocalChain
from backend.ocds.contracts import read_source

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    not REAL_DATA.exists(), reason=f"the real data is not at {REAL_DATA.parent}"
)

Key = tuple[str, str]
Payment = tuple[str, Decimal, str, str]
"""Date as published, amount, currency, tax number of the payee."""


@dataclass(frozen=True)
class Place:
    """A chain with its database and documents."""

    folder: Path
    rpc_url: str

    def termin(self, *arguments: str) -> str:
        """Run a command as a user does and return what it prints."""
        command = [sys.executable, "-c", "from backend.cli import main; main()", *arguments]
        where = {"TERMIN_DATA_DIR": str(self.folder), "TERMIN_RPC_URL": self.rpc_url}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **where, "TERMIN_DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def export(self, name: str) -> Path:
        """The export as a file."""
        path = self.folder / name
        self.termin("export", "--out", str(path))
        return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("real")
    found = Place(folder, f"http://127.0.0.1:{free_port()}")
    chain = LocalChain(folder / "chain", found.rpc_url)
    chain.start()
    try:
        found.termin("load", str(REAL_DATA), "--report", str(folder / "report.jsonl"))
        found.termin("index", "--once")
        yield found
    finally:
        chain.stop()


@pytest.fixture(scope="module")
def export(place: Place) -> Path:
    return place.export("export.jsonl")


def lines(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def source_contracts() -> dict[Key, Any]:
    """The contracts of the source, by ocid and id."""
    releases = [
        record["compiledRelease"] for line in lines(REAL_DATA) for record in line["records"]
    ]
    return {
        (release["ocid"], contract["id"]): contract
        for release in releases
        for contract in release.get("contracts", [])
    }


def source_payments() -> dict[Key, Counter[Payment]]:
    return {
        key: Counter(
            (
                each["date"],
                each["value"]["amount"],
                each["value"]["currency"],
                each["payee"]["id"].removeprefix("RFC-"),
            )
            for each in contract.get("implementation", {}).get("transactions", [])
        )
        for key, contract in source_contracts().items()
    }


def exported_payments(path: Path) -> dict[Key, Counter[Payment]]:
    found = {}
    for record in lines(path):
        release = record["compiledRelease"]
        (contract,) = release["contracts"]
        tax_number = {each["id"]: each["identifier"]["id"] for each in release["parties"]}
        found[record["ocid"], contract["id"]] = Counter(
            (
                each["date"],
                each["value"]["amount"],
                each["value"]["currency"],
                tax_number[each["payee"]["id"]],
            )
            for each in contract.get("implementation", {}).get("transactions", [])
        )
    return found


def in_utc(payments: dict[Key, Counter[Payment]]) -> dict[Key, Counter[tuple[object, ...]]]:
    """The same with each date as a moment."""
    found: dict[Key, Counter[tuple[object, ...]]] = {}
    for key, counts in payments.items():
        found[key] = Counter()
        for (date, *rest), count in counts.items():
            found[key][datetime.fromisoformat(date).astimezone(UTC), *rest] += count
    return found


def test_every_payment_is_published_as_the_source_has_it(export: Path) -> None:
    published, source = exported_payments(export), source_payments()
    assert published == source
    assert len(source) == 16
    assert sum(counts.total() for counts in published.values()) == 207
    paid = sum(each[1] * count for all_ in published.values() for each, count in all_.items())
    assert paid == Decimal("463746928.89")


def test_contracts_keep_their_values_statuses_and_titles(export: Path) -> None:
    source = source_contracts()
    published = {
        (each["ocid"], each["compiledRelease"]["contracts"][0]["id"]): each
        for each in lines(export)
    }
    contracts = {key: each["compiledRelease"]["contracts"][0] for key, each in published.items()}
    total = sum(each["value"]["amount"] for each in contracts.values())
    # One was paid two centavos more than agreed, by an amendment.
    assert total == Decimal("497175526.07") + Decimal("0.02")
    amended = {key for key, each in contracts.items() if "amendments" in each}
    assert amended == {("ocds-7wj9x5-LO-919009986-E12-2019-v001", "1908008")}
    for key, contract in contracts.items():
        if key not in amended:
            assert contract["value"] == source[key]["value"]
        assert contract["status"] == source[key]["status"]
        assert contract["title"] == source[key]["title"].strip()
        signed = datetime.fromisoformat(source[key]["dateSigned"])
        assert datetime.fromisoformat(contract["dateSigned"]) == signed


def test_nothing_personal_is_published(export: Path) -> None:
    text = export.read_text(encoding="utf-8")
    names = {
        party["contactPoint"][field]
        for line in lines(REAL_DATA)
        for record in line["records"]
        for party in record["compiledRelease"].get("parties", [])
        for field in ("email", "telephone")
        if party.get("contactPoint", {}).get(field)
    }
    assert len(names) > 20
    assert "contactPoint" not in text
    assert [name for name in names if name.strip() in text] == []


def test_how_each_supplier_was_chosen_is_published_as_the_source_has_it(export: Path) -> None:
    names = ("id", "procurementMethod", "procurementMethodDetails", "mainProcurementCategory")
    source = {
        record["compiledRelease"]["ocid"]: record["compiledRelease"].get("tender", {})
        for line in lines(REAL_DATA)
        for record in line["records"]
    }
    published = {each["ocid"]: each["compiledRelease"].get("tender", {}) for each in lines(export)}
    assert {ocid: [told.get(name) for name in names] for ocid, told in published.items()} == {
        ocid: [told.get(name) for name in names] for ocid, told in source.items()
    }
    assert sum("title" in told for told in published.values()) == 15


def test_every_payment_is_a_release_of_its_own_date(export: Path) -> None:
    for record in lines(export):
        first, *later = record["releases"]
        assert first["tag"] in (["tender", "award", "contract"], ["award", "contract"])
        dates = [each["date"] for each in record["releases"]]
        assert dates == sorted(dates)
        told = [
            payment["id"]
            for each in later
            for payment in each["contracts"][0].get("implementation", {}).get("transactions", [])
        ]
        (contract,) = record["compiledRelease"]["contracts"]
        paid = contract.get("implementation", {}).get("transactions", [])
        assert told == [payment["id"] for payment in paid]


@needs_standard
def test_every_release_is_valid_and_compiles_as_ocdsmerge_compiles_it(export: Path) -> None:
    assert defects(export.read_bytes()) == {}


def test_what_is_published_is_read_as_the_same_contracts(export: Path) -> None:
    again, source = read_source([export]), read_source([REAL_DATA])
    assert again.findings == ()

    def figures(contract: Any) -> Any:
        paid = Counter((each.date, each.amount, each.payee.key) for each in contract.payments)
        return contract.currency, max(contract.value, contract.paid), contract.supplier.key, paid

    found = {(each.ocid, each.contract_id): figures(each) for each in again.contracts}
    assert found == {(each.ocid, each.contract_id): figures(each) for each in source.contracts}


def test_it_is_the_same_when_the_index_is_built_again(place: Place, export: Path) -> None:
    place.termin("index", "--once", "--rebuild")
    assert place.export("again.jsonl").read_bytes() == export.read_bytes()


def test_figures_are_complete_without_a_single_document(place: Place) -> None:
    kept = place.folder / "kept"
    (place.folder / "documents").rename(kept)
    try:
        place.termin("index", "--once", "--rebuild")
        bare = place.export("bare.jsonl")
    finally:
        shutil.rmtree(place.folder / "documents", ignore_errors=True)
        kept.rename(place.folder / "documents")
    assert in_utc(exported_payments(bare)) == in_utc(source_payments())
    text = bare.read_text(encoding="utf-8")
    assert '"name"' not in text
    assert '"title"' not in text
