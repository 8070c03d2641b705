"""Source, chain and API compared on a loaded chain, an index and the API itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from support.loading import (
    OTHER,
    SUPPLIER,
    Place,
    contract,
    payment,
    place_on,
    release,
    write,
)
from support.node import anvil
from support.sending import Chain

from backend.app import create_app
from backend.chain.deployment import Deployment
from backend.chain.reader import View, read_all
from backend.chain.rpc import Rpc
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once
from backend.ocds import reconciliation
from backend.ocds.contracts import read_source
from backend.ocds.reconciliation import (
    ApiUnusableError,
    Comparison,
    Figures,
    describe,
    reconcile,
    reconcile_all,
)
from backend.ocds.source import SourceContract

MXN = [
    contract(payment("P1", 100), payment("P2", "0.05")),
    contract(payment("Q1", 2000, payee={"id": "-".join(OTHER)}), id="C2"),
    contract(payment("R1", 30), id="C3", status="cancelled"),
    contract(id="C4"),
]


def in_yen() -> dict[str, Any]:
    paid = payment("Y1", 0, value={"amount": 5, "currency": "JPY"})
    return release(contract(paid, value={"amount": 7, "currency": "JPY"}), ocid="ocds-abc123-2")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("reconciled")
    with anvil() as url, Rpc(url) as rpc:
        found = place_on(rpc, folder)
        found.load_files(write(folder / "source.jsonl", release(*MXN), in_yen()))
        database = Database(Settings(data_dir=folder).database)
        index_once(database, rpc, found.made, found.store)
        database.close()
        yield found


@pytest.fixture
def contracts(place: Place) -> tuple[SourceContract, ...]:
    return read_source([place.folder / "source.jsonl"]).contracts


@pytest.fixture
def index(place: Place, tmp_path: Path) -> str:
    """URL of an index of the test's own."""
    copy = shutil.copyfile(place.folder / "termin.db", tmp_path / "termin.db")
    return f"sqlite:///{copy}"


@pytest.fixture
def api(place: Place, index: str) -> Iterator[httpx.Client]:
    settings = Settings(data_dir=place.folder, rpc_url=place.rpc.url, database_url=index)
    with TestClient(create_app(settings)) as client:
        yield client  # type: ignore[misc]


@pytest.fixture
def tamper(index: str) -> Iterator[Callable[[str], None]]:
    """`tamper(statement)`: change one row of the index behind everybody's back."""
    database = Database(index)

    def change(statement: str) -> None:
        with database.transaction() as session:
            assert session.execute(text(statement)).rowcount == 1  # type: ignore[attr-defined]

    yield change
    database.close()


NO_FIGURES = {
    "ocid": "a",
    "contractId": "b",
    "value": {"amount": "much", "currency": "MXN"},
    "paid": {"amount": "1", "currency": "MXN"},
    "payments": 0,
}
EXPECTED = {
    "C1": Figures("MXN", 100_000, 10_005, 2),
    "C2": Figures("MXN", 200_000, 200_000, 1),
    "C3": Figures("MXN", 100_000, 3_000, 1),
    "C4": Figures("MXN", 100_000, 0, 0),
}


