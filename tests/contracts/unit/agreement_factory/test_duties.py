"""Branches: duties.tree."""

import pytest

from ...vocabulary import Conditions


def create(world, draft, by="first"):
    return world.factory.create(*draft.arguments, sender=world.account[by])


ROLES = {
    "supplier": 2,
    "treasury": 16,
    "arbiter": 64,
    "second": 4,
    "surveyor": 8,
    "collector": 256,
    "direct": 2,
    "subcontractor": 2,
}
PARTS = list(ROLES.items())


def in_place_of(world, part, participant):
    """A draft in which a participant has this part, everyone else having its own."""
    tax = (participant, 1, 100, 0)
    changes = {
        "supplier": {"supplier": participant},
        "treasury": {"treasury": participant},
        "arbiter": {"arbiter": participant},
        "second": {"committee": tuple(sorted((participant, world.id["first"])))},
        "surveyor": {"inspectors": (participant,)},
        "collector": {"conditions": Conditions(taxes=(tax,))},
        "direct": {"conditions": Conditions(direct_payments=((0, participant, 1),))},
        "subcontractor": {"milestones": ((1, 0, participant, bytes(32)),)},
    }
    return world.draft(**changes[part])


def usual(world, part):
    """A draft in which the usual participant has this part."""
    return in_place_of(world, part, world.id["subcontractor" if part == "direct" else part])


@pytest.mark.parametrize("part", ROLES)
@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_a_party_is_not_active(world, refused, part, standing):
    draft = usual(world, part)
    name = "subcontractor" if part == "direct" else part
    world.stand(name, standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id[name], standing=standing
    ):
        create(world, draft)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_buyer_is_not_active(world, refused, standing):
    world.stand("buyer", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["buyer"], standing=standing
    ):
        create(world, world.draft())


@pytest.mark.parametrize(("part", "role"), PARTS)
def test_reverts_when_a_party_lacks_its_role(world, law, refused, part, role):
    draft = usual(world, part)
    participant, roles = world.id["subcontractor" if part == "direct" else part], 511 - role
    world.registry.setRoles(participant, roles, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=participant,
        roles=roles,
        required=role,
    ):
        create(world, draft)


@pytest.mark.parametrize("part", ROLES)
def test_reverts_when_a_party_is_unknown(world, law, refused, part):
    unknown = law.participant_id("ID-NPWP", "nobody")
    with refused(
        world.registry.ParticipantNotActive,
        participant=unknown,
        standing=law.Standing.UNREGISTERED,
    ):
        create(world, in_place_of(world, part, unknown))


def test_reverts_when_the_buyer_is_unknown(world, law, refused):
    with refused(
        world.registry.ParticipantNotActive,
        participant=law.digest("nobody"),
        standing=law.Standing.UNREGISTERED,
    ):
        create(world, world.draft(buyer=law.digest("nobody")))


@pytest.mark.parametrize(("part", "role"), PARTS)
def test_reverts_when_a_party_has_no_account(world, refused, part, role):
    participant = world.register("ID-NPWP", "no account", roles=role)
    with refused(world.registry.ParticipantHasNoAccount, participant=participant):
        create(world, in_place_of(world, part, participant))


def test_reverts_when_supplier_is_the_buyer(world, law, refused):
    roles = law.Role.BUYER | law.Role.SUPPLIER
    both = world.register("ID-NPWP", "both", world.spare[0], roles)
    with refused(world.factory.DutiesNotSeparate, participant=both):
        create(world, world.draft(buyer=both, supplier=both))


def joined(world, *parts):
    """A draft in which each participant has its part, everyone else having its own."""
    standard = world.draft()
    drafts = [in_place_of(world, part, participant) for part, participant in parts]
    changes = {
        name: getattr(draft, name)
        for draft in drafts
        for name in ("supplier", "treasury", "arbiter", "committee", "inspectors", "milestones")
        if getattr(draft, name) != getattr(standard, name)
    }
    (taxes,) = {draft.conditions.taxes for draft in drafts} - {()} or {()}
    (directs,) = {draft.conditions.direct_payments for draft in drafts} - {()} or {()}
    conditions = Conditions(taxes=taxes, direct_payments=directs)
    return world.draft(**changes, conditions=conditions)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("supplier", "treasury"),
        ("supplier", "arbiter"),
        ("supplier", "surveyor"),
        ("supplier", "collector"),
        ("treasury", "surveyor"),
        ("treasury", "direct"),
        ("treasury", "subcontractor"),
        ("arbiter", "surveyor"),
        ("arbiter", "direct"),
        ("arbiter", "subcontractor"),
        ("surveyor", "direct"),
        ("surveyor", "subcontractor"),
    ],
)
def test_reverts_when_one_legal_person_has_two_duties(world, refused, company, one, other):
    with refused(world.factory.DutiesNotSeparate, participant=company.id):
        create(world, joined(world, (one, company.id), (other, company.id)))


