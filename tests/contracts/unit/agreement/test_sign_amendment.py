"""Branches: sign_amendment.tree."""

import ape
from eth_abi import encode
from eth_utils import keccak

DAY = 86_400
CHANGE = "(uint256,uint128,uint64,bytes32,bool)[]"
MILESTONE = "(uint128,uint64,bytes32,bytes32)[]"
AMENDMENT = f"(uint128,uint128,uint64,{CHANGE},{MILESTONE},bytes32,bytes32,bytes32,uint64)"


def content(number, terms):
    """What signatures are given for."""
    return keccak(encode(["uint256", AMENDMENT], [number, terms]))


def propose(world, law, agreement, by="first", **content):
    """A proposal, and its terms."""
    terms = tuple(law.Amendment(**content))
    agreement.proposeAmendment(terms, sender=world.account[by])
    return terms


def test_reverts_when_the_content_or_number_differ(world, law, refused, active):
    terms = propose(world, law, active, ends_at=1_800_000_000)
    other = tuple(law.Amendment(ends_at=1_800_000_001))
    proposed = content(1, terms)
    for number, given, expected in ((1, other, proposed), (2, terms, law.NONE)):
        with refused(
            active.AmendmentUnknown,
            amendment=number,
            content=content(number, given),
            expected=expected,
        ):
            active.signAmendment(number, given, sender=world.account["supplier"])


def test_reverts_when_another_took_effect_since(world, law, refused, active):
    old = propose(world, law, active, ends_at=1_800_000_000)
    world.amend(active, law.Amendment(ends_at=1_810_000_000), number=2)
    with refused(
        active.AmendmentUnknown,
        amendment=1,
        content=content(1, old),
        expected=content(1, old),
    ):
        active.signAmendment(1, old, sender=world.account["supplier"])
    assert active.endsAt() == 1_810_000_000


def test_reverts_when_its_date_has_passed(world, law, refused, active):
    until = ape.chain.pending_timestamp + 100
    terms = propose(world, law, active, ends_at=1_800_000_000, valid_until=until)
    ape.chain.pending_timestamp = until + 1
    with refused(active.TooLate, present=until + 1, latest=until):
        active.signAmendment(1, terms, sender=world.account["supplier"])


def test_reverts_when_caller_is_no_signatory(world, law, refused, active):
    terms = propose(world, law, active, ends_at=1_800_000_000)
    for name in ("treasury", "surveyor", "subcontractor"):
        caller = world.account[name]
        with refused(active.CallerNotSignatory, caller=caller.address, participant=world.id[name]):
            active.signAmendment(1, terms, sender=caller)


def test_reverts_when_signed_before(world, law, refused, active):
    terms = propose(world, law, active, ends_at=1_800_000_000)
    with refused(active.AlreadyVoted, milestone=2**256 - 1, participant=world.id["first"]):
        active.signAmendment(1, terms, sender=world.account["first"])


def test_reverts_when_the_signatory_is_not_active(world, law, refused, active):
    terms = propose(world, law, active, ends_at=1_800_000_000)
    for name in ("supplier", "second"):
        world.stand(name, law.Standing.SUSPENDED)
        with refused(
            world.registry.ParticipantNotActive,
            participant=world.id[name],
            standing=law.Standing.SUSPENDED,
        ):
            active.signAmendment(1, terms, sender=world.account[name])


def test_reverts_when_a_milestone_is_under_decision_and_would_change(world, law, refused, paid):
    world.submit(paid, 1)
    changes = ((1, 20_000, 0, world.id["subcontractor"], False),)
    terms = propose(world, law, paid, changes=changes)
    paid.signAmendment(1, terms, sender=world.account["second"])
    with refused(paid.MilestoneNotChangeable, milestone=1):
        paid.signAmendment(1, terms, sender=world.account["supplier"])


