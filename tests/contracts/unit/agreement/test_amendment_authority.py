"""Branches: amendment_authority.tree."""

from ...vocabulary import NO_MILESTONE, Amendment, Role, digest

LATER = Amendment(ends_at=1_799_000_000)
# Above the cap of 110,000.
GREAT = Amendment(increase=50_000, legal_ground=digest("law"))


def propose(world, agreement, amendment=LATER):
    return agreement.proposeAmendment(tuple(amendment), sender=world.account["first"])


def sign(world, agreement, by, amendment=LATER, number=1):
    return agreement.signAmendment(number, tuple(amendment), sender=world.account[by])


def test_reverts_when_the_authority_is_of_another_house(world, refused, active, company):
    propose(world, active)
    for name in ("company", "its office"):
        caller = world.account[name]
        with refused(active.CallerNotSignatory, caller=caller.address, participant=world.id[name]):
            active.signAmendment(1, tuple(LATER), sender=caller)


def test_reverts_when_another_authority_has_signed(world, refused, active):
    other = world.known("deputy", world.spare[0], Role.AUTHORITY, world.id["buyer"])
    propose(world, active)
    sign(world, active, "authority")
    with refused(active.AlreadyVoted, milestone=NO_MILESTONE, participant=other):
        sign(world, active, "deputy")


def test_given_more_than_the_cap_waits_for_the_authority(world, law, refused, kept, active):
    """An increase that money is there for, so that the last signature puts it in force."""
    world.amend(active, GREAT._replace(increase=10_000))
    world.amend(active, Amendment(decrease=1), number=2)
    amendment = GREAT._replace(increase=2)
    treasury = world.account["treasury"]
    world.token.approve(active, 1, sender=treasury)
    propose(world, active, amendment)
    sign(world, active, "second", amendment, 3)
    with kept(active):
        sign(world, active, "supplier", amendment, 3)
        with refused(
            active.AmendmentNotSigned, supplier=True, approvals=2, quorum=2, authority=False
        ):
            active.enactAmendment(3, tuple(amendment), sender=treasury)
        sign(world, active, "authority", amendment, 3)
    active.enactAmendment(3, tuple(amendment), sender=treasury)
    assert world.money(active) == law.Money(110_001, 80_000, 110_001)


def test_given_less_than_the_cap_needs_no_authority_but_takes_its_signature(
    world, emitted, kept, active
):
    propose(world, active)
    with kept(active):
        receipt = sign(world, active, "authority")
    emitted(receipt, [active.AmendmentSigned(amendment=1, by=world.id["authority"])])
    sign(world, active, "second")
    sign(world, active, "supplier")
    assert active.endsAt() == LATER.ends_at


def test_counts_a_member_that_is_an_authority_as_a_member(world, refused, kept, active):
    roles = Role.COMMITTEE | Role.AUTHORITY
    world.registry.setRoles(world.id["second"], roles, sender=world.registrar)
    propose(world, active, GREAT)
    sign(world, active, "second", GREAT)
    sign(world, active, "supplier", GREAT)
    with (
        kept(active),
        refused(active.AmendmentNotSigned, supplier=True, approvals=2, quorum=2, authority=False),
    ):
        active.enactAmendment(1, tuple(GREAT), sender=world.account["treasury"])


def test_takes_the_signature_of_the_buyer_itself(world, emitted, kept):
    buyer = world.known("agency", world.spare[0], Role.BUYER | Role.AUTHORITY)
    office = world.known("its committee", world.spare[1], Role.COMMITTEE, buyer)
    arguments = (buyer, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 1_000_000, bytes(32), sender=world.officer)
    line = world.budget.lineId(*arguments)
    draft = world.draft(buyer=buyer, committee=(office,), quorum=1, budget_line=line)
    agreement = world.sign(draft, "its committee")
    world.activate(agreement)
    agreement.proposeAmendment(tuple(GREAT), sender=world.spare[1])
    with kept(agreement):
        receipt = sign(world, agreement, "agency", GREAT)
    emitted(receipt, [agreement.AmendmentSigned(amendment=1, by=buyer)])
