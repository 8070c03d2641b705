"""The regency of Sukamaju, played completely: exact figures, dates and documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.acts.scenario import Scenario, scenario_contracts

SIGNED, ACTIVE, CLOSED, COMPLETED = 1, 2, 3, 4
SCHEDULED, SUBMITTED, INSPECTED, REJECTED, PAID, OWED, CANCELLED = range(1, 8)
# value, funded, paid, owed, refunded in minor units; status; status of each milestone
TOTALS: dict[str, tuple[int, int, int, int, int, int, list[int]]] = {
    "KTR-PUPR-001": (
        *(120_000_000_000_000, 120_000_000_000_000, 60_000_000_000_000, 0, 0),
        ACTIVE,
        [PAID, PAID, PAID, PAID, INSPECTED, SCHEDULED, SCHEDULED],
    ),
    "KTR-PUPR-002": (
        *(4_800_000_000_000, 4_800_000_000_000, 4_800_000_000_000, 0, 0),
        CLOSED,
        [PAID] * 5,
    ),
    "KTR-PUPR-003": (
        *(126_360_000_000, 126_360_000_000, 94_770_000_000, 0, 0),
        ACTIVE,
        [PAID, PAID, PAID, SCHEDULED],
    ),
    "KTR-PUPR-004": (
        *(365_400_000_000, 365_400_000_000, 182_700_000_000, 0, 182_700_000_000),
        CLOSED,
        [PAID, PAID, CANCELLED, CANCELLED],
    ),
    "KTR-PUPR-005": (
        *(2_343_500_000_000, 2_343_500_000_000, 1_483_500_000_000, 0, 0),
        ACTIVE,
        [PAID, PAID, SCHEDULED, SCHEDULED, PAID],
    ),
    "KTR-PUPR-006": (
        *(685_000_000_000, 685_000_000_000, 137_000_000_000, 0, 0),
        ACTIVE,
        [PAID, SUBMITTED, SCHEDULED, SCHEDULED],
    ),
    "KTR-PUPR-007": (
        *(921_840_000_000, 921_840_000_000, 276_552_000_000, 0, 0),
        ACTIVE,
        [PAID, INSPECTED, SCHEDULED],
    ),
    "KTR-PUPR-008": (
        *(194_875_000_000, 194_875_000_000, 97_437_500_000, 0, 0),
        ACTIVE,
        [PAID, SCHEDULED],
    ),
    "KTR-DINKES-001": (
        *(38_575_041_250, 38_575_041_250, 38_575_041_250, 0, 0),
        CLOSED,
        [PAID, PAID],
    ),
    "KTR-DINKES-002": (
        *(781_250_000_000, 781_250_000_000, 546_875_000_000, 234_375_000_000, 0),
        ACTIVE,
        [PAID, OWED],
    ),
    "KTR-DINKES-003": (
        *(431_200_000_000, 431_200_000_000, 0, 0, 0),
        ACTIVE,
        [SCHEDULED] * 3,
    ),
    "KTR-DISDIK-001": (
        *(243_760_000_000, 243_760_000_000, 170_632_000_000, 0, 0),
        ACTIVE,
        [PAID, PAID, SCHEDULED],
    ),
    "KTR-DISDIK-002": (
        *(15_000_000_000, 15_000_000_000, 15_000_000_000, 0, 0),
        CLOSED,
        [PAID],
    ),
    "KTR-KOMINFO-001": (
        *(87_525_000_000, 87_525_000_000, 52_515_000_000, 0, 0),
        ACTIVE,
        [PAID, PAID, SCHEDULED],
    ),
    "KTR-DISTAN-001": (
        *(543_750_000_000, 543_750_000_000, 217_500_000_000, 0, 0),
        ACTIVE,
        [PAID, REJECTED, SCHEDULED],
    ),
    "KTR-DISTAN-002": (*(64_230_000_000, 0, 0, 0, 0), SIGNED, [SCHEDULED, SCHEDULED]),
    "KTR-PUPR-101": (
        *(1_000_000_000_000, 1_000_000_000_000, 999_000_000_000, 0, 0),
        COMPLETED,
        [PAID] * 4,
    ),
    "KTR-PUPR-102": (
        *(200_000_000_000, 200_000_000_000, 200_000_000_000, 0, 0),
        CLOSED,
        [PAID, PAID],
    ),
    "KTR-PUPR-103": (
        *(300_000_000_000, 300_000_000_000, 235_000_000_000, 0, 65_000_000_000),
        CLOSED,
        [PAID] * 3,
    ),
    "KTR-PUPR-104": (
        *(130_000_000_000, 130_000_000_000, 100_000_000_000, 0, 30_000_000_000),
        CLOSED,
        [PAID, PAID, CANCELLED, CANCELLED],
    ),
    # 600 earned − 120 recovered − 30 retained + 300 advance = 750 paid; 1,500 − 750 back.
    "KTR-PUPR-105": (
        *(150_000_000_000, 150_000_000_000, 75_000_000_000, 0, 75_000_000_000),
        CLOSED,
        [PAID, CANCELLED],
    ),
    "KTR-PUPR-106": (*(10_000_000_000, 10_000_000_000, 0, 0, 10_000_000_000), CLOSED, [CANCELLED]),
}


@pytest.mark.parametrize("contract_id", TOTALS)
def test_the_totals_of_each_contract(played: Any, example: Scenario, contract_id: str) -> None:
    agreement = played.agreement(example, contract_id)
    money = agreement.money
    names = ("value", "funded", "paid", "owed", "refunded")
    figures = tuple(money[name] for name in names)
    assert (*figures, agreement.status, agreement.statuses) == TOTALS[contract_id]


def test_every_contract_has_its_totals_here(example: Scenario) -> None:
    assert [each.id for each in example.story.contracts] == list(TOTALS)


def test_what_is_expected_is_what_the_chain_paid(
    played: Any, example: Scenario, today: date
) -> None:
    people = example.people
    for expected in scenario_contracts(example, today):
        agreement = played.agreement(example, expected.contract_id)
        paid = [
            (time, values.get("amount") or values["payment"]["net"], values["payee"])
            for time, name, values in agreement.named("PaymentMade", "ClaimPaid")
            if name == "ClaimPaid" or int(values["account"], 16)
        ]
        ids = {
            people.organization(name).key: people.member(name).id
            for name in example.story.participants
        }
        assert paid == [
            (int(each.date.timestamp()), each.amount, ids[each.payee.key])
            for each in expected.payments
        ]
        assert expected.value == agreement.money["value"]
        assert (expected.currency, expected.reasons) == ("IDR", ())


def test_each_act_stands_in_a_block_of_its_second(played: Any, example: Scenario) -> None:
    zone, today = example.story.zone, date(2026, 3, 2)
    for told in example.story.contracts:
        events = played.agreement(example, told.id).events
        acts = [told.signed, *(act.at for act in told.story)]
        expected = {int(moment.on(today, zone).timestamp()) for moment in acts}
        assert {time for time, _, _ in events} == expected


def test_all_that_is_said_in_prose_is_in_the_store(played: Any, example: Scenario) -> None:
    kinds = {"evidence": "report", "report": "report"}
    for told in example.story.contracts:
        agreement = played.agreement(example, told.id)
        document = played.store.read_json(played.terms(told.id)["document"])
        assert (document["type"], document["title"]) == ("agreement", told.title)
        for _, name, values in agreement.events:
            if name == "MilestonesScheduled":
                for milestone in values["milestones"]:
                    assert played.store.read_json(milestone["document"])["type"] == "milestone"
            for key in ("evidence", "report", "document"):
                # What nobody decided on, the default ruling or the lapse, has no document.
                if any(values.get(key, b"")):
                    expected = kinds.get(key, "note")
                    assert played.store.read_json(values[key])["type"] == expected


def test_the_consortium_is_named_in_the_terms(played: Any) -> None:
    terms = played.terms("KTR-PUPR-001")
    assert played.store.read_json(terms["document"])["otherSuppliers"] == [
        {
            "scheme": "CONTOH",
            "identifier": "00.000.503.0-999.000",
            "name": "PT Contoh Nusantara Beton",
        }
    ]


def test_everything_is_marked_as_fictional(example: Scenario) -> None:
    story = example.story
    assert story.title.endswith("(fiktif)")
    for person in story.participants.values():
        assert (person.scheme, person.identifier[:7]) == ("CONTOH", "00.000.")
        for name in (person.name, *person.offices.values()):
            assert "(fiktif)" in name or "Contoh" in name
    for contract in story.contracts:
        assert contract.ocid.startswith("ocds-contoh-")
        assert contract.description.endswith("Contoh fiktif.")
