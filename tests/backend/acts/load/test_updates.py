"""Loading again: the same adds nothing, a newer publication adds what is new."""

from __future__ import annotations

import pytest
from support.loading import (
    BUYER,
    SUPPLIER,
    Place,
    contract,
    moment,
    payment,
    release,
    told,
    write,
)

from backend.acts.accounts import local_signer
from backend.acts.deploy import REGISTRAR, ensure_deployment
from backend.acts.sending import call
from backend.chain.identity import bytes32_to_code, participant_id
from backend.chain.local import head_time

P1, P2 = payment("P1", 100), payment("P2", 200, "2024-04-01T00:00:00Z")


def worth(amount: int) -> dict[str, object]:
    return {"value": {"amount": amount, "currency": "MXN"}}


def test_the_same_file_again_adds_nothing(place: Place) -> None:
    path = write(
        place.folder / "a.jsonl",
        release(contract(P1, payment("P9", 5000, "2024-04-01T00:00:00Z"))),
        release(contract(status="cancelled"), ocid="ocds-abc123-2"),
        release(contract(**worth(0)), ocid="ocds-abc123-3"),
    )
    place.load_files(path)
    before = place.head, place.log
    again = place.load_files(path)
    assert (place.head, place.log) == before
    assert again.steps == 0
    assert told(again.report) == [
        (None, "loaded_with_amendment", "paid_above_value already_loaded")
        if line.ocid == "ocds-abc123-1"
        else (None, "loaded_without_payments", "no_payments already_loaded")
        for line in again.report
    ]
    address = place.facts()["ocds-abc123-3", "C1"].address
    (third,) = [line for line in again.report if line.ocid == "ocds-abc123-3"]
    assert third.reason.endswith(f"already_loaded: the agreement at {address} has all of it")


def test_new_payments_within_the_value(place: Place) -> None:
    place.load(release(contract(P1)))
    loaded = place.load(release(contract(P1, P2)))
    assert told(loaded.report) == [(None, "loaded_with_amendment", "")]
    facts = place.one()
    ((at, enacted),) = facts.named("AmendmentEnacted")
    assert (at, bytes32_to_code(enacted["reason"])) == (moment("2024-04-01"), "new-payments")
    assert [(each.at, each.amount) for each in facts.payments] == [
        (moment("2024-03-01T10:00:00"), 10_000),
        (moment("2024-04-01"), 20_000),
    ]
    assert facts.money["value"] == place.supply() == 100_000
    before = place.head, place.log
    assert told(place.load(release(contract(P1, P2))).report) == [
        (None, "loaded", "already_loaded")
    ]
    assert (place.head, place.log) == before


def test_new_payments_and_a_raised_value(place: Place) -> None:
    place.load(release(contract(P1)))
    big = payment("P3", 1300, "2024-05-01T00:00:00Z")
    loaded = place.load(release(contract(P1, P2, big, **worth(1500))))
    assert told(loaded.report) == [(None, "loaded_with_amendment", "paid_above_value")]
    money = place.one().money
    assert money["value"] == money["paid"] == place.supply() == 160_000


def test_a_raised_value_alone(place: Place) -> None:
    place.load(release(contract(P1)))
    loaded = place.load(release(contract(P1, **worth(1500))))
    assert told(loaded.report) == [(None, "loaded_with_amendment", "")]
    facts = place.one()
    ((_, enacted),) = facts.named("AmendmentEnacted")
    assert bytes32_to_code(enacted["reason"]) == "value-raised"
    assert facts.money["value"] == facts.money["funded"] == place.supply() == 150_000
    before = place.head, place.log
    place.load(release(contract(P1, **worth(1500))))
    assert (place.head, place.log) == before


def test_a_lowered_value_is_not_followed_and_said(place: Place) -> None:
    place.load(release(contract(P1)))
    before = place.head, place.log
    (line,) = place.load(release(contract(P1, **worth(900)))).report
    assert (place.head, place.log) == before
    assert line.reason == (
        f"already_loaded: the agreement at {place.one().address} has all of it; "
        "its value stays 1000.00"
    )


def test_a_closed_agreement_takes_nothing_more(place: Place) -> None:
    place.load(release(contract(P1, status="terminated")))
    before = place.head, place.log
    loaded = place.load(release(contract(P1, P2, status="terminated", **worth(1500))))
    address = place.one().address
    assert [(each.payment_id, str(each.outcome), each.reason) for each in loaded.report] == [
        (
            None,
            "loaded",
            f"already_loaded: the agreement at {address} has all of it; its value stays 1000.00",
        ),
        ("P2", "skipped", f"agreement_closed: the agreement at {address} is closed"),
    ]
    assert (place.head, place.log) == before


def test_a_closure_that_is_published_later(place: Place) -> None:
    place.load(release(contract(P1)))
    loaded = place.load(release(contract(P1, status="terminated")))
    facts = place.one()
    assert facts.status == 3
    assert facts.money["refunded"] == 90_000
    assert loaded.steps == 1


def test_a_payment_dated_before_the_chain_bears_the_later_time(place: Place) -> None:
    place.load(release(contract(P1)))
    early = payment("P0", 7, "2024-02-01T00:00:00Z")
    loaded = place.load(release(contract(P1, early)))
    line = next(each for each in loaded.report if each.payment_id)
    assert (line.payment_id, str(line.outcome), line.value, line.paid) == (
        "P0",
        "loaded",
        "7.00",
        "7.00",
    )
    assert line.reason == (
        "dated_before_chain: 2024-02-01T00:00:00+00:00; the chain stands at "
        "2024-03-01T10:00:00+00:00, and its block bears that time"
    )
    assert [(each.at, each.amount) for each in place.one().payments] == [
        (moment("2024-03-01T10:00:00"), 10_000),
        (moment("2024-03-01T10:00:00"), 700),
    ]
    (_, added) = (values for _, values in place.one().named("MilestonesScheduled"))
    (milestone,) = added["milestones"]
    assert place.store.read_json(milestone["document"])["date"] == "2024-02-01T00:00:00Z"


