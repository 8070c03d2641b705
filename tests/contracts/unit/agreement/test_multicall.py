"""Branches: multicall.tree."""

from eth_abi import decode
from eth_utils import keccak

from ...vocabulary import NONE, Amendment, GuaranteeKind, MilestoneStatus, digest

EVIDENCE = digest("evidence")


def test_reverts_when_one_of_the_acts_is_refused(world, refused, kept, active):
    """And nothing of the others has happened."""
    calls = [active.submit.encode_input(i, EVIDENCE) for i in (0, 1, 2)]
    with kept(active), refused(active.MilestoneUnknown, milestone=2, count=2):
        world.multicall(active, calls, sender=world.account["supplier"])


def test_reverts_when_one_of_the_acts_is_unknown(world, refused, kept, active):
    calls = [active.submit.encode_input(0, EVIDENCE), keccak(text="withdraw()")[:4]]
    with kept(active), refused(active.ActUnknown, act=keccak(text="withdraw()")[:4]):
        world.multicall(active, calls, sender=world.account["supplier"])


def test_does_each_act_in_the_name_of_the_caller(world, emitted, active):
    calls = [active.submit.encode_input(i, EVIDENCE) for i in (1, 0)]
    receipt = world.multicall(active, calls, sender=world.account["supplier"])
    emitted(
        receipt,
        [
            active.MilestoneSubmitted(
                milestone=i, attempt=1, by=world.id["supplier"], evidence=EVIDENCE
            )
            for i in (1, 0)
        ],
    )
    assert [item.status for item in world.milestones(active)] == [MilestoneStatus.SUBMITTED] * 2


def test_does_acts_of_every_part_of_the_agreement(world, law, inspected):
    """A member of the committee votes on an acceptance, an amendment, a stop and an ending."""
    first = world.account["first"]
    amendment = tuple(Amendment(ends_at=1))
    calls = [
        inspected.accept.encode_input(0, 1),
        inspected.proposeAmendment.encode_input(amendment),
        inspected.dispute.encode_input(1, digest("doubt"), NONE),
        inspected.noticeDefault.encode_input(digest("late"), NONE),
        inspected.status.encode_input(),
    ]
    receipt = world.multicall(inspected, calls, sender=first)
    assert [(event.event_name, event.by) for event in receipt.events] == [
        (name, world.id["first"])
        for name in (
            "MilestoneApproved",
            "AmendmentProposed",
            "AmendmentSigned",
            "DecisionApproved",
            "DecisionApproved",
        )
    ]


def test_tells_what_each_act_returns(world, active):
    calls = [active.status.encode_input(), active.budgetLine.encode_input()]
    answers = world.several(active).multicall.call(calls, sender=world.stranger)
    assert decode(["uint8"], answers[0]) == (active.status(),)
    assert bytes(answers[1]) == world.line


def test_counts_a_decision_as_if_it_were_called_alone(world, law, emitted, told, active):
    """The same call by the second member, not in a list, completes the quorum."""
    arguments = (GuaranteeKind.PERFORMANCE, 5_000, 2_100_000_000, digest("guarantee"))
    call = active.recordGuarantee.encode_input(*arguments)
    receipt = world.multicall(active, [call], sender=world.account["first"])
    emitted(receipt, [told(active).decision("recordGuarantee", arguments, "first", 1)])
    active.recordGuarantee(*arguments, sender=world.account["second"])
    assert law.plain(active.guarantee(GuaranteeKind.PERFORMANCE)) == (5_000, 2_100_000_000)
