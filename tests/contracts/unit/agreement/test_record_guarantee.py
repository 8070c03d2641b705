"""Branches: record_guarantee.tree."""

import pytest

from ...vocabulary import (
    FAR_FUTURE,
    MONDAY,
    NO_MILESTONE,
    NONE,
    UINT96,
    AgreementStatus,
    GuaranteeKind,
    bits,
    digest,
)

KIND, LATER, DOCUMENT = GuaranteeKind.PERFORMANCE, 2_100_000_000, digest("guarantee")


def record(world, agreement, name="first", **changes):
    given = {"kind": KIND, "amount": 5_000, "expires": LATER, "document": DOCUMENT} | changes
    return agreement.recordGuarantee(*given.values(), sender=world.account[name])


def guarantees(law, agreement):
    return [law.plain(agreement.guarantee(kind)) for kind in GuaranteeKind]


def test_reverts_when_the_agreement_is_closed(world, refused, closed):
    status = AgreementStatus
    with refused(
        closed.AgreementUnexpectedStatus,
        current=status.CLOSED,
        expected=bits(status.SIGNED, status.ACTIVE, status.COMPLETED, status.TERMINATED),
    ):
        record(world, closed)


def test_reverts_when_it_has_expired(world, refused, chain, kept, active):
    with kept(active):
        for moment in (MONDAY, MONDAY + 1):
            chain.pending_timestamp = moment
            with refused(active.TooLate, present=moment, latest=MONDAY):
                record(world, active, expires=MONDAY)


def test_reverts_when_the_document_is_missing(world, refused, active):
    with refused(active.EvidenceMissing, milestone=NO_MILESTONE):
        record(world, active, document=NONE)


def test_reverts_when_caller_is_not_on_the_committee(world, refused, active):
    for name in ("supplier", "treasury", "auditor"):
        caller = world.account[name]
        with refused(
            active.CallerNotOnCommittee, caller=caller.address, participant=world.id[name]
        ):
            record(world, active, name)


@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_member_is_not_active(world, refused, active, standing):
    world.stand("first", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["first"], standing=standing
    ):
        record(world, active)


def test_reverts_when_the_member_has_voted_for_the_same(world, refused, kept, active):
    record(world, active)
    error = active.AlreadyVoted
    with kept(active), refused(error, milestone=NO_MILESTONE, participant=world.id["first"]):
        record(world, active)


def test_reverts_when_amount_or_date_do_not_fit(world, refused, kept, active):
    error = world.factory.SafeCastOverflowedUintDowncast
    for value, size, changes in (
        (UINT96 + 1, 96, {"amount": UINT96 + 1}),
        (FAR_FUTURE, 40, {"expires": FAR_FUTURE}),
    ):
        record(world, active, **changes)
        with kept(active), refused(error, bits=size, value=value):
            record(world, active, "second", **changes)


@pytest.mark.parametrize("kind", list(GuaranteeKind))
def test_records_it_when_a_quorum_is_complete(world, law, emitted, told, kept, active, kind):
    arguments = (kind, UINT96, FAR_FUTURE - 1, DOCUMENT)
    with kept(active):
        receipt = active.recordGuarantee(*arguments, sender=world.account["third"])
        emitted(receipt, [told(active).decision("recordGuarantee", arguments, "third", 1)])
    receipt = active.recordGuarantee(*arguments, sender=world.account["first"])
    recorded = active.GuaranteeRecorded(
        kind=kind, amount=UINT96, expiresAt=FAR_FUTURE - 1, document=DOCUMENT
    )
    vote = told(active).decision("recordGuarantee", arguments, "first", 2)
    emitted(receipt, [vote, recorded])
    expected = [(0, 0)] * 3
    expected[kind] = (UINT96, FAR_FUTURE - 1)
    assert guarantees(law, active) == expected


def test_counts_votes_for_the_same_guarantee_only(world, kept, active):
    with kept(active):
        record(world, active)
        for changes in (
            {"kind": GuaranteeKind.ADVANCE},
            {"amount": 5_001},
            {"expires": LATER + 1},
            {"document": digest("another")},
        ):
            record(world, active, "second", **changes)


def test_replaces_the_one_of_its_kind(world, law, active):
    """By a smaller one, and by the same once more: votes are used up."""
    for amount in (5_000, 10, 5_000):
        world.assure(active, KIND, amount, LATER)
        assert guarantees(law, active) == [(amount, LATER), (0, 0), (0, 0)]


@pytest.mark.parametrize("state", ["signed", "active", "completed", "terminated"])
def test_given_each_status_before_closing_records(world, law, request, state):
    agreement = request.getfixturevalue(state)
    world.assure(agreement, GuaranteeKind.RETENTION, 1, LATER)
    assert guarantees(law, agreement)[GuaranteeKind.RETENTION] == (1, LATER)
