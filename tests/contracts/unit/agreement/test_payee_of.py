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


def test_is_who_an_amendment_names(world, law, refused, active):
    supplier, other = world.id["supplier"], world.id["subcontractor"]
    changes = ((0, 1, 0, other, False), (1, 1, 0, law.NONE, False))
    added = ((1, 0, other, law.NONE), (1, 0, supplier, law.NONE))
    world.amend(active, law.Amendment(changes=changes, milestones=added))
    assert [active.payeeOf(i) for i in range(4)] == [other, supplier, other, supplier]
    with refused(active.MilestoneUnknown, milestone=4, count=4):
        active.payeeOf(4)
