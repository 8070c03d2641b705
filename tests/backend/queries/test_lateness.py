"""late
├── by the days that have begun since the due date, without those for which the clocks stood still
├── from the second after, also while a stop lasts and after one that nobody ended
├── as long as a submission is awaited
│   ├── once it was submitted, by the days that the submission was late
│   └── never after a termination
└── the same in every list
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.crafted import DAY, MEMBER, NONE, SUPPLIER, Tale, milestone, parts

from backend.chain import events as e
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.queries.contract import contract
from backend.queries.contract_pages import contracts
from backend.queries.filters import ContractFilter
from backend.queries.milestones import MilestoneRow, late_milestones

CODE = "0x" + "7a" * 32
UNIT = DAY // 2


@pytest.fixture
def tale(any_database: Database, store: DocumentStore) -> Tale:
    """Nothing yet."""
    return Tale(any_database, store)


def seen(tale: Tale, at: int) -> MilestoneRow:
    """The first milestone at a moment; requires that all lists agree on it."""
    now = datetime.fromtimestamp(at, UTC)
    with tale.database.reading() as session:
        row = contract(session, "1", now).milestones[0]
        listed = late_milestones(session, now)
        (summary,) = contracts(session, ContractFilter(), now).items
        late = contracts(session, ContractFilter(late=True), now).items
        not_late = contracts(session, ContractFilter(late=False), now).items
    if row.status in {"scheduled", "rejected", "partly-accepted"}:
        assert summary.days_late == row.days_late
        assert [x.number for x in listed] == [0] * (row.days_late > 0)
        assert (len(late), len(not_late)) == (int(row.days_late > 0), int(row.days_late == 0))
        assert summary.next_due_at == row.deadline_at
    else:
        assert (listed, late, summary.days_late, row.deadline_at) == ([], [], 0, None)
    return row


def days(tale: Tale, at: int) -> int:
    """By how many days the first milestone is late at a moment."""
    return seen(tale, at).days_late


def test_a_hold_moves_the_date(tale: Tale) -> None:
    tale.begin(milestone(100, 10 * DAY))
    assert [days(tale, 10 * DAY + s) for s in (0, 1, DAY, DAY + 1)] == [0, 1, 1, 2]
    tale.at = 4 * DAY
    tale.say(e.AgreementHoldPlaced, MEMBER, 7 * DAY, CODE, NONE)
    # Nobody says that it is over: its time passes.
    assert [days(tale, 13 * DAY + s) for s in (0, 1)] == [0, 1]
    deadline = seen(tale, 5 * DAY).deadline_at
    assert deadline == datetime.fromtimestamp(13 * DAY, UTC)
    tale.at = 5 * DAY
    tale.say(e.AgreementHoldLifted, MEMBER)
    assert [days(tale, 11 * DAY + s) for s in (0, 1)] == [0, 1]
    row = seen(tale, 11 * DAY)
    assert row.due_at == row.original_due_at == datetime.fromtimestamp(10 * DAY, UTC)


def test_what_is_late_already_gets_no_later_while_the_clocks_stand_still(tale: Tale) -> None:
    tale.begin(milestone(100, 10 * DAY))
    tale.at = 12 * DAY
    tale.say(e.AgreementSuspended, 20 * DAY, CODE, NONE)
    assert [days(tale, n * DAY) for n in (12, 15, 20, 21)] == [2, 2, 2, 3]


def test_a_date_that_was_agreed_meanwhile_moves_by_the_rest(tale: Tale) -> None:
    tale.begin(milestone(100, 10 * DAY))
    tale.at = 4 * DAY
    tale.say(e.AgreementSuspended, 8 * DAY, CODE, NONE)
    tale.at = 6 * DAY
    tale.say(e.MilestoneChanged, 0, 100, 20 * DAY, SUPPLIER)
    assert [days(tale, 22 * DAY + s) for s in (0, 1)] == [0, 1]
    tale.at = 30 * DAY
    tale.say(e.AgreementSuspended, 31 * DAY, CODE, NONE)
    assert days(tale, 32 * DAY) == 32 - 1 - 22


def test_a_submission_keeps_its_days(tale: Tale) -> None:
    tale.begin(milestone(100, 10 * DAY))
    tale.at = 9 * DAY
    tale.say(e.MilestoneSubmitted, 0, 1, SUPPLIER, CODE)
    assert days(tale, 50 * DAY) == 0
    tale.at = 14 * DAY
    tale.say(e.MilestoneRejected, 0, 1, CODE, NONE)
    assert days(tale, 15 * DAY) == 5
    tale.at = 13 * DAY + 1
    tale.say(e.MilestoneSubmitted, 0, 2, SUPPLIER, CODE)
    assert days(tale, 50 * DAY) == 4
    tale.say(e.MilestoneAttested, 0, 2, MEMBER, 1, CODE)
    tale.say(e.MilestonePartlyAccepted, 0, 2, 40, 60, CODE, NONE)
    part = parts(40, late_days=4)
    tale.say(e.PaymentMade, 0, SUPPLIER, CODE[:42], 2, e.Basis.PARTIAL_ACCEPTANCE, part)
    assert days(tale, 20 * DAY) == 10
    tale.say(e.DisputeOpened, 0, SUPPLIER, 60, CODE, NONE)
    assert days(tale, 50 * DAY) == 4
    tale.say(e.DisputeSettled, 0, 60, 0)
    tale.say(e.PaymentMade, 0, SUPPLIER, CODE[:42], 2, e.Basis.SETTLEMENT, parts(60))
    row = seen(tale, 50 * DAY)
    assert (row.status, row.days_late, row.accepted.minor) == ("paid", 0, 100)


def test_nothing_becomes_late_after_a_termination(tale: Tale) -> None:
    tale.begin(milestone(100, 10 * DAY))
    assert days(tale, 11 * DAY) == 1
    tale.say(e.AgreementTerminated, e.Ground.CONVENIENCE, CODE, NONE)
    now = datetime.fromtimestamp(11 * DAY, UTC)
    with tale.database.reading() as session:
        row = contract(session, "1", now).milestones[0]
        assert late_milestones(session, now) == []
    assert (row.status, row.days_late, row.deadline_at) == ("scheduled", 0, None)


stops = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 6), st.one_of(st.none(), st.integers(0, 5))),
    max_size=4,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(
    given_stops=stops, due=st.integers(1, 30), agreed=st.integers(0, 12), later=st.integers(0, 30)
)
def test_whatever_happens(
    tmp_path: Path, given_stops: list[Any], due: int, agreed: int, later: int
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'late.db'}")
    database.migrate()
    database.reset()
    tale = Tale(database, DocumentStore(tmp_path))
    tale.begin(milestone(100, 1))
    happened: list[tuple[int, str, int]] = []
    pauses, at = [], 0
    for gap, length, early in given_stops:
        at += gap * UNIT
        planned = at + length * UNIT
        end = planned if early is None else min(planned, at + early * UNIT)
        happened.append((at, "stop", planned))
        if end != planned:
            happened.append((end, "resume", 0))
        pauses.append((at, end))
        at = end
    agreed, due = agreed * UNIT, due * UNIT
    happened.append((agreed, "date", 0))
    for moment, what, until in sorted(happened, key=lambda each: each[0]):
        tale.at = moment
        if what == "stop":
            tale.say(e.AgreementSuspended, until, CODE, NONE)
        elif what == "resume":
            tale.say(e.AgreementResumed)
        else:
            tale.say(e.MilestoneChanged, 0, 100, due, SUPPLIER)
    now = max(at, agreed) + later * UNIT + 1
    paused = sum(max(0, min(end, now) - max(start, agreed)) for start, end in pauses)
    late = max(0, now - paused - due)
    assert days(tale, now) == -(-late // DAY)
    assert (days(tale, now) > 0) == (late > 0)
    database.close()
