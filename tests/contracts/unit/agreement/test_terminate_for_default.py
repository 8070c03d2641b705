"""Branches: terminate_for_default.tree."""

import ape

DAY = 86_400


def notice(world, law, agreement):
    """Notice of default; returns when it was given."""
    return world.decide(agreement, "noticeDefault", law.digest("stopped"), law.NONE).timestamp


def end(world, law, agreement):
    """The first two members end it for default."""
    return world.decide(agreement, "terminateForDefault", law.digest("not cured"), law.NONE)


def test_reverts_when_no_notice_was_given(world, law, refused, kept, active):
    with kept(active), refused(active.NoticeInvalid, noticedAt=0):
        end(world, law, active)


def test_reverts_when_the_notice_was_withdrawn(world, law, refused, active):
    notice(world, law, active)
    world.decide(active, "withdrawNotice", law.digest("resumed"), law.NONE)
    with refused(active.NoticeInvalid, noticedAt=0):
        end(world, law, active)


def test_reverts_in_the_cure_period(world, law, refused, active):
    last = notice(world, law, active) + 14 * DAY
    ape.chain.pending_timestamp = last
    with refused(active.TooEarly, present=last, earliest=last):
        end(world, law, active)
    ape.chain.pending_timestamp = last + 1
    end(world, law, active)
    assert active.status() == law.AgreementStatus.CLOSED


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, active):
    ape.chain.pending_timestamp = notice(world, law, active) + 14 * DAY + 1
    with refused(
        active.CallerNotOnCommittee,
        caller=world.account["supplier"].address,
        participant=world.id["supplier"],
    ):
        active.terminateForDefault(
            law.digest("not cured"), law.NONE, sender=world.account["supplier"]
        )


def test_keeps_the_retention_and_calls_the_guarantees(world, law, ledger):
    rules = law.Conditions(
        advance_rate=2_000, recovery_rate=2_000, retention_rate=500, security_rate=500
    )
    agreement = world.begin(conditions=rules)
    world.assure(agreement, law.GuaranteeKind.PERFORMANCE, 5_000)
    world.assure(agreement, law.GuaranteeKind.ADVANCE, 20_000)
    agreement.payAdvance(sender=world.stranger)
    world.pay(agreement, 0)
    # Of the advance of 20,000, 20 % of 50,000 are recovered; 5 % of 50,000 are retained.
    money = world.money(agreement)
    assert (money.advance_outstanding, money.retained) == (10_000, 2_500)
    ape.chain.pending_timestamp = notice(world, law, agreement) + 14 * DAY + 1
    receipt = end(world, law, agreement)
    called = agreement.GuaranteeCalled.from_receipt(receipt)
    assert [(each.kind, each.amount) for each in called] == [
        (law.GuaranteeKind.ADVANCE, 7_500),
        (law.GuaranteeKind.PERFORMANCE, 5_000),
    ]
    (closed,) = agreement.AgreementClosed.from_receipt(receipt)
    _, _, released, retention_kept, _, unrecovered, *_ = closed.account
    assert (released, retention_kept, unrecovered) == (0, 2_500, 7_500)
    # 20,000 of advance and 50,000 − 10,000 − 2,500 were paid; the rest of 100,000 goes back.
    assert ledger(agreement) == (0, 57_500, 0, 42_500)


def test_given_completed_work_keeps_what_is_retained(world, law, ledger):
    agreement = world.begin(conditions=law.Conditions(retention_rate=500, defects_days=90))
    world.pay(agreement, 0)
    world.pay(agreement, 1)
    agreement.complete(sender=world.stranger)
    ape.chain.pending_timestamp = notice(world, law, agreement) + 14 * DAY + 1
    receipt = end(world, law, agreement)
    (closed,) = agreement.AgreementClosed.from_receipt(receipt)
    assert closed.account[3] == 2_000  # retentionKept
    # 80,000 less the 2,000 that are kept; they and the 20,000 not scheduled go back.
    assert ledger(agreement) == (0, 78_000, 0, 22_000)
