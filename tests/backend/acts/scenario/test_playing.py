"""Playing: acts that the chain refuses, stories that were broken off, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from backend.acts.load.load import NotLocalChainError
from backend.acts.scenario import Scenario, ScenarioRefusedError, day_on_chain, playing
from backend.chain.identity import budget_line_id
from backend.chain.reader import View, logs, read

VOTE = "by: [agency/chair, agency/clerk]}"
PAID = 50_000


def then(act: str) -> str:
    """The votes of the story, and one more act."""
    return f"{VOTE}\n      - {{at: D-40 09:00, {act}}}"


DEPLOYED = 700_000_000  # the clock of a chain begins in 1990


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "value: 1_000\n",
            "value: 999\n",
            (
                ":35: contracts.1: The milestones add up to IDR 999.99, more than the value of "
                "IDR 999.00."
            ),
        ),
        (
            "total: 1_000.00",
            "total: 999.99",
            (
                ":35: contracts.1: The budget line has IDR 999.99 left; IDR 1000.00 is asked for. "
                "The budget officer must appropriate more."
            ),
        ),
        (
            "quorum: 2",
            "quorum: 3",
            (
                ":35: contracts.1: A quorum of 3 out of 2 is not possible; expected 1 to the size "
                "of the committee, which is at most 16."
            ),
        ),
        (
            "registered: D-90 09:30",
            "registered: D-60 09:30",
            ":35: contracts.1: builder is not registered.",
        ),
        (
            "    committee: [agency/chair, agency/clerk]",
            "    committee: [agency/chair, agency/clerk, agency/surveyor]",
            ":35: contracts.1: agency/surveyor would have two duties that must be separate.",
        ),
        (
            "- {at: D-65 09:00, act: fund, deposit: B1}\n      ",
            "",
            (
                ":55: contracts.1.story.1: The agreement is awaiting signature or money; it would "
                "have to be active."
            ),
        ),
        (
            "at: D-44 09:00, act: inspect, milestone: 1",
            "at: D-44 09:00, act: inspect, milestone: 2",
            ":57: contracts.1.story.3: Milestone 2 is scheduled; it would have to be submitted.",
        ),
        (
            "seen: D-44 08:00",
            "seen: D-44 10:00",
            (
                ":57: contracts.1.story.3: 2026-01-17 03:00:00 UTC lies after the time of the "
                "chain, 2026-01-17 02:00:00 UTC."
            ),
        ),
        (
            VOTE,
            "by: [agency/chair, agency/chair]}",
            ":58: contracts.1.story.4: agency/chair has voted on this already.",
        ),
        (
            VOTE,
            then("act: claim, milestone: 1"),
            ":59: contracts.1.story.5: Nothing is owed to builder for milestone 1.",
        ),
        (
            VOTE,
            then("act: claim"),
            ":59: contracts.1.story.5: Nothing is owed to builder.",
        ),
        (
            VOTE,
            then("act: fund, deposit: B2"),
            (
                ":59: contracts.1.story.5: The agreement is active; it would have to be awaiting "
                "signature or money."
            ),
        ),
        (
            VOTE,
            then("act: advance"),
            ":59: contracts.1.story.5: The advance was paid already, or none is agreed.",
        ),
        (
            VOTE,
            then("act: interest, amount: 5, deposit: B2"),
            ":59: contracts.1.story.5: IDR 5.00 is not between IDR 0.01 and IDR 0.00.",
        ),
        (
            VOTE,
            then("act: withdraw-notice, by: [agency/chair], reason: mended, note: Why"),
            ":59: contracts.1.story.5: No notice of default is in force.",
        ),
        (
            VOTE,
            then("act: complete"),
            (
                ":59: contracts.1.story.5: IDR 500.00 of the IDR 999.99 scheduled is accepted; "
                "completion needs all of it."
            ),
        ),
        (
            VOTE,
            then("act: amend, by: builder, reason: more, note: Why, increase: 100.01"),
            (
                ":59: contracts.1.story.5: The value would become IDR 1100.01, and amendments can "
                "take it to IDR 1100.00 at most. Beyond that a legal ground must be named, and "
                "the buyer's authority must sign."
            ),
        ),
        (
            VOTE,
            then("act: lapse"),
            (
                ":59: contracts.1.story.5: Too early: 2026-01-21 02:00:00 UTC; this takes a moment "
                "after 2026-04-10 09:00:00 UTC."
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

    for steps in (1, 40, 41, 60, 90):
        with pytest.raises(KeyboardInterrupt):
            world.play(example, break_off(steps))
    world.play(example)
    assert _all_logs(world) == _all_logs(played)


def _all_logs(world: Any) -> list[tuple[Any, ...]]:
    made = world.made
    events = world.events("AgreementFactory", made.factory)
    agreements = [v["agreement"] for _, name, v in events if name == "AgreementCreated"]
    token = read(world.rpc, View("AgreementFactory", made.factory, "tokenOf", ("IDR",)))
    around = [made.registry, made.budget, made.calendar, made.factory, token]
    addresses = [*around, *agreements]
    return [
        (log["address"], log["topics"], log["data"], world.time(log["blockNumber"]))
        for log in logs(world.rpc, addresses, [], made.start_block)
        if world.time(log["blockNumber"]) > DEPLOYED
    ]


@pytest.mark.parametrize(
    "day",
    # A leap day, a holiday on a Friday, and the days after a holiday that makes a long weekend.
    [date(2028, 2, 29), date(2027, 1, 1), date(2026, 8, 18)],
)
def test_the_example_plays_on_any_day(
    world: Any, played: Any, example: Scenario, day: date
) -> None:
    world.play(example, today=day)
    for told in example.story.contracts:
        here, there = (each.agreement(example, told.id) for each in (world, played))
        assert (here.status, here.statuses) == (there.status, there.statuses)
        # How late a payment is depends on the weekdays of the review.
        assert here.money | {"interestOwed": 0} == there.money | {"interestOwed": 0}


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
