"""Branches: milestones.tree."""

import pytest

from ...vocabulary import FAR_FUTURE, NONE, SUBMITTABLE, UINT96, Amendment, Conditions, digest

LARGEST_DATE = FAR_FUTURE - 1


@pytest.fixture
def large(world, law):
    """Signs an agreement of a buyer that may spend as much as fits, and funds it."""
    arguments = (world.id["buyer"], world.token.address, 2027, "all")
    world.budget.appropriate(*arguments, law.UINT128, NONE, sender=world.officer)
    line = world.budget.lineId(*arguments)

    def begin(milestones, value=None, **changes):
        value = sum(amount for amount, *_ in milestones) if value is None else value
        world.token.issue(world.account["treasury"], value, digest("deposit"), sender=world.issuer)
        return world.begin(value=value, budget_line=line, milestones=milestones, **changes)

    return begin


def schedule(size, first=0):
    """Milestones whose amounts and dates tell their number, and fill all bytes now and then."""
    return tuple(
        (
            (number + 1) * 0x0101_0101_0101 + number % 2 * 2**85,
            number * 0x0101_0101 if number % 3 else LARGEST_DATE - number,
            NONE,
            NONE,
        )
        for number in range(first, first + size)
    )


def agreed(law, terms, status=None):
    status = law.MilestoneStatus.SCHEDULED if status is None else status
    return [law.Milestone(amount, due, status) for amount, due, *_ in terms]


def pay(world, agreement, number):
    """As `world.pay`, which reads the whole schedule before each act."""
    agreement.submit(number, digest("evidence"), sender=world.account["supplier"])
    seen = (1_767_400_000, digest("report"))
    agreement.attest(number, 1, *seen, sender=world.account["surveyor"])
    for name in ("first", "second"):
        agreement.accept(number, 1, sender=world.account[name])


@pytest.mark.parametrize("size", [0, 1, 999, 1_000, 1_001])
def test_keeps_amount_and_date_of_each(world, law, large, size):
    terms = schedule(size)
    agreement = large(terms, value=None if size else 1)
    assert world.milestones(agreement) == agreed(law, terms)
    assert agreement.money().scheduled == sum(amount for amount, *_ in terms)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_keeps_the_largest_amount_and_date(world, law, large, place):
    terms = [(0, 0, NONE, NONE)] * 3
    terms[place] = (UINT96, LARGEST_DATE, NONE, NONE)
    agreement = large(tuple(terms))
    assert world.milestones(agreement) == agreed(law, terms)
    world.pay(agreement, place)
    assert world.money(agreement) == law.Money(*[UINT96] * 5)


def test_keeps_what_amendments_add(world, law, large):
    sizes = (2, 1, 1_001, 3)
    terms = schedule(sum(sizes))
    value = sum(amount for amount, *_ in terms)
    agreement = large(terms[: sizes[0]], value=value)
    known = sizes[0]
    for number, size in enumerate(sizes[1:], 1):
        world.amend(agreement, Amendment(milestones=terms[known : known + size]), number)
        known += size
    assert world.milestones(agreement) == agreed(law, terms)


def test_pays_from_each_part(world, large):
    terms = schedule(1_006)
    value = sum(amount for amount, *_ in terms)
    agreement = large(terms[:1_002], value=value)
    world.amend(agreement, Amendment(milestones=terms[1_002:1_003]))
    world.amend(agreement, Amendment(milestones=terms[1_003:]), number=2)
    for number in (0, 999, 1_000, 1_001, 1_002, 1_003, 1_005):
        before = world.balance("supplier")
        pay(world, agreement, number)
        assert world.balance("supplier") == before + terms[number][0]


def test_tells_what_is_under_way_and_nothing_of_it_once_paid(world, law, inspected):
    position = law.plain(inspected.parties().committee).index
    vote = {name: 1 << position(world.id[name]) for name in ("first", "second", "third")}
    submitted_at = world.milestones(inspected)[0].submitted_at
    world.accept(inspected, "third")
    world.turn_down(inspected)
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000,
        1_780_000_000,
        law.MilestoneStatus.REJECTED,
        attempt=1,
        approvals=vote["third"],
        rejections=vote["first"] | vote["second"],
        submitted_at=submitted_at,
    )
    submitted_at = world.submit(inspected).timestamp
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
        submitted_at=submitted_at,
    )
    world.accept(inspected, "second")
    assert world.milestones(inspected)[0] == law.Milestone(
        50_000, 1_780_000_000, law.MilestoneStatus.PAID, accepted=50_000
    )


def test_tells_what_is_owed_until_it_is_claimed(world, law, owed):
    statuses = law.MilestoneStatus
    milestone = law.Milestone(50_000, 1_780_000_000, statuses.OWED, accepted=50_000)
    assert world.milestones(owed)[0] == milestone
    owed.claim(0, world.id["supplier"], sender=world.stranger)
    assert world.milestones(owed)[0] == milestone._replace(status=statuses.PAID)


def test_tells_of_a_part_what_was_accepted(world, law, inspected):
    """The votes for a part are no votes for the whole."""
    before = world.milestones(inspected)[0]
    world.accept_part(inspected, 20_000)
    assert world.milestones(inspected)[0] == before._replace(
        status=law.MilestoneStatus.PARTLY_ACCEPTED, accepted=20_000
    )