def test_all_three_say_the_same_to_the_minor_unit(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    found = reconcile(contracts, place.rpc, place.made, api)
    assert all(each.agrees for each in found)
    figures = {each.contract_id: each for each in found if each.ocid == "ocds-abc123-1"}
    for name, expected in EXPECTED.items():
        each = figures[name]
        assert each.source == each.chain == each.api == expected
    (yen,) = [each for each in found if each.ocid == "ocds-abc123-2"]
    assert yen.source == yen.chain == yen.api == Figures("JPY", 7, 5, 1)


@pytest.mark.parametrize("size", [1, 2])
def test_it_does_not_matter_how_much_is_asked_at_a_time(
    place: Place,
    contracts: tuple[SourceContract, ...],
    api: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    whole = reconcile(contracts, place.rpc, place.made, api)
    monkeypatch.setattr(reconciliation, "ADDRESSES_PER_QUERY", size)
    monkeypatch.setattr(reconciliation, "PAGE_SIZE", size)
    assert reconcile(contracts, place.rpc, place.made, api) == whole


def test_the_source_may_be_left_out(place: Place, api: httpx.Client) -> None:
    found = reconcile_all(place.rpc, place.made, api)
    assert len(found) == 5
    assert all(each.source is None and each.agrees for each in found)


def test_a_refund_is_one_whatever_account_the_treasury_has_since(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    """C3 was cancelled, and 970.00 of it went back."""
    rpc, chain = place.rpc, Chain(place.rpc, None)
    address = place.facts()["ocds-abc123-1", "C3"].address
    (parties,) = read_all(rpc, [View("Agreement", address, "parties")])
    treasury = parties["treasury"]
    view = View("ParticipantRegistry", place.made.registry, "get", (treasury,))
    (before,) = read_all(rpc, [view])
    new = "0x" + "5a" * 20
    before_all = rpc.call("evm_snapshot")
    rpc.call("anvil_autoImpersonateAccount", True)
    for sender, act, *arguments in (
        (place.admin.address, "proposeSuccession", treasury, new, bytes(32)),
        (before["account"], "confirmSuccession", treasury, new),
    ):
        chain.act(sender, "ParticipantRegistry", place.made.registry, act, *arguments)
    try:
        (after,) = read_all(rpc, [view])
        assert after["account"].lower() == new
        assert all(each.agrees for each in reconcile(contracts, rpc, place.made, api))
    finally:
        rpc.call("anvil_autoImpersonateAccount", False)
        assert rpc.call("evm_revert", before_all)


def only_difference(found: list[Comparison]) -> Comparison:
    (one,) = [each for each in found if not each.agrees]
    return one


def test_a_source_that_says_one_minor_unit_more(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    first = contracts[0]
    payments = (replace(first.payments[0], amount=10_001), *first.payments[1:])
    changed = (replace(first, payments=payments), *contracts[1:])
    one = only_difference(reconcile(changed, place.rpc, place.made, api))
    assert (one.source, one.chain, one.api) == (
        Figures("MXN", 100_000, 10_006, 2),
        EXPECTED["C1"],
        EXPECTED["C1"],
    )
    changed = (replace(first, value=100_001), *contracts[1:])
    one = only_difference(reconcile(changed, place.rpc, place.made, api))
    assert one.source == Figures("MXN", 100_001, 10_005, 2)


def test_a_source_with_a_payment_that_was_split_in_two(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    first, second = contracts[0].payments
    halves = (replace(first, amount=4_000), replace(first, amount=6_000, id="P1b"), second)
    changed = (replace(contracts[0], payments=halves), *contracts[1:])
    one = only_difference(reconcile(changed, place.rpc, place.made, api))
    assert one.source == Figures("MXN", 100_000, 10_005, 3)
    assert one.chain == one.api == EXPECTED["C1"]


def test_an_api_that_says_one_minor_unit_less(
    place: Place,
    contracts: tuple[SourceContract, ...],
    api: httpx.Client,
    tamper: Callable[[str], None],
) -> None:
    tamper(
        "UPDATE agreements SET paid = substr(paid, 1, length(paid) - 1) || '4' "
        "WHERE contract_id = 'C1' AND ocid = 'ocds-abc123-1'"
    )
    one = only_difference(reconcile(contracts, place.rpc, place.made, api))
    assert one.contract_id == "C1"
    assert (one.source, one.chain) == (EXPECTED["C1"], EXPECTED["C1"])
    assert one.api == Figures("MXN", 100_000, 10_004, 2)


def test_a_contract_that_neither_chain_nor_api_has(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    extra = replace(contracts[0], contract_id="C9")
    one = only_difference(reconcile((*contracts, extra), place.rpc, place.made, api))
    assert (one.contract_id, one.chain, one.api) == ("C9", None, None)
    assert one.source == EXPECTED["C1"]


def test_a_contract_that_only_the_index_invented(
    place: Place, api: httpx.Client, tamper: Callable[[str], None]
) -> None:
    tamper("UPDATE agreements SET contract_id = 'C99' WHERE contract_id = 'C4'")
    found = {each.contract_id: each for each in reconcile_all(place.rpc, place.made, api)}
    assert not found["C99"].agrees
    assert (found["C99"].chain, found["C99"].api) == (None, EXPECTED["C4"])
    assert (found["C4"].chain, found["C4"].api) == (EXPECTED["C4"], None)


def test_nothing_to_compare(place: Place, api: httpx.Client) -> None:
    assert reconcile([], place.rpc, place.made, api) == []


def test_money_back_to_the_treasury_is_no_payment(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client
) -> None:
    found = reconcile(contracts, place.rpc, place.made, api)
    (closed,) = [each for each in found if each.contract_id == "C3"]
    assert place.facts()["ocds-abc123-1", "C3"].money["refunded"] == 97_000
    assert closed.chain == Figures("MXN", 100_000, 3_000, 1)


def test_look_alikes_of_a_stranger_are_no_payments(
    place: Place, contracts: tuple[SourceContract, ...], api: httpx.Client, tmp_path: Path
) -> None:
    # A second deployment on the same chain: the same kinds of events from other addresses.
    other = place_on(place.rpc, tmp_path)
    other.load(release(contract(payment("P1", 77))))
    found = reconcile(contracts, place.rpc, place.made, api)
    assert all(each.agrees for each in found)
    assert isinstance(other.made, Deployment)
    assert other.made.factory != place.made.factory
    assert other.balance(other.account(SUPPLIER)) == 7_700


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (200, b"no json"),
        (200, b"{}"),
        (200, b'{"contracts": [{}], "next": null}'),
        (200, b'{"contracts": [], "nxt": 1}'),
        (200, b"[]"),
        (200, json.dumps({"contracts": [NO_FIGURES], "next": None}).encode()),
    ],
)
def test_an_api_that_cannot_be_used(
    place: Place, contracts: tuple[SourceContract, ...], status: int, body: bytes
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    client = httpx.Client(base_url="http://api.test", transport=transport)
    with client as api, pytest.raises(ApiUnusableError) as caught:
        reconcile(contracts, place.rpc, place.made, api)
    assert caught.value.detail.startswith("http://api.test: ")
    assert caught.value.status == 502


def test_figures_in_words() -> None:
    assert describe(Figures("MXN", 100_000, 5, 2)) == ("1000.00", "0.05", "2")
    assert describe(Figures("JPY", 7, 5, 1)) == ("7", "5", "1")
    assert describe(Figures("KWD", 1, 0, 0)) == ("0.001", "0.000", "0")
    assert describe(None) == ("–", "–", "–")
