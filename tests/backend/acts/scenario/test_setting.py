"""Successions and the calendar: what a story takes place in, on the chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.acts.scenario import Scenario, ScenarioRefusedError

VOTE = "by: [agency/chair, agency/clerk]}"
PAID = 50_000


HEIR = """
    succession:
      - {at: D-42 09:00, confirmed: D-41 09:00, by: builder, note: A new key}
      - {at: D-39 09:00, confirmed: D-38 09:00, by: builder, note: Another}"""


def test_who_was_succeeded_acts_with_the_new_account_and_its_money_follows(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    registered = "registered: D-90 09:30"
    later = "\n      - {at: D-40 09:00, act: submit, milestone: 2, evidence: E}"
    again = "\n      - {at: D-37 09:00, act: submit, milestone: 2, evidence: E}"
    reject = (
        "\n      - {at: D-39 09:00, act: reject, milestone: 2, by: [agency/chair], "
        "reason: no, note: No}"
    )
    scenario = tell({registered: registered + HEIR, VOTE: VOTE + later + reject + again})
    world.play(scenario)
    people, agreement = scenario.people, world.agreement(scenario, "C1")
    moments = [scenario.story.contracts[0].signed]
    moments += [each.confirmed for each in scenario.story.participants["builder"].succession]
    accounts = [people.at(moment).member("builder").signer.address for moment in moments]
    assert len(set(accounts)) == 3
    participant = people.member("builder").id
    events = world.events("ParticipantRegistry", world.made.registry)
    succeeded = [
        (values["previous"], values["account"], values["by"])
        for _, name, values in events
        if name == "ParticipantSucceeded"
    ]
    first, second, third = accounts
    assert succeeded == [(first, second, first), (second, third, second)]
    submitted = [values["by"] for _, _, values in agreement.named("MilestoneSubmitted")]
    assert submitted == [participant] * 3
    assert [world.balance(account) for account in accounts] == [0, 0, PAID]


CALENDAR = """\
calendar:
  - at: D-88 08:00
    years: 2
    weekend: [saturday, sunday]
    holidays: [01-01, 05-01, 12-04, 12-05, 12-25]
    document: Decree
  - at: D-50 08:00
    years: 1
    weekend: [friday]
    holidays: [08-17]
    document: Another decree
budget:
"""


def test_years_of_the_calendar_are_set_without_the_days_that_have_begun(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    # The first day is 4 December 2025, the second 11 January 2026, a Sunday.
    scenario = tell({"budget:\n": CALENDAR.replace("[friday]", "[saturday, sunday]")})
    world.play(scenario)
    told = [
        (values["year"], values["weekend"], values["holidays"])
        for _, name, values in world.events("WorkCalendar", world.made.calendar)
        if name == "CalendarYearSet"
    ]
    saturday_and_sunday = 0b1100000
    assert told == [
        (2025, saturday_and_sunday, [339, 359]),
        (2026, saturday_and_sunday, [1, 121, 338, 339, 359]),
        (2026, saturday_and_sunday, [1, 229]),
    ]
    before = world.rpc.call("eth_blockNumber")
    world.play(scenario)
    assert world.rpc.call("eth_blockNumber") == before


def test_a_weekend_cannot_change_for_days_that_have_begun(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    scenario = tell({"budget:\n": CALENDAR})
    with pytest.raises(ScenarioRefusedError) as error:
        world.play(scenario)
    assert error.value.detail == (
        f"{scenario.written.file}:26: calendar.2: "
        "Day 2 of 2026 has begun; whether it is worked cannot change."
    )
