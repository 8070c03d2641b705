"""Branches: terminate_by_agreement.tree."""

import pytest


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        agreement.terminateByAgreement(
            law.digest("slope"), law.NONE, sender=world.account["supplier"]
        )


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.terminateByAgreement(law.NONE, law.NONE, sender=world.account["supplier"])


def test_reverts_when_caller_is_on_neither_side(world, law, refused, active):
    for name in ("treasury", "surveyor", "subcontractor"):
        caller = world.account[name]
        with refused(
            active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            active.terminateByAgreement(law.digest("slope"), law.NONE, sender=caller)


def test_reverts_when_signed_before(world, law, refused, active):
    for name in ("supplier", "first"):
        caller = world.account[name]
        active.terminateByAgreement(law.digest("slope"), law.NONE, sender=caller)
        with refused(active.AlreadyVoted, milestone=2**256 - 1, participant=world.id[name]):
            active.terminateByAgreement(law.digest("slope"), law.NONE, sender=caller)


def test_waits_for_the_other_side(world, law, kept, active):
    why = (law.digest("slope"), law.NONE)
    with kept(active):
        world.decide(active, "terminateByAgreement", *why)
        # Another reason is another deed.
        active.terminateByAgreement(law.digest("other"), law.NONE, sender=world.account["supplier"])


def test_cancels_what_is_open_and_closes(world, law, ledger, paid):
    world.submit(paid, 1)
    why = (law.digest("slope"), law.NONE)
    paid.terminateByAgreement(*why, sender=world.account["supplier"])
    receipt = world.decide(paid, "terminateByAgreement", *why)
    (ended,) = paid.AgreementTerminated.from_receipt(receipt)
    assert (ended.ground, ended.reason) == (law.Ground.BY_AGREEMENT, why[0])
    assert paid.status() == law.AgreementStatus.CLOSED
    assert world.milestones(paid)[1].status == law.MilestoneStatus.CANCELLED
    assert ledger(paid) == (0, 50_000, 0, 50_000)
