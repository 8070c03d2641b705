"""Branches: submit_signed.tree."""

import pytest

from ...signing import approval, digest_of, forgeries
from ...vocabulary import DAY, MONDAY, NONE, SUBMITTABLE, digest


def content(milestone=0, attempt=1, evidence="evidence"):
    return {"milestone": milestone, "attempt": attempt, "evidence": digest(evidence)}


def bring(world, agreement, signed, said=None):
    said = said or content()
    return agreement.submitSigned(*said.values(), signed, sender=world.stranger)


def test_reverts_when_it_is_no_signature_of_the_supplier_for_this(
    world, refused, kept, active, submitted
):
    supplier = world.account["supplier"]
    forged = forgeries(
        active, submitted, "Submission", content(), supplier, world.account["first"]
    )
    with kept(active):
        for bad in forged:
            given = digest_of(active, "Submission", content(), bad.valid_until)
            with refused(active.SignatureInvalid, account=supplier.address, digest=given):
                bring(world, active, bad)


def test_reverts_when_the_signature_is_too_late(world, law, refused, chain, active):
    supplier, until = world.account["supplier"], MONDAY
    signed = approval(active, "Submission", content(), supplier, until)
    with chain.isolate():
        chain.pending_timestamp = until + 1
        with refused(
            active.SignatureExpired,
            account=supplier.address,
            validUntil=until,
            present=until + 1,
        ):
            bring(world, active, signed)
    chain.pending_timestamp = until
    bring(world, active, signed)
    assert world.milestones(active)[0].status == law.MilestoneStatus.SUBMITTED


def test_reverts_when_the_signer_is_not_the_supplier(world, law, refused, active):
    for account, participant in (
        (world.account["first"], world.id["first"]),
        (world.account["subcontractor"], world.id["subcontractor"]),
        (world.stranger, NONE),
    ):
        signed = approval(active, "Submission", content(), account)
        with refused(
            active.CallerNotParty,
            caller=account.address,
            participant=participant,
            expected=world.id["supplier"],
        ):
            bring(world, active, signed)


def test_reverts_when_the_signature_was_used_before(world, law, refused, active):
    signed = approval(active, "Submission", content(), world.account["supplier"])
    bring(world, active, signed)
    with refused(
        active.MilestoneUnexpectedStatus,
        milestone=0,
        current=law.MilestoneStatus.SUBMITTED,
        expected=SUBMITTABLE,
    ):
        bring(world, active, signed)
    world.turn_down(active)
    with refused(active.MilestoneStaleAttempt, milestone=0, given=1, current=2):
        bring(world, active, signed)


@pytest.mark.parametrize("given", [0, 2, 2**8 + 1])
def test_reverts_when_the_number_is_not_that_of_the_next_submission(
    world, refused, active, given
):
    said = content(attempt=given)
    signed = approval(active, "Submission", said, world.account["supplier"])
    with refused(active.MilestoneStaleAttempt, milestone=0, given=given, current=1):
        bring(world, active, signed, said)


@pytest.fixture
def of_a_machine(world):
    """An agreement whose supplier acts through a contract, which the last spare account owns."""
    owner = world.spare[-1]
    machine = owner.deploy(world.project.ContractAccount)
    supplier = world.known("machine", machine.address)
    return machine, owner, world.sign(world.draft(supplier=supplier))


@pytest.fixture
def machine_active(world, of_a_machine):
    """The same, in force: the contract itself is called to sign."""
    machine, owner, agreement = of_a_machine
    call = agreement.sign.encode_input()
    machine.act(agreement, call, sender=owner)
    world.fund(agreement)
    return machine, owner, agreement


def test_reverts_when_the_contract_account_of_the_supplier_does_not_sign(
    world, refused, machine_active
):
    machine, owner, agreement = machine_active
    good = approval(agreement, "Submission", content(), owner, account=machine.address)
    bad = approval(agreement, "Submission", content(), world.stranger, account=machine.address)
    for signed, mood in ((bad, 0), (good, 1), (good, 2), (good, 3)):
        machine.setMood(mood, sender=owner)
        given = digest_of(agreement, "Submission", content(), signed.valid_until)
        with refused(agreement.SignatureInvalid, account=machine.address, digest=given):
            bring(world, agreement, signed)


def test_reverts_when_evidence_is_missing(world, refused, active):
    said = {**content(), "evidence": NONE}
    signed = approval(active, "Submission", said, world.account["supplier"])
    with refused(active.EvidenceMissing, milestone=0):
        bring(world, active, signed, said)


@pytest.mark.parametrize("state", ["signed", "completed", "terminated", "closed"])
def test_reverts_when_the_agreement_is_not_active(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    signed = approval(agreement, "Submission", content(), world.account["supplier"])
    with refused(
        agreement.AgreementUnexpectedStatus,
        current=law.AgreementStatus[state.upper()],
        expected=law.bits(law.AgreementStatus.ACTIVE),
    ):
        bring(world, agreement, signed)


def test_reverts_when_submitted_as_often_as_can_be(world, law, refused):
    """255 submissions, 254 of them rejected, in a few transactions of whoever."""
    agreement = world.begin(inspectors=(), committee=(world.id["first"],), quorum=1)
    supplier, first = world.account["supplier"], world.account["first"]
    reason = (digest("cracks"), NONE)
    until, calls = MONDAY, []
    for attempt in range(1, 256):
        said = content(attempt=attempt)
        signed = approval(agreement, "Submission", said, supplier, until)
        calls.append(agreement.submitSigned.encode_input(*said.values(), signed))
        said = {"milestone": 0, "attempt": attempt, "reason": reason[0], "document": NONE}
        signed = approval(agreement, "Rejection", said, first, until)
        calls.append(agreement.rejectSigned.encode_input(*said.values(), [signed]))
    for start in range(0, len(calls), 170):
        world.multicall(agreement, calls[start : start + 170], sender=world.stranger)
    assert world.milestones(agreement)[0].attempt == 255
    with refused(agreement.TooManyAttempts, milestone=0, largest=255):
        world.submit(agreement)


def test_submits_for_the_supplier_whoever_brings_it(world, law, emitted, active):
    before = world.milestones(active)[1]
    said = content(milestone=1)
    signed = approval(active, "Submission", said, world.account["supplier"])
    receipt = bring(world, active, signed, said)
    event = active.MilestoneSubmitted(
        milestone=1, attempt=1, by=world.id["supplier"], evidence=digest("evidence")
    )
    emitted(receipt, [event])
    assert world.milestones(active)[1] == before._replace(
        status=law.MilestoneStatus.SUBMITTED, attempt=1, submitted_at=receipt.timestamp
    )


def test_takes_the_signature_of_a_contract_account(world, law, machine_active):
    machine, owner, agreement = machine_active
    signed = approval(agreement, "Submission", content(), owner, account=machine.address)
    bring(world, agreement, signed)
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.SUBMITTED


def test_takes_the_signature_of_the_account_that_succeeded(world, law, refused, active):
    old, new = world.account["supplier"], world.spare[-1]
    early = approval(active, "Submission", content(), old)
    world.succeed("supplier", new)
    with refused(
        active.CallerNotParty,
        caller=old.address,
        participant=NONE,
        expected=world.id["supplier"],
    ):
        bring(world, active, early)
    bring(world, active, approval(active, "Submission", content(), new))
    assert world.milestones(active)[0].status == law.MilestoneStatus.SUBMITTED
