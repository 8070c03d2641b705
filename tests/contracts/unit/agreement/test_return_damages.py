"""Branches: return_damages.tree."""

import pytest

from ...payments import accept, paid, settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    Amendment,
    Basis,
    Conditions,
    GuaranteeKind,
    Payment,
    digest,
)

# 0.1 % a day, at most 5 % of 100,000.
RATES = Conditions(damages_rate=1_000, damages_cap=500)


def extend(world, agreement, due_at, milestone=0, number=1, amount=50_000):
    change = (milestone, amount, due_at, NONE, False)
    return world.amend(agreement, Amendment(changes=(change,)), number)


@pytest.fixture
def late(world, chain, begin):
    """Begins an agreement whose first milestone, of 50,000, is paid so many seconds late."""

    def start(seconds, conditions=RATES, *others):
        agreement = begin(conditions, 50_000, *others)
        chain.pending_timestamp = MONDAY + seconds
        settle(world, agreement)
        return agreement

    return start


def returned(agreement, receipt):
    """The payment of returned damages; none."""
    made = agreement.PaymentMade.from_receipt(receipt)
    return Payment(*made[0].payment) if made else None


def test_returns_what_the_later_date_makes_undue(world, law, emitted, told, ledger, late):
    """Four days late: 200. Two days later: two days late, 100."""
    agreement = late(3 * DAY + 1)
    assert world.money(agreement).damages == 200
    before, due_at = world.balance("supplier"), MONDAY + 2 * DAY
    receipt = extend(world, agreement, due_at)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected("AmendmentSigned", amendment=1, by=world.id["supplier"]),
            expected(
                "MilestoneChanged",
                milestone=0,
                amount=50_000,
                dueAt=due_at,
                payee=world.id["supplier"],
            ),
            expected(
                "AmendmentEnacted",
                amendment=1,
                previousValue=100_000,
                value=100_000,
                endsAt=1_798_675_200,
                reason=Amendment().reason,
                legalGround=NONE,
                document=NONE,
            ),
            *expected.sent(Payment(100, net=100), Basis.DAMAGES_RETURNED),
        ],
    )
    assert world.balance("supplier") == before + 100
    assert world.money(agreement) == law.Money(
        100_000, 50_000, 100_000, accepted=50_000, paid=49_900, damages=100
    )
    ledger(agreement)


@pytest.mark.parametrize("due_at", [0, MONDAY + 3 * DAY + 1, MONDAY + 50 * DAY])
def test_returns_all_of_them_without_a_date(world, late, due_at):
    """Or with one that is not before the submission."""
    agreement = late(3 * DAY + 1)
    receipt = extend(world, agreement, due_at)
    assert returned(agreement, receipt) == Payment(200, net=200)
    assert world.money(agreement).damages == 0


@pytest.mark.parametrize("due_at", [1, MONDAY - DAY, MONDAY])
def test_returns_nothing_for_a_date_that_is_earlier_or_the_same(world, late, due_at):
    agreement = late(3 * DAY + 1)
    assert returned(agreement, extend(world, agreement, due_at)) is None
    assert world.money(agreement).damages == 200


def test_returns_again_for_a_date_that_is_later_still(world, late):
    """Back to an earlier one takes nothing, and the later one then returns nothing twice."""
    agreement = late(4 * DAY)
    for number, (days, back, left) in enumerate(
        ((1, 50, 150), (3, 100, 50), (0, 0, 50), (3, 0, 50), (4, 50, 0)), 1
    ):
        receipt = extend(world, agreement, MONDAY + days * DAY, number=number)
        expected = Payment(back, net=back) if back else None
        assert returned(agreement, receipt) == expected
        assert world.money(agreement).damages == left


def test_returns_nothing_while_what_is_due_exceeds_what_the_cap_left(world, late):
    """200 days late: 10,000, but the cap is 5,000. 100 days: 5,000. 80 days: 4,000."""
    agreement = late(200 * DAY)
    assert world.money(agreement).damages == 5_000
    assert returned(agreement, extend(world, agreement, MONDAY + 100 * DAY)) is None
    receipt = extend(world, agreement, MONDAY + 120 * DAY, number=2)
    assert returned(agreement, receipt) == Payment(1_000, net=1_000)


def test_takes_from_those_that_are_carried_first(world, ledger, late):
    """Retention 99.7 %: 150 are left of 50,000; of 400 for eight days, 250 are carried.
    Three days undue: 150 of those carried. Four more: the last 100 and 100 of those withheld."""
    agreement = late(8 * DAY, RATES._replace(retention_rate=9_970))
    money = world.money(agreement)
    assert (money.damages, money.damages_carried) == (150, 250)
    receipt = extend(world, agreement, MONDAY + 3 * DAY)
    assert returned(agreement, receipt) == Payment(0, carried=100)
    money = world.money(agreement)
    assert (money.damages, money.damages_carried) == (150, 100)
    ledger(agreement)
    receipt = extend(world, agreement, MONDAY + 7 * DAY, number=2)
    assert returned(agreement, receipt) == Payment(100, net=100)
    money = world.money(agreement)
    assert (money.damages, money.damages_carried) == (50, 0)
    ledger(agreement)


