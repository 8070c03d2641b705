"""Branches: agreed.tree."""

import pytest

from ...vocabulary import FAR_FUTURE, NONE, UINT96, UINT128, Conditions


def create(world, draft, by="first"):
    return world.factory.create(*draft.arguments, sender=world.account[by])


def named(condition):
    return condition.encode().ljust(32, b"\0")


def invalid(refused, world, condition, found, smallest, largest, **conditions):
    with refused(
        world.factory.ConditionInvalid,
        condition=named(condition),
        found=found,
        smallest=smallest,
        largest=largest,
    ):
        create(world, world.draft(conditions=Conditions(**conditions)))


@pytest.mark.parametrize(("quorum", "size"), [(0, 3), (4, 3), (255, 3), (2, 17), (0, 17)])
def test_reverts_when_quorum_or_committee_is_out_of_bounds(world, law, refused, quorum, size):
    others = (law.digest(str(number)) for number in range(size - 1))
    committee = world.draft().committee if size == 3 else (*others, world.id["first"])
    with refused(world.factory.QuorumInvalid, quorum=quorum, committee=size, largest=16):
        create(world, world.draft(quorum=quorum, committee=committee))


def test_reverts_when_a_list_is_too_long(world, law, refused):
    tax = (world.id["collector"], 1, 100, law.TaxBase.GROSS)
    direct = (0, world.id["subcontractor"], 1)
    for name, length, changes in (
        ("inspectors", 17, {"inspectors": (world.id["surveyor"],) * 17}),
        ("taxes", 17, {"conditions": Conditions(taxes=(tax,) * 17)}),
        ("directPayments", 65, {"conditions": Conditions(direct_payments=(direct,) * 65)}),
    ):
        with refused(
            world.factory.ListTooLong, list=named(name), length=length, largest=length - 1
        ):
            create(world, world.draft(**changes))


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        ("retentionRate", "retention_rate"),
        ("securityRate", "security_rate"),
        ("damagesCap", "damages_cap"),
        ("defaultShare", "default_share"),
    ],
)
def test_reverts_when_a_rate_is_out_of_bounds(world, refused, condition, field):
    for rate in (10_001, 2**16 - 1):
        invalid(refused, world, condition, rate, 0, 10_000, **{field: rate})


@pytest.mark.parametrize(
    ("advance", "recovery", "retention"),
    [(1, 0, 0), (3_000, 2_999, 0), (0, 10_001, 0), (2_000, 9_501, 500), (10_000, 10_000, 1)],
)
def test_reverts_when_the_advance_cannot_be_recovered(world, refused, advance, recovery, retention):
    rates = {
        "advance_rate": advance,
        "recovery_rate": recovery,
        "retention_rate": retention,
    }
    invalid(refused, world, "recoveryRate", recovery, advance, 10_000 - retention, **rates)


def test_reverts_when_review_or_lapse_is_out_of_bounds(world, refused):
    for found in (61, 255):
        invalid(refused, world, "reviewDays", found, 0, 60, review_days=found)
    invalid(refused, world, "lapseDays", 0, 1, 2**16 - 1, lapse_days=0)


def test_reverts_when_a_tax_takes_more_than_the_whole(world, law, refused):
    good = (world.id["collector"], 1, 1, law.TaxBase.GROSS)
    for numerator, denominator in ((112, 111), (1, 0)):
        tax = (world.id["collector"], numerator, denominator, law.TaxBase.RECEIVED)
        invalid(refused, world, "taxes", numerator, 0, denominator, taxes=(good, tax))
    nothing = (world.id["collector"], 0, 0, law.TaxBase.GROSS)
    invalid(refused, world, "taxes", 0, 1, 2**24 - 1, taxes=(nothing,))


def test_reverts_when_a_direct_payment_is_of_an_unknown_milestone(world, refused):
    for milestone in (2, 2**24 - 1):
        direct = (milestone, world.id["subcontractor"], 1)
        invalid(refused, world, "directPayments", milestone, 0, 2, direct_payments=(direct,))


def test_reverts_when_milestones_exceed_the_value(world, refused):
    for amounts, scheduled in (((60_000, 40_000, 1), 100_001), ((UINT96,), UINT96)):
        milestones = tuple((amount, 0, NONE, NONE) for amount in amounts)
        with refused(world.factory.ScheduleExceedsValue, scheduled=scheduled, value=100_000):
            create(world, world.draft(milestones=milestones))


