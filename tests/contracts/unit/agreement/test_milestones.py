"""Branches: milestones.tree."""

import pytest

LARGEST_DATE = 2**40 - 1


@pytest.fixture
def large(world, law):
    """Signs an agreement of a buyer that may spend as much as fits, and funds it."""
    arguments = (world.id["buyer"], world.token.address, 2027, "all")
    world.budget.appropriate(*arguments, law.UINT128, law.NONE, sender=world.officer)
    line = world.budget.lineId(*arguments)

    def sign(milestones, value=None, **changes):
        value = sum(amount for amount, *_ in milestones) if value is None else value
        missing = value - world.balance("treasury")
        if missing > 0:
            deposit = law.digest("deposit")
            world.token.issue(world.account["treasury"], missing, deposit, sender=world.issuer)
        draft = world.draft(value=value, budget_line=line, milestones=milestones, **changes)
        agreement = world.sign(draft)
        world.fund(agreement)
        return agreement

    return sign


def schedule(law, size, first=0):
    """Milestones whose amounts and dates tell their number, and fill all bytes now and then."""
    return tuple(
        (
            (number + 1) * 0x0101_0101_0101 + number % 2 * 2**115,
            number * 0x0101_0101 if number % 3 else LARGEST_DATE - number,
            law.NONE,
            law.NONE,
        )
        for number in range(first, first + size)
    )


def agreed(law, terms, status=None):
    status = law.MilestoneStatus.SCHEDULED if status is None else status
    return [law.Milestone(amount, due, status) for amount, due, *_ in terms]


def pay(world, law, agreement, number):
    """As `world.pay`, which reads the whole schedule before each act."""
    agreement.submit(number, law.digest("evidence"), sender=world.account["supplier"])
    seen = (1_767_400_000, law.digest("report"))
    agreement.attest(number, 1, *seen, sender=world.account["surveyor"])
    for name in ("first", "second"):
        agreement.accept(number, 1, sender=world.account[name])


@pytest.mark.parametrize("size", [0, 1, 32, 999, 1_000, 1_001, 2_500])
def test_keeps_amount_and_date_of_each(world, law, large, size):
    terms = schedule(law, size)
    agreement = large(terms, value=None if size else 1)
    assert world.milestones(agreement) == agreed(law, terms)
    assert agreement.money().scheduled == sum(amount for amount, *_ in terms)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_keeps_the_largest_amount_and_date(world, law, large, place):
    terms = [(0, 0, law.NONE, law.NONE)] * 3
    terms[place] = (law.UINT128, LARGEST_DATE, law.NONE, law.NONE)
    treasury = world.account["treasury"]
    world.token.transfer(world.account["supplier"], world.balance("treasury"), sender=treasury)
    agreement = large(tuple(terms))
    assert world.milestones(agreement) == agreed(law, terms)
    world.pay(agreement, place)
    assert world.money(agreement) == law.Money(*[law.UINT128] * 5)


def test_keeps_what_amendments_add(world, law, large):
    sizes = (2, 1, 1_001, 3)
    terms = schedule(law, sum(sizes))
    value = sum(amount for amount, *_ in terms)
    agreement = large(terms[: sizes[0]], value=value)
    known = sizes[0]
    for number, size in enumerate(sizes[1:], 1):
        world.amend(agreement, milestones=terms[known : known + size], number=number)
        known += size
    assert world.milestones(agreement) == agreed(law, terms)


def test_pays_from_each_part(world, law, large):
    terms = schedule(law, 1_006)
    value = sum(amount for amount, *_ in terms)
    agreement = large(terms[:1_002], value=value)
    world.amend(agreement, milestones=terms[1_002:1_003])
    world.amend(agreement, milestones=terms[1_003:], number=2)
    for number in (0, 999, 1_000, 1_001, 1_002, 1_003, 1_005):
        before = world.balance("supplier")
        pay(world, law, agreement, number)
        assert world.balance("supplier") == before + terms[number][0]


def test_tells_what_is_under_way_and_nothing_of_it_once_paid(world, law, inspected):
    position = law.plain(inspected.parties().committee).index
    vote = {name: 1 << position(world.id[name]) for name in ("first", "second", "third")}
    world.accept(inspected, "third")
    world.reject(inspected, "first")
    world.reject(inspected, "second")
    rejected = law.Milestone(
        50_000,
        1_780_000_000,
        law.MilestoneStatus.REJECTED,
        attempt=1,
        approvals=vote["third"],
        rejections=vote["first"] | vote["second"],
    )
    assert world.milestones(inspected)[0] == rejected
    world.submit(inspected)
    world.attest(inspected)
    world.reject(inspected, "third")
    world.accept(inspected, "first")
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000,
        1_780_000_000,
        law.MilestoneStatus.INSPECTED,
        attempt=2,
        approvals=vote["first"],
        rejections=vote["third"],
    )
    world.accept(inspected, "second")
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.PAID
    )


def test_tells_nothing_of_what_was_under_way_once_owed_or_claimed(world, law, owed):
    assert world.milestones(owed)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.OWED
    )
    owed.claim(0, sender=world.stranger)
    assert world.milestones(owed)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.PAID
    )


def test_keeps_what_is_paid_apart(world, law, refused, large):
    """Bits of a word are 256: milestones on both sides of its end, and those that share a place."""
    terms = schedule(law, 514)
    agreement = large(terms)
    statuses = [law.MilestoneStatus.SCHEDULED] * len(terms)
    for number in (255, 256, 0, 512):
        pay(world, law, agreement, number)
        statuses[number] = law.MilestoneStatus.PAID
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=256,
        current=law.MilestoneStatus.PAID,
        expected=1 << law.MilestoneStatus.SCHEDULED | 1 << law.MilestoneStatus.REJECTED,
    ):
        world.submit(agreement, 256)
    for number in (1, 254, 257, 511, 513):
        world.submit(agreement, number)
        statuses[number] = law.MilestoneStatus.SUBMITTED
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses


def test_takes_no_more_than_are_under_way_at_a_time(world, law, refused, large):
    """One that ends in the midst leaves its place, and all others can still be found."""
    terms = schedule(law, 258)
    agreement = large(terms)
    evidence, supplier = law.digest("evidence"), world.account["supplier"]
    for number in range(256):
        agreement.submit(number, evidence, sender=supplier)
    with refused(agreement.TooManyUnderWay, largest=256):
        agreement.submit(256, evidence, sender=supplier)
    seen = (1_767_400_000, law.digest("report"))
    for name, act in (("surveyor", "attest"), ("first", "accept"), ("second", "accept")):
        details = seen if act == "attest" else ()
        getattr(agreement, act)(7, 1, *details, sender=world.account[name])
    agreement.submit(256, evidence, sender=supplier)
    agreement.attest(255, 1, *seen, sender=world.account["surveyor"])
    statuses = [law.MilestoneStatus.SUBMITTED] * 257 + [law.MilestoneStatus.SCHEDULED]
    statuses[7], statuses[255] = law.MilestoneStatus.PAID, law.MilestoneStatus.INSPECTED
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses
