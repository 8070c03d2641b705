"""arguments
├── are by the names of the ABI, in the order of the names
├── are whole: every field but the origin
└── are plain: integers as decimal strings, enumerations as their numbers, structs as objects
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import fields
from support.crafted import ACCOUNT, MEMBER, NONE, milestone

from backend.chain.arguments import _names, arguments
from backend.chain.contract import contract
from backend.chain.events import (
    EVENTS,
    AgreementSigned,
    Basis,
    CalendarYearSet,
    Event,
    MilestonesScheduled,
    Origin,
    Payment,
    PaymentMade,
)

ORIGIN = Origin(1, NONE, 2, NONE, 3, 4, ACCOUNT)


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name, kinds in EVENTS.items() for kind in kinds],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_names_are_those_of_the_abi(name: str, kind: type[Event]) -> None:
    items = contract(name).events.values()
    item = next(each for each in items if each["name"] == kind.__name__)
    names = sorted(parameter["name"] for parameter in item["inputs"])
    assert [public for _, public in _names(kind)] == names
    assert {field for field, _ in _names(kind)} == {each.name for each in fields(kind)} - {"origin"}


PAYMENT = Payment(45, 1, 2, 3, 4, 5, 30, 7, 8)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (AgreementSigned(ORIGIN, MEMBER), {"by": MEMBER}),
        (
            CalendarYearSet(ORIGIN, 2026, 96, (1, 359), NONE),
            {"document": NONE, "holidays": ["1", "359"], "weekend": "96", "year": "2026"},
        ),
        (
            MilestonesScheduled(ORIGIN, 2**255, (milestone(2**90), milestone(0, 7))),
            {
                "first": str(2**255),
                "milestones": [
                    {"amount": str(2**90), "document": NONE, "dueAt": "0", "payee": NONE},
                    {"amount": "0", "document": NONE, "dueAt": "7", "payee": NONE},
                ],
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_plain(event: Event, expected: dict[str, Any]) -> None:
    found = arguments(event)
    assert found == expected
    assert list(found) == list(expected)


def test_an_enumeration_is_its_number() -> None:
    event = PaymentMade(ORIGIN, 1, MEMBER, ACCOUNT, 2, Basis.SILENCE, PAYMENT)
    assert arguments(event)["basis"] == str(int(Basis.SILENCE))
    assert arguments(event)["payment"]["lateDays"] == str(PAYMENT.late_days)
