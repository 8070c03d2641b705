"""The regency of Sukamaju, played completely: exact figures, dates and documents."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from backend.acts.scenario import Scenario
from backend.acts.scenario.acts import StoryAct
from backend.core.money import format_minor

SIGNED, ACTIVE, CLOSED, COMPLETED = 1, 2, 3, 4
SCHEDULED, SUBMITTED, INSPECTED, REJECTED, PAID, OWED, CANCELLED = range(1, 8)
# value, accepted, paid, owed, refunded; status; status of each milestone
TOTALS: dict[str, tuple[str, str, str, str, str, int, list[int]]] = {
    "KTR-PUPR-001": (
        # Paid besides what is accepted: what of the advance is not recovered, less the retention.
        *("1200000000000.00", "600000000000.00", "630000000000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, PAID, PAID, INSPECTED, SCHEDULED, SCHEDULED],
    ),
    "KTR-PUPR-002": (
        *("48000000000.00", "48000000000.00", "48000000000.00", "0.00", "0.00"),
        CLOSED,
        [PAID] * 3,
    ),
    "KTR-PUPR-003": (
        *("1263600000.00", "947700000.00", "947700000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, PAID, SCHEDULED],
    ),
    "KTR-PUPR-004": (
        *("3654000000.00", "1827000000.00", "2009700000.00", "0.00", "1644300000.00"),
        CLOSED,
        [PAID, PAID, CANCELLED, CANCELLED],
    ),
    "KTR-PUPR-005": (
        *("23435000000.00", "15435000000.00", "15104500000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, SCHEDULED, CANCELLED, PAID],
    ),
    "KTR-PUPR-006": (
        *("6850000000.00", "1370000000.00", "1301500000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, SUBMITTED, SCHEDULED],
    ),
    "KTR-PUPR-007": (
        *("9218400000.00", "2765520000.00", "2626447440.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, INSPECTED, SCHEDULED],
    ),
    "KTR-PUPR-008": (
        *("1948750000.00", "974375000.00", "974375000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, SCHEDULED],
    ),
    "KTR-PUPR-009": (
        *("4800000000.00", "4000000000.00", "3792800000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, SCHEDULED],
    ),
    "KTR-PUPR-010": (
        *("3000000000.00", "2100000000.00", "2100000000.00", "0.00", "900000000.00"),
        CLOSED,
        [PAID, PAID, CANCELLED],
    ),
    "KTR-PUPR-011": (
        *("800000000.00", "480000000.00", "480000000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, SCHEDULED],
    ),
    "KTR-DINKES-001": (
        *("385750412.50", "385750412.50", "384824611.51", "0.00", "925800.99"),
        CLOSED,
        [PAID, PAID],
    ),
    "KTR-DINKES-002": (
        *("7812500000.00", "7743750000.00", "5663935810.82", "2079814189.18", "0.00"),
        ACTIVE,
        [PAID, OWED],
    ),
    "KTR-DINKES-003": (
        *("4312000000.00", "0.00", "0.00", "0.00", "0.00"),
        ACTIVE,
        [SCHEDULED] * 3,
    ),
    "KTR-DINKES-004": (
        *("1300000000.00", "650000000.00", "650000000.00", "0.00", "650000000.00"),
        CLOSED,
        [PAID, CANCELLED],
    ),
    "KTR-DISDIK-001": (
        *("2437600000.00", "1706320000.00", "1621004000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, SCHEDULED],
    ),
    "KTR-DISDIK-002": (
        *("150000000.00", "150000000.00", "150000000.00", "0.00", "0.00"),
        CLOSED,
        [PAID],
    ),
    "KTR-DISDIK-003": (
        *("1800000000.00", "1692000000.00", "1649700000.00", "0.00", "0.00"),
        COMPLETED,
        [PAID, PAID],
    ),
    "KTR-DISDIK-004": (
        *("2000000000.00", "2000000000.00", "1900000000.00", "0.00", "100000000.00"),
        CLOSED,
        [PAID, PAID],
    ),
    "KTR-KOMINFO-001": (
        *("875250000.00", "525150000.00", "521999100.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, PAID, SCHEDULED],
    ),
    "KTR-KOMINFO-002": (
        *("960000000.00", "240000000.00", "240000000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, SCHEDULED],
    ),
    "KTR-DISTAN-001": (
        *("5437500000.00", "2175000000.00", "2066250000.00", "0.00", "0.00"),
        ACTIVE,
        [PAID, REJECTED, SCHEDULED],
    ),
    "KTR-DISTAN-002": (
        *("642300000.00", "0.00", "0.00", "0.00", "0.00"),
        SIGNED,
        [SCHEDULED, SCHEDULED],
    ),
    "KTR-DISTAN-003": (
        *("420000000.00", "210000000.00", "210000000.00", "0.00", "210000000.00"),
        CLOSED,
        [PAID, CANCELLED],
    ),
}


@pytest.mark.parametrize("contract_id", TOTALS)
def test_the_totals_of_each_contract(played: Any, example: Scenario, contract_id: str) -> None:
    agreement = played.agreement(example, contract_id)
    money = agreement.money
    names = ("value", "accepted", "paid", "owed", "refunded")
    figures = tuple(format_minor(money[name], "IDR") for name in names)
    assert (*figures, agreement.status, agreement.statuses) == TOTALS[contract_id]
    # Whatever is signed by both is funded in full.
    assert money["funded"] == (0 if agreement.status == SIGNED else money["value"])


def test_every_contract_has_its_totals_here(example: Scenario) -> None:
    assert {each.id for each in example.story.contracts} == set(TOTALS)


def test_every_act_that_a_story_can_tell_is_told(example: Scenario) -> None:
    told = {act.act for contract in example.story.contracts for act in contract.story}
    kinds = get_args(get_args(StoryAct)[0])
    assert told == {
        name for each in kinds for name in get_args(each.model_fields["act"].annotation)
    }


def test_every_condition_is_agreed_somewhere(played: Any, example: Scenario) -> None:
    agreed = [
        values["terms"]["conditions"]
        for _, name, values in played.events("AgreementFactory", played.made.factory)
        if name == "AgreementCreated"
    ]
    assert len(agreed) == len(TOTALS)
    unused = {name for name in agreed[0] if not any(each[name] for each in agreed)}
    assert unused == set()


def test_each_act_stands_in_a_block_of_its_second(played: Any, example: Scenario) -> None:
    zone, today = example.story.zone, date(2026, 3, 2)
    for told in example.story.contracts:
        events = played.agreement(example, told.id).events
        acts = [told.signed, *(act.at for act in told.story)]
        expected = {int(moment.on(today, zone).timestamp()) for moment in acts}
        assert {time for time, _, _ in events} == expected


def test_all_that_is_said_in_prose_is_in_the_store(played: Any, example: Scenario) -> None:
    kinds = {"evidence": "report", "report": "report", "document": "note"}
    for told in example.story.contracts:
        agreement = played.agreement(example, told.id)
        document = played.store.read_json(agreement.terms["document"])
        assert (document["type"], document["title"]) == ("agreement", told.title)
        for _, name, values in agreement.events:
            if name == "MilestonesScheduled":
                found = [played.store.read_json(each["document"]) for each in values["milestones"]]
                assert {each["type"] for each in found} == {"milestone"}
            for key in kinds.keys() & values.keys():
                # What applies by itself has no author who could explain it.
                if any(values[key]):
                    assert played.store.read_json(values[key])["type"] == kinds[key]
                else:
                    assert (name, values.get("by", bytes(32))) in BY_THEMSELVES


BY_THEMSELVES = {("DisputeRuled", bytes(32)), ("AgreementTerminated", bytes(32))}


def test_how_each_supplier_was_chosen_is_in_the_terms(played: Any, example: Scenario) -> None:
    methods = {}
    for told in example.story.contracts:
        document = played.store.read_json(played.agreement(example, told.id).terms["document"])
        methods[told.id] = document["tender"]["procurementMethod"]
    assert methods["KTR-PUPR-001"] == "open"
    assert methods["KTR-PUPR-003"] == "selective"
    assert set(methods.values()) == {"open", "selective", "direct"}


def test_the_consortium_is_named_in_the_terms(played: Any, example: Scenario) -> None:
    terms = played.agreement(example, "KTR-PUPR-001").terms
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
        for act in contract.story:
            if act.act == "guarantee":
                assert "Contoh" in act.document
