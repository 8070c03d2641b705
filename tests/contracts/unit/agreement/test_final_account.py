"""Branches: final_account.tree. When it is drawn: close, complete, terminate, lapse."""

from ...payments import settle
from ...vocabulary import (
    DAY,
    MONDAY,
    NO_MILESTONE,
    NONE,
    ONGOING,
    AgreementStatus,
    Basis,
    Conditions,
    FinalAccount,
    GuaranteeKind,
    Money,
    Payment,
    Standing,
    TaxBase,
    bits,
    code,
    digest,
)


def account_of(agreement, receipt):
    (closed,) = agreement.AgreementClosed.from_receipt(receipt)
    return FinalAccount(*closed.account)


def test_sets_damages_and_then_the_advance_off_against_the_retention(
    world, emitted, told, chain, ledger, begin
):
    """Advance 1,000 of 100,000. Of 10,000, ten days late: 1 % recovered, 100; retained 98.5 %,
    9,850; of 1,000 damages, the 50 that are left; 950 are carried.
    From the 9,850: 950, then the 900 of the advance that are outstanding; 8,000 are released.
    """
    conditions = Conditions(
        advance_rate=100,
        recovery_rate=100,
        retention_rate=9_850,
        damages_rate=10_000,
        damages_cap=10_000,
    )
    agreement = begin(conditions, 10_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 1_000)
    agreement.payAdvance(sender=world.stranger)
    chain.pending_timestamp = MONDAY + 10 * DAY
    settle(world, agreement)
    assert world.money(agreement) == Money(
        100_000,
        10_000,
        100_000,
        accepted=10_000,
        paid=1_000,
        advance_outstanding=900,
        retained=9_850,
        damages=50,
        damages_carried=950,
    )
    committed = world.budget.get(world.line).committed
    terms = (digest("no-need"), NONE)
    receipt = world.decide(agreement, "terminate", *terms)
    account = FinalAccount(
        accepted=10_000,
        retention_released=8_000,
        retention_kept=1_850,
        damages=50,
        refunded=91_000,
        released=90_000,
    )
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.decision("terminate", terms, "second", 2),
            expected("AgreementTerminated", ground=1, reason=terms[0], document=NONE),
            expected("AgreementClosed", account=account),
            expected.released(90_000, committed - 90_000),
            *expected.sent(Payment(8_000, net=8_000), Basis.RETENTION_RELEASE),
            expected.transfer("treasury", 91_000),
        ],
    )
    assert ledger(agreement) == (0, 9_000, 0, 91_000)


def test_reports_what_the_retention_does_not_cover_and_calls_the_guarantee(
    world, chain, ledger, begin
):
    """Advance 20,000. Of 10,000, ten days late: recovered 9,900; retained 1 %, 100, so that nothing
    is left for the damages of 1,000. The retention covers 100 of them; 900 remain, and 10,100 of
    the advance, for which its guarantee is called.
    """
    conditions = Conditions(
        advance_rate=2_000,
        recovery_rate=9_900,
        retention_rate=100,
        damages_rate=10_000,
        damages_cap=10_000,
    )
    agreement = begin(conditions, 10_000)
    world.assure(agreement, GuaranteeKind.ADVANCE, 20_000)
    agreement.payAdvance(sender=world.stranger)
    chain.pending_timestamp = MONDAY + 10 * DAY
    settle(world, agreement)
    receipt = world.terminate(agreement)
    assert account_of(agreement, receipt) == FinalAccount(
        accepted=10_000,
        retention_kept=100,
        advance_unrecovered=10_100,
        damages_unrecovered=900,
        refunded=80_000,
        released=90_000,
    )
    (called,) = agreement.GuaranteeCalled.from_receipt(receipt)
    assert (called.kind, called.amount) == (GuaranteeKind.ADVANCE, 10_100)
    assert bytes(called.reason) == code("advance-unrecovered")
    assert ledger(agreement) == (0, 20_000, 0, 80_000)


def test_gives_damages_that_are_withheld_back_to_the_treasury(world, chain, ledger, begin):
    """0.1 % of 20,000 for three days: 60."""
    agreement = begin(Conditions(damages_rate=1_000, damages_cap=500), 20_000)
    chain.pending_timestamp = MONDAY + 3 * DAY
    settle(world, agreement)
    receipt = world.terminate(agreement)
    assert account_of(agreement, receipt) == FinalAccount(
        20_000, damages=60, refunded=80_060, released=80_000
    )
    assert ledger(agreement) == (0, 19_940, 0, 80_060)


