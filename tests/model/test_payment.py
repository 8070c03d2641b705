"""The waterfall: examples worked by hand, and what holds for all amounts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from reference.payment import Before, Rates, delay_damages, split, split_received, up
from reference.values import Payment, Tax, TaxBase

STATE, CITY, STEEL, GLASS = (bytes([n]) * 32 for n in range(1, 5))
VAT = Tax(STATE, 11, 111, TaxBase.GROSS)
LEVY = Tax(CITY, 2, 100, TaxBase.RECEIVED)
RATES = Rates(recovery=2_000, retention=500, damages=1_000, damages_cap=500, taxes=(VAT, LEVY))


def test_an_amount_without_conditions_is_net() -> None:
    assert split(1_000, Rates(), Before(value=5_000)).payment == Payment(gross=1_000, net=1_000)


def test_each_part_of_an_amount_that_bears_everything() -> None:
    # G = 100,000 of a value of 1,000,000, 3 days late, 150,000 of the advance outstanding.
    # Advance: 20 % = 20,000. Retention: 5 % = 5,000. Left 75,000.
    # VAT: 100,000 × 11 / 111 = 9,909.9… → 9,910. Levy: 2 % of 75,000 = 1,500. Left 63,590.
    # Damages: 100,000 × 1/1000 × 3 = 300; the cap of 50,000 is far. Left 63,290.
    # Direct: 10,000 to STEEL, then 2,000 to GLASS. Left 51,290.
    before = Before(
        value=1_000_000,
        outstanding=150_000,
        late_days=3,
        direct=((STEEL, 10_000), (GLASS, 2_000)),
    )
    parts = split(100_000, RATES, before)
    assert parts.payment == Payment(
        gross=100_000,
        advance=20_000,
        retention=5_000,
        damages=300,
        taxes=11_410,
        direct=12_000,
        net=51_290,
        late_days=3,
        carried=0,
    )
    assert parts.taxes == ((STATE, 9_910), (CITY, 1_500))
    assert parts.direct == ((STEEL, 10_000), (GLASS, 2_000))
    assert parts.assessed == 300


def test_every_deduction_is_rounded_up() -> None:
    # G = 1: 20 % → 1 would be all of it; with an advance of 0 outstanding, retention 5 % → 1.
    parts = split(1, RATES, Before(value=1_000_000))
    assert parts.payment == Payment(gross=1, retention=1)
    # G = 10,001: advance 2,000.2 → 2,001, retention 500.05 → 501, left 7,499. VAT 991.09… → 992.
    # Levy 2 % of 7,499 = 149.98 → 150. Damages 10,001 × 0.001 × 1 = 10.001 → 11.
    # Net 7,499 − 992 − 150 − 11 = 6,346.
    parts = split(10_001, RATES, Before(value=1_000_000, outstanding=9_999, late_days=1))
    assert parts.payment == Payment(
        10_001, advance=2_001, retention=501, damages=11, taxes=1_142, net=6_346, late_days=1
    )


def test_recovery_stops_at_what_is_outstanding() -> None:
    # 20 % of 1,000 is 200, but only 30 is outstanding; the levy is then 2 % of 970 = 19.4 → 20.
    parts = split(1_000, replace(RATES, retention=0, taxes=(LEVY,)), Before(9_000, outstanding=30))
    assert parts.payment == Payment(gross=1_000, advance=30, taxes=20, net=950)


def test_damages_stop_at_the_cap_together_with_those_before() -> None:
    # The cap is 5 % of 10,010 = 500.5, rounded down: 500. 480 were assessed before, so of
    # 1,000 × 0.001 × 40 = 40 only 20 are.
    parts = split(1_000, Rates(damages=1_000, damages_cap=500), Before(10_010, 0, 480, 0, 40))
    assert parts.payment == Payment(gross=1_000, damages=20, net=980, late_days=40)
    assert parts.assessed == 20


def test_nothing_is_assessed_when_an_amendment_lowered_the_cap_below_what_was() -> None:
    assert delay_damages(1_000, RATES, Before(value=100, assessed=480, late_days=9)) == 0


def test_damages_take_what_is_left_and_carry_the_rest() -> None:
    # Advance 900 of 1,000 recovered; VAT 99.09… → 100 takes the 100 that is left.
    # Damages 1,000 × 0.001 × 50 = 50 find nothing; with 7 carried before, 57 go on.
    rates = Rates(recovery=9_000, damages=1_000, damages_cap=10_000, taxes=(VAT,))
    before = Before(10_000, outstanding=5_000, assessed=7, carried=7, late_days=50)
    parts = split(1_000, rates, before)
    assert parts.payment == Payment(gross=1_000, advance=900, taxes=100, late_days=50, carried=57)
    # The next payment is in time, and bears what was carried: 1,000 − 900 − 100 leave 0; without
    # the advance, 57 of the 900 that the tax leaves.
    after = split(1_000, replace(rates, recovery=0), Before(10_000, assessed=57, carried=57))
    assert after.payment == Payment(gross=1_000, damages=57, taxes=100, net=843)
    assert after.assessed == 0


def test_a_tax_takes_no_more_than_is_left() -> None:
    # Retention keeps 95 of 100. VAT would be 9.9… → 10, finds 5; the levy finds nothing.
    parts = split(100, Rates(retention=9_500, taxes=(VAT, LEVY)), Before(value=1_000))
    assert parts.payment == Payment(gross=100, retention=95, taxes=5)
    assert parts.taxes == ((STATE, 5), (CITY, 0))


def test_direct_payments_go_in_order_as_far_as_it_suffices() -> None:
    parts = split(100, Rates(), Before(1_000, direct=((STEEL, 70), (GLASS, 70), (STEEL, 1))))
    assert parts.direct == ((STEEL, 70), (GLASS, 30), (STEEL, 0))
    assert parts.payment == Payment(gross=100, direct=100)


def test_what_is_received_bears_its_own_taxes_only() -> None:
    # 2 % of 1,234 = 24.68 → 25; VAT is reckoned on gross, once, when it is accepted.
    parts = split_received(1_234, (VAT, LEVY))
    assert parts.payment == Payment(gross=1_234, taxes=25, net=1_209)
    assert parts.taxes == ((CITY, 25),)


AMOUNTS = st.one_of(st.integers(0, 200), st.integers(0, 2**96 - 1))
BASIS_POINTS = st.integers(0, 10_000)


@st.composite
def taxes(draw: st.DrawFn) -> Tax:
    """Any tax, up to the whole of its base."""
    denominator = draw(st.integers(1, 2**24 - 1))
    numerator = draw(st.integers(0, denominator))
    return Tax(draw(st.sampled_from((STATE, CITY))), numerator, denominator, draw(BASES))


@st.composite
def payments(draw: st.DrawFn) -> tuple[int, Rates, Before]:
    """An accepted amount, its rates, and what it meets."""
    gross = draw(AMOUNTS)
    rates = Rates(
        recovery=draw(BASIS_POINTS),
        retention=draw(BASIS_POINTS),
        damages=draw(st.integers(0, 2**32 - 1)),
        damages_cap=draw(BASIS_POINTS),
        taxes=tuple(draw(st.lists(taxes(), max_size=16))),
    )
    carried = draw(AMOUNTS)
    before = Before(
        value=gross + draw(AMOUNTS),
        outstanding=draw(AMOUNTS),
        assessed=carried + draw(AMOUNTS),
        carried=carried,
        late_days=draw(st.integers(0, 40_000)),
        direct=draw(st.lists(st.tuples(st.sampled_from((STEEL, GLASS)), AMOUNTS), max_size=4)),
    )
    return gross, rates, before


BASES = st.sampled_from(TaxBase)


@given(payments())
def test_the_parts_add_up_to_the_gross(example: tuple[int, Rates, Before]) -> None:
    gross, rates, before = example
    paid = split(gross, rates, before).payment
    assert paid.gross == gross
    parts = (paid.advance, paid.retention, paid.damages, paid.taxes, paid.direct, paid.net)
    assert sum(parts) == gross
    assert min(parts) >= 0


@given(payments())
def test_caps_hold(example: tuple[int, Rates, Before]) -> None:
    gross, rates, before = example
    parts = split(gross, rates, before)
    paid = parts.payment
    assert paid.advance <= before.outstanding
    assert before.assessed + parts.assessed <= max(
        rates.damages_cap * before.value // 10_000, before.assessed
    )
    assert all(
        amount <= agreed
        for (_, amount), (_, agreed) in zip(parts.direct, before.direct, strict=True)
    )
    received = gross - paid.advance - paid.retention
    for tax, (recipient, amount) in zip(rates.taxes, parts.taxes, strict=True):
        base = gross if tax.base == TaxBase.GROSS else received
        assert recipient == tax.recipient
        assert 0 <= amount <= up(base * tax.numerator, tax.denominator)


@given(payments())
def test_damages_are_never_lost(example: tuple[int, Rates, Before]) -> None:
    gross, rates, before = example
    parts = split(gross, rates, before)
    assert before.carried + parts.assessed == parts.payment.damages + parts.payment.carried
    # They are carried only where nothing is left to take them.
    assert parts.payment.carried == 0 or parts.payment.direct == parts.payment.net == 0


@given(payments())
def test_taxes_come_before_damages(example: tuple[int, Rates, Before]) -> None:
    gross, rates, before = example
    without = split(gross, replace(rates, damages=0), replace(before, carried=0))
    assert split(gross, rates, before).taxes == without.taxes


@given(AMOUNTS, st.lists(taxes(), max_size=16))
def test_what_is_received_adds_up_too(amount: int, table: list[Tax]) -> None:
    paid = split_received(amount, table).payment
    assert paid == Payment(gross=amount, taxes=paid.taxes, net=amount - paid.taxes)
    assert 0 <= paid.taxes <= amount
