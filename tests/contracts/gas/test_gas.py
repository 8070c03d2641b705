"""What each act costs. Writes `.termin/gas.json`; `make gas` compares and keeps the figures.

Whole transactions, base cost and calldata included; recipients hold money before. The figures of
an act are those of its second use where the first also writes a slot that later ones share.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ape
import pytest
from ape.api import ReceiptAPI

from ..signing import approval
from ..vocabulary import NONE, Amendment, Conditions, GuaranteeKind, TaxBase, digest
from ..world import World

MEASURED = Path(__file__).parents[3] / ".termin" / "gas.json"
DAY = 86_400


@pytest.fixture(scope="module")
def measured() -> Iterator[dict[str, int]]:
    """Figures by name; written when all are there."""
    figures: dict[str, int] = {}
    yield figures
    MEASURED.parent.mkdir(exist_ok=True)
    MEASURED.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")


def gas(receipt: ReceiptAPI) -> int:
    return int(receipt.gas_used)


def full(world: World, **changes: Any) -> Conditions:
    """Every condition in use, and one tax."""
    tax = (world.id["collector"], 265, 11_100, TaxBase.GROSS)
    return Conditions(
        advance_rate=2_000,
        recovery_rate=2_500,
        retention_rate=500,
        security_rate=500,
        damages_rate=1_000,
        damages_cap=500,
        interest_rate=200,
        review_days=14,
        payment_days=14,
        taxes=(tax,),
    )._replace(**changes)


def schedule(count: int, amount: int) -> tuple[tuple[int, int, bytes, bytes], ...]:
    due = ape.chain.pending_timestamp + 100 * DAY
    return tuple((amount, due + i, NONE, digest(f"milestone {i}")) for i in range(count))


def test_measures_creation(world: World, measured: dict[str, int]) -> None:
    for count in (5, 100):
        draft = world.draft(
            value=count * 900,
            milestones=schedule(count, 900),
            arbiter=world.id["arbiter"],
            inspectors=(world.id["surveyor"],),
            conditions=full(world),
            ocid="ocds-abc123-0000001",
        )
        used = gas(world.factory.create(*draft.arguments, sender=world.account["first"]))
        if count == 5:
            measured["create_5_milestones"] = used
        else:
            measured["create_100_milestones"] = used
    more = measured["create_100_milestones"] - measured["create_5_milestones"]
    measured["create_per_milestone_at_100"] = more // 95


def test_measures_the_plain_life(world: World, measured: dict[str, int]) -> None:
    draft = world.draft(
        committee=(world.id["first"],), quorum=1, inspectors=(), milestones=schedule(4, 10_000)
    )
    agreement = world.sign(draft)
    first, supplier = world.account["first"], world.account["supplier"]
    measured["sign"] = gas(agreement.sign(sender=supplier))
    measured["fund"] = gas(world.fund(agreement))
    world.submit(agreement, 0)
    agreement.accept(0, 1, sender=first)
    measured["submit"] = gas(world.submit(agreement, 1))
    measured["accept_1_no_deductions"] = gas(agreement.accept(1, 1, sender=first))
    world.submit(agreement, 2)
    measured["reject"] = gas(agreement.reject(2, 1, digest("cracks"), NONE, sender=first))
    measured["submit_again"] = gas(world.submit(agreement, 2))
    part = (2, 2, 4_000, digest("shorter"), NONE)
    measured["accept_part"] = gas(agreement.acceptPart(*part, sender=first))
    receipt = agreement.dispute(2, digest("all done"), NONE, sender=supplier)
    measured["dispute"] = gas(receipt)
    measured["rule_by_default"] = gas(agreement.ruleByDefault(2, sender=supplier))
    terminated = agreement.terminate(digest("no-need"), NONE, sender=first)
    measured["terminate_and_close"] = gas(terminated)


def test_measures_the_full_waterfall(world: World, measured: dict[str, int]) -> None:
    draft = world.draft(
        milestones=schedule(4, 10_000),
        value=40_000,
        inspectors=(world.id["surveyor"],),
        conditions=full(world, defects_days=0),
    )
    agreement = world.sign(draft)
    world.activate(agreement)
    later = ape.chain.pending_timestamp + 400 * DAY
    for kind in (GuaranteeKind.PERFORMANCE, GuaranteeKind.ADVANCE):
        receipt = world.decide(
            agreement, "recordGuarantee", kind, 20_000, later, digest("guarantee")
        )
    measured["record_guarantee"] = gas(receipt)
    measured["pay_advance"] = gas(agreement.payAdvance(sender=world.stranger))
    for milestone in range(4):
        world.submit(agreement, milestone)
        measured["attest"] = gas(world.attest(agreement, milestone))
        receipt = accept_offline(world, agreement, milestone)
        measured["accept_2_signatures_full_waterfall"] = gas(receipt)
    measured["complete_and_close"] = gas(agreement.complete(sender=world.stranger))


def accept_offline(world: World, agreement: Any, milestone: int) -> ReceiptAPI:
    content = {"milestone": milestone, "attempt": 1}
    approvals = [
        approval(agreement, "Acceptance", content, world.account[name])
        for name in ("first", "second")
    ]
    return agreement.acceptSigned(milestone, 1, approvals, sender=world.stranger)


def test_measures_votes_and_changes(world: World, measured: dict[str, int]) -> None:
    agreement = world.sign(world.draft(inspectors=()))
    world.activate(agreement)
    world.submit(agreement, 0)
    measured["accept_first_vote"] = gas(world.accept(agreement, "first", 0))
    amendment = tuple(Amendment(increase=5_000, milestones=schedule(1, 5_000)))
    proposed = agreement.proposeAmendment(amendment, sender=world.account["first"])
    measured["propose_amendment"] = gas(proposed)
    agreement.signAmendment(1, amendment, sender=world.account["second"])
    signed = agreement.signAmendment(1, amendment, sender=world.account["supplier"])
    measured["sign_amendment"] = gas(signed)
    world.token.approve(agreement, 5_000, sender=world.account["treasury"])
    enacted = agreement.enactAmendment(1, amendment, sender=world.account["treasury"])
    measured["enact_amendment"] = gas(enacted)
    until = ape.chain.pending_timestamp + 10 * DAY
    held = agreement.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    measured["hold"] = gas(held)
