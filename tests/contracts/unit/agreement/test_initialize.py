"""Branches: initialize.tree. What can be agreed at all: ../agreement_factory/."""

import pytest

from ...vocabulary import FAR_FUTURE, NONE, UINT96, Amendment, Conditions


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_reverts_when_initialized_before(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    for caller in (world.account["first"], world.admin):
        with refused(
            agreement.AgreementUnexpectedStatus,
            current=law.AgreementStatus[state.upper()],
            expected=law.bits(law.AgreementStatus.NONE),
        ):
            agreement.initialize(*world.draft().arguments, sender=caller)


def test_keeps_what_was_agreed(world, law):
    draft = world.draft(
        arbiter=world.id["arbiter"],
        conditions=world.full(direct_payments=((0, world.id["subcontractor"], 7),)),
    )
    agreement = world.sign(draft)
    assert agreement.status() == law.AgreementStatus.SIGNED
    assert law.plain(agreement.parties()) == law.plain(draft.parties)
    assert law.plain(agreement.conditions()) == law.plain(draft.conditions)
    assert agreement.token() == world.token.address
    assert agreement.budgetLine() == world.line
    assert agreement.endsAt() == draft.ends_at
    assert world.money(agreement) == law.Money(value=100_000, scheduled=80_000)
    assert world.milestones(agreement) == [
        law.Milestone(50_000, 1_780_000_000, law.MilestoneStatus.SCHEDULED),
        law.Milestone(30_000, 1_780_086_400, law.MilestoneStatus.SCHEDULED),
    ]
    assert agreement.payeeOf(0) == world.id["supplier"]
    assert agreement.payeeOf(1) == world.id["subcontractor"]
    assert [law.plain(agreement.guarantee(kind)) for kind in law.GuaranteeKind] == [(0, 0)] * 3
    assert world.held(agreement) == 0


def test_keeps_the_largest_record(world, law):
    """16 members, inspectors and taxes, 64 direct payments, 1,000 milestones of the deed."""
    offices = []
    for number in range(31):
        account = world.spare[0] if number == 0 else law.address(f"office {number}")
        role = law.Role.COMMITTEE if number < 16 else law.Role.INSPECTOR
        offices.append(world.known(f"office {number}", account, role, world.id["buyer"]))
    taxes = tuple((world.id["collector"], i, i + 1, i % 2) for i in range(16))
    directs = tuple((i, world.id["subcontractor"], UINT96 - i) for i in range(64))
    draft = world.draft(
        committee=tuple(sorted(offices[:16])),
        quorum=16,
        inspectors=tuple(sorted((*offices[16:], world.id["surveyor"]))),
        ocid="é" * 100,
        contract_id="x" * 100,
        ends_at=FAR_FUTURE - 1,
        milestones=tuple((i % 100, FAR_FUTURE - 1 - i, NONE, NONE) for i in range(1_000)),
        conditions=Conditions(taxes=taxes, direct_payments=directs),
    )
    agreement = world.sign(draft, "office 0")
    assert law.plain(agreement.parties()) == law.plain(draft.parties)
    assert law.plain(agreement.conditions()) == law.plain(draft.conditions)
    assert world.milestones(agreement) == [
        law.Milestone(amount, due_at, law.MilestoneStatus.SCHEDULED)
        for amount, due_at, *_ in draft.milestones
    ]
    assert agreement.money().scheduled == 49_500
    world.activate(agreement)
    agreement.submit(999, law.digest("evidence"), sender=world.account["supplier"])
    agreement.attest(999, 1, 0, law.digest("report"), sender=world.account["surveyor"])
    assert world.milestones(agreement)[999].status == law.MilestoneStatus.INSPECTED


def test_takes_the_buyer_for_a_committee(world, law):
    buyer = world.known("agency", world.spare[0], law.Role.BUYER | law.Role.COMMITTEE)
    arguments = (buyer, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, NONE, sender=world.officer)
    draft = world.draft(
        buyer=buyer, committee=(buyer,), quorum=1, budget_line=world.budget.lineId(*arguments)
    )
    agreement = world.sign(draft, "agency")
    world.activate(agreement)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "agency")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


VOTE = (NONE, NONE)
# The acts of each of the five that look at the status first: what they are given, and allow.
ACTS = {
    "Agreement": {
        "initialize": (None, [0]),
        "sign": ((), [1]),
        "fund": ((0,), [1]),
        "submit": ((0, NONE), [2]),
        "attest": ((0, 0, 0, NONE), [2, 5]),
        "accept": ((0, 0), [2, 5]),
        "acceptPart": ((0, 0, 0, *VOTE), [2, 5]),
        "reject": ((0, 0, *VOTE), [2, 5]),
        "acceptBySilence": ((0, 0), [2, 5]),
    },
    "AgreementChanges": {
        "recordGuarantee": ((0, 0, 0, NONE), [1, 2, 4, 5]),
        "payAdvance": ((), [2]),
        "proposeAmendment": ((tuple(Amendment()),), [2]),
        "signAmendment": ((0, tuple(Amendment())), [2]),
        "enactAmendment": ((0, tuple(Amendment())), [2]),
    },
    "AgreementConflicts": {
        "dispute": ((0, *VOTE), [2, 5]),
        "offerSettlement": ((0, 0), [2, 5]),
        "rule": ((0, 0, *VOTE), [2, 5]),
        "ruleByDefault": ((0,), [2, 5]),
        "hold": ((0, *VOTE), [2, 4, 5]),
        "extendHold": ((0, *VOTE), [2, 4, 5]),
        "suspend": ((0, *VOTE), [2, 4, 5]),
    },
    "AgreementEnding": {
        "complete": ((), [2]),
        "releaseRetention": ((), [4]),
        "noticeDefault": (VOTE, [2, 4]),
        "withdrawNotice": (VOTE, [2, 4]),
        "terminateForDefault": (VOTE, [2, 4]),
        "terminate": (VOTE, [1, 2]),
        "terminateByAgreement": (VOTE, [2]),
        "lapse": ((), [1, 2]),
        "close": ((), [4, 5]),
    },
    "AgreementReading": {},
}


@pytest.mark.parametrize("part", ACTS)
def test_leaves_the_implementation_unusable(world, law, refused, part):
    """Each of the five contracts says of itself that it is closed, as do all behind it."""
    alone = world.agreement(world.parts[part])
    assert alone.status() == law.AgreementStatus.CLOSED
    chain = list(ACTS)
    for after in chain[chain.index(part) :]:
        for act, (arguments, allowed) in ACTS[after].items():
            given = world.draft().arguments if arguments is None else arguments
            with refused(
                alone.AgreementUnexpectedStatus,
                current=law.AgreementStatus.CLOSED,
                expected=law.bits(*allowed),
            ):
                getattr(alone, act)(*given, sender=world.stranger)
