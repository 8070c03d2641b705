"""What the acts of a scenario file may not say, one mistake at a time, and its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

FUND = "act: fund, deposit: B1"
AMEND = "act: amend, by: agency/chair, reason: more-work, note: Why"
MISTAKES = [
    (
        "by: [agency/chair, agency/clerk]}",
        "by: [agency/chair, agency/clark]}",
        (
            "58: contracts.1.story.4.by.2: found 'agency/clark'; "
            "expected one of the offices of agency: chair, clerk, surveyor, treasury"
        ),
    ),
    (
        "by: [agency/chair, agency/clerk]}",
        "by: [agency/chair, builder/clerk]}",
        (
            "58: contracts.1.story.4.by.2: found 'builder/clerk'; "
            "expected one of the offices of builder: there are none"
        ),
    ),
    (
        "act: fund",
        "act: pay",
        (
            "55: contracts.1.story.1.act: found 'pay'; expected one of: "
            "fund, submit, inspect, accept, accept-offline, accept-part, reject, silence, claim, "
            "interest, guarantee, advance, amend, sign, enact, dispute, offer, rule, "
            "default-ruling, hold, extend-hold, lift-hold, suspend, resume, complete, "
            "release-retention, notice, withdraw-notice, terminate, terminate-for-default, "
            "terminate-by-agreement, lapse, close"
        ),
    ),
    ("act: fund, ", "", "55: contracts.1.story.1: found no act; expected this key"),
    (
        "evidence: Photos",
        "evidnce: Photos",
        (
            "56: contracts.1.story.2.evidnce: found the key 'evidnce'; "
            "expected one of: act, at, milestone, evidence"
        ),
    ),
    (
        "milestone: 1, evidence: Photos",
        "milestone: 3, evidence: Photos",
        "56: contracts.1.story.2.milestone: found 3; expected a milestone from 1 to 2",
    ),
    (
        "D-43 09:00",
        "D-46 09:00",
        "58: contracts.1.story.4.at: found D-46 09:00; expected D-44 09:00 or later",
    ),
    (
        "D-65 09:00",
        "D-71 09:00",
        "55: contracts.1.story.1.at: found D-71 09:00; expected D-70 10:00 or later",
    ),
    (
        FUND,
        "act: sign",
        "55: contracts.1.story.1: found nothing to sign; expected an earlier act: amend",
    ),
    (
        FUND,
        "act: amend, by: agency/chair, reason: More Work, note: Why",
        (
            "55: contracts.1.story.1.reason: found 'More Work'; "
            "expected a code of at most 32 small letters, digits and hyphens"
        ),
    ),
    (
        FUND,
        "act: amend, by: agency/chair, reason: more-work, note: Why, increase: 0.001",
        (
            "55: contracts.1.story.1.increase: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 3, remove: true}}]",
        ("55: contracts.1.story.1.changes.1.milestone: found 3; expected a milestone from 1 to 2"),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 1, amount: 0.001}}]",
        (
            "55: contracts.1.story.1.changes.1.amount: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 1, payee: nobody}}]",
        (
            "55: contracts.1.story.1.changes.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        f"{AMEND}, milestones: [{{title: More, amount: 5, payee: nobody}}]",
        (
            "55: contracts.1.story.1.milestones.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        "act: enact, deposit: B1",
        "55: contracts.1.story.1: found nothing to sign; expected an earlier act: amend",
    ),
    (
        FUND,
        "act: interest, deposit: B1, amount: 0.001",
        (
            "55: contracts.1.story.1.amount: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        "act: rule, milestone: 1, amount: 5, reason: why, note: Why",
        "55: contracts.1.story.1: found nobody to rule; expected an arbiter of the contract",
    ),
    (
        FUND,
        "act: claim, payee: nobody",
        (
            "55: contracts.1.story.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        "act: guarantee, kind: bid, amount: 5, until: D+9 09:00, document: G, by: [agency/chair]",
        (
            "55: contracts.1.story.1.kind: found 'bid'; "
            "expected 'performance', 'advance' or 'retention'"
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    found: Callable[[str, str], list[str]], old: str, new: str, expected: str | tuple[str, ...]
) -> None:
    lines = [expected] if isinstance(expected, str) else [*expected]
    assert sorted(found(old, new)) == sorted(lines)
