"""Branches: sign_amendment.tree. What becomes of milestones: amend_milestones."""

from itertools import permutations

import pytest

from ...vocabulary import (
    FAR_FUTURE,
    MONDAY,
    NO_MILESTONE,
    NONE,
    Amendment,
    Role,
    amendment_content,
    digest,
)

LATER = Amendment(ends_at=1_799_000_000)
# Above the cap of 110,000.
GREAT = Amendment(increase=50_000, legal_ground=digest("law"))


def propose(world, agreement, amendment=LATER, by="first"):
    return agreement.proposeAmendment(tuple(amendment), sender=world.account[by])


def sign(world, agreement, by, amendment=LATER, number=1):
    return agreement.signAmendment(number, tuple(amendment), sender=world.account[by])


def enacted(agreement, amendment, previous=100_000, number=1):
    return agreement.AmendmentEnacted(
        amendment=number,
        previousValue=previous,
        value=previous + amendment.increase - amendment.decrease,
        endsAt=amendment.ends_at or 1_798_675_200,
        reason=amendment.reason,
        legalGround=amendment.legal_ground,
        document=amendment.document,
    )


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        sign(world, agreement, "supplier")


def unknown(agreement, number, amendment, expected=NONE):
    content = amendment_content(number, amendment)
    arguments = {"amendment": number, "content": content, "expected": expected}
    return agreement.AmendmentUnknown, arguments


def test_reverts_when_nothing_is_proposed(world, refused, active):
    error, arguments = unknown(active, 1, LATER)
    with refused(error, **arguments):
        sign(world, active, "supplier")


def test_reverts_when_content_or_number_differ(world, refused, kept, active):
    amendment = Amendment(
        increase=1,
        changes=((1, 2, 3, NONE, False),),
        milestones=((4, 5, NONE, NONE),),
    )
    propose(world, active, amendment)
    expected = amendment_content(1, amendment)
    with kept(active):
        for changed in (
            amendment._replace(increase=2),
            amendment._replace(ends_at=1),
            amendment._replace(changes=((1, 2, 3, NONE, True),)),
            amendment._replace(milestones=()),
            amendment._replace(reason=digest("another")),
            amendment._replace(legal_ground=digest("law")),
            amendment._replace(document=digest("why")),
            amendment._replace(valid_until=2**63),
        ):
            error, arguments = unknown(active, 1, changed, expected)
            with refused(error, **arguments):
                sign(world, active, "supplier", changed)
        for number in (0, 2):
            error, arguments = unknown(active, number, amendment)
            with refused(error, **arguments):
                sign(world, active, "supplier", amendment, number)


def test_reverts_when_it_is_in_force(world, refused, active):
    world.amend(active, LATER)
    error, arguments = unknown(active, 1, LATER)
    with refused(error, **arguments):
        sign(world, active, "third")


def test_reverts_when_another_took_effect_since(world, refused, kept, active):
    propose(world, active)
    world.amend(active, Amendment(decrease=1), number=2)
    error, arguments = unknown(active, 1, LATER, amendment_content(1, LATER))
    with kept(active), refused(error, **arguments):
        sign(world, active, "supplier")


def test_reverts_when_the_offer_has_ended(world, refused, chain, active):
    amendment = LATER._replace(valid_until=MONDAY)
    propose(world, active, amendment)
    chain.pending_timestamp = MONDAY
    sign(world, active, "supplier", amendment)
    chain.pending_timestamp = MONDAY + 1
    with refused(active.TooLate, present=MONDAY + 1, latest=MONDAY):
        sign(world, active, "second", amendment)


def test_reverts_when_caller_is_no_signatory(world, refused, kept, active):
    propose(world, active)
    with kept(active):
        for caller, participant in (
            (world.account["treasury"], world.id["treasury"]),
            (world.account["surveyor"], world.id["surveyor"]),
            (world.account["subcontractor"], world.id["subcontractor"]),
            (world.stranger, NONE),
        ):
            with refused(active.CallerNotSignatory, caller=caller.address, participant=participant):
                active.signAmendment(1, tuple(LATER), sender=caller)


@pytest.mark.parametrize("name", ["second", "supplier", "authority"])
@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_signatory_is_not_active(world, refused, active, name, standing):
    propose(world, active)
    world.stand(name, standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id[name], standing=standing
    ):
        sign(world, active, name)


def test_reverts_when_the_signatory_lost_its_role(world, refused, active):
    propose(world, active)
    for name, role in (("second", Role.COMMITTEE), ("supplier", Role.SUPPLIER)):
        world.registry.setRoles(world.id[name], Role.AUDITOR, sender=world.registrar)
        with refused(
            world.registry.ParticipantLacksRole,
            participant=world.id[name],
            roles=Role.AUDITOR,
            required=role,
        ):
            sign(world, active, name)
    world.registry.setRoles(world.id["authority"], Role.AUDITOR, sender=world.registrar)
    caller = world.account["authority"]
    with refused(
        active.CallerNotSignatory, caller=caller.address, participant=world.id["authority"]
    ):
        sign(world, active, "authority")


