"""Branches: payee_of.tree."""


def test_reverts_when_the_milestone_is_unknown(refused, signed):
    for milestone in (2, 2**256 - 1):
        with refused(signed.MilestoneUnknown, milestone=milestone, count=2):
            signed.payeeOf(milestone)


def test_is_the_supplier_when_none_is_named(world, signed):
    assert signed.payeeOf(0) == world.id["supplier"]


def test_is_the_supplier_when_it_is_named(world, law):
    agreement = world.sign(world.draft(milestones=((1, 0, world.id["supplier"], law.NONE),)))
    assert agreement.payeeOf(0) == world.id["supplier"]


def test_is_who_is_named(world, signed):
    assert signed.payeeOf(1) == world.id["subcontractor"]
