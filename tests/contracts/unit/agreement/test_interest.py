"""Branches: interest.tree."""

import pytest

from ...payments import accept
from ...vocabulary import DAY, MONDAY, NONE, UINT96, Basis, Conditions, Payment, digest

# 0.02 % a day; five working days from a Monday are a week, so that it is due after 21 days.
RATES = Conditions(interest_rate=200, review_days=5, payment_days=14)
DUE = MONDAY + 21 * DAY
REASON = (digest("audit"), NONE)


def submit(world, chain, agreement, moment=MONDAY, milestone=0):
    chain.pending_timestamp = moment
    return world.submit(agreement, milestone)


def accrued(world, chain, agreement, moment, milestone=0):
    """Interest of an acceptance at this moment; the chain goes back afterwards."""
    before = world.money(agreement).interest_owed
    with chain.isolate():
        world.accept(agreement, "first", milestone)
        chain.pending_timestamp = moment
        receipt = world.accept(agreement, "second", milestone)
        interest = world.money(agreement).interest_owed - before
        events = [
            (event.milestone, event.late, event.amount, event.owed)
            for event in agreement.InterestAccrued.from_receipt(receipt)
        ]
    late = (moment - DUE) // DAY
    assert events == ([(milestone, late, interest, before + interest)] if interest else [])
    return interest


def test_counts_full_days_after_review_and_payment_period(world, chain, begin):
    """0.02 % of 50,000 are 10 a day."""
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement)
    for moment, expected in (
        (MONDAY, 0),
        (DUE, 0),
        (DUE + DAY - 1, 0),
        (DUE + DAY, 10),
        (DUE + 2 * DAY - 1, 10),
        (DUE + 365 * DAY, 3_650),
    ):
        assert accrued(world, chain, agreement, moment) == expected


def test_counts_from_the_submission_that_is_accepted(world, chain, begin):
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement, MONDAY - 7 * DAY)
    world.turn_down(agreement)
    submit(world, chain, agreement)
    assert accrued(world, chain, agreement, DUE + DAY - 1) == 0
    assert accrued(world, chain, agreement, DUE + DAY) == 10


def test_counts_from_submission_where_no_review_is_agreed(world, chain, emitted, told, begin):
    agreement = begin(RATES._replace(review_days=0), 50_000)
    submit(world, chain, agreement)
    world.accept(agreement, "first")
    chain.pending_timestamp = MONDAY + 17 * DAY
    receipt = world.accept(agreement, "second")
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.approved("second", 2),
            *expected.sent(Payment(50_000, net=50_000), Basis.ACCEPTANCE, 0, attempt=1),
            expected("InterestAccrued", milestone=0, late=3, amount=30, owed=30),
        ],
    )


def test_is_reckoned_on_what_the_payee_gets_and_rounded_down(world, chain, begin):
    """Retention 10 % of 55,549: 5,555; net 49,994; one day: 9.9988, so 9; one unit is none."""
    agreement = begin(RATES._replace(retention_rate=1_000), 55_549, 1)
    submit(world, chain, agreement)
    submit(world, chain, agreement, MONDAY, 1)
    assert accrued(world, chain, agreement, DUE + DAY) == 9
    assert accrued(world, chain, agreement, DUE + 1_000 * DAY, 1) == 0


def test_counts_no_time_for_which_the_clocks_stood_still(world, chain, begin):
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement)
    chain.pending_timestamp = DUE - DAY
    agreement.hold(DUE + 9 * DAY, *REASON, sender=world.account["auditor"])
    for moment, late in ((DUE + 11 * DAY - 10, 0), (DUE + 11 * DAY, 1)):
        with chain.isolate():
            chain.pending_timestamp = moment
            accept(world, agreement)
            assert world.money(agreement).interest_owed == late * 10


def test_adds_up_over_payments_and_parts(world, chain, emitted, begin):
    """20,000 one day late: 4; 30,000 two days late: 12; 10,000 one day late: 2."""
    agreement = begin(RATES._replace(review_days=0, payment_days=0), 50_000, 10_000)
    submit(world, chain, agreement)
    chain.pending_timestamp = MONDAY + DAY
    world.accept_part(agreement, 20_000)
    assert world.money(agreement).interest_owed == 4
    submit(world, chain, agreement, MONDAY + 2 * DAY)
    submit(world, chain, agreement, MONDAY + 3 * DAY, 1)
    chain.pending_timestamp = MONDAY + 4 * DAY
    accept(world, agreement)
    assert world.money(agreement).interest_owed == 16
    accept(world, agreement, 1)
    assert world.money(agreement).interest_owed == 18


def test_is_owed_for_silence_as_well(world, chain, begin):
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement)
    chain.pending_timestamp = DUE + 3 * DAY
    agreement.acceptBySilence(0, 1, sender=world.stranger)
    assert world.money(agreement).interest_owed == 30


def test_is_owed_for_what_a_ruling_gives_as_well(world, chain, begin):
    """On 20,000 of 50,000, from the submission on."""
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement)
    world.turn_down(agreement)
    world.dispute(agreement)
    chain.pending_timestamp = DUE + DAY
    agreement.rule(0, 20_000, *REASON, sender=world.account["arbiter"])
    assert world.money(agreement).interest_owed == 4


@pytest.mark.parametrize("standing", [2, 3])
def test_is_owed_whoever_holds_the_payment_back(world, chain, begin, standing):
    """The acceptance is late, not the claim."""
    agreement = begin(RATES, 50_000)
    submit(world, chain, agreement)
    world.accept(agreement, "first")
    world.stand("supplier", standing)
    chain.pending_timestamp = DUE + DAY
    world.accept(agreement, "second")
    money = world.money(agreement)
    assert (money.owed, money.interest_owed) == (50_000, 10)


def test_is_none_where_none_is_agreed(world, chain, begin):
    agreement = begin(RATES._replace(interest_rate=0), 50_000)
    submit(world, chain, agreement)
    assert accrued(world, chain, agreement, DUE + 1_000 * DAY) == 0


def test_never_keeps_an_amount_from_being_accepted(world, chain, emitted, begin):
    """The highest rate, 4,294.967295 times the amount a day; owed are 2^96 - 1 at most."""
    value = 2**90
    world.token.issue(world.account["treasury"], value, digest("deposit"), sender=world.issuer)
    allotted = (world.id["buyer"], world.token.address, 2026, "all")
    world.budget.appropriate(*allotted, value, digest("law"), sender=world.officer)
    line = world.budget.lineId(*allotted)
    rates = RATES._replace(interest_rate=2**32 - 1, review_days=0, payment_days=0)
    agreement = begin(rates, value - 1, 1, value=value, budget_line=line)
    submit(world, chain, agreement)
    submit(world, chain, agreement, MONDAY, 1)
    chain.pending_timestamp = MONDAY + DAY
    accept(world, agreement, 1)
    assert world.money(agreement).interest_owed == 4_294
    receipt = accept(world, agreement)
    (event,) = agreement.InterestAccrued.from_receipt(receipt)
    assert (event.amount, event.owed) == (UINT96 - 4_294, UINT96)
    assert world.money(agreement).accepted == value
