"""Branches: amend_milestones.tree."""

import pytest

from ...vocabulary import (
    DAY,
    FAR_FUTURE,
    MONDAY,
    NONE,
    UINT96,
    Amendment,
    MilestoneStatus,
    Role,
)

LATER = MONDAY + 100 * DAY


def amend(world, agreement, *changes, milestones=()):
    """The second amendment of `varied`: the first has cancelled a milestone."""
    return world.amend(agreement, Amendment(changes=changes, milestones=milestones), 2)


@pytest.fixture
def refuses(world, kept, varied):
    """Nothing changes: the last signature, which would put it in force, is refused."""

    def check(refusal, *changes, milestones=(), number=2):
        terms = tuple(Amendment(changes=changes, milestones=milestones))
        varied.proposeAmendment(terms, sender=world.account["first"])
        varied.signAmendment(number, terms, sender=world.account["second"])
        with kept(varied), refusal:
            varied.signAmendment(number, terms, sender=world.account["supplier"])

    return check


def test_reverts_when_the_milestone_is_unknown(world, refused, refuses, varied):
    """Those that the same amendment adds are not known yet."""
    added = ((1, 0, NONE, NONE),)
    for number, milestone in enumerate((8, 2**256 - 1), 2):
        unknown = refused(varied.MilestoneUnknown, milestone=milestone, count=8)
        refuses(unknown, (milestone, 1, 0, NONE, False), milestones=added, number=number)


@pytest.mark.parametrize("milestone", [0, 2, 3, 6])
def test_reverts_when_one_that_is_decided_on_or_was_accepted_would_change_but_for_its_date(
    world, refused, refuses, varied, milestone
):
    amount, other = 10_000 + milestone, world.id["subcontractor"]
    for number, change in enumerate(
        (
            (milestone, amount + 1, LATER, NONE, False),
            (milestone, amount - 1, LATER, NONE, False),
            (milestone, amount, LATER, other, False),
            (milestone, amount, LATER, NONE, True),
            (milestone, 0, 0, NONE, True),
        ),
        2,
    ):
        refusal = refused(varied.MilestoneNotChangeable, milestone=milestone)
        refuses(refusal, change, number=number)


def test_reverts_when_one_that_was_cancelled_would_change_at_all(refused, refuses, varied):
    for number, change in enumerate(((7, 10_007, LATER, NONE, False), (7, 0, 0, NONE, True)), 2):
        refuses(refused(varied.MilestoneNotChangeable, milestone=7), change, number=number)


def test_reverts_when_the_amount_does_not_exceed_what_is_accepted(refused, refuses, varied):
    """4,000 of it are; the rest of nothing is removed, not lowered."""
    for number, amount in enumerate((4_000, 3_999, 0), 2):
        refusal = refused(varied.AmountOutOfRange, given=amount, smallest=4_001, largest=UINT96)
        refuses(refusal, (5, amount, 0, NONE, False), number=number)


def test_reverts_when_amount_or_date_do_not_fit(world, refused, refuses):
    error = world.factory.SafeCastOverflowedUintDowncast
    amount, date = UINT96 + 1, FAR_FUTURE
    refuses(refused(error, bits=96, value=amount), (1, amount, 0, NONE, False))
    refuses(refused(error, bits=40, value=date), (1, 1, date, NONE, False), number=3)
    large, late = (amount, 0, NONE, NONE), (1, date, NONE, NONE)
    refuses(refused(error, bits=96, value=amount), milestones=(large,), number=4)
    refuses(refused(error, bits=40, value=date), milestones=(late,), number=5)


def naming(payee):
    """Both ways to name a payee."""
    change, added = (1, 10_001, 0, payee, False), (1, 0, payee, NONE)
    return ((2, (change,), ()), (3, (), (added,)))


@pytest.mark.parametrize("name", ["treasury", "second", "surveyor"])
def test_reverts_when_a_payee_is_an_office(world, law, refused, refuses, varied, name):
    world.registry.setRoles(world.id[name], law.ALL_ROLES, sender=world.registrar)
    for number, changes, milestones in naming(world.id[name]):
        refusal = refused(varied.LegalPersonExpected, office=world.id[name])
        refuses(refusal, *changes, milestones=milestones, number=number)


