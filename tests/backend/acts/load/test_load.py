"""Loading onto an empty chain: dates, money and parties as published, to the minor unit."""

from __future__ import annotations

import pytest
from support.loading import (
    BUYER,
    OTHER,
    SUPPLIER,
    Paid,
    Place,
    contract,
    in_currency,
    moment,
    payment,
    release,
    told,
    write,
)

from backend.acts.load.load import NotLocalChainError, load
from backend.chain.identity import participant_id
from backend.chain.reader import View, read
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.ocds.contracts import read_source

SUPPLIER_ID, OTHER_ID = participant_id(*SUPPLIER), participant_id(*OTHER)
KEY = ("ocds-abc123-1", "C1")


def test_each_payment_stands_in_the_second_of_its_date(place: Place) -> None:
    loaded = place.load(
        release(
            contract(
                payment("P2", 0.05, "2024-03-01T10:00:01Z"),
                payment("P1", 100, "2024-02-29T23:59:59-06:00"),
                payment("P3", "899.95", "2024-03-01T10:00:01Z"),
            )
        )
    )
    assert told(loaded.report) == [(None, "loaded", "")]
    (line,) = loaded.report
    assert (line.value, line.paid, line.currency) == ("1000.00", "1000.00", "MXN")
    assert loaded.steps == 4
    facts = place.one()
    assert facts.payments == [
        Paid(moment("2024-03-01T05:59:59"), 1, SUPPLIER_ID, 10_000),
        Paid(moment("2024-03-01T10:00:01"), 2, SUPPLIER_ID, 5),
        Paid(moment("2024-03-01T10:00:01"), 3, SUPPLIER_ID, 89_995),
    ]
    ((funded_at, _),) = facts.named("AgreementFunded")
    assert funded_at == moment("2024-01-15T00:00:00") == facts.terms["signedAt"]
    assert {at for at, _ in facts.named("MilestoneAttested")} == {p.at for p in facts.payments}
    assert facts.status == 2


def test_every_milestone_passes_through_inspection_and_a_quorum_of_two(place: Place) -> None:
    place.load(release(contract(payment("P1", 100))))
    names = [name for _, name, _ in place.one().events]
    assert names == [
        "MilestonesScheduled",
        "AgreementSigned",
        "AgreementFunded",
        "AgreementActivated",
        "MilestoneSubmitted",
        "MilestoneAttested",
        "MilestoneApproved",
        "MilestoneApproved",
        "PaymentMade",
    ]
    parties = place.one().parties
    assert (parties["quorum"], len(parties["committee"])) == (2, 3)
    assert parties["arbiter"] == bytes(32)


def test_nothing_is_deducted_from_what_was_published(place: Place) -> None:
    place.load(release(contract(payment("P1", 100))))
    facts = place.one()
    agreed = facts.terms["conditions"]
    exceptions = {name: value for name, value in agreed.items() if value not in (0, [])}
    assert exceptions == {"amendmentCap": 65_535, "lapseDays": 3_650}
    assert read(place.rpc, View("Agreement", facts.address, "conditions")) == agreed
    ((_, paid),) = facts.named("PaymentMade")
    assert {name: value for name, value in paid["payment"].items() if value} == {
        "gross": 10_000,
        "net": 10_000,
    }


def test_no_money_appears_or_vanishes(place: Place) -> None:
    place.load(
        release(
            contract(payment("P1", 100), payment("P2", "0.01"), payment("P3", 50, id="P3")),
            contract(payment("Q1", 70), id="C2", value={"amount": 70, "currency": "MXN"}),
            contract(payment("R1", 30), id="C3", status="cancelled"),
        )
    )
    facts = place.facts()
    assert place.supply() == 100_000 + 7_000 + 100_000 == sum(f.value for f in facts.values())
    for each in facts.values():
        money = each.money
        assert money["funded"] == each.value
        assert money["accepted"] == money["paid"] == sum(p.amount for p in each.payments)
        left = money["funded"] - money["paid"] - money["refunded"]
        assert place.balance(each.address) == left
    supplier = place.account(SUPPLIER)
    assert place.balance(supplier) == 15_001 + 7_000 + 3_000
    refunded = facts["ocds-abc123-1", "C3"].money["refunded"]
    assert refunded == 97_000
    balances = place.balances()
    assert sum(balances.values()) == place.supply()
    assert sorted(balances.values()) == sorted([25_001, 84_999, 97_000])


@pytest.mark.parametrize(
    ("currency", "value", "amounts", "minor"),
    [
        ("JPY", 1000, [1, 999], [1, 999]),
        ("JPY", "1000.00", ["250.0"], [250]),
        ("KWD", 1.5, [0.001, "1.499"], [1, 1499]),
        ("IDR", "480000000000.00", ["479999999999.99", 0.01], [47_999_999_999_999, 1]),
        ("UYW", "1.0001", ["1.0001"], [10_001]),
    ],
)
def test_the_minor_unit_is_that_of_the_currency(
    place: Place, currency: str, value: object, amounts: list[object], minor: list[int]
) -> None:
    place.load(in_currency(currency, value, *amounts))
    assert [each.amount for each in place.one().payments] == minor
    assert place.supply(currency) == place.one().value