def test_tells_when_the_review_ends_as_the_clocks_stand(world, law, chain, full):
    chain.pending_timestamp = law.MONDAY
    submitted_at = world.submit(full).timestamp
    chain.pending_timestamp = law.MONDAY + law.DAY
    until = law.MONDAY + 11 * law.DAY
    full.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    for moment, stopped in (
        (law.MONDAY + 2 * law.DAY, law.DAY),
        (until - 1, 10 * law.DAY - 1),
        (until, 10 * law.DAY),
        (until + law.DAY, 10 * law.DAY),
    ):
        chain.mine(timestamp=moment)
        end = world.milestones(full)[0].review_ends_at
        assert end == submitted_at + 7 * law.DAY + stopped


def test_tells_no_end_of_a_review_once_it_is_decided(world, full):
    """Silence accepts neither what was sent back nor what is disputed."""
    world.submit(full)
    world.attest(full)
    assert world.milestones(full)[0].review_ends_at != 0
    world.turn_down(full)
    assert world.milestones(full)[0].review_ends_at == 0
    world.dispute(full)
    assert world.milestones(full)[0].review_ends_at == 0


def test_keeps_what_is_paid_apart(world, law, refused, large):
    """Bits of a word are 256: milestones on both sides of its end, and those that share a place."""
    terms = schedule(514)
    agreement = large(terms)
    statuses = [law.MilestoneStatus.SCHEDULED] * len(terms)
    for number in (255, 256, 0, 512):
        pay(world, agreement, number)
        statuses[number] = law.MilestoneStatus.PAID
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses
    with refused(
        agreement.MilestoneUnexpectedStatus,
        milestone=256,
        current=law.MilestoneStatus.PAID,
        expected=SUBMITTABLE,
    ):
        world.submit(agreement, 256)
    for number in (1, 254, 257, 511, 513):
        world.submit(agreement, number)
        statuses[number] = law.MilestoneStatus.SUBMITTED
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses


def test_takes_no_more_than_are_under_way_at_a_time(world, law, refused, large):
    """One that ends in the midst leaves its place, and all others can still be found."""
    agreement = large(schedule(258))
    evidence, supplier = digest("evidence"), world.account["supplier"]
    submissions = [agreement.submit.encode_input(number, evidence) for number in range(256)]
    for start in (0, 128):
        world.multicall(agreement, submissions[start : start + 128], sender=supplier)
    with refused(agreement.TooManyUnderWay, largest=256):
        agreement.submit(256, evidence, sender=supplier)
    seen = (1_767_400_000, digest("report"))
    for name, act in (("surveyor", "attest"), ("first", "accept"), ("second", "accept")):
        details = seen if act == "attest" else ()
        getattr(agreement, act)(7, 1, *details, sender=world.account[name])
    agreement.submit(256, evidence, sender=supplier)
    agreement.attest(255, 1, *seen, sender=world.account["surveyor"])
    statuses = [law.MilestoneStatus.SUBMITTED] * 257 + [law.MilestoneStatus.SCHEDULED]
    statuses[7], statuses[255] = law.MilestoneStatus.PAID, law.MilestoneStatus.INSPECTED
    assert [milestone.status for milestone in world.milestones(agreement)] == statuses


def test_given_a_closed_agreement_tells_what_each_came_to(world, law):
    statuses = law.MilestoneStatus
    terms = tuple((10_000 + i, i, NONE, NONE) for i in range(7))
    agreement = world.begin(milestones=terms, conditions=Conditions(dispute_days=0))
    world.pay(agreement, 0)
    world.stand("supplier", law.Standing.SUSPENDED)
    world.pay(agreement, 1)
    world.stand("supplier", law.Standing.ACTIVE)
    for milestone in (2, 3, 4, 5):
        world.submit(agreement, milestone)
    for milestone in (3, 5):
        world.attest(agreement, milestone)
    world.turn_down(agreement, 4)
    world.accept_part(agreement, 4_000, 5)
    before = world.milestones(agreement)
    assert [milestone.status for milestone in before] == [
        statuses.PAID,
        statuses.OWED,
        statuses.SUBMITTED,
        statuses.INSPECTED,
        statuses.REJECTED,
        statuses.PARTLY_ACCEPTED,
        statuses.SCHEDULED,
    ]
    world.decide(agreement, "terminateByAgreement", digest("no-need"), NONE)
    agreement.terminateByAgreement(digest("no-need"), NONE, sender=world.account["supplier"])
    cancelled = [law.Milestone(10_000 + i, i, statuses.CANCELLED) for i in range(7)]
    assert world.milestones(agreement) == [
        *before[:2],
        *cancelled[2:5],
        law.Milestone(4_000, 5, statuses.PAID, accepted=4_000),
        cancelled[6],
    ]


def test_given_a_closed_agreement_tells_a_part_that_is_owed(world, law, inspected):
    world.stand("supplier", law.Standing.SUSPENDED)
    world.accept_part(inspected, 20_000)
    decision = (digest("no-need"), NONE)
    world.decide(inspected, "terminateByAgreement", *decision)
    inspected.terminateByAgreement(*decision, sender=world.account["supplier"])
    assert inspected.owedTo(0, world.id["supplier"]) == 20_000
    assert world.milestones(inspected)[0] == law.Milestone(
        20_000, 1_780_000_000, law.MilestoneStatus.OWED, accepted=20_000
    )