def test_returns_those_of_each_part_that_was_late(world, chain, ledger, begin):
    """20,000 two days late: 40; 30,000 five days late: 150. Three days later: 40 and 90."""
    agreement = begin(RATES, 50_000)
    chain.pending_timestamp = MONDAY + 2 * DAY
    world.submit(agreement)
    world.accept_part(agreement, 20_000)
    chain.pending_timestamp = MONDAY + 5 * DAY
    settle(world, agreement)
    assert world.money(agreement).damages == 190
    receipt = extend(world, agreement, MONDAY + 3 * DAY)
    assert returned(agreement, receipt) == Payment(130, net=130)
    assert world.money(agreement).damages == 60
    ledger(agreement)


def test_leaves_room_below_the_cap_for_later_ones(world, chain, ledger, late):
    """The cap of 5,000 is reached; 1,000 are returned, so that the next can take 1,000."""
    agreement = late(200 * DAY, RATES, 30_000)
    extend(world, agreement, MONDAY + 120 * DAY)
    payment = paid(agreement, settle(world, agreement, 1))
    assert (payment.gross, payment.damages) == (30_000, 1_000)
    assert world.money(agreement).damages == 5_000
    ledger(agreement)


def test_returns_those_of_one_that_was_cut_to_its_accepted_part(world, chain, begin):
    """20,000 of 50,000, two days late: 40; the rest is removed, then the date moves."""
    agreement = begin(RATES, 50_000)
    chain.pending_timestamp = MONDAY + 2 * DAY
    world.submit(agreement)
    world.accept_part(agreement, 20_000)
    world.amend(agreement, Amendment(changes=((0, 0, 0, NONE, True),)))
    receipt = extend(world, agreement, MONDAY + DAY, number=2, amount=20_000)
    assert returned(agreement, receipt) == Payment(20, net=20)


def test_counts_the_stops_since_the_new_date_was_agreed_alone(world, chain, begin):
    """Four days late but for a stop of three: 50. The new date, a day later, knows of the stop."""
    agreement = begin(RATES, 50_000)
    chain.pending_timestamp = MONDAY - 10 * DAY
    agreement.hold(MONDAY - 7 * DAY, digest("audit"), NONE, sender=world.account["auditor"])
    chain.pending_timestamp = MONDAY + 4 * DAY
    world.submit(agreement)
    assert paid(agreement, accept(world, agreement)).damages == 50
    assert returned(agreement, extend(world, agreement, MONDAY + DAY)) is None
    receipt = extend(world, agreement, MONDAY + 4 * DAY, number=2)
    assert returned(agreement, receipt) == Payment(50, net=50)


def test_owes_when_the_supplier_is_not_active(world, law, ledger, late):
    """Suspended after it has signed: the treasury puts the amendment in force."""
    agreement = late(4 * DAY)
    change = (0, 50_000, 0, NONE, False)
    terms = tuple(Amendment(increase=1, changes=(change,)))
    agreement.proposeAmendment(terms, sender=world.account["first"])
    for name in ("second", "supplier"):
        agreement.signAmendment(1, terms, sender=world.account[name])
    world.stand("supplier", law.Standing.SUSPENDED)
    world.token.approve(agreement, 1, sender=world.account["treasury"])
    agreement.enactAmendment(1, terms, sender=world.account["treasury"])
    assert agreement.owedTo(NO_MILESTONE, world.id["supplier"]) == 200
    assert (world.money(agreement).damages, world.money(agreement).owed) == (0, 200)
    ledger(agreement)


def test_owes_when_the_guarantee_has_lapsed(world, late):
    agreement = late(4 * DAY, RATES._replace(security_rate=500))
    receipt = extend(world, agreement, 0)
    *_, waiting, made = receipt.events
    assert (waiting.event_name, waiting.amount, waiting.owed) == ("PaymentOwed", 200, 200)
    assert (made.event_name, made.basis) == ("PaymentMade", Basis.DAMAGES_RETURNED)
    assert agreement.owedTo(NO_MILESTONE, world.id["supplier"]) == 200
    world.assure(agreement, GuaranteeKind.PERFORMANCE, 5_000)
    before = world.balance("supplier")
    agreement.claim(NO_MILESTONE, world.id["supplier"], sender=world.stranger)
    assert world.balance("supplier") == before + 200


def test_owes_during_a_hold(world, chain, refused, ledger, late):
    """A hold keeps all money in the agreement, whichever act would pay it."""
    agreement = late(4 * DAY)
    until = MONDAY + 30 * DAY
    agreement.hold(until, digest("audit"), NONE, sender=world.account["auditor"])
    held = world.held(agreement)
    extend(world, agreement, 0)
    assert (world.held(agreement), world.money(agreement).owed) == (held, 200)
    ledger(agreement)
    arguments = (NO_MILESTONE, world.id["supplier"])
    with refused(agreement.AgreementHeld, until=until):
        agreement.claim(*arguments, sender=world.stranger)
    chain.pending_timestamp = until
    agreement.claim(*arguments, sender=world.stranger)
    assert world.held(agreement) == held - 200