def test_the_largest_amount_is_paid_to_the_last_minor_unit(place: Place) -> None:
    largest = "792281625142643375935439503.35"
    place.load(in_currency("MXN", largest, largest))
    assert [each.amount for each in place.one().payments] == [2**96 - 1]
    assert place.supply() == 2**96 - 1


def test_one_contract_of_each_currency(place: Place) -> None:
    first, second = in_currency("JPY", 5, 5), in_currency("KWD", "0.005", "0.005")
    place.load(first, {**second, "ocid": "ocds-abc123-2"})
    assert place.supply("JPY") == place.supply("KWD") == 5
    assert place.token("JPY") != place.token("KWD")


@pytest.mark.parametrize("amount", [1000, 0])
def test_a_contract_without_payments(place: Place, amount: int) -> None:
    loaded = place.load(release(contract(value={"amount": amount, "currency": "MXN"})))
    assert told(loaded.report) == [(None, "loaded_without_payments", "no_payments")]
    facts = place.one()
    assert facts.payments == facts.milestones == []
    assert facts.money["value"] == facts.money["funded"] == place.supply() == 100 * amount
    assert facts.status == 2


def test_a_payment_of_nothing_is_a_payment(place: Place) -> None:
    loaded = place.load(release(contract(payment("P1", 0), payment("P2", 3))))
    assert told(loaded.report) == [(None, "loaded", "")]
    assert [each.amount for each in place.one().payments] == [0, 300]


def test_many_payments_of_one_second_keep_their_order(place: Place) -> None:
    amounts = list(range(1, 41))
    place.load(release(contract(*(payment(f"P{n}", n) for n in amounts))))
    paid = place.one().payments
    assert [each.amount for each in paid] == [100 * n for n in amounts]
    assert {each.at for each in paid} == {moment("2024-03-01T10:00:00")}


def test_somebody_else_than_the_supplier_is_paid(place: Place) -> None:
    place.load(
        release(
            contract(payment("P1", 100), payment("P2", 40, payee={"id": "-".join(OTHER)})),
        )
    )
    assert [each.payee for each in place.one().payments] == [SUPPLIER_ID, OTHER_ID]
    assert place.balance(place.account(SUPPLIER)) == 10_000
    assert place.balance(place.account(OTHER)) == 4_000


def test_a_published_payer_is_the_treasury(place: Place) -> None:
    place.load(release(contract(payment("P1", 100, payer={"id": "-".join(OTHER)}))))
    assert place.one().parties["treasury"] == OTHER_ID


def test_a_contract_signed_after_its_first_payment_keeps_both_dates(place: Place) -> None:
    place.load(release(contract(payment("P1", 100, "2023-06-01T00:00:00Z"))))
    facts = place.one()
    assert facts.terms["signedAt"] == moment("2024-01-15T00:00:00")
    assert [each.at for each in facts.payments] == [moment("2023-06-01T00:00:00")]


def test_two_files_share_participants_and_budget_lines(place: Place) -> None:
    folder = place.folder
    one = write(folder / "one.jsonl", release(contract(payment("P1", 100))))
    swapped = release(
        contract(payment("Q1", 60, payee={"id": "-".join(OTHER)})),
        ocid="ocds-abc123-2",
        awards=[{"id": "A1", "suppliers": [{"id": "-".join(OTHER)}]}],
    )
    two = write(folder / "two.jsonl", swapped)
    place.load_files(one)
    registered = len(place.log)
    place.load_files(one, two)
    facts = place.facts()
    assert facts[KEY].payments[0].payee == SUPPLIER_ID
    assert facts["ocds-abc123-2", "C1"].payments[0].payee == OTHER_ID
    lines = {each.terms["budgetLine"] for each in facts.values()}
    assert len(lines) == 1
    assert len(place.log) > registered
    buyers = {each.parties["buyer"] for each in facts.values()}
    assert buyers == {participant_id(*BUYER)}


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE agreements; --",
    "{} %s ${HOME} $(reboot) `id` {0}",
    "\u202egnirts \u0000\u001b[31m red",
    "𝒰𝓃𝒾𝒸ℴ𝒹ℯ 🏗️ \ud83c",
    "x" * 5000,
    '"\\\n\r\t',
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_change_no_figure(place: Place, text: str) -> None:
    published = release(
        contract(payment("P1", 12.34, id=f"P {text}"), title=text, description=text, id=f"C{text}")
    )
    published["parties"][1]["name"] = text
    loaded = place.load(published)
    assert told(loaded.report) == [(None, "loaded", "")]
    assert [each.amount for each in place.one().payments] == [1234]
    before = place.log
    assert told(place.load(published).report) == [(None, "loaded", "already_loaded")]
    assert place.log == before


def test_only_the_local_chain_is_loaded(
    place: Place, own_rpc: Rpc, monkeypatch: pytest.MonkeyPatch, store: DocumentStore
) -> None:
    source = read_source([write(place.folder / "s.jsonl", release(contract()))])
    ask = Rpc.call

    def besu(rpc: Rpc, method: str, *params: object) -> object:
        return "besu/v25" if method == "web3_clientVersion" else ask(rpc, method, *params)

    monkeypatch.setattr(Rpc, "call", besu)
    with pytest.raises(NotLocalChainError, match=r"is not Anvil\. A load signs for every office"):
        load(place.sender, place.admin, place.made, store, source)
    assert place.facts() == {}