def test_reverts_when_the_signatory_has_signed(world, refused, active):
    propose(world, active, GREAT)
    sign(world, active, "supplier", GREAT)
    sign(world, active, "authority", GREAT)
    for name in ("first", "supplier", "authority"):
        with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=world.id[name]):
            sign(world, active, name, GREAT)


def almost(world, agreement, amendment):
    """Everybody but the supplier, whose signature puts it in force."""
    propose(world, agreement, amendment)
    sign(world, agreement, "second", amendment)


def test_reverts_when_milestones_exceed_the_value(world, refused, kept, active):
    for number, amendment in enumerate(
        (
            Amendment(milestones=((20_001, 0, NONE, NONE),)),
            Amendment(changes=((0, 70_001, 0, NONE, False),)),
            Amendment(decrease=20_001),
        ),
        1,
    ):
        propose(world, active, amendment)
        sign(world, active, "second", amendment, number)
        value = 100_000 - amendment.decrease
        scheduled = 80_000 if amendment.decrease else 100_001
        with (
            kept(active),
            refused(active.ScheduleExceedsValue, scheduled=scheduled, value=value),
        ):
            sign(world, active, "supplier", amendment, number)


def test_reverts_when_the_value_is_lowered_below_nothing(world, refused, active):
    amendment = Amendment(decrease=100_001)
    almost(world, active, amendment)
    with refused(active.AmendmentValueInvalid, increase=0, decrease=100_001):
        sign(world, active, "supplier", amendment)


def test_reverts_when_the_end_does_not_fit(world, refused, kept, active):
    amendment = Amendment(ends_at=FAR_FUTURE)
    almost(world, active, amendment)
    error = world.factory.SafeCastOverflowedUintDowncast
    with kept(active), refused(error, bits=40, value=FAR_FUTURE):
        sign(world, active, "supplier", amendment)


def test_signs_and_waits_for_the_others(world, emitted, kept, active):
    """A quorum without the supplier is not enough, nor the supplier without a quorum."""
    propose(world, active, by="supplier")
    with kept(active):
        receipt = sign(world, active, "first")
    emitted(receipt, [active.AmendmentSigned(amendment=1, by=world.id["first"])])
    propose(world, active, by="third")
    with kept(active):
        receipt = sign(world, active, "first", number=2)
        sign(world, active, "second", number=2)
    emitted(receipt, [active.AmendmentSigned(amendment=2, by=world.id["first"])])


@pytest.mark.parametrize("order", list(permutations(("first", "third", "supplier"))))
def test_puts_it_in_force_with_the_last_signature_in_any_order(world, emitted, active, order):
    before = world.state(active)
    propose(world, active, by=order[0])
    sign(world, active, order[1])
    receipt = sign(world, active, order[2])
    signed = active.AmendmentSigned(amendment=1, by=world.id[order[2]])
    emitted(receipt, [signed, enacted(active, LATER)])
    assert active.endsAt() == LATER.ends_at
    after = list(world.state(active))
    after[3] = before[3]
    assert tuple(after) == before


def test_waits_for_the_treasury_when_money_has_to_come_in(world, emitted, kept, active):
    amendment = Amendment(increase=1)
    almost(world, active, amendment)
    with kept(active):
        receipt = sign(world, active, "supplier", amendment)
    emitted(receipt, [active.AmendmentSigned(amendment=1, by=world.id["supplier"])])


def test_takes_effect_without_the_treasury_when_enough_money_is_there(
    world, law, emitted, told, active
):
    """5,000 that a lower value left are there for the next increase."""
    world.amend(active, Amendment(decrease=5_000))
    committed = world.budget.get(world.line).committed
    amendment = Amendment(increase=5_000)
    propose(world, active, amendment)
    sign(world, active, "second", amendment, 2)
    receipt = sign(world, active, "supplier", amendment, 2)
    emitted(
        receipt,
        [
            active.AmendmentSigned(amendment=2, by=world.id["supplier"]),
            enacted(active, amendment, 95_000, 2),
            told(active).committed(5_000, committed + 5_000),
        ],
    )
    assert world.money(active) == law.Money(100_000, 80_000, 100_000)


def test_lowers_the_value_and_keeps_the_money(world, law, emitted, told, active):
    committed = world.budget.get(world.line).committed
    amendment = Amendment(decrease=20_000)
    almost(world, active, amendment)
    receipt = sign(world, active, "supplier", amendment)
    emitted(
        receipt,
        [
            active.AmendmentSigned(amendment=1, by=world.id["supplier"]),
            enacted(active, amendment),
            told(active).released(20_000, committed - 20_000),
        ],
    )
    assert world.money(active) == law.Money(80_000, 80_000, 100_000)
    assert world.held(active) == 100_000


def test_leaves_the_end_when_none_is_given(world, active):
    world.amend(active, Amendment(milestones=((1, 0, NONE, NONE),)))
    assert active.endsAt() == 1_798_675_200
