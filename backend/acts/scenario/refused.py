"""The chain refuses an act of the story: which one, where it stands in the file, and why."""

from __future__ import annotations

from backend.acts.blocks import Refused
from backend.acts.refusals import explain
from backend.acts.scenario.reading import Scenario
from backend.core.errors import AppError
from backend.core.money import format_minor


class ScenarioRefusedError(AppError):
    """An act of the story is against the rules of the contracts."""

    status = 409
    title = "The chain refuses the story"


class _Names:
    """Calls participants and amounts as the file does."""

    def __init__(self, scenario: Scenario) -> None:
        self._currency = scenario.story.currency
        people = scenario.people
        references = (r for name in scenario.story.participants for r in people.references(name))
        self._names = {people.member(reference).id: reference for reference in references}

    def participant(self, participant: bytes) -> str:
        """The participant's name in the file."""
        if not any(participant):
            return "nobody"
        return self._names.get(participant, f"0x{participant.hex()}")

    def amount(self, minor: int) -> str:
        """The amount with its currency."""
        return f"{self._currency} {format_minor(minor, self._currency)}"


def refused_error(scenario: Scenario, refused: Refused) -> ScenarioRefusedError:
    """The error that a refused step makes; the step's subject is its place in the file."""
    sentence = explain(refused.error.refusal, refused.error.detail, _Names(scenario))
    return ScenarioRefusedError(f"{scenario.written.place(refused.step.subject)}: {sentence}")
