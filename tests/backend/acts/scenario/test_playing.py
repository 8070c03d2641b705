"""Playing: acts that the chain refuses, stories that were broken off, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from backend.acts.load.load import NotLocalChainError
from backend.acts.scenario import (
    Scenario,
    ScenarioRefusedError,
    day_on_chain,
    playing,
    scenario_contracts,
)
from backend.chain.identity import budget_line_id
from backend.chain.reader import View, logs, read
from backend.core.money import format_minor
from backend.ocds.reasons import Outcome

VOTE = "by: [agency/chair, agency/clerk]}"
PAID = 50_000
DEPLOYED = 700_000_000  # the clock of a chain begins in 1990


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "value: 1_000\n",
            "value: 999\n",
            (
                ":28: contracts.1: The milestones add up to IDR 999.99, more than the value of "
                "IDR 999.00."
            ),
        ),
        (
            "total: 1_000.00",
            "total: 999.99",
            (
                ":28: contracts.1: The budget line has IDR 999.99 left; IDR 1000.00 is asked for. "
                "The budget officer must appropriate more."
            ),
        ),
        (
            "quorum: 2",
            "quorum: 3",
            (
                ":28: contracts.1: A quorum of 3 out of 2 is not possible; expected 1 to the size "
                "of the committee, which is at most 16."
            ),
        ),
        (
            "registered: D-90 09:30",
            "registered: D-60 09:30",
            ":28: contracts.1: builder is not registered.",
        ),
        (
            "    committee: [agency/chair, agency/clerk]",
            "    committee: [agency/chair, agency/clerk, agency/surveyor]",
            ":28: contracts.1: agency/surveyor would have two duties that must be separate.",
        ),
        (
            "- {at: D-65 09:00, act: fund, deposit: B1}\n      ",
            "",
            (
                ":47: contracts.1.story.1: The agreement is awaiting signature or money; it would have "
                "to be active."
            ),
        ),
        (
            "at: D-44 09:00, act: inspect, milestone: 1",
            "at: D-44 09:00, act: inspect, milestone: 2",
            ":49: contracts.1.story.3: Milestone 2 is scheduled; it would have to be submitted.",
        ),
        (
            "seen: D-44 08:00",
            "seen: D-44 10:00",
            (
                ":49: contracts.1.story.3: 2026-01-17 03:00:00 UTC lies after the time of the "
                "chain, 2026-01-17 02:00:00 UTC."
            ),
        ),
        (
            VOTE,
            "by: [agency/chair, agency/chair]}",
            ":50: contracts.1.story.4: agency/chair has voted on this already.",
        ),
        (
            VOTE,
            VOTE + "\n      - {at: D-40 09:00, act: claim, milestone: 1}",
            ":51: contracts.1.story.5: Nothing is owed to builder for milestone 1.",
        ),
        (
            VOTE,
            VOTE + "\n      - {at: D-40 09:00, act: fund, deposit: B2}",
            (
                ":51: contracts.1.story.5: The agreement is active; it would have to be awaiting "
                "signature or money."
            ),
        ),
    ],
)
def test_what_the_chain_refuses_is_named_with_its_place(
    world: Any, tell: Callable[..., Scenario], old: str, new: str, expected: str
) -> None:
    scenario = tell({old: new})
    with pytest.raises(ScenarioRefusedError) as error:
        world.play(scenario)
    assert error.value.detail == f"{scenario.written.file}{expected}"
    assert (error.value.status, error.value.title) == (409, "The chain refuses the story")
    assert world.rpc.call("anvil_getAutomine") is True


def test_a_refused_change_of_standing_is_named(world: Any, tell: Callable[..., Scenario]) -> None:
    change = "\n    standing:\n      - {at: D-89 09:00, standing: active, reason: none, note: Why}"
    scenario = tell({"registered: D-90 09:30": "registered: D-90 09:30" + change})
    with pytest.raises(ScenarioRefusedError) as error:
        world.play(scenario)
    assert error.value.detail == (
        f"{scenario.written.file}:21: participants.builder.standing.1: "
        "builder is active and cannot be made active."
    )


def test_what_stands_before_a_refused_act_stays_and_is_gone_on_with(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    with pytest.raises(ScenarioRefusedError):
        world.play(tell({"seen: D-44 08:00": "seen: D-44 10:00"}))
    scenario = tell()
    assert world.agreement(scenario, "C1").statuses == [2, 1]
    world.play(scenario)
    agreement = world.agreement(scenario, "C1")
    assert agreement.statuses == [5, 1]
    assert agreement.money["paid"] == PAID


def test_of_several_votes_only_those_that_are_missing_are_cast_again(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    twice = tell({VOTE: "by: [agency/chair, agency/chair]}"})
    with pytest.raises(ScenarioRefusedError):
        world.play(twice)
    scenario = tell(
        {VOTE: VOTE + "\n      - {at: D-40 09:00, act: submit, milestone: 2, evidence: E}"}
    )
    world.play(scenario)
    agreement = world.agreement(scenario, "C1")
    assert agreement.statuses == [5, 2]
    votes = [values["by"] for _, _, values in agreement.named("MilestoneApproved")]
    members = ("agency/chair", "agency/clerk")
    assert votes == [scenario.people.member(reference).id for reference in members]


def test_a_story_that_was_played_is_left_alone(world: Any, tell: Callable[..., Scenario]) -> None:
    scenario = tell()
    world.play(scenario)
    before = world.rpc.call("eth_blockNumber")
    told: list[tuple[int, int]] = []
    world.play(scenario, lambda done, total: told.append((done, total)))
    assert told == [(0, 0)]
    assert world.rpc.call("eth_blockNumber") == before


def test_broken_off_anywhere_and_played_again_ends_as_in_one_go(
    world: Any, played: Any, example: Scenario
) -> None:
    def break_off(after: int) -> Callable[[int, int], None]:
        def count(done: int, _: int) -> None:
            if done == after:
                raise KeyboardInterrupt

        return count

    for steps in (1, 40, 41, 60):
        with pytest.raises(KeyboardInterrupt):
            world.play(example, break_off(steps))
    world.play(example)
    assert _all_logs(world) == _all_logs(played)


def _all_logs(world: Any) -> list[tuple[Any, ...]]:
    made = world.made
    events = world.events("AgreementFactory", made.factory)
    agreements = [v["agreement"] for _, name, v in events if name == "AgreementCreated"]
    addresses = [made.registry, made.budget, made.factory, *agreements]
    return [
        (log["address"], log["topics"], log["data"], world.time(log["blockNumber"]))
        for log in logs(world.rpc, addresses, [], made.start_block)
        if world.time(log["blockNumber"]) > DEPLOYED
    ]


def test_plays_on_the_local_chain_only(
    world: Any, tell: Callable[..., Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "is_local", lambda _: False)
    with pytest.raises(NotLocalChainError) as error:
        world.play(tell())
    assert error.value.detail == (
        f"The node at {world.rpc.url} is not Anvil. A scenario signs for all of its participants, "
        "and only the local chain has keys for them."
    )


def test_the_day_of_the_run_is_read_from_the_chain(
    world: Any, tell: Callable[..., Scenario], today: date
) -> None:
    scenario = tell()
    assert day_on_chain(world.rpc, world.made, scenario) is None
    world.play(scenario)
    assert day_on_chain(world.rpc, world.made, scenario) == today


def test_what_is_expected_is_what_the_story_says(
    tell: Callable[..., Scenario], today: date
) -> None:
    (expected,) = scenario_contracts(tell(), today)
    assert (expected.origin.line, expected.ocid, expected.contract_id) == (
        28,
        "ocds-contoh-1",
        "C1",
    )
    assert (expected.value, expected.currency, expected.exponent) == (100_000, "IDR", 2)
    assert expected.date_signed == datetime(2025, 12, 22, 3, 0, tzinfo=UTC)
    assert (expected.status, expected.outcome, expected.reasons) == ("active", Outcome.LOADED, ())
    assert [item.id for item in expected.milestones] == ["1", "2"]
    assert [item.due for item in expected.milestones] == [
        datetime(2026, 1, 21, 9, 0, tzinfo=UTC),
        None,
    ]
    (payment,) = expected.payments
    assert (payment.id, payment.milestone_id, payment.title) == ("1", "1", "Half")
    assert (payment.amount, payment.payee.name, payment.payer) == (PAID, "Builder", None)
    assert payment.date == datetime(2026, 1, 18, 2, 0, tzinfo=UTC)
    assert format_minor(expected.paid, "IDR") == "500.00"


@pytest.mark.parametrize(("end", "status"), [("completed", "terminated"), ("default", "cancelled")])
def test_a_closed_contract_without_payments_is_expected_as_such(
    tell: Callable[..., Scenario], today: date, end: str, status: str
) -> None:
    close = "act: complete"
    if end != "completed":
        close = f"act: terminate, by: [agency/chair, agency/clerk], reason: {end}, note: Why"
    lines = f"act: accept, milestone: 1, {VOTE}"
    (expected,) = scenario_contracts(tell({lines: close + "}"}), today)
    assert (expected.payments, expected.status) == ((), status)
    assert expected.outcome == Outcome.LOADED_WITHOUT_PAYMENTS


def test_a_budget_line_is_of_the_year_of_the_first_contract(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    scenario = tell()
    world.play(scenario)
    token = read(world.rpc, View("AgreementFactory", world.made.factory, "tokenOf", ("IDR",)))
    buyer = scenario.people.member("agency").id
    # Signed 70 days before 2 March 2026.
    line = budget_line_id(buyer, token, 2025, "5.2.1")
    details = read(world.rpc, View("Budget", world.made.budget, "get", (line,)))
    assert (details["appropriated"], details["committed"]) == (100_000, 100_000)