@pytest.mark.parametrize("part", ["treasury", "arbiter", "inspectors"])
@pytest.mark.parametrize("which", ["id", "office"])
def test_reverts_when_a_payee_has_another_duty(world, refused, company, part, which):
    participant = getattr(company, which)
    agreement = world.sign(
        world.draft(**{part: (participant,) if part == "inspectors" else participant})
    )
    treasury = world.spare[1 if which == "office" else 0]
    if part == "treasury":
        world.token.transfer(treasury, 100_000, sender=world.account["treasury"])
    else:
        treasury = world.account["treasury"]
    world.token.approve(agreement, 100_000, sender=treasury)
    agreement.fund(100_000, sender=treasury)
    agreement.sign(sender=world.account["supplier"])
    terms = tuple(Amendment(milestones=((1, 0, company.id, NONE),)))
    agreement.proposeAmendment(terms, sender=world.account["first"])
    agreement.signAmendment(1, terms, sender=world.account["second"])
    with refused(agreement.DutiesNotSeparate, participant=company.id):
        agreement.signAmendment(1, terms, sender=world.account["supplier"])


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_a_payee_is_not_active(world, refused, refuses, standing):
    world.stand("subcontractor", standing)
    payee = world.id["subcontractor"]
    for number, changes, milestones in naming(payee):
        refusal = refused(world.registry.ParticipantNotActive, participant=payee, standing=standing)
        refuses(refusal, *changes, milestones=milestones, number=number)


def test_reverts_when_a_payee_lacks_the_role_or_an_account(world, refused, refuses):
    bare = world.known("bare")
    refusal = refused(world.registry.ParticipantHasNoAccount, participant=bare)
    refuses(refusal, (1, 10_001, 0, bare, False))
    collector = world.id["collector"]
    refusal = refused(
        world.registry.ParticipantLacksRole,
        participant=collector,
        roles=Role.COLLECTOR,
        required=Role.SUPPLIER,
    )
    refuses(refusal, (1, 10_001, 0, collector, False), number=3)


def test_reverts_when_one_is_removed_and_changed(refused, refuses, varied):
    removal, change = (1, 0, 0, NONE, True), (1, 5, 0, NONE, False)
    refuses(refused(varied.MilestoneNotChangeable, milestone=1), removal, change)
    refuses(refused(varied.MilestoneNotChangeable, milestone=1), removal, removal, number=3)


def changed(agreement, milestone, amount, due_at, payee):
    return agreement.MilestoneChanged(milestone=milestone, amount=amount, dueAt=due_at, payee=payee)


def enacted(agreement):
    return agreement.AmendmentEnacted(
        amendment=2,
        previousValue=100_000,
        value=100_000,
        endsAt=1_798_675_200,
        reason=Amendment().reason,
        legalGround=NONE,
        document=NONE,
    )


@pytest.mark.parametrize("milestone", [1, 4, 5])
def test_changes_amount_date_and_payee_of_what_can_be_submitted(world, emitted, varied, milestone):
    before, money = world.milestones(varied), world.money(varied)
    other = world.id["subcontractor"]
    receipt = amend(world, varied, (milestone, 4_001, LATER, other, False))
    signed = varied.AmendmentSigned(amendment=2, by=world.id["supplier"])
    emitted(receipt, [signed, changed(varied, milestone, 4_001, LATER, other), enacted(varied)])
    before[milestone] = before[milestone]._replace(amount=4_001, due_at=LATER)
    assert world.milestones(varied) == before
    assert varied.payeeOf(milestone) == other
    scheduled = money.scheduled - 10_000 - milestone + 4_001
    assert world.money(varied) == money._replace(scheduled=scheduled)
    world.amend(varied, Amendment(changes=((milestone, 4_001, 0, NONE, False),)), 3)
    assert varied.payeeOf(milestone) == world.id["supplier"]
    assert world.milestones(varied)[milestone].due_at == 0


@pytest.mark.parametrize("milestone", range(7))
def test_gives_any_but_a_cancelled_one_another_date(world, emitted, varied, milestone):
    before, money = world.milestones(varied), world.money(varied)
    amount, supplier = 10_000 + milestone, world.id["supplier"]
    receipt = amend(world, varied, (milestone, amount, LATER, supplier, False))
    signed = varied.AmendmentSigned(amendment=2, by=supplier)
    emitted(receipt, [signed, changed(varied, milestone, amount, LATER, supplier), enacted(varied)])
    before[milestone] = before[milestone]._replace(due_at=LATER)
    assert world.milestones(varied) == before
    assert world.money(varied) == money


def test_leaves_the_payee_of_one_that_is_decided_on_where_none_is_named(world, varied):
    other = world.id["subcontractor"]
    amend(world, varied, (1, 10_001, 0, other, False))
    world.submit(varied, 1)
    world.amend(varied, Amendment(changes=((1, 10_001, LATER, NONE, False),)), 3)
    assert varied.payeeOf(1) == other
    assert world.milestones(varied)[1].due_at == LATER