def test_reports_the_interest_that_is_owed(world, chain, ledger, begin):
    """0.02 % of 50,000 for two days: 20. It is none of the agreement's money."""
    agreement = begin(Conditions(interest_rate=200), 50_000)
    chain.pending_timestamp = MONDAY
    world.submit(agreement)
    world.accept(agreement, "first")
    chain.pending_timestamp = MONDAY + 2 * DAY
    world.accept(agreement, "second")
    receipt = world.terminate(agreement)
    assert account_of(agreement, receipt) == FinalAccount(
        50_000, refunded=50_000, released=50_000, interest_owed=20
    )
    assert world.money(agreement).interest_owed == 20
    assert ledger(agreement) == (0, 50_000, 0, 50_000)


def test_withholds_taxes_on_the_retention_that_is_released(world, emitted, told, ledger, begin):
    """5 % of 20,000 are 1,000, of which 3 %: 30."""
    tax = (world.id["collector"], 3, 100, TaxBase.RECEIVED)
    agreement = begin(Conditions(retention_rate=500, taxes=(tax,)), 20_000)
    settle(world, agreement)
    before = world.balance("collector")
    terms, committed = (digest("no-need"), NONE), world.budget.get(world.line).committed
    receipt = world.decide(agreement, "terminate", *terms)
    expected = told(agreement)
    emitted(
        receipt,
        [
            expected.decision("terminate", terms, "second", 2),
            expected("AgreementTerminated", ground=1, reason=terms[0], document=NONE),
            expected(
                "AgreementClosed",
                account=FinalAccount(20_000, 0, 1_000, refunded=80_000, released=80_000),
            ),
            expected.released(80_000, committed - 80_000),
            *expected.sent(Payment(1_000, taxes=30, net=970), Basis.RETENTION_RELEASE),
            expected.transfer("collector", 30),
            expected.deduction(30),
            expected.transfer("treasury", 80_000),
        ],
    )
    assert world.balance("collector") == before + 30
    ledger(agreement)


def test_owes_the_retention_when_the_supplier_is_not_active(world, ledger, begin):
    agreement = begin(Conditions(retention_rate=500), 20_000)
    settle(world, agreement)
    world.stand("supplier", Standing.SUSPENDED)
    world.terminate(agreement)
    assert agreement.owedTo(NO_MILESTONE, world.id["supplier"]) == 1_000
    assert ledger(agreement) == (1_000, 19_000, 1_000, 80_000)
    world.stand("supplier", Standing.DEBARRED)
    agreement.claim(NO_MILESTONE, world.id["supplier"], sender=world.stranger)
    assert ledger(agreement) == (0, 20_000, 0, 80_000)


def test_pays_a_debarred_treasury(world, active):
    """At the account that it has now."""
    world.succeed("treasury", world.spare[0].address)
    world.stand("treasury", Standing.DEBARRED)
    world.terminate(active)
    assert world.token.balanceOf(world.spare[0]) == 100_000
    assert world.money(active).refunded == 100_000


def test_tells_nothing_of_money_when_none_moves(world, emitted, told, begin):
    agreement = begin(Conditions(defects_days=0), 100_000)
    settle(world, agreement)
    receipt = agreement.complete(sender=world.stranger)
    completed = agreement.AgreementCompleted(defectsEndAt=receipt.timestamp)
    closed = told(agreement)("AgreementClosed", account=FinalAccount(100_000))
    emitted(receipt, [completed, closed])


def test_ends_everything_but_claims_and_interest(world, refused, kept, closed):
    why = (digest("why"), NONE)
    status = AgreementStatus
    going_on = bits(status.ACTIVE, status.COMPLETED, status.TERMINATED)
    with kept(closed):
        for act, arguments, by, expected in (
            ("submit", (1, digest("evidence")), "supplier", bits(status.ACTIVE)),
            ("attest", (1, 1, 0, digest("report")), "surveyor", ONGOING),
            ("accept", (1, 1), "first", ONGOING),
            ("reject", (1, 1, *why), "first", ONGOING),
            ("dispute", (1, *why), "supplier", ONGOING),
            ("hold", (2**40 - 1, *why), "auditor", going_on),
            ("suspend", (2**40 - 1, *why), "first", going_on),
            ("terminate", why, "first", bits(status.SIGNED, status.ACTIVE)),
            ("close", (), "first", bits(status.COMPLETED, status.TERMINATED)),
        ):
            with refused(
                closed.AgreementUnexpectedStatus, current=status.CLOSED, expected=expected
            ):
                getattr(closed, act)(*arguments, sender=world.account[by])