@pytest.mark.parametrize(
    ("one", "other"), [("treasury", "second"), ("treasury", "surveyor"), ("second", "surveyor")]
)
def test_reverts_when_one_office_of_the_buyer_has_two_duties(world, law, refused, one, other):
    both = world.register("OFFICE", "both", world.spare[0], law.ALL_ROLES, world.id["buyer"])
    with refused(world.factory.DutiesNotSeparate, participant=both):
        create(world, joined(world, (one, both), (other, both)))


@pytest.mark.parametrize("member", ["id", "office"])
def test_reverts_when_a_member_is_not_of_the_buyer(world, refused, company, member):
    stranger = getattr(company, member)
    draft = in_place_of(world, "second", stranger)
    with refused(world.factory.OfficeNotOfBuyer, office=stranger, buyer=world.id["buyer"]):
        create(world, draft)


@pytest.mark.parametrize("part", ["supplier", "subcontractor"])
def test_reverts_when_a_member_is_paid(world, refused, company, part):
    """Nobody of whoever is paid can be of the buyer."""
    draft = joined(world, (part, company.id), ("second", company.office))
    with refused(world.factory.OfficeNotOfBuyer, office=company.office, buyer=world.id["buyer"]):
        create(world, draft)


def test_reverts_when_the_buyer_is_an_office(world, law, refused, company):
    """Its legal person could be paid for what it accepts."""
    arguments = (company.office, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, law.NONE, sender=world.officer)
    draft = world.draft(
        buyer=company.office,
        committee=(company.office,),
        quorum=1,
        budget_line=world.budget.lineId(*arguments),
        milestones=((1, 0, company.id, law.NONE),),
    )
    with refused(world.factory.LegalPersonExpected, office=company.office):
        create(world, draft, "its office")


@pytest.mark.parametrize("part", ["supplier", "subcontractor"])
def test_reverts_when_who_is_paid_is_an_office(world, law, refused, company, part):
    own = world.known("works", law.address("third house"), law.ALL_ROLES, world.id["buyer"])
    branch = world.known("branch", law.address("fourth house"), law.ALL_ROLES, world.id["supplier"])
    for office in (company.office, own, branch):
        with refused(world.factory.LegalPersonExpected, office=office):
            create(world, in_place_of(world, part, office))


def test_reverts_when_who_is_paid_is_an_office_of_a_debarred_company(world, law, refused, company):
    world.stand("company", law.Standing.DEBARRED)
    with refused(world.factory.LegalPersonExpected, office=company.office):
        create(world, in_place_of(world, "supplier", company.office))


def test_reverts_when_an_office_of_the_supplier_inspects(world, refused, company):
    draft = joined(world, ("supplier", company.id), ("surveyor", company.office))
    with refused(world.factory.DutiesNotSeparate, participant=company.office):
        create(world, draft)


@pytest.mark.parametrize("house", ["buyer", "company"])
def test_reverts_when_the_arbiter_is_of_a_side(world, law, refused, company, house):
    judge = world.known("judge", law.address("third house"), law.Role.ARBITER, world.id[house])
    draft = joined(world, ("supplier", company.id), ("arbiter", judge))
    with refused(world.factory.DutiesNotSeparate, participant=judge):
        create(world, draft)


def test_reverts_when_an_office_of_the_supplier_funds(world, refused, company):
    draft = joined(world, ("supplier", company.id), ("treasury", company.office))
    with refused(world.factory.DutiesNotSeparate, participant=company.id):
        create(world, draft)


@pytest.mark.parametrize("payee", ["subcontractor", "direct"])
@pytest.mark.parametrize("part", ["treasury", "arbiter", "surveyor"])
def test_reverts_when_an_office_of_the_payee_funds_rules_or_inspects(
    world, refused, company, payee, part
):
    draft = joined(world, (payee, company.id), (part, company.office))
    with refused(world.factory.DutiesNotSeparate, participant=company.id):
        create(world, draft)


def test_reverts_when_the_payee_is_the_buyer(world, law, refused):
    buyer = world.known("both", world.spare[0], law.ALL_ROLES)
    arguments = (buyer, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, law.NONE, sender=world.officer)
    draft = world.draft(
        buyer=buyer,
        committee=(buyer,),
        quorum=1,
        budget_line=world.budget.lineId(*arguments),
        milestones=((1, 0, buyer, law.NONE),),
    )
    with refused(world.factory.DutiesNotSeparate, participant=buyer):
        create(world, draft, "both")


@pytest.mark.parametrize("part", ["committee", "inspectors"])
def test_reverts_when_offices_are_not_in_strictly_ascending_order(world, refused, part):
    *_, low, high = getattr(world.draft(), part)
    for order in ((high, low), (low, low)):
        draft = world.draft(**{part: order})
        with refused(world.factory.PartiesNotAscending, previous=order[0], next=order[1]):
            create(world, draft, "second" if low == world.id["second"] else "third")
