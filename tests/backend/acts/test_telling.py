"""Every event of an agreement has a sentence, in words with names and amounts."""

from __future__ import annotations

from typing import Any

import pytest

from backend.acts.agreements import Happening
from backend.acts.directory import Directory
from backend.acts.telling import SENTENCES, tell
from backend.chain.abi import AbiItem
from backend.chain.contract import contract

EVENTS = {item["name"]: item for item in contract("Agreement").events.values()}
# What the contract's own libraries emit.
FOREIGN = {"EIP712DomainChanged"}
NOBODY = Directory([])


def sample(parameter: AbiItem) -> Any:
    """A value of the type of a parameter."""
    kind: str = parameter["type"]
    if kind.endswith("[]"):
        return [sample(parameter | {"type": kind[:-2]})]
    if kind == "tuple":
        return {each["name"]: sample(each) for each in parameter["components"]}
    if kind.startswith("uint"):
        return 3
    if kind == "bytes4":
        return contract("Agreement").selector("suspend")
    if kind.startswith("bytes"):
        return b"ab".ljust(32, b"\0")
    return {"address": "0x" + "Cd" * 20, "bool": True}[kind]


def happening(name: str, **changes: Any) -> Happening:
    values = {each["name"]: sample(each) for each in EVENTS[name]["inputs"]}
    return Happening(name, values | changes, 1, 1, "0x")


def test_every_event_has_a_sentence_and_every_sentence_its_event() -> None:
    assert set(SENTENCES) == set(EVENTS) - FOREIGN


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_renders(name: str) -> None:
    changes = {"kind": 1} if name in {"GuaranteeRecorded", "GuaranteeCalled"} else {}
    said = tell(happening(name, **changes), NOBODY)
    assert len(said) > 10
    assert not said.endswith(".")
    assert "{" not in said
    assert "b'" not in said


def payment(**parts: int) -> dict[str, int]:
    names = ("gross", "advance", "retention", "damages", "taxes", "direct", "net", "lateDays")
    return dict.fromkeys((*names, "carried"), 0) | parts


NOWHERE = "0x" + "0" * 40
PAYMENTS = [
    (
        {"basis": 1, "milestone": 0, "payment": payment(gross=10, net=10)},
        " was paid 10 minor units for milestone 1",
    ),
    (
        {
            "basis": 3,
            "milestone": 1,
            "payment": payment(
                gross=100,
                advance=1,
                retention=2,
                damages=3,
                taxes=4,
                direct=5,
                net=85,
                lateDays=1,
                carried=6,
            ),
        },
        (
            " was paid 85 minor units for milestone 2, accepted by silence: 100 minor units less "
            "1 minor units of the advance, 2 minor units retention, 3 minor units delay damages "
            "for 1 day, 4 minor units taxes, 5 minor units to subcontractors; 6 minor units of "
            "delay damages is carried forward"
        ),
    ),
    (
        {"basis": 7, "milestone": 2**256 - 1, "payment": payment(gross=10, taxes=1, net=9)},
        " was paid 9 minor units as the advance: 10 minor units less 1 minor units taxes",
    ),
    (
        {"basis": 9, "milestone": 2**256 - 1, "payment": payment(gross=10, net=10)},
        " was paid 10 minor units as delay damages given back",
    ),
    (
        {
            "basis": 6,
            "milestone": 0,
            "account": NOWHERE,
            "payment": payment(gross=10, retention=1, net=9),
        },
        (
            " earned 9 minor units for milestone 1, as the default is: 10 minor units less 1 minor "
            "units retention"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "told"), PAYMENTS, ids=range(len(PAYMENTS)))
def test_a_payment_is_told_with_every_part(changes: dict[str, Any], told: str) -> None:
    payee = b"\1" * 32
    assert tell(happening("PaymentMade", payee=payee, **changes), NOBODY) == f"0x{'01' * 32}{told}"


def test_what_is_owed_without_deductions_is_told_once() -> None:
    owed = happening("PaymentMade", account=NOWHERE, basis=1, payment=payment(gross=10, net=10))
    assert tell(owed, NOBODY) == ""


def test_the_first_milestones_are_not_told() -> None:
    assert tell(happening("MilestonesScheduled", first=0), NOBODY) == ""
    said = tell(happening("MilestonesScheduled", first=2), NOBODY)
    assert said == "milestone 3 was added, for 3 minor units"


def test_what_is_no_event_of_an_agreement_is_not_told() -> None:
    assert tell(Happening("EIP712DomainChanged", {}, 1, 1, "0x"), NOBODY) == ""


def test_the_parts_of_a_payment_are_those_of_the_contract() -> None:
    (components,) = (
        each["components"] for each in EVENTS["PaymentMade"]["inputs"] if each["name"] == "payment"
    )
    assert [each["name"] for each in components] == list(payment())