def test_reverts_when_a_milestone_would_fall_below_what_is_accepted(world, law, refused):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    world.accept_part(agreement, 20_000)
    terms = propose(world, law, agreement, changes=((0, 20_000, 0, law.NONE, False),))
    agreement.signAmendment(1, terms, sender=world.account["second"])
    with refused(agreement.AmountOutOfRange, given=20_000, smallest=20_000, largest=law.UINT96):
        agreement.signAmendment(1, terms, sender=world.account["supplier"])


def test_reverts_when_milestones_exceed_the_value(world, law, refused, active):
    terms = propose(world, law, active, milestones=((20_001, 0, law.NONE, law.NONE),))
    active.signAmendment(1, terms, sender=world.account["second"])
    with refused(active.ScheduleExceedsValue, scheduled=100_001, value=100_000):
        active.signAmendment(1, terms, sender=world.account["supplier"])


def test_given_the_last_signature_and_no_money_needed_takes_effect(world, law, active):
    added = ((20_000, 0, law.NONE, law.digest("fence")),)
    terms = propose(world, law, active, "supplier", milestones=added, ends_at=1_800_000_000)
    active.signAmendment(1, terms, sender=world.account["first"])
    receipt = active.signAmendment(1, terms, sender=world.account["third"])
    (enacted,) = active.AmendmentEnacted.from_receipt(receipt)
    assert (enacted.previousValue, enacted.value) == (100_000, 100_000)
    assert enacted.endsAt == active.endsAt() == 1_800_000_000
    assert [each.amount for each in world.milestones(active)] == [50_000, 30_000, 20_000]
    assert world.money(active).scheduled == 100_000


def test_given_a_raised_value_waits_for_the_treasury(world, law, kept, active):
    terms = propose(world, law, active, increase=10_000)
    with kept(active):
        active.signAmendment(1, terms, sender=world.account["second"])
        active.signAmendment(1, terms, sender=world.account["supplier"])


def test_changes_amounts_and_payees_and_removes(world, law, ledger):
    agreement = world.begin(inspectors=())
    changes = (
        (0, 60_000, 1_790_000_000, world.id["subcontractor"], False),
        (1, 0, 0, law.NONE, True),
    )
    world.amend(agreement, law.Amendment(changes=changes))
    first, second = world.milestones(agreement)
    assert (first.amount, first.due_at) == (60_000, 1_790_000_000)
    assert second.status == law.MilestoneStatus.CANCELLED
    assert agreement.payeeOf(0) == world.id["subcontractor"]
    assert world.money(agreement).scheduled == 60_000
    world.submit(agreement, 0)
    world.accept(agreement, "first", 0)
    world.accept(agreement, "second", 0)
    assert ledger(agreement) == (40_000, 60_000, 0, 0)


def test_lowers_the_value_and_gives_budget_back(world, law, active):
    committed = world.budget.get(world.line).committed
    world.amend(active, law.Amendment(decrease=20_000))
    assert world.money(active).value == 80_000
    assert world.money(active).funded == 100_000
    assert world.budget.get(world.line).committed == committed - 20_000


def test_returns_damages_that_an_extension_makes_undue(world, law, ledger):
    due = ape.chain.pending_timestamp + 5 * DAY
    agreement = world.begin(
        inspectors=(),
        milestones=((50_000, due, law.NONE, law.NONE),),
        conditions=law.Conditions(damages_rate=1_000, damages_cap=1_000),
    )
    ape.chain.pending_timestamp = due + 9 * DAY + 1
    world.submit(agreement, 0)
    world.accept(agreement, "first", 0)
    world.accept(agreement, "second", 0)
    # Ten days and so 10/1,000 of 50,000.
    assert world.money(agreement).damages == 500
    changes = ((0, 50_000, due + 6 * DAY, law.NONE, False),)
    receipt = world.amend(agreement, law.Amendment(changes=changes))
    (back,) = agreement.PaymentMade.from_receipt(receipt)
    assert (back.basis, law.plain(back.payment)[0]) == (law.Basis.DAMAGES_RETURNED, 300)
    assert world.money(agreement).damages == 200
    ledger(agreement)
