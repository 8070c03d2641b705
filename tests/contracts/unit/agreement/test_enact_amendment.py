"""Branches: enact_amendment.tree."""

import pytest

from ...vocabulary import MONDAY, NONE, Amendment, amendment_content, digest

MORE = Amendment(increase=10_000, milestones=((30_000, 0, NONE, digest("fence")),))


def sign(world, agreement, amendment=MORE, by=("second", "supplier"), number=1):
    """The first member proposes, and others sign; the treasury approves what is added."""
    agreement.proposeAmendment(tuple(amendment), sender=world.account["first"])
    for name in by:
        agreement.signAmendment(number, tuple(amendment), sender=world.account[name])
    world.token.approve(agreement, amendment.increase, sender=world.account["treasury"])


def enact(world, agreement, amendment=MORE, number=1, by="treasury"):
    return agreement.enactAmendment(number, tuple(amendment), sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        enact(world, agreement)


def test_reverts_when_nothing_is_proposed(world, refused, kept, active):
    sign(world, active)
    other = MORE._replace(increase=9_999)
    with kept(active):
        for number, terms, expected in (
            (1, other, amendment_content(1, MORE)),
            (2, MORE, NONE),
        ):
            with refused(
                active.AmendmentUnknown,
                amendment=number,
                content=amendment_content(number, terms),
                expected=expected,
            ):
                enact(world, active, terms, number)


def test_reverts_when_another_took_effect_since(world, refused, kept, active):
    sign(world, active)
    world.amend(active, Amendment(ends_at=1_799_000_000), number=2)
    content = amendment_content(1, MORE)
    with (
        kept(active),
        refused(active.AmendmentUnknown, amendment=1, content=content, expected=content),
    ):
        enact(world, active)


def test_reverts_when_the_offer_has_ended(world, refused, chain, kept, active):
    amendment = MORE._replace(valid_until=MONDAY)
    sign(world, active, amendment)
    with chain.isolate():
        chain.pending_timestamp = MONDAY + 1
        with kept(active), refused(active.TooLate, present=MONDAY + 1, latest=MONDAY):
            enact(world, active, amendment)
    chain.pending_timestamp = MONDAY
    enact(world, active, amendment)
    assert world.money(active).value == 110_000


def test_reverts_when_caller_is_not_the_treasury(world, refused, kept, active):
    sign(world, active)
    with kept(active):
        for name in ("first", "supplier", "authority"):
            caller = world.account[name]
            with refused(
                active.CallerNotParty,
                caller=caller.address,
                participant=world.id[name],
                expected=world.id["treasury"],
            ):
                enact(world, active, by=name)


@pytest.mark.parametrize(
    ("by", "amendment", "missing"),
    [
        (("second",), MORE, (False, 2, True)),
        (("supplier",), MORE, (True, 1, True)),
        (("authority",), MORE, (False, 1, True)),
        (
            ("second", "third", "supplier"),
            MORE._replace(increase=10_001, legal_ground=digest("law")),
            (True, 3, False),
        ),
    ],
)
def test_reverts_when_a_signature_is_missing(world, refused, kept, active, by, amendment, missing):
    sign(world, active, amendment, by)
    supplier, approvals, authority = missing
    with (
        kept(active),
        refused(
            active.AmendmentNotSigned,
            supplier=supplier,
            approvals=approvals,
            quorum=2,
            authority=authority,
        ),
    ):
        enact(world, active, amendment)


def test_reverts_when_milestones_exceed_the_value(world, refused, kept, active):
    amendment = MORE._replace(milestones=((30_001, 0, NONE, NONE),))
    sign(world, active, amendment)
    with kept(active), refused(active.ScheduleExceedsValue, scheduled=110_001, value=110_000):
        enact(world, active, amendment)


def test_reverts_when_the_budget_line_has_less_left(world, refused, kept, active):
    sign(world, active)
    arguments = (world.id["buyer"], world.token.address, 2026, "5.2.3.01")
    committed = world.budget.get(world.line).committed
    world.budget.appropriate(*arguments, committed + 9_999, NONE, sender=world.officer)
    with (
        kept(active),
        refused(world.budget.LineExceeded, line=world.line, requested=10_000, available=9_999),
    ):
        enact(world, active)


def test_reverts_when_the_treasury_has_not_approved_as_much(world, refused, kept, active):
    sign(world, active)
    world.token.approve(active, 9_999, sender=world.account["treasury"])
    with (
        kept(active),
        refused(
            world.token.ERC20InsufficientAllowance,
            spender=active.address,
            allowance=9_999,
            needed=10_000,
        ),
    ):
        enact(world, active)


def enacted(agreement, amendment, previous, number=1):
    return agreement.AmendmentEnacted(
        amendment=number,
        previousValue=previous,
        value=previous + amendment.increase,
        endsAt=1_798_675_200,
        reason=amendment.reason,
        legalGround=amendment.legal_ground,
        document=amendment.document,
    )


def test_brings_in_the_money_and_puts_it_in_force(world, law, emitted, told, active):
    treasury, committed = world.balance("treasury"), world.budget.get(world.line).committed
    sign(world, active)
    receipt = enact(world, active)
    expected = told(active)
    emitted(
        receipt,
        [
            expected("AgreementFunded", by=world.id["treasury"], amount=10_000, funded=110_000),
            expected("MilestonesScheduled", first=2, milestones=MORE.milestones),
            enacted(active, MORE, 100_000),
            expected.committed(10_000, committed + 10_000),
            expected.brought(10_000),
        ],
    )
    assert world.money(active) == law.Money(110_000, 110_000, 110_000)
    assert world.held(active) == 110_000
    assert world.balance("treasury") == treasury - 10_000
    assert world.milestones(active)[2] == law.Milestone(30_000, 0, law.MilestoneStatus.SCHEDULED)
    assert active.status() == law.AgreementStatus.ACTIVE


def test_brings_in_what_is_missing_alone(world, law, emitted, told, active):
    """3,000 are left of what the value was lowered by."""
    world.amend(active, Amendment(decrease=3_000))
    committed = world.budget.get(world.line).committed
    amendment = Amendment(increase=10_000)
    sign(world, active, amendment, number=2)
    receipt = enact(world, active, amendment, 2)
    expected = told(active)
    emitted(
        receipt,
        [
            expected("AgreementFunded", by=world.id["treasury"], amount=7_000, funded=107_000),
            enacted(active, amendment, 97_000, 2),
            expected.committed(10_000, committed + 10_000),
            expected.brought(7_000),
        ],
    )
    assert world.money(active) == law.Money(107_000, 80_000, 107_000)


def test_given_a_legal_ground_and_the_authority_exceeds_the_cap(world, law, emitted, told, active):
    committed = world.budget.get(world.line).committed
    amendment = Amendment(increase=50_000, legal_ground=digest("law"))
    sign(world, active, amendment, ("second", "supplier", "authority"))
    receipt = enact(world, active, amendment)
    expected = told(active)
    emitted(
        receipt,
        [
            expected("AgreementFunded", by=world.id["treasury"], amount=50_000, funded=150_000),
            enacted(active, amendment, 100_000),
            expected.committed(50_000, committed + 50_000),
            expected.brought(50_000),
        ],
    )
    assert world.money(active) == law.Money(150_000, 80_000, 150_000)
