"""What cannot be played as published, and that it stops nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

from support.loading import (
    BUYER,
    OTHER,
    SUPPLIER,
    Place,
    contract,
    moment,
    payment,
    release,
    told,
)

from backend.acts.accounts import find_signer
from backend.acts.deploy import REGISTRAR
from backend.acts.load.load import load
from backend.chain.local import head_time
from backend.core.money import format_minor
from backend.ocds.contracts import read_source

TO_BUYER = {"payee": {"id": "-".join(BUYER)}}
NAMELESS = {"id": None}


def test_a_payment_to_the_buyer_itself_is_skipped(place: Place) -> None:
    loaded = place.load(release(contract(payment("P1", 100), payment("P2", 950, **TO_BUYER))))
    by_id = {each.payment_id: each for each in loaded.report}
    assert by_id["P2"].reason == "payee_is_buyer: City would pay itself"
    assert (by_id["P2"].value, by_id["P2"].paid) == ("950.00", "0.00")
    # Without it the value is not exceeded.
    assert (str(by_id[None].outcome), by_id[None].reason) == ("loaded", "")
    assert by_id[None].paid == "100.00"
    assert place.one().money["paid"] == 10_000


def test_what_is_still_above_the_value_is_said_with_what_is_left(place: Place) -> None:
    loaded = place.load(
        release(contract(payment("P1", 1001), payment("P2", 1, **TO_BUYER))),
    )
    by_id = {each.payment_id: each for each in loaded.report}
    assert by_id[None].reason == "paid_above_value: 1001.00 MXN paid, 1000.00 MXN agreed"
    assert str(by_id[None].outcome) == "loaded_with_amendment"


def test_nothing_but_payments_to_the_buyer(place: Place) -> None:
    loaded = place.load(release(contract(payment("P1", 100, **TO_BUYER))))
    assert told(loaded.report) == [
        (None, "loaded_without_payments", "all_payments_skipped"),
        ("P1", "skipped", "payee_is_buyer"),
    ]
    assert place.one().payments == []


def test_a_contract_whose_only_date_is_that_of_a_skipped_payment(place: Place) -> None:
    loaded = place.load(release(contract(payment("P1", 100, **TO_BUYER), dateSigned=None)))
    assert {each.payment_id for each in loaded.report} == {None, "P1"}
    facts = place.one()
    assert facts.terms["signedAt"] == 0
    ((funded_at, _),) = facts.named("AgreementFunded")
    assert funded_at == moment("2024-03-01T10:00:00")


def test_a_payment_in_the_future_is_skipped_and_the_clock_stays(place: Place) -> None:
    loaded = place.load(
        release(contract(payment("P1", 100), payment("P2", 5, "2091-01-01T00:00:00Z")))
    )
    by_id = {each.payment_id: each for each in loaded.report}
    assert by_id["P2"].reason == (
        "date_in_future: 2091-01-01T00:00:00+00:00; expected a payment that has been made"
    )
    assert str(by_id["P2"].outcome) == "skipped"
    assert head_time(place.rpc) == moment("2024-03-01T10:00:00")


def test_a_contract_signed_in_the_future_does_not_move_the_clock_there(place: Place) -> None:
    begin = int(datetime.now(UTC).timestamp())
    place.load(
        release(
            contract(dateSigned="2091-01-01T00:00:00Z", period={"startDate": "2092-01-01"}),
        )
    )
    facts = place.one()
    assert facts.terms["signedAt"] == moment("2091-01-01")
    assert facts.terms["startsAt"] == moment("2092-01-01")
    ((funded_at, _),) = facts.named("AgreementFunded")
    assert begin <= funded_at <= int(datetime.now(UTC).timestamp())


def test_one_line_for_a_payment_with_all_of_its_reasons(place: Place) -> None:
    loaded = place.load(
        release(
            contract(
                payment("P1", 100),
                payment("P2", 5, **TO_BUYER, **NAMELESS),
                payment("P3", 6, "2024-03-02T00:00:00Z", **NAMELESS),
            )
        )
    )
    lines = [each for each in told(loaded.report) if each[0]]
    assert lines == [
        ("payment-2", "skipped", "payee_is_buyer no_payment_id"),
        ("payment-3", "loaded", "no_payment_id"),
    ]
    (skipped,) = [each for each in loaded.report if each.payment_id == "payment-2"]
    assert (skipped.value, skipped.paid) == ("5.00", "0.00")


def test_a_suspended_supplier_signs_nothing_and_the_rest_goes_on(place: Place) -> None:
    place.load(release(contract(payment("P1", 100))))
    place.standing(SUPPLIER, 2)
    supply = place.supply()
    to_other = {"payee": {"id": "-".join(OTHER)}}
    second = release(
        contract(payment("Q1", 50, "2024-04-01T00:00:00Z"), id="C2"),
        ocid="ocds-abc123-2",
    )
    third = release(
        contract(payment("R1", 60, "2024-05-01T00:00:00Z", **to_other), id="C3"),
        ocid="ocds-abc123-3",
        awards=[{"id": "A1", "suppliers": [{"id": "-".join(OTHER)}]}],
    )
    for steps in (4, 2):
        loaded = place.load(second, third)
        lines = {(each.contract_id, each.payment_id): each for each in loaded.report}
        assert str(lines["C2", None].outcome) == str(lines["C2", "Q1"].outcome) == "skipped"
        assert lines["C2", None].reason == "refused: Supplier is suspended."
        assert lines["C2", "Q1"].reason == "refused: Supplier is suspended."
        assert (lines["C2", "Q1"].value, lines["C2", "Q1"].paid) == ("50.00", "0.00")
        assert str(lines["C3", None].outcome) == "loaded"
        assert loaded.steps == steps
        assert set(place.facts()) == {
            ("ocds-abc123-1", "C1"),
            ("ocds-abc123-3", "C3"),
        }
        assert place.supply() == supply + 100_000


def test_a_suspended_payee_refuses_the_signature(place: Place) -> None:
    to_other = {"payee": {"id": "-".join(OTHER)}}
    place.load(release(contract(payment("P1", 100, **to_other))))
    place.standing(OTHER, 3)
    loaded = place.load(
        release(contract(payment("Q1", 1, **to_other), id="C2"), ocid="ocds-abc123-2")
    )
    assert [each.reason for each in loaded.report] == ["refused: Other is debarred."] * 2


def test_an_account_without_the_roles_is_refused_and_nothing_is_half_made(place: Place) -> None:
    path = place.folder / "s.jsonl"
    place.load(release(contract(payment("P1", 100))), name="first.jsonl")
    path.write_bytes((place.folder / "first.jsonl").read_bytes().replace(b"123-1", b"123-9"))
    stranger = find_signer("TEST::7")
    before = place.supply()
    # A buyer that is new must be registered, which only the registrar may.
    path.write_text(path.read_text().replace("GOV-CITY", "GOV-TOWN").replace('"CITY"', '"TOWN"'))
    loaded = load(place.sender, stranger, place.made, place.store, read_source([path]))
    why = f"refused: The account {stranger.address} has no permission for this"
    assert [each.reason.partition(";")[0] for each in loaded.report] == [why, why]
    assert [str(each.outcome) for each in loaded.report] == ["skipped"] * 2
    assert set(place.facts()) == {("ocds-abc123-1", "C1")}
    assert place.supply() == before
    role = (REGISTRAR, stranger.address, 0)
    place.administer("Authority", place.made.authority, "grantRole", *role)
    again = load(place.sender, place.admin, place.made, place.store, read_source([path]))
    assert told(again.report) == [(None, "loaded", "")]


def test_every_contract_and_payment_of_the_source_is_accounted_for(place: Place) -> None:
    source = release(
        contract(payment("P1", 100), payment("P2", -5), payment("P3", 5, **TO_BUYER)),
        contract(payment("Q1", 7, "2091-01-01T00:00:00Z"), id="C2"),
        contract(payment("R1", 7), id="C3", value={"amount": 1, "currency": "XXY"}),
        contract(payment("S1", 2000), id="C4"),
    )
    loaded = place.load(source)
    contracts = [each for each in loaded.report if each.payment_id is None]
    assert {each.contract_id: str(each.outcome) for each in contracts} == {
        "C1": "loaded",
        "C2": "loaded_without_payments",
        "C3": "skipped",
        "C4": "loaded_with_amendment",
    }
    assert len(contracts) == 4
    skipped = {each.payment_id for each in loaded.report if each.payment_id}
    assert skipped == {"P2", "P3", "Q1", "R1"}
    paid = {key[1]: facts.money["paid"] for key, facts in place.facts().items()}
    assert paid == {"C1": 10_000, "C2": 0, "C4": 200_000}
    said = {each.contract_id: each.paid for each in contracts if each.paid}
    assert {each: said[each] for each in paid} == {
        each: format_minor(minor, "MXN") for each, minor in paid.items()
    }