@pytest.mark.parametrize("milestone", [1, 4])
def test_takes_the_amount_of_nothing_for_what_has_nothing_accepted(world, varied, milestone):
    scheduled = world.money(varied).scheduled
    amend(world, varied, (milestone, 0, 0, NONE, False))
    assert world.milestones(varied)[milestone].amount == 0
    assert world.milestones(varied)[milestone].status != MilestoneStatus.CANCELLED
    assert world.money(varied).scheduled == scheduled - 10_000 - milestone


@pytest.mark.parametrize("milestone", [1, 4])
def test_removes_one_of_which_nothing_is_accepted(world, emitted, varied, milestone):
    before, money = world.milestones(varied), world.money(varied)
    amount = 10_000 + milestone
    receipt = amend(world, varied, (milestone, 0, 0, NONE, True))
    signed = varied.AmendmentSigned(amendment=2, by=world.id["supplier"])
    removed = varied.MilestoneCancelled(milestone=milestone, amount=amount)
    emitted(receipt, [signed, removed, enacted(varied)])
    after = world.milestones(varied)
    assert (after[milestone].status, after[milestone].amount) == (MilestoneStatus.CANCELLED, amount)
    assert after[milestone].accepted == 0
    del before[milestone], after[milestone]
    assert after == before
    assert world.money(varied) == money._replace(scheduled=money.scheduled - amount)


def test_removes_the_rest_of_one_that_is_accepted_in_part(world, law, emitted, varied):
    money = world.money(varied)
    receipt = amend(world, varied, (5, 0, 0, NONE, True))
    signed = varied.AmendmentSigned(amendment=2, by=world.id["supplier"])
    removed = varied.MilestoneCancelled(milestone=5, amount=6_005)
    emitted(receipt, [signed, removed, enacted(varied)])
    assert world.milestones(varied)[5] == law.Milestone(
        4_000, MONDAY + 5 * DAY, MilestoneStatus.PAID, accepted=4_000
    )
    assert world.money(varied) == money._replace(scheduled=money.scheduled - 6_005)


def test_changes_one_twice_in_the_order_that_is_given(world, emitted, varied):
    scheduled, supplier = world.money(varied).scheduled, world.id["supplier"]
    receipt = amend(world, varied, (1, 5, 6, NONE, False), (1, 7, 8, NONE, False))
    emitted(
        receipt,
        [
            varied.AmendmentSigned(amendment=2, by=supplier),
            changed(varied, 1, 5, 6, supplier),
            changed(varied, 1, 7, 8, supplier),
            enacted(varied),
        ],
    )
    assert (world.milestones(varied)[1].amount, world.milestones(varied)[1].due_at) == (7, 8)
    assert world.money(varied).scheduled == scheduled - 10_001 + 7


def test_changes_one_twice_in_the_first_amendment(world, active):
    """What the first change gives is what the second one changes."""
    terms = Amendment(changes=((0, 20_000, 6, NONE, False), (0, 60_000, 8, NONE, False)))
    world.amend(active, terms, 1)
    assert [item.amount for item in world.milestones(active)] == [60_000, 30_000]
    assert world.money(active).scheduled == 90_000


def test_adds_to_the_schedule(world, law, emitted, varied):
    before, scheduled = world.milestones(varied), world.money(varied).scheduled
    added = ((1_000, LATER, NONE, NONE), (2_000, 0, world.id["subcontractor"], NONE))
    receipt = amend(world, varied, milestones=added)
    signed = varied.AmendmentSigned(amendment=2, by=world.id["supplier"])
    list_of_them = law.event(varied.MilestonesScheduled, first=8, milestones=added)
    emitted(receipt, [signed, list_of_them, enacted(varied)])
    assert world.milestones(varied) == [
        *before,
        law.Milestone(1_000, LATER, MilestoneStatus.SCHEDULED),
        law.Milestone(2_000, 0, MilestoneStatus.SCHEDULED),
    ]
    assert world.money(varied).scheduled == scheduled + 3_000
    assert varied.payeeOf(8) == world.id["supplier"]
    assert varied.payeeOf(9) == world.id["subcontractor"]


def test_pays_as_amended(world, varied):
    """Scheduled, rejected and partly accepted: what is new, less the 4,000 that are accepted."""
    other = world.id["subcontractor"]
    amend(world, varied, *((i, 4_001, 0, other, False) for i in (1, 4, 5)))
    for milestone, amount in ((1, 4_001), (4, 4_001), (5, 1)):
        before = world.balance("subcontractor")
        world.pay(varied, milestone)
        assert world.balance("subcontractor") == before + amount
        assert world.milestones(varied)[milestone].status == MilestoneStatus.PAID
