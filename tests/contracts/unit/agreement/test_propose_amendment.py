"""Branches: propose_amendment.tree."""

import ape
import pytest


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement, status = request.getfixturevalue(state), law.AgreementStatus
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=status[state.upper()],
        expected=law.bits(status.ACTIVE),
    ):
        agreement.proposeAmendment(tuple(law.Amendment(increase=1)), sender=world.account["first"])


def test_reverts_when_caller_is_neither_the_supplier_nor_on_the_committee(
    world, law, refused, active
):
    for name in ("treasury", "surveyor", "authority", "subcontractor"):
        caller = world.account[name]
        with refused(active.CallerNotSignatory, caller=caller.address, participant=world.id[name]):
            active.proposeAmendment(tuple(law.Amendment(increase=1)), sender=caller)


def test_reverts_when_the_reason_is_missing(world, law, refused, active):
    with refused(active.ReasonMissing):
        active.proposeAmendment(
            tuple(law.Amendment(increase=1, reason=law.NONE)), sender=world.account["first"]
        )


def test_reverts_when_it_changes_nothing(world, law, refused, active):
    with refused(active.AmendmentEmpty):
        active.proposeAmendment(tuple(law.Amendment()), sender=world.account["first"])


def test_reverts_when_it_raises_and_lowers_the_value(world, law, refused, active):
    with refused(active.AmendmentValueInvalid, increase=2, decrease=1):
        active.proposeAmendment(
            tuple(law.Amendment(increase=2, decrease=1)), sender=world.account["first"]
        )


def test_reverts_when_it_exceeds_the_cap_without_a_legal_ground(world, law, refused, active):
    # 10 % of the original 100,000.
    with refused(active.AmendmentExceedsCap, value=110_001, largest=110_000):
        active.proposeAmendment(
            tuple(law.Amendment(increase=10_001)), sender=world.account["first"]
        )
    active.proposeAmendment(tuple(law.Amendment(increase=10_000)), sender=world.account["first"])


def test_reverts_when_its_date_has_passed(world, law, refused, active):
    now = ape.chain.pending_timestamp + 10
    ape.chain.pending_timestamp = now
    with refused(active.TooLate, present=now, latest=now - 1):
        active.proposeAmendment(
            tuple(law.Amendment(increase=1, valid_until=now - 1)), sender=world.account["first"]
        )


@pytest.mark.parametrize("name", ["first", "supplier"])
def test_counts_as_the_proposers_signature_and_changes_nothing(world, law, kept, active, name):
    terms = law.Amendment(increase=5_000)
    with kept(active):
        receipt = active.proposeAmendment(tuple(terms), sender=world.account[name])
    assert [each.event_name for each in receipt.events] == ["AmendmentProposed", "AmendmentSigned"]
    (signed,) = active.AmendmentSigned.from_receipt(receipt)
    assert (signed.amendment, signed.by) == (1, world.id[name])
