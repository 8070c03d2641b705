"""Branches: propose_amendment.tree."""

import pytest

from ...vocabulary import MONDAY, NONE, Amendment, Role, digest


def propose(world, agreement, by="first", **changes):
    return agreement.proposeAmendment(tuple(Amendment(**changes)), sender=world.account[by])


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        propose(world, agreement, increase=1)


def test_reverts_when_the_reason_is_missing(world, refused, active):
    with refused(active.ReasonMissing):
        propose(world, active, increase=1, reason=NONE)


def test_reverts_when_the_value_is_raised_and_lowered(world, refused, active):
    with refused(active.AmendmentValueInvalid, increase=2, decrease=1):
        propose(world, active, increase=2, decrease=1)


def test_reverts_when_it_changes_nothing(world, refused, active):
    with refused(active.AmendmentEmpty):
        propose(world, active, legal_ground=digest("law"), document=digest("why"))


def test_reverts_when_the_cap_is_exceeded_without_a_legal_ground(world, refused, kept, active):
    """10 % of 100,000; of 100,009, rounded down."""
    exceeded = {"largest": 110_000}
    with kept(active):
        for increase in (10_001, 2**100, 2**128 - 1):
            value = 100_000 + increase
            with refused(active.AmendmentExceedsCap, value=value, **exceeded):
                propose(world, active, increase=increase)
    odd = world.begin(value=100_009)
    with refused(odd.AmendmentExceedsCap, value=110_010, largest=110_009):
        propose(world, odd, increase=10_001)
    propose(world, odd, increase=10_000)


def test_reverts_when_the_offer_has_ended(world, refused, chain, active):
    chain.pending_timestamp = MONDAY + 1
    with refused(active.TooLate, present=MONDAY + 1, latest=MONDAY):
        propose(world, active, increase=1, valid_until=MONDAY)
    propose(world, active, increase=1, valid_until=MONDAY + 100)


def test_reverts_when_caller_is_neither_the_supplier_nor_on_the_committee(world, refused, active):
    for caller, participant in (
        (world.account["treasury"], world.id["treasury"]),
        (world.account["authority"], world.id["authority"]),
        (world.account["subcontractor"], world.id["subcontractor"]),
        (world.stranger, NONE),
    ):
        with refused(active.CallerNotSignatory, caller=caller.address, participant=participant):
            active.proposeAmendment(tuple(Amendment(increase=1)), sender=caller)


@pytest.mark.parametrize("name", ["first", "supplier"])
@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_the_proposer_is_not_active(world, refused, active, name, standing):
    world.stand(name, standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id[name], standing=standing
    ):
        propose(world, active, name, increase=1)


@pytest.mark.parametrize(("name", "role"), [("first", Role.COMMITTEE), ("supplier", Role.SUPPLIER)])
def test_reverts_when_the_proposer_lost_its_role(world, refused, active, name, role):
    world.registry.setRoles(world.id[name], Role.AUDITOR, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id[name],
        roles=Role.AUDITOR,
        required=role,
    ):
        propose(world, active, name, increase=1)


def test_proposes_and_signs_and_changes_nothing_yet(world, law, emitted, kept, active):
    amendment = Amendment(
        increase=10_000,
        ends_at=1_799_000_000,
        changes=((1, 20_000, 0, NONE, False),),
        milestones=((20_000, 1_790_000_000, NONE, digest("drain")),),
        legal_ground=digest("law"),
        document=digest("why"),
        valid_until=2_100_000_000,
    )
    with kept(active):
        for number, name in enumerate(("first", "supplier", "third"), 1):
            terms = tuple(amendment)
            receipt = active.proposeAmendment(terms, sender=world.account[name])
            assert receipt.return_value == number
            by = world.id[name]
            emitted(
                receipt,
                [
                    law.event(active.AmendmentProposed, amendment=number, by=by, terms=terms),
                    active.AmendmentSigned(amendment=number, by=by),
                ],
            )


@pytest.mark.parametrize(
    "change",
    [
        {"increase": 1},
        {"decrease": 1},
        {"ends_at": 1},
        {"changes": ((0, 1, 0, NONE, False),)},
        {"milestones": ((0, 0, NONE, NONE),)},
    ],
)
def test_takes_each_change_alone(world, kept, active, change):
    with kept(active):
        receipt = propose(world, active, **change)
    assert receipt.return_value == 1


def test_takes_an_increase_up_to_the_cap_of_the_original_value(world, refused, active):
    """6,000 and 4,000, or what was taken away before and 10,000."""
    propose(world, active, increase=10_000)
    world.amend(active, Amendment(increase=6_000), number=2)
    propose(world, active, increase=4_000)
    with refused(active.AmendmentExceedsCap, value=110_001, largest=110_000):
        propose(world, active, increase=4_001)
    world.amend(active, Amendment(decrease=20_000), number=4)
    propose(world, active, increase=24_000)
    with refused(active.AmendmentExceedsCap, value=110_001, largest=110_000):
        propose(world, active, increase=24_001)


def test_takes_more_on_a_legal_ground(world, kept, active):
    with kept(active):
        receipt = propose(world, active, increase=1_000_000, legal_ground=digest("law"))
    assert receipt.return_value == 1
