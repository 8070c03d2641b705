"""Events that contradict the rules of the contracts: each figure is worked out, not believed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.works import Works

from backend.verification.differences import Difference
from backend.verification.errors import NotComparableError
from backend.verification.replay import HANDLERS, Replay, replay
from backend.verification.spool import NO_MILESTONE, Fact

from .conftest import Known

FIGURES = {
    "PaymentMade": ["attempt", "basis", "payee", "account"],
    "DeductionPaid": ["amount", "recipient", "account", "part"],
    "PaymentOwed": ["amount", "owed", "payee"],
    "ClaimPaid": ["amount", "account"],
    "InterestAccrued": ["late", "amount", "owed"],
    "InterestPaid": ["owed", "account", "by"],
    "AgreementFunded": ["amount", "funded", "by"],
    "MilestoneCancelled": ["amount"],
    "MilestoneSubmitted": ["attempt"],
    "MilestoneApproved": ["attempt", "approvals", "quorum"],
    "MilestoneDisapproved": ["rejections", "needed"],
    "MilestonePartlyAccepted": ["rest", "amount"],
    "DisputeOpened": ["amount"],
    "DisputeSettled": ["amount", "rest"],
    "DisputeRuled": ["rest", "amount"],
    "AmendmentProposed": ["amendment"],
    "AmendmentEnacted": ["previousValue", "value", "endsAt"],
    "AgreementCompleted": ["defectsEndAt"],
    "DefaultNoticed": ["curableUntil"],
    "MilestonesScheduled": ["first"],
    "AgreementSigned": ["by"],
}
"""Arguments that follow from what was before."""

ANNOUNCED = {
    "PaymentMade",
    "DeductionPaid",
    "PaymentOwed",
    "InterestAccrued",
    "AgreementActivated",
    "MilestoneRejected",
    "MilestonePartlyAccepted",
    "MilestoneCancelled",
    "MilestoneChanged",
    "AmendmentProposed",
    "DisputeSettled",
    "DisputeRuled",
}
"""Events that follow from others, or without which others cannot be."""


def worked_out(known: Known, works: Works, name: str, facts: list[Fact]) -> Replay:
    address = works.contracts[name].address
    return replay(known.numbers[name], facts, address, known.found.people, known.found.calendar)


def changed(fact: Fact, path: list[str]) -> Fact:
    """The event with another figure."""
    values = copy.deepcopy(fact.values)
    inner = values
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = other(inner[path[-1]])
    return replace(fact, values=values)


def other(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def figures(known: Known) -> Iterator[tuple[str, int, list[str]]]:
    """Every figure of every event: agreement, place in it, path to the argument."""
    for name, facts in known.facts.items():
        for place, fact in enumerate(facts):
            for argument in FIGURES.get(fact.name, []):
                # Another payee without a change of what went to whom is what `account` tells.
                yield name, place, [argument]
            for struct in ("payment", "account"):
                inner = fact.values.get(struct)
                if isinstance(inner, dict):
                    yield from ((name, place, [struct, key]) for key in inner)


def test_nothing_contradicts_the_rules(known: Known, works: Works) -> None:
    names = set()
    for name, facts in known.facts.items():
        assert worked_out(known, works, name, facts).differences == []
        names |= {fact.name for fact in facts}
    assert names >= set(HANDLERS) - {"AgreementResumed"}


def test_every_other_figure_is_found(known: Known, works: Works) -> None:
    unnoticed = []
    count = 0
    for name, place, path in figures(known):
        facts = list(known.facts[name])
        facts[place] = changed(facts[place], path)
        count += 1
        if not worked_out(known, works, name, facts).differences:
            unnoticed.append((name, facts[place].name, path))
    assert unnoticed == []
    assert count > 400


def test_every_event_that_is_missing_is_missed(known: Known, works: Works) -> None:
    missed = set()
    for name, facts in known.facts.items():
        for place, fact in enumerate(facts):
            if fact.name not in ANNOUNCED:
                continue
            found = worked_out(known, works, name, [*facts[:place], *facts[place + 1 :]])
            assert found.differences, (name, fact)
            missed.add(fact.name)
    assert missed == ANNOUNCED


def test_a_difference_says_what_and_where(known: Known, works: Works) -> None:
    facts = list(known.facts["plant"])
    place = next(i for i, fact in enumerate(facts) if fact.name == "PaymentMade" and i > 30)
    fact = facts[place]
    net = fact.values["payment"]["net"]
    facts[place] = changed(fact, ["payment", "net"])
    (found,) = worked_out(known, works, "plant", facts).differences
    assert found == Difference(found.side, 1, "PaymentMade", fact.key, "payment.net", net, net + 1)
    assert str(found) == (
        f"agreement 1, PaymentMade {fact.key}, payment.net: {net} from the chain, "
        f"{net + 1} in the event"
    )


def test_a_payment_that_nothing_called_for(known: Known, works: Works) -> None:
    facts = list(known.facts["dam"])
    place = next(i for i, fact in enumerate(facts) if fact.name == "DisputeSettled")
    del facts[place : place + 2]
    found = [each.column for each in worked_out(known, works, "dam", facts).differences]
    assert "event" in found


def test_an_event_of_another_contract_is_no_part_of_it(known: Known, works: Works) -> None:
    plant = known.facts["plant"]
    committed = [fact for fact in plant if fact.name.startswith("Line")]
    assert len(committed) == 2
    assert worked_out(known, works, "plant", plant).total.released == 50_000


def test_an_event_that_nobody_knows(known: Known, works: Works) -> None:
    facts = list(known.facts["lock"])
    facts[-1] = replace(facts[-1], name="MoneyLost", address=works.contracts["lock"].address)
    with pytest.raises(NotComparableError, match="MoneyLost at"):
        worked_out(known, works, "lock", facts)


def test_an_agreement_that_was_never_created(known: Known, works: Works) -> None:
    with pytest.raises(NotComparableError, match="was never created"):
        worked_out(known, works, "lock", known.facts["lock"][1:])


def test_what_belongs_to_no_milestone(known: Known, works: Works) -> None:
    plant = worked_out(known, works, "plant", known.facts["plant"])
    assert [p.basis for p in plant.payments if p.milestone is None] == [
        "advance",
        "damages-returned",
        "retention-release",
        "retention-release",
    ]
    assert {place for place, _ in plant.claims} == {1}
    assert NO_MILESTONE not in {place for place, _ in plant.claims}
