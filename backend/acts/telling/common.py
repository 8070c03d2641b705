"""What the sentences share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.acts.directory import Directory
from backend.acts.words import of_milestone
from backend.chain.identity import bytes32_to_code

Values = dict[str, Any]
Sentences = Mapping[str, Callable[[Values, Directory], str]]


def milestone_of(values: Values) -> str:
    """The milestone that an event is about, counted from 1."""
    return of_milestone(values["milestone"])


def reason_of(values: Values) -> str:
    """The coded reason of an event."""
    return bytes32_to_code(values["reason"])


def by(values: Values, names: Directory) -> str:
    """Who did it."""
    return names.participant(values["by"])


def votes(values: Values) -> str:
    """How many are for it, of how many that must be."""
    return f"{values['approvals']} of {values['quorum']} needed"
