"""Branches: sign_amendment.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

AMENDMENT = "(uint128,uint64,(uint128,uint64,bytes32,bytes32)[],bytes32,bytes32)"


def content(number, amendment):
    return keccak(encode(["uint256", AMENDMENT], [number, amendment]))


@pytest.fixture
def amendment(law):
    """200.00 more for another milestone, and a later end."""
    milestones = [(20_000, 1_790_000_000, law.NONE, law.digest("drain"))]
    return (20_000, 1_799_000_000, milestones, law.digest("additional-work"), law.digest("why"))


def propose(world, agreement, amendment, by="first"):
    return agreement.proposeAmendment(amendment, sender=world.account[by])


def sign(world, agreement, amendment, number=1):
    return agreement.signAmendment(number, amendment, sender=world.account["supplier"])


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, amendment, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=agreement.status(),
        expected=law.AgreementStatus.ACTIVE,
    ):
        sign(world, agreement, amendment)


def test_reverts_when_the_agreement_was_closed_after_the_proposal(
    world, law, refused, amendment, active
):
    propose(world, active, amendment)
    world.close(active)
    with refused(
        active.AgreementUnexpectedStatus,
        current=law.AgreementStatus.CLOSED,
        expected=law.AgreementStatus.ACTIVE,
    ):
        sign(world, active, amendment)


def test_reverts_when_caller_is_not_the_supplier(world, law, refused, amendment, active):
    propose(world, active, amendment)
    for caller, participant in (
        (world.account["first"], world.id["first"]),
        (world.account["subcontractor"], world.id["subcontractor"]),
        (world.stranger, law.NONE),
    ):
        with refused(
            active.CallerNotParty,
            caller=caller.address,
            participant=participant,
            expected=world.id["supplier"],
        ):
            active.signAmendment(1, amendment, sender=caller)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_supplier_is_not_active(world, refused, active, standing):
    world.stand("supplier", standing)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["supplier"],
        standing=standing,
    ):
        world.amend(active, increase=1)


def test_reverts_when_the_supplier_lost_its_role(world, law, refused, active):
    world.registry.setRoles(world.id["supplier"], law.Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["supplier"],
        roles=law.Role.AUDITOR,
        required=law.Role.SUPPLIER,
    ):
        world.amend(active, increase=1)


def test_reverts_when_nothing_is_proposed(world, law, refused, amendment, active):
    with refused(
        active.AmendmentUnknown,
        amendment=1,
        content=content(1, amendment),
        expected=law.NONE,
    ):
        sign(world, active, amendment)


def test_reverts_when_content_or_number_differ(world, law, refused, amendment, active):
    propose(world, active, amendment)
    for number, changed in (
        (1, (20_001, *amendment[1:])),
        (1, (*amendment[:2], [], *amendment[3:])),
        (1, (*amendment[:4], law.NONE)),
        (0, amendment),
        (2, amendment),
    ):
        with refused(
            active.AmendmentUnknown,
            amendment=number,
            content=content(number, changed),
            expected=content(1, amendment),
        ):
            sign(world, active, changed, number)


def test_reverts_when_another_proposal_replaced_it(world, law, refused, amendment, active):
    propose(world, active, amendment)
    later = (1, *amendment[1:2], [], *amendment[3:])
    propose(world, active, later, "third")
    with refused(
        active.AmendmentUnknown,
        amendment=1,
        content=content(1, amendment),
        expected=content(2, later),
    ):
        sign(world, active, amendment)
    sign(world, active, later, 2)
    assert active.terms().value == 100_001


def test_reverts_when_signed_before(world, law, refused, amendment, active):
    propose(world, active, amendment)
    sign(world, active, amendment)
    with refused(
        active.AmendmentUnknown,
        amendment=1,
        content=content(1, amendment),
        expected=law.NONE,
    ):
        sign(world, active, amendment)


def test_reverts_when_milestones_exceed_the_value(world, law, refused, active):
    amendment = (0, 0, [(20_001, 0, law.NONE, law.NONE)], law.digest("reason"), law.NONE)
    propose(world, active, amendment)
    with refused(active.ScheduleExceedsValue, scheduled=100_001, value=100_000):
        sign(world, active, amendment)


def test_reverts_when_milestones_add_up_to_more_than_128_bits(world, law, refused, active):
    milestones = tuple((law.UINT128, 0, law.NONE, law.NONE) for _ in range(2))
    scheduled = 80_000 + 2 * law.UINT128
    with refused(active.ScheduleExceedsValue, scheduled=scheduled, value=100_000):
        world.amend(active, milestones=milestones)


def test_reverts_when_the_end_is_too_large(world, law, refused, active):
    for number, date in enumerate((law.FAR_FUTURE, 2**64 - 1), 1):
        with refused(active.DateTooLarge, given=date):
            world.amend(active, ends_at=date, number=number)


def test_reverts_when_a_due_date_is_too_large(world, law, refused, active):
    amendment = (0, 0, [(1, law.FAR_FUTURE, law.NONE, law.NONE)], law.digest("r"), law.NONE)
    propose(world, active, amendment)
    with refused(active.DateTooLarge, given=law.FAR_FUTURE):
        sign(world, active, amendment)


@pytest.mark.parametrize("name", ["treasury", "second", "surveyor"])
def test_reverts_when_a_payee_is_an_office(world, law, refused, active, name):
    world.registry.setRoles(world.id[name], law.ALL_ROLES, sender=world.registrar)
    with refused(active.LegalPersonExpected, office=world.id[name]):
        world.amend(active, milestones=((1, 0, world.id[name], law.NONE),))


@pytest.mark.parametrize("inspector", ["id", "office"])
def test_reverts_when_a_payee_has_another_duty(world, law, refused, company, inspector):
    agreement = world.sign(world.draft(inspectors=(getattr(company, inspector),)))
    world.fund(agreement)
    with refused(agreement.DutiesNotSeparate, participant=company.id):
        world.amend(agreement, milestones=((1, 0, company.id, law.NONE),))


def test_reverts_when_a_payee_is_not_active(world, law, refused, active):
    world.stand("subcontractor", law.Standing.DEBARRED)
    payee = world.id["subcontractor"]
    amendment = (0, 0, [(1, 0, payee, law.NONE)], law.digest("reason"), law.NONE)
    propose(world, active, amendment)
    with refused(
        world.registry.ParticipantNotActive, participant=payee, standing=law.Standing.DEBARRED
    ):
        sign(world, active, amendment)


def test_reverts_when_the_budget_line_has_less_left(world, law, refused, active):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    amendment = (available + 1, 0, [], law.digest("reason"), law.NONE)
    propose(world, active, amendment)
    with refused(
        world.budget.LineExceeded, line=world.line, requested=available + 1, available=available
    ):
        sign(world, active, amendment)
    assert world.money(active).value == 100_000


def test_reverts_when_the_value_would_exceed_128_bits(world, law, refused, active):
    details = world.budget.get(world.line)
    with refused(
        world.budget.LineExceeded,
        line=world.line,
        requested=law.UINT128,
        available=details.appropriated - details.committed,
    ):
        world.amend(active, increase=law.UINT128)


def test_puts_the_amendment_in_force(world, law, emitted, amendment, active):
    committed = world.budget.get(world.line).committed
    propose(world, active, amendment)
    receipt = sign(world, active, amendment)
    emitted(
        receipt,
        [
            world.budget.LineCommitted(
                line=world.line,
                agreement=active.address,
                amount=20_000,
                committed=committed + 20_000,
            ),
            active.AmendmentSigned(
                amendment=1,
                by=world.id["supplier"],
                previousValue=100_000,
                value=120_000,
                endsAt=1_799_000_000,
                reason=law.digest("additional-work"),
                document=law.digest("why"),
            ),
            active.MilestoneScheduled(
                milestone=2,
                amount=20_000,
                dueAt=1_790_000_000,
                payee=world.id["supplier"],
                document=law.digest("drain"),
            ),
        ],
    )
    assert (active.terms().value, active.terms().endsAt) == (120_000, 1_799_000_000)
    assert world.money(active) == law.Money(120_000, 100_000, 100_000)
    assert world.milestones(active)[2] == law.Milestone(
        20_000, 1_790_000_000, law.MilestoneStatus.SCHEDULED
    )
    assert active.payeeOf(2) == world.id["supplier"]
    assert active.status() == law.AgreementStatus.ACTIVE


def test_leaves_the_end_when_none_is_given(world, law, emitted, active):
    ends_at = active.terms().endsAt
    committed = world.budget.get(world.line).committed
    receipt = world.amend(active, milestones=((20_000, 0, world.id["subcontractor"], law.NONE),))
    emitted(
        receipt,
        [
            world.budget.LineCommitted(
                line=world.line, agreement=active.address, amount=0, committed=committed
            ),
            active.AmendmentSigned(
                amendment=1,
                by=world.id["supplier"],
                previousValue=100_000,
                value=100_000,
                endsAt=ends_at,
                reason=law.digest("additional-work"),
                document=law.NONE,
            ),
            active.MilestoneScheduled(
                milestone=2,
                amount=20_000,
                dueAt=0,
                payee=world.id["subcontractor"],
                document=law.NONE,
            ),
        ],
    )
    assert active.terms().endsAt == ends_at
    assert active.payeeOf(2) == world.id["subcontractor"]


def test_raises_an_agreement_without_value(world, law):
    agreement = world.sign(world.draft(value=0, milestones=()))
    world.amend(agreement, increase=500, milestones=((500, 0, law.NONE, law.NONE),))
    assert world.money(agreement) == law.Money(value=500, scheduled=500)
    world.fund(agreement)
    world.pay(agreement)
    assert world.money(agreement) == law.Money(500, 500, 500, 500, 500)