def test_reverts_when_an_amount_does_not_fit(world, law, refused):
    """Amounts have 96 bits, of single milestones and of all."""
    error = world.factory.SafeCastOverflowedUintDowncast
    direct = (0, world.id["subcontractor"], UINT96 + 1)
    large, most = (UINT96, 0, NONE, NONE), (UINT128, 0, NONE, NONE)
    for value, changes in (
        (UINT96 + 1, {"value": UINT96 + 1}),
        (UINT128, {"milestones": (most,)}),
        (2 * UINT96, {"milestones": (large, large)}),
        (UINT96 + 1, {"conditions": Conditions(direct_payments=(direct,))}),
    ):
        with refused(error, bits=96, value=value):
            create(world, world.draft(**changes))


def test_reverts_when_a_date_does_not_fit(world, refused):
    error = world.factory.SafeCastOverflowedUintDowncast
    for date in (FAR_FUTURE, 2**64 - 1):
        for changes in ({"ends_at": date}, {"milestones": ((1, date, NONE, NONE),)}):
            with refused(error, bits=40, value=date):
                create(world, world.draft(**changes))


def test_reverts_when_the_budget_line_is_unknown(world, law, refused):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        create(world, world.draft(budget_line=law.digest("line")))


def test_reverts_when_the_budget_line_is_of_another_buyer(world, refused, company):
    draft = world.draft(buyer=company.id, committee=(company.office,), quorum=1)
    with refused(
        world.budget.LineMismatch,
        line=world.line,
        buyer=world.id["buyer"],
        token=world.token.address,
    ):
        create(world, draft, "its office")


def test_reverts_when_the_budget_line_is_in_another_currency(world, refused):
    yen = world.admin.deploy(
        world.project.SettlementToken, world.authority, world.registry, "JPY", 0
    )
    world.factory.admitToken(yen, sender=world.admin)
    with refused(
        world.budget.LineMismatch,
        line=world.line,
        buyer=world.id["buyer"],
        token=world.token.address,
    ):
        create(world, world.draft(token=yen.address))


def test_reverts_when_the_budget_line_has_less_left(world, refused):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    with refused(
        world.budget.LineExceeded, line=world.line, requested=available + 1, available=available
    ):
        create(world, world.draft(value=available + 1))


def test_takes_each_condition_at_its_bounds(world, law):
    tax = (world.id["collector"], 2**24 - 1, 2**24 - 1, law.TaxBase.RECEIVED)
    most = Conditions(
        *(10_000, 10_000, 0, 10_000),
        *(2**32 - 1, 10_000, 2**32 - 1, 2**16 - 1, 10_000),
        *(60, 255, *[2**16 - 1] * 7),
        taxes=((world.id["collector"], 0, 1, law.TaxBase.GROSS), tax),
        direct_payments=((1, world.id["subcontractor"], UINT96),),
    )
    least = Conditions(*[0] * 17, lapse_days=1)
    for conditions in (most, least, Conditions(retention_rate=10_000)):
        agreement = world.sign(world.draft(conditions=conditions))
        assert law.plain(agreement.conditions()) == law.plain(conditions)


def test_takes_no_inspectors_no_milestones_and_the_last_date(world, law):
    last = FAR_FUTURE - 1
    bare = world.sign(world.draft(inspectors=(), milestones=(), ends_at=last))
    assert bare.parties().inspectors == []
    assert bare.milestones() == []
    assert bare.endsAt() == last
    late = world.sign(world.draft(milestones=((100_000, last, NONE, NONE),)))
    assert world.milestones(late) == [law.Milestone(100_000, last, law.MilestoneStatus.SCHEDULED)]


def test_takes_a_schedule_of_the_whole_value(world, law):
    milestones = ((60_000, 0, NONE, NONE), (40_000, 0, NONE, NONE))
    agreement = world.sign(world.draft(milestones=milestones))
    assert world.money(agreement) == law.Money(value=100_000, scheduled=100_000)


def test_commits_the_last_unit_of_the_budget_line(world):
    details = world.budget.get(world.line)
    world.sign(world.draft(value=details.appropriated - details.committed))
    assert world.budget.get(world.line).committed == details.appropriated
