"""What the checks of a scenario have in common: references, amounts, the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from backend.acts.scenario.model import Story
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.people import People
from backend.core.money import MoneyError, to_minor
from backend.core.yamlfiles import Location, Problem


class Finding:
    """Finds what is wrong with single values of a story."""

    def __init__(self, story: Story, people: People) -> None:
        self.story = story
        self.people = people

    def reference(self, place: Location, reference: str | None) -> Iterator[Problem]:
        """A participant whom the file does not have; None is nobody, which is fine."""
        if reference is None or self.people.knows(reference):
            return
        name = reference.partition("/")[0]
        person = self.story.participants.get(name)
        known = self.story.participants if person is None else person.offices
        what = "participants" if person is None else f"offices of {name}"
        expected = f"one of the {what}: {', '.join(known) or 'there are none'}"
        yield Problem(place, repr(reference), expected)

    def amount(self, place: Location, amount: Decimal | None) -> Iterator[Problem]:
        """An amount that the currency does not have."""
        try:
            to_minor(amount or Decimal(0), self.story.currency)
        except MoneyError as error:
            found, _, expected = error.detail.partition("; expected ")
            yield Problem(place, found, expected)


def order(times: Sequence[Moment], place: Location) -> Iterator[Problem]:
    """Moments of a list that come before the one before them."""
    for number, (before, after) in enumerate(pairwise(times), 1):
        if after < before:
            yield Problem((*place, number, "at"), str(after), f"{before} or later")
