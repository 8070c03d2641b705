"""random histories of a process
├── the compiled release is what ocdsmerge makes of the releases by the official schema
├── the ids of releases are unique, and their order is that of their dates
├── what is published does not change as the history goes on
└── money and milestones come to what happened
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocdsmerge import Merger
from support.published import (
    ACTIVE,
    COLLECTOR,
    PAPER,
    ROOFER,
    SUPPLIER,
    History,
    Told,
    amendment,
    at,
    closed,
    code,
    created,
    deducted,
    enacted,
    paid,
    scheduled,
)
from support.standard import needs_standard, schema

from backend.chain import events as e
from backend.ocds.packages import to_json
from backend.ocds.records import compiled
from backend.queries.records import MilestoneTexts

OPEN, MET, GIVEN_UP = "scheduled", "met", "notMet"
AMOUNT = 1_000


@dataclass
class Played:
    """What was done in one contract, told in the simplest way: `owed` by milestone and payee."""

    number: int
    stages: list[str]
    due: list[int]
    left: list[int]
    paid: int = 0
    owed: Counter[tuple[int, str]] = field(default_factory=Counter)
    amendments: int = 0
    guarantees: int = 0
    value: int = 100_000
    is_over: bool = False


class Player:
    """Draws what happens next, tells it to a history, and keeps books of its own."""

    def __init__(self, data: st.DataObject) -> None:
        self._draw = data.draw
        texts = [self._draw(st.sampled_from([None, "E", "12-1"])) for _ in range(3)]
        named = {n: MilestoneTexts(None, text, None) for n, text in enumerate(texts)}
        self.history = History(texts=named)
        self.played = [self._begin(12), *([self._begin(13)] if self._draw(st.booleans()) else [])]

    def step(self) -> None:
        """One more block."""
        one = self._draw(st.sampled_from(self.played))
        acts = [self._claim]
        if not one.is_over:
            acts += [self._accept, self._accept_part, self._amend, self._guarantee, self._settle]
            acts += [self._advance, self._terminate]
        told = self._draw(st.sampled_from(acts))(one)
        self.history.tell(*told, contract=one.number)

    def _begin(self, number: int) -> Played:
        due = [self._draw(st.sampled_from([0, at(9)])) for _ in range(3)]
        milestones = [(AMOUNT, each) for each in due]
        agreed = created(contract_id=f"C{number}"), scheduled(0, *milestones)
        self.history.tell(*agreed, ACTIVE, contract=number)
        return Played(number, [OPEN] * 3, due, [AMOUNT] * 3)

    def _stage(self, one: Played) -> int | None:
        candidates = [n for n, status in enumerate(one.stages) if status in (OPEN, "partiallyMet")]
        return self._draw(st.sampled_from(candidates)) if candidates else None

    def _payment(self, one: Played, number: int, gross: int, basis: e.Basis) -> list[Told]:
        tax = self._draw(st.sampled_from([0, gross // 10, gross]))
        damages = self._draw(st.sampled_from([0, 7])) if gross - tax > 7 else 0
        owed, owed_tax = self._draw(st.booleans()), self._draw(st.booleans())
        payee, collector = self._draw(st.sampled_from([(SUPPLIER, COLLECTOR), (ROOFER, ROOFER)]))
        net = gross - tax - damages
        parts = {"taxes": tax, "damages": damages, "late_days": 3 if damages else 0}
        told = [paid(number, gross, basis, payee=payee, owed=owed and net > 0, **parts)]
        self._book(one, number, payee, net, owed=owed)
        if tax:
            told.append(deducted(number, collector, e.Part.TAX, tax, owed=owed_tax))
            self._book(one, number, collector, tax, owed=owed_tax)
        one.left[number] -= gross
        return told

    def _book(self, one: Played, number: int, payee: str, amount: int, *, owed: bool) -> None:
        if owed and amount:
            one.owed[number, payee] += amount
        else:
            one.paid += amount

    def _accept(self, one: Played) -> list[Told]:
        if (number := self._stage(one)) is None:
            return []
        one.stages[number] = MET
        return self._payment(one, number, one.left[number], e.Basis.ACCEPTANCE)

    def _accept_part(self, one: Played) -> list[Told]:
        number = self._stage(one)
        if number is None or one.left[number] < 2:
            return []
        one.stages[number] = "partiallyMet"
        gross = self._draw(st.integers(1, one.left[number] - 1))
        partly = (e.MilestonePartlyAccepted, (number, 1, gross, 1, code("leaks"), PAPER))
        return [partly, *self._payment(one, number, gross, e.Basis.PARTIAL_ACCEPTANCE)]

    def _settle(self, one: Played) -> list[Told]:
        if (number := self._stage(one)) is None:
            return []
        amount = self._draw(st.integers(0, one.left[number]))
        accepted = amount or one.left[number] < AMOUNT
        told: list[Told] = [(e.DisputeSettled, (number, amount, one.left[number] - amount))]
        if amount < one.left[number]:
            told.append((e.MilestoneCancelled, (number, one.left[number] - amount)))
        if amount:
            told += self._payment(one, number, amount, e.Basis.SETTLEMENT)
        one.stages[number] = MET if accepted else GIVEN_UP
        return told

    def _amend(self, one: Played) -> list[Told]:
        told: list[Told] = []
        number = self._stage(one)
        if number is not None and self._draw(st.booleans()):
            one.due[number] = self._draw(st.sampled_from([0, at(9), at(19)]))
            told.append((e.MilestoneChanged, (number, AMOUNT, one.due[number], SUPPLIER)))
        if self._draw(st.booleans()):
            told.append(scheduled(len(one.stages), (AMOUNT, at(25))))
            one.stages.append(OPEN)
            one.due.append(at(25))
            one.left.append(AMOUNT)
        before = one.value
        one.value += self._draw(st.sampled_from([0, AMOUNT, -1]))
        one.amendments += 1
        terms = amendment(ends_at=self._draw(st.sampled_from([0, at(30)])))
        return [*told, *enacted(one.amendments, terms, before, one.value)]

    def _guarantee(self, one: Played) -> list[Told]:
        one.guarantees += 1
        kind = self._draw(st.sampled_from(e.GuaranteeKind))
        return [(e.GuaranteeRecorded, (kind, 500, at(31), PAPER))]

    def _advance(self, one: Played) -> list[Told]:
        one.paid += 300
        return [paid(None, 300, e.Basis.ADVANCE)]

    def _claim(self, one: Played) -> list[Told]:
        waiting = sorted(key for key, amount in one.owed.items() if amount)
        if not waiting:
            return []
        key = self._draw(st.sampled_from(waiting))
        amount = one.owed.pop(key)
        one.paid += amount
        return [(e.ClaimPaid, (*key, key[1], amount))]

    def _terminate(self, one: Played) -> list[Told]:
        for number, status in enumerate(one.stages):
            if status == "partiallyMet":
                one.stages[number] = MET
            elif status == OPEN:
                one.stages[number] = GIVEN_UP
        one.is_over = True
        return [(e.AgreementTerminated, (e.Ground.CONVENIENCE, code("no-need"), PAPER)), closed()]


def play(data: st.DataObject) -> Player:
    player = Player(data)
    for _ in range(data.draw(st.integers(0, 12))):
        player.step()
    return player


@pytest.fixture(scope="module")
def merger() -> Merger:
    return Merger(schema())


@needs_standard
@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_compiled_release_is_what_ocdsmerge_makes(merger: Merger, data: st.DataObject) -> None:
    releases = play(data).history.releases()
    assert merger.create_compiled_release(releases) == compiled(releases)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_published_never_changes(data: st.DataObject) -> None:
    history = play(data).history
    whole = [to_json(each) for each in history.releases()]
    events = list(history.events)
    for size in range(1, len(events)):
        # Blocks come whole.
        if events[size][1].origin.block == events[size - 1][1].origin.block:
            continue
        history.events = events[:size]
        earlier = [to_json(each) for each in history.releases()]
        assert earlier == whole[: len(earlier)]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_ids_are_unique_and_dates_ascend(data: st.DataObject) -> None:
    releases = play(data).history.releases()
    assert len({each["id"] for each in releases}) == len(releases)
    dates = [each["date"] for each in releases]
    assert dates == sorted(set(dates))
    assert all(each["tag"] for each in releases)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_releases_come_to_what_happened(data: st.DataObject) -> None:
    player = play(data)
    contracts = {each["id"]: each for each in player.history.compiled()["contracts"]}
    for one in player.played:
        found: Any = contracts[f"C{one.number}"]
        work = found["implementation"]
        amounts = [each["value"]["amount"] for each in work.get("transactions", [])]
        assert sum(amounts) * 100 == one.paid
        assert [each["status"] for each in work["milestones"]] == one.stages
        assert [bool(each.get("dueDate")) for each in work["milestones"]] == [
            each > 0 for each in one.due
        ]
        assert len(found.get("amendments", [])) == one.amendments
        assert len(found.get("guarantees", [])) == one.guarantees
        assert found["value"]["amount"] * 100 == one.value
        accepted = any(status == MET for status in one.stages)
        ended = "terminated" if accepted else "cancelled"
        assert found["status"] == (ended if one.is_over else "active")
        assert ("finalValue" in work) == one.is_over
        if one.is_over:
            assert work["finalValue"]["amount"] * 100 == one.paid