def test_an_earlier_payment_of_another_year_is_committed_against_the_same_line(
    place: Place,
) -> None:
    dateless = {"dateSigned": None}
    place.load(release(contract(P1, **dateless)))
    line = place.one().terms["budgetLine"]
    loaded = place.load(
        release(contract(P1, payment("P0", 2000, "2023-12-01T00:00:00Z"), **dateless))
    )
    assert told(loaded.report) == [
        (None, "loaded_with_amendment", "paid_above_value"),
        ("P0", "loaded", "dated_before_chain"),
    ]
    facts = place.one()
    assert facts.terms["budgetLine"] == line
    assert facts.money["paid"] == facts.money["value"] == place.supply() == 210_000


def test_a_document_that_is_gone_stops_new_payments_only(place: Place) -> None:
    place.load(release(contract(P1)))
    ((_, scheduled),) = place.one().named("MilestonesScheduled")
    place.store.erase(scheduled["milestones"][0]["document"])
    before = place.head, place.log
    loaded = place.load(release(contract(P1, P2)))
    assert told(loaded.report) == [
        (None, "loaded_without_payments", "all_payments_skipped already_loaded"),
        ("P1", "skipped", "document_missing"),
        ("P2", "skipped", "document_missing"),
    ]
    assert (place.head, place.log) == before


def test_an_increase_is_measured_against_the_original_value(place: Place) -> None:
    amounts = {"P1": 1, "P2": "6.55", "P3": "0.01"}
    payments = [
        payment(name, amount, f"2024-0{month}-01T00:00:00Z")
        for month, (name, amount) in enumerate(amounts.items(), 1)
    ]
    for count in (1, 2, 3):
        place.load(release(contract(*payments[:count], **worth(1))))
    facts = place.one()
    grounds = [values["legalGround"].rstrip(b"\0") for _, values in facts.named("AmendmentEnacted")]
    # 1.00 and 655.35 % of it, rounded down to the centavo, are 7.55.
    assert grounds == [b"", b"published-amendment"]
    assert facts.money["paid"] == facts.money["value"] == place.supply() == 756


def test_a_milestone_in_dispute_is_not_paid_and_stops_nothing_else(place: Place) -> None:
    inspector = participant_id("OFFICE", f"{'-'.join(BUYER)}/inspector")
    place.load(release(contract(P1)))
    place.administer(
        "ParticipantRegistry",
        place.made.registry,
        "setStanding",
        *(inspector, 2, b"test".ljust(32, b"\0"), bytes(32)),
    )
    # The submission stands, the inspection and the votes are refused.
    place.load(release(contract(P1, P2, **worth(300))))
    facts = place.one()
    assert [each["status"] for each in facts.milestones] == [5, 2]
    for member in facts.parties["committee"][:2]:
        dispute = call("Agreement", facts.address, "dispute", 1, b"why".ljust(32, b"\0"), bytes(32))
        place.act(local_signer(member), dispute)
    before = place.head, place.log
    loaded = place.load(release(contract(P1, P2, status="terminated", **worth(300))))
    assert [(each.payment_id, each.reason) for each in loaded.report if each.payment_id] == [
        (
            "P2",
            (
                "refused: Milestone 2 is disputed; it would have to be scheduled or rejected or "
                "partly accepted."
            ),
        )
    ]
    assert (place.head, place.log) == before


def test_a_load_after_one_that_was_killed_admits_another_currency(place: Place) -> None:
    place.load(release(contract(P1)))
    # What a killed load leaves: no automatic blocks, and transactions of a block never mined.
    place.rpc.call("evm_setAutomine", False)
    grant = call("Authority", place.made.authority, "grantRole", REGISTRAR, place.admin.address, 0)
    place.sender.send(place.admin, grant, 200_000)
    assert ensure_deployment(place.sender, place.admin, place.folder) == place.made
    place.sender.forget_nonces()
    yen = contract(payment("Y1", 0, value={"amount": 5, "currency": "JPY"}))
    place.load(release({**yen, "value": {"amount": 5, "currency": "JPY"}}, ocid="ocds-abc123-2"))
    assert place.supply("JPY") == 5
    assert place.rpc.call("anvil_getAutomine") is True


def test_the_clock_stays_where_the_last_payment_put_it(place: Place) -> None:
    place.load(release(contract(P1)))
    assert head_time(place.rpc) == moment("2024-03-01T10:00:00")
    place.load(release(contract(P1)))
    assert head_time(place.rpc) == moment("2024-03-01T10:00:00")


@pytest.mark.parametrize("standing", [2, 3])
def test_a_refused_update_adds_nothing_however_often(place: Place, standing: int) -> None:
    place.load(release(contract(P1)))
    place.standing(SUPPLIER, standing)
    before = place.head, place.log
    word = {2: "suspended", 3: "debarred"}[standing]
    for _ in range(2):
        loaded = place.load(release(contract(P1, P2, **worth(1500))))
        assert [(each.payment_id, each.reason) for each in loaded.report] == [
            (None, f"refused: Supplier is {word}."),
            ("P2", f"refused: Supplier is {word}."),
        ]
        assert told(loaded.report)[1][1] == "skipped"
        assert (place.head, place.log) == before
    place.standing(SUPPLIER, 1)
    place.load(release(contract(P1, P2, **worth(1500))))
    assert place.one().money["paid"] == 30_000
    assert place.one().money["value"] == place.supply() == 150_000
