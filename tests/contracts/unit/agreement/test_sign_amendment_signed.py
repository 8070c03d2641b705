"""Branches: sign_amendment_signed.tree. What is common to acts signed offline: signed_offline."""

import pytest

from ...signing import approval, digest_of
from ...vocabulary import MONDAY, NO_MILESTONE, NONE, Amendment, amendment_content

LATER = Amendment(ends_at=1_799_000_000)


def propose(world, agreement, amendment=LATER):
    return agreement.proposeAmendment(tuple(amendment), sender=world.account["first"])


def content(number=1, amendment=LATER):
    return {"amendment": number, "content": amendment_content(number, amendment)}


def signatures(world, agreement, *names, number=1, amendment=LATER):
    said = content(number, amendment)
    return [approval(agreement, "AmendmentSignature", said, world.account[name]) for name in names]


def bring(world, agreement, *names, number=1, amendment=LATER):
    approvals = signatures(world, agreement, *names, number=number, amendment=amendment)
    terms = tuple(amendment)
    return agreement.signAmendmentSigned(number, terms, approvals, sender=world.stranger)


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        bring(world, agreement, "supplier")


def test_reverts_when_the_signature_is_of_another_proposal(world, refused, kept, active):
    """Even of one with the same terms."""
    propose(world, active)
    propose(world, active)
    (signed,) = signatures(world, active, "supplier", number=2)
    given = digest_of(active, "AmendmentSignature", content(), signed.valid_until)
    with (
        kept(active),
        refused(active.SignatureInvalid, account=signed.account, digest=given),
    ):
        active.signAmendmentSigned(1, tuple(LATER), [signed], sender=world.stranger)


def test_reverts_when_another_took_effect_since(world, refused, kept, active):
    propose(world, active)
    world.amend(active, Amendment(decrease=1), number=2)
    said = amendment_content(1, LATER)
    with (
        kept(active),
        refused(active.AmendmentUnknown, amendment=1, content=said, expected=said),
    ):
        bring(world, active, "second", "supplier")


def test_reverts_when_the_offer_has_ended(world, refused, chain, active):
    amendment = LATER._replace(valid_until=MONDAY)
    propose(world, active, amendment)
    chain.pending_timestamp = MONDAY + 1
    with refused(active.TooLate, present=MONDAY + 1, latest=MONDAY):
        bring(world, active, "supplier", amendment=amendment)


@pytest.mark.parametrize("name", ["second", "supplier", "authority"])
def test_reverts_when_the_signatory_is_not_active(world, law, refused, kept, active, name):
    propose(world, active)
    world.stand(name, law.Standing.SUSPENDED)
    with (
        kept(active),
        refused(
            world.registry.ParticipantNotActive,
            participant=world.id[name],
            standing=law.Standing.SUSPENDED,
        ),
    ):
        bring(world, active, "third", name)


@pytest.mark.parametrize("names", [("first",), ("second", "second"), ("supplier", "supplier")])
def test_reverts_when_a_signatory_signs_twice(world, refused, kept, active, names):
    propose(world, active)
    error = active.AlreadyVoted
    with (
        kept(active),
        refused(error, milestone=NO_MILESTONE, participant=world.id[names[0]]),
    ):
        bring(world, active, *names)


def test_reverts_when_one_of_several_signatures_is_bad(world, refused, kept, active):
    propose(world, active)
    good, bad = signatures(world, active, "second", "supplier")
    bad = bad._replace(signature=bytes(65))
    given = digest_of(active, "AmendmentSignature", content(), bad.valid_until)
    with kept(active), refused(active.SignatureInvalid, account=bad.account, digest=given):
        active.signAmendmentSigned(1, tuple(LATER), [good, bad], sender=world.stranger)


def test_given_no_signature_does_nothing(world, emitted, kept, active):
    propose(world, active)
    with kept(active):
        emitted(bring(world, active), [])


def test_given_some_signatures_counts_them(world, emitted, kept, active):
    propose(world, active)
    with kept(active):
        receipt = bring(world, active, "authority", "second", "third")
    emitted(
        receipt,
        [
            active.AmendmentSigned(amendment=1, by=world.id[name])
            for name in ("authority", "second", "third")
        ],
    )


def test_given_all_signatures_puts_it_in_force(world, emitted, active):
    propose(world, active)
    receipt = bring(world, active, "supplier", "third")
    emitted(
        receipt,
        [
            active.AmendmentSigned(amendment=1, by=world.id["supplier"]),
            active.AmendmentSigned(amendment=1, by=world.id["third"]),
            active.AmendmentEnacted(
                amendment=1,
                previousValue=100_000,
                value=100_000,
                endsAt=LATER.ends_at,
                reason=LATER.reason,
                legalGround=NONE,
                document=NONE,
            ),
        ],
    )
    assert active.endsAt() == LATER.ends_at
