"""Loading what changed and ended: amendments above the value, and how a contract is closed."""

from __future__ import annotations

from typing import Any

import pytest
from support.loading import (
    BUYER,
    SUPPLIER,
    Facts,
    Place,
    contract,
    in_currency,
    moment,
    payment,
    release,
    told,
)

from backend.chain.identity import bytes32_to_code, participant_id
from backend.chain.reader import View, read
from backend.core.money import format_minor

SUPPLIER_ID = participant_id(*SUPPLIER)


def signatures(facts: Facts) -> list[bytes]:
    """Who signed the amendment, in order."""
    return [values["by"] for _, values in facts.named("AmendmentSigned")]


def test_payments_above_the_value_are_amended_into_it(place: Place) -> None:
    loaded = place.load(
        release(
            contract(
                payment("P1", 600, "2024-03-01T00:00:00Z"),
                payment("P2", 600, "2024-04-01T00:00:00Z"),
                payment("P3", 1, "2024-05-01T00:00:00Z"),
            )
        )
    )
    assert told(loaded.report) == [(None, "loaded_with_amendment", "paid_above_value")]
    facts = place.one()
    ((proposed_at, proposed),) = facts.named("AmendmentProposed")
    ((enacted_at, enacted),) = facts.named("AmendmentEnacted")
    assert proposed_at == enacted_at == moment("2024-04-01T00:00:00")
    assert proposed["terms"]["increase"] == 20_100
    assert [each["amount"] for each in proposed["terms"]["milestones"]] == [60_000, 100]
    assert bytes32_to_code(enacted["reason"]) == "paid-above-value"
    assert (enacted["previousValue"], enacted["value"]) == (100_000, 120_100)
    assert enacted["legalGround"] == bytes(32)
    assert signatures(facts) == [*facts.parties["committee"][:2], SUPPLIER_ID]
    assert [each.amount for each in facts.payments] == [60_000, 60_000, 100]
    assert facts.money["paid"] == facts.money["value"] == place.supply() == 120_100


AUTHORITY = participant_id("OFFICE", f"{'-'.join(BUYER)}/authority")


@pytest.mark.parametrize(
    ("value", "paid", "ground", "authority"),
    [
        # 655.35 % of the value may be added without the authority.
        (1000, "7553.50", "", []),
        (1000, "7553.51", "published-amendment", [AUTHORITY]),
        (0, "0.01", "published-amendment", [AUTHORITY]),
    ],
)
def test_beyond_the_cap_the_authority_signs_what_was_published(
    place: Place, value: int, paid: str, ground: str, authority: list[bytes]
) -> None:
    place.load(in_currency("MXN", value, paid))
    facts = place.one()
    committee = facts.parties["committee"][:2]
    assert signatures(facts) == [*committee, *authority, SUPPLIER_ID]
    ((_, enacted),) = facts.named("AmendmentEnacted")
    assert enacted["legalGround"].rstrip(b"\0") == ground.encode()
    assert format_minor(facts.money["paid"], "MXN") == paid
    view = View("ParticipantRegistry", place.made.registry, "get", (AUTHORITY,))
    # Who is not needed is not registered.
    assert read(place.rpc, view)["roles"] == (128 if authority else 0)


def test_a_contract_of_no_value_that_is_paid_after_all(place: Place) -> None:
    loaded = place.load(release(contract(payment("P1", 5), value={"amount": 0, "currency": "MXN"})))
    assert told(loaded.report) == [(None, "loaded_with_amendment", "paid_above_value")]
    facts = place.one()
    assert [each.amount for each in facts.payments] == [500]
    assert facts.money["value"] == facts.money["funded"] == place.supply() == 500
    assert len(facts.named("AgreementActivated")) == 1


ENDINGS = {"AgreementCompleted", "AgreementTerminated", "AgreementClosed"}
CONVENIENCE = 1  # Ground


def endings(facts: Facts) -> list[str]:
    """How an agreement ended, in order."""
    return [name for _, name, _ in facts.events if name in ENDINGS]


def test_what_is_finished_is_completed_with_its_last_payment(place: Place) -> None:
    place.load(release(contract(payment("P1", 100), status="terminated")))
    facts = place.one()
    assert endings(facts) == ["AgreementCompleted", "AgreementClosed"]
    ((closed_at, closed),) = facts.named("AgreementClosed")
    account = {name: value for name, value in closed["account"].items() if value}
    assert account == {"accepted": 10_000, "refunded": 90_000, "released": 90_000}
    assert (closed_at, facts.status) == (facts.payments[0].at, 3)
    assert facts.money["refunded"] == 90_000


@pytest.mark.parametrize(
    ("status", "payments", "code"),
    [("terminated", [], "completed"), ("cancelled", [payment("P1", 100)], "cancelled")],
)
def test_what_ended_without_its_work_is_terminated_by_the_buyer(
    place: Place, status: str, payments: list[Any], code: str
) -> None:
    place.load(release(contract(*payments, status=status)))
    facts = place.one()
    assert endings(facts) == ["AgreementTerminated", "AgreementClosed"]
    ((at, ended),) = facts.named("AgreementTerminated")
    assert (ended["ground"], bytes32_to_code(ended["reason"])) == (CONVENIENCE, code)
    last = facts.payments[-1].at if payments else moment("2024-01-15T00:00:00")
    assert (at, facts.status) == (last, 3)
    assert (
        facts.money["refunded"] == 100_000 - facts.money["paid"] == 100_000 - 10_000 * len(payments)
    )
