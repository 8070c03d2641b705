"""Branches: terminate.tree."""

import pytest


@pytest.mark.parametrize("state", ["completed", "terminated", "closed"])
def test_reverts_when_the_agreement_has_ended(world, law, refused, request, state):
    agreement, status = request.getfixturevalue(state), law.AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=law.bits(status.SIGNED, status.ACTIVE),
    ):
        agreement.terminate(law.digest("no need"), law.NONE, sender=world.account["first"])


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.terminate(law.NONE, law.NONE, sender=world.account["first"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, kept, active):
    for name in ("supplier", "treasury", "surveyor"):
        caller = world.account[name]
        with (
            kept(active),
            refused(active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]),
        ):
            active.terminate(law.digest("no need"), law.NONE, sender=caller)


def test_waits_for_a_quorum(world, law, kept, active):
    with kept(active):
        active.terminate(law.digest("no need"), law.NONE, sender=world.account["first"])
        # Another document is another decision.
        active.terminate(law.digest("no need"), law.digest("x"), sender=world.account["second"])


def test_given_nothing_pending_closes_at_once(world, law, ledger, signed, active):
    for agreement, back in ((signed, 0), (active, 100_000)):
        receipt = world.terminate(agreement)
        (ended,) = agreement.AgreementTerminated.from_receipt(receipt)
        assert ended.ground == law.Ground.CONVENIENCE
        assert agreement.status() == law.AgreementStatus.CLOSED
        assert ledger(agreement) == (0, 0, 0, back)


def test_given_a_submission_waits_for_its_decision(world, law, refused, ledger):
    agreement = world.begin(inspectors=())
    world.submit(agreement, 0)
    world.terminate(agreement)
    assert agreement.status() == law.AgreementStatus.TERMINATED
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus.TERMINATED,
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        world.submit(agreement, 1)
    world.accept(agreement, "first", 0)
    world.accept(agreement, "second", 0)
    agreement.close(sender=world.stranger)
    assert ledger(agreement) == (0, 50_000, 0, 50_000)
