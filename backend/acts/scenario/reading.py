"""Reading a scenario from its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from backend.acts.scenario.checks import Check
from backend.acts.scenario.model import Story
from backend.acts.scenario.people import People
from backend.core.money import to_minor
from backend.core.yamlfiles import Written, read_written


@dataclass(frozen=True)
class Scenario:
    """A story that is ready to be played, and the file that it came from."""

    story: Story
    written: Written

    @cached_property
    def people(self) -> People:
        """Its participants."""
        return People(self.story.participants)

    def day(self, moment: datetime) -> date:
        """The calendar day of a moment where the story takes place."""
        return moment.astimezone(self.story.zone).date()

    def today(self) -> date:
        """The present day where the story takes place."""
        return self.day(datetime.now(UTC))

    def minor(self, amount: Decimal) -> int:
        """An amount of the story in minor units."""
        return to_minor(amount, self.story.currency)


def read_scenario(path: Path) -> Scenario:
    """Read and check a scenario; raises `YamlFileError` with the line of every error."""
    written = read_written(path)
    scenario = Scenario(written.read_as(Story), written)
    problems = list(Check(scenario.story, scenario.people).problems())
    if problems:
        raise written.error(problems)
    return scenario
