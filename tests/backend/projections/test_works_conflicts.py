"""Disputes, stops, decisions, terminations and final accounts of the works, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from support.works import Works
from support.works_rows import NAMES, agreement, day, hexed, rows

from backend.db import models as m
from backend.db.session import Database


def test_disputes(works: Works, worked: Database) -> None:
    found = rows(worked, works, "dam", m.Dispute)
    assert [(d.milestone, d.status, d.side, d.disputed, d.amount, d.rest) for d in found] == [
        (0, "settled", "supplier", 100_000, 60_000, 40_000),
        (1, "ruled", "committee", 100_000, 0, 100_000),
        (2, "defaulted", "supplier", 70_000, 35_000, 35_000),
        (3, "ruled", "committee", 100_000, 100_000, 0),
        (4, "dropped", "committee", 100_000, None, None),
    ]
    settled, ruled, defaulted, _, dropped = found
    assert (settled.reason, settled.document) == (hexed("no-cracks"), "0x" + "63" * 32)
    assert (settled.offers, settled.ruled_by, settled.ruling_reason) == (3, None, None)
    assert (ruled.ruled_by, ruled.ruling_reason) == (
        works.people["arbiter"].hex,
        hexed("not-agreed"),
    )
    assert (ruled.ruling_document, defaulted.ruled_by) == ("0x" + "64" * 32, None)
    assert (defaulted.opened_at, defaulted.ended_at) == (day(200), day(211))
    assert dropped.ended_at == day(211)
    offers = rows(worked, works, "dam", m.SettlementOffer)
    members = works.contracts["dam"].members
    builder = works.people["builder"].hex
    assert [(o.position, o.side, o.by, o.amount) for o in offers] == [
        (0, "supplier", builder, 80_000),
        (1, "committee", members[1].hex, 60_000),
        (2, "supplier", builder, 60_000),
    ]


def test_partly_accepted_and_given_up(works: Works, worked: Database) -> None:
    _, cancelled, partly, whole, dropped, never = rows(worked, works, "dam", m.Milestone)
    assert (cancelled.accepted, cancelled.cancelled, cancelled.cancelled_at) == (
        0,
        100_000,
        day(200),
    )
    assert (partly.accepted, partly.cancelled, partly.original_amount) == (65_000, 35_000, 100_000)
    assert (partly.part_accepted_at, partly.part_reason) == (day(200), hexed("half-done"))
    assert (partly.accepted_at, partly.paid_at) == (day(211), day(211))
    assert (whole.accepted, whole.cancelled) == (100_000, 0)
    assert dropped.cancelled_at == never.cancelled_at == day(211)


def test_stops(works: Works, worked: Database) -> None:
    hold, suspension, second, storm = rows(worked, works, "pier", m.Stop)
    auditor = works.people["auditor"].hex
    assert (hold.kind, hold.by, hold.reason) == ("hold", auditor, hexed("check"))
    assert (hold.placed_at, hold.planned_until, hold.until) == (day(305), day(314), day(308))
    assert (hold.extended_at, hold.extended_by) == (day(306), auditor)
    assert (hold.extension_reason, hold.extension_document) == (hexed("more"), "0x" + "6a" * 32)
    assert (hold.document, hold.ended_at, hold.ended_by) == ("0x" + "69" * 32, day(308), auditor)
    assert (suspension.kind, suspension.by) == ("suspension", None)
    assert (suspension.planned_until, suspension.ended_at) == (day(325), day(322))
    assert (second.kind, second.until, second.ended_at) == ("hold", day(324), None)
    assert (storm.until, storm.planned_until, storm.ended_by) == (day(331), day(333), None)
    row = agreement(worked, works, "pier")
    assert (row.stopped_from, row.stopped_until, row.stops) == (day(330), day(331), 4)


def test_lateness_is_what_the_contract_reckons(works: Works, worked: Database) -> None:
    for name in NAMES:
        milestones = {row.number: row for row in rows(worked, works, name, m.Milestone)}
        payments = [p for p in rows(worked, works, name, m.Payment) if p.milestone is not None]
        submissions = [p for p in payments if milestones[p.milestone or 0].attempt == p.attempt]
        damages = rows(worked, works, name, m.Conditions)[0].damages_rate
        for each in submissions:
            expected = milestones[each.milestone or 0].late_days if damages else 0
            assert each.late_days == expected, (name, each.milestone)
    late = [row.late_days for row in rows(worked, works, "pier", m.Milestone)]
    assert late == [1, 2, 0]


def test_pauses_are_what_the_chain_says(works: Works, worked: Database) -> None:
    stops = rows(worked, works, "pier", m.Stop)
    address = works.contracts["pier"].address
    moments = sorted(
        {day(n) + s for n in (300, 305, 307, 312, 321, 323, 330.5, 340) for s in (0, 7)}
    )
    for start in moments:
        for end in moments:
            known = works.world.view("Agreement", address, "pausedBetween", start, end)
            ours = sum(max(0, min(s.until, end) - max(s.placed_at, start)) for s in stops)
            assert ours == known


def test_notices_and_decisions(works: Works, worked: Database) -> None:
    (cured,) = rows(worked, works, "dam", m.DefaultNotice)
    assert (cured.noticed_at, cured.curable_until) == (day(211), day(218))
    assert (cured.reason, cured.document) == (hexed("idle"), "0x" + "65" * 32)
    assert (cured.cured_at, cured.cure_reason) == (day(211), hexed("back-at-work"))
    assert cured.cure_document == "0x" + "66" * 32
    (acted_on,) = rows(worked, works, "weir", m.DefaultNotice)
    assert (acted_on.cured_at, acted_on.document) == (None, None)
    decisions = rows(worked, works, "dam", m.Decision, "made_block")
    assert [(d.act, d.approvals, d.decided_at is None) for d in decisions] == [
        ("offerSettlement", 2, False),
        ("dispute", 2, False),
        ("acceptPart", 2, False),
        ("dispute", 2, False),
        ("noticeDefault", 2, False),
        ("withdrawNotice", 2, False),
        ("dispute", 2, False),
        ("terminateByAgreement", 2, False),
    ]
    both = decisions[-1]
    votes = rows(worked, works, "dam", m.DecisionVote, "made_block")
    who = [v.participant for v in votes if v.decision == both.decision]
    members = works.contracts["dam"].members
    assert who == [works.people["builder"].hex, *(member.hex for member in members)]
    assert (both.opened_at, both.decided_at, both.quorum) == (day(211), day(211), 2)


@pytest.mark.parametrize(
    ("name", "ground", "reason", "document", "on"),
    [
        ("dam", "by-agreement", "no-use", "0x" + "67" * 32, 211),
        ("weir", "default", "abandoned", "0x" + "68" * 32, 273),
        ("pier", "lapse", "lapsed", None, 400),
        ("lock", "convenience", "no-need", None, 500),
    ],
)
def test_terminations(
    works: Works, worked: Database, name: str, ground: str, reason: str, document: Any, on: int
) -> None:
    row = agreement(worked, works, name)
    assert (row.termination_ground, row.termination_reason) == (ground, hexed(reason))
    assert (row.termination_document, row.terminated_at) == (document, day(on))
    assert row.closed_at == (None if name == "lock" else day(on))


def test_final_accounts(works: Works, worked: Database) -> None:
    found = {name: rows(worked, works, name, m.FinalAccount) for name in NAMES}
    assert [name for name, accounts in found.items() if accounts] == [
        "plant",
        "dam",
        "weir",
        "pier",
    ]
    columns = (
        "accepted",
        "cancelled",
        "retention_released",
        "retention_kept",
        "damages",
        "advance_unrecovered",
        "damages_unrecovered",
        "refunded",
        "released",
        "interest_owed",
    )
    figures = {
        name: tuple(getattr(accounts[0], column) for column in columns)
        for name, accounts in found.items()
        if accounts
    }
    assert figures == {
        "plant": (950_000, 0, 0, 0, 1_200, 0, 0, 51_200, 0, 180),
        "dam": (225_000, 200_000, 0, 0, 0, 0, 0, 375_000, 375_000, 0),
        "weir": (50_000, 50_000, 0, 2_500, 37_500, 10_000, 5_000, 80_000, 50_000, 0),
        "pier": (140_000, 160_000, 0, 0, 180, 0, 0, 160_180, 160_000, 0),
    }
    plant = agreement(worked, works, "plant")
    assert (plant.completed_at, plant.defects_end_at, plant.closed_at) == (
        day(99),
        day(129),
        day(130),
    )
