"""Branches: propose_amendment.tree."""

import pytest


@pytest.fixture
def amendment(law):
    """20.00 more for another milestone, and a later end."""
    milestones = [(20_000, 1_790_000_000, law.NONE, law.digest("drain"))]
    return (20_000, 1_799_000_000, milestones, law.digest("additional-work"), law.digest("why"))


@pytest.mark.parametrize("state", ["signed", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, amendment, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=agreement.status(),
        expected=law.AgreementStatus.ACTIVE,
    ):
        agreement.proposeAmendment(amendment, sender=world.account["first"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, amendment, active):
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["treasury"], world.id["treasury"]),
        (world.stranger, law.NONE),
    ):
        with refused(active.CallerNotOnCommittee, caller=caller.address, participant=participant):
            active.proposeAmendment(amendment, sender=caller)


def test_reverts_when_the_member_is_not_active(world, law, refused, amendment, active):
    world.stand("first", law.Standing.SUSPENDED)
    with refused(
        world.registry.ParticipantNotActive,
        participant=world.id["first"],
        standing=law.Standing.SUSPENDED,
    ):
        active.proposeAmendment(amendment, sender=world.account["first"])


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.proposeAmendment((1, 0, [], law.NONE, law.NONE), sender=world.account["first"])


def test_reverts_when_it_changes_nothing(world, law, refused, active):
    with refused(active.AmendmentEmpty):
        active.proposeAmendment(
            (0, 0, [], law.digest("additional-work"), law.digest("why")),
            sender=world.account["first"],
        )


def test_proposes_and_changes_nothing_yet(world, law, emitted, amendment, active):
    before = (law.plain(active.terms()), world.money(active), world.milestones(active))
    for number, name in ((1, "first"), (2, "third")):
        receipt = active.proposeAmendment(amendment, sender=world.account[name])
        assert receipt.return_value == number
        emitted(
            receipt,
            [
                law.event(
                    active.AmendmentProposed,
                    amendment=number,
                    by=world.id[name],
                    terms=amendment,
                )
            ],
        )
    assert (law.plain(active.terms()), world.money(active), world.milestones(active)) == before


@pytest.mark.parametrize("change", ["increase", "end", "milestones"])
def test_takes_each_change_alone(world, law, active, change):
    milestones = [(0, 0, law.NONE, law.NONE)] if change == "milestones" else []
    amendment = (int(change == "increase"), int(change == "end"), milestones)
    receipt = active.proposeAmendment(
        (*amendment, law.digest("additional-work"), law.NONE), sender=world.account["first"]
    )
    assert receipt.return_value == 1
