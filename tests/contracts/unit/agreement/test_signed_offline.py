"""Branches: signed_offline.tree. What each act does further has a file of its own."""

from dataclasses import dataclass
from typing import Any

import pytest

from ...signing import approval, digest_of, forgeries
from ...vocabulary import MONDAY, NONE, Amendment, MilestoneStatus, amendment_content, bits, digest

AMENDMENT = Amendment(ends_at=1_799_000_000)
PLACE = {"milestone": 0, "attempt": 1}
GROUNDS = {"reason": digest("cracks"), "document": digest("note")}
CASES = {
    "Submission": ("submitSigned", {**PLACE, "evidence": digest("evidence")}),
    "Inspection": ("attestSigned", {**PLACE, "seenAt": 1_767_400_000, "report": digest("report")}),
    "Acceptance": ("acceptSigned", PLACE),
    "PartialAcceptance": ("acceptPartSigned", {**PLACE, "amount": 20_000, **GROUNDS}),
    "Rejection": ("rejectSigned", {**PLACE, **GROUNDS}),
    "AmendmentSignature": (
        "signAmendmentSigned",
        {"amendment": 1, "content": amendment_content(1, AMENDMENT)},
    ),
}
SIGNERS = {"Submission": "supplier", "Inspection": "surveyor", "AmendmentSignature": "supplier"}
STATES = {"Submission": "active", "Inspection": "submitted", "AmendmentSignature": "active"}


@dataclass
class Offline:
    """One act, its agreement, and who signs it by rights."""

    world: Any
    agreement: Any
    kind: str

    @property
    def content(self):
        return CASES[self.kind][1]

    @property
    def signer(self):
        return SIGNERS.get(self.kind, "first")

    def sign(self, account, **details):
        return approval(self.agreement, self.kind, self.content, account, **details)

    def invalid(self, signed):
        """Error and arguments that refuse a signature."""
        given = digest_of(self.agreement, self.kind, self.content, signed.valid_until)
        return {"account": signed.account, "digest": given}

    def bring(self, signed):
        act = getattr(self.agreement, CASES[self.kind][0])
        arguments = tuple(self.content.values())
        if self.kind == "AmendmentSignature":
            arguments = (1, tuple(AMENDMENT))
        one = self.kind in ("Submission", "Inspection")
        return act(*arguments, signed if one else [signed], sender=self.world.stranger)


@pytest.fixture(params=CASES)
def offline(request, world):
    kind = request.param
    agreement = world.states[STATES.get(kind, "inspected")]
    if kind == "AmendmentSignature":
        agreement.proposeAmendment(tuple(AMENDMENT), sender=world.account["first"])
    return Offline(world, agreement, kind)


def no_part(offline, account, participant):
    """Error and arguments for a signer who has no part in the act."""
    agreement = offline.agreement
    name = {
        "Submission": "CallerNotParty",
        "Inspection": "CallerNotInspector",
        "AmendmentSignature": "CallerNotSignatory",
    }.get(offline.kind, "CallerNotOnCommittee")
    arguments = {"caller": account.address, "participant": participant}
    if offline.kind == "Submission":
        arguments["expected"] = offline.world.id["supplier"]
    return getattr(agreement, name), arguments


def test_reverts_when_it_is_no_signature_of_the_account_for_this(world, refused, kept, offline):
    impostor = world.account["second" if offline.signer == "first" else "first"]
    forged = forgeries(
        offline.agreement,
        world.states["paid"],
        offline.kind,
        offline.content,
        world.account[offline.signer],
        impostor,
    )
    with kept(offline.agreement):
        for bad in forged:
            with refused(offline.agreement.SignatureInvalid, **offline.invalid(bad)):
                offline.bring(bad)


def test_reverts_when_the_signature_comes_too_late(world, refused, kept, chain, offline):
    signed = offline.sign(world.account[offline.signer], valid_until=MONDAY)
    chain.pending_timestamp = MONDAY + 1
    with (
        kept(offline.agreement),
        refused(
            offline.agreement.SignatureExpired,
            account=signed.account,
            validUntil=MONDAY,
            present=MONDAY + 1,
        ),
    ):
        offline.bring(signed)


def test_reverts_when_the_signer_has_no_part_in_it(world, refused, kept, offline):
    with kept(offline.agreement):
        for account, participant in (
            (world.account["treasury"], world.id["treasury"]),
            (world.account["subcontractor"], world.id["subcontractor"]),
            (world.stranger, NONE),
        ):
            error, arguments = no_part(offline, account, participant)
            with refused(error, **arguments):
                offline.bring(offline.sign(account))


def test_reverts_when_the_account_has_a_successor(world, refused, kept, offline):
    former = world.account[offline.signer]
    signed = offline.sign(former)
    world.succeed(offline.signer, world.spare[-1].address)
    error, arguments = no_part(offline, former, NONE)
    with kept(offline.agreement), refused(error, **arguments):
        offline.bring(signed)


@pytest.fixture
def machine(world, offline):
    """A contract account that succeeds the signer's; its owner is a spare account."""
    account = world.spare[-1].deploy(world.project.ContractAccount)
    world.succeed(offline.signer, account.address)
    return account


def test_reverts_when_the_contract_account_does_not_sign(world, refused, kept, offline, machine):
    """The signature is another's, or the account says no, says nothing or reverts."""
    good = offline.sign(world.spare[-1], of=machine.address)
    other = offline.sign(world.stranger, of=machine.address)
    empty = good._replace(signature=b"")
    with kept(offline.agreement):
        for signed, mood in ((other, 0), (empty, 0), (good, 1), (good, 2), (good, 3)):
            machine.setMood(mood, sender=world.stranger)
            with refused(offline.agreement.SignatureInvalid, **offline.invalid(signed)):
                offline.bring(signed)


# What has become of the milestone, and what the act allows then.
USED = {
    "Submission": (MilestoneStatus.SUBMITTED, bits(*(MilestoneStatus(n) for n in (1, 4, 9)))),
    "Inspection": (MilestoneStatus.INSPECTED, bits(MilestoneStatus.SUBMITTED)),
}


def test_reverts_when_the_same_signature_comes_twice(world, refused, offline):
    signed = offline.sign(world.account[offline.signer])
    offline.bring(signed)
    if offline.kind in USED:
        current, expected = USED[offline.kind]
        error = offline.agreement.MilestoneUnexpectedStatus
        arguments = {"milestone": 0, "current": current, "expected": expected}
    else:
        error = offline.agreement.AlreadyVoted
        milestone = 2**256 - 1 if offline.kind == "AmendmentSignature" else 0
        arguments = {"milestone": milestone, "participant": world.id[offline.signer]}
    with refused(error, **arguments):
        offline.bring(signed)


def test_takes_it_in_the_last_second_from_whoever_brings_it(world, chain, offline):
    signed = offline.sign(world.account[offline.signer], valid_until=MONDAY)
    chain.pending_timestamp = MONDAY
    receipt = offline.bring(signed)
    assert receipt.timestamp == MONDAY
    (event,) = receipt.events
    assert event.by == world.id[offline.signer]


def test_takes_it_for_the_successor(world, offline):
    world.succeed(offline.signer, world.spare[-1].address)
    (event,) = offline.bring(offline.sign(world.spare[-1])).events
    assert event.by == world.id[offline.signer]


def test_takes_it_for_a_contract_account(world, offline, machine):
    receipt = offline.bring(offline.sign(world.spare[-1], of=machine.address))
    (event,) = receipt.events
    assert event.by == world.id[offline.signer]
