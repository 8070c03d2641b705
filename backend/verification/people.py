"""Whom money could be pushed to, and when: accounts and standings with their history."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from backend.verification.clocks import Place

NOBODY = "0x" + "0" * 40
ACTIVE, SUSPENDED = 1, 2
"""Of `Standing`."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the registry knew of a participant."""

    account: str
    standing: int

    @property
    def payable(self) -> bool:
        """Whether money can be pushed: `AgreementPayments._push`."""
        return self.standing == ACTIVE and self.account != NOBODY


UNKNOWN = Credentials(NOBODY, 0)


@dataclass(slots=True)
class People:
    """All participants by id, each with (place, credentials) in the order of the chain."""

    histories: dict[str, list[tuple[Place, Credentials]]] = field(default_factory=dict)

    def note(self, place: Place, name: str, values: dict[str, Any]) -> None:
        """Take in an event of the registry."""
        if name == "ParticipantRegistered":
            self._add(place, values["participant"], Credentials(values["account"], ACTIVE))
        elif name == "ParticipantStandingChanged":
            account = self._latest(values["participant"]).account
            self._add(place, values["participant"], Credentials(account, values["standing"]))
        elif name == "ParticipantSucceeded":
            standing = self._latest(values["participant"]).standing
            self._add(place, values["participant"], Credentials(values["account"], standing))

    def at(self, place: Place, participant: str) -> Credentials:
        """What the registry said just before a log."""
        history = self.histories.get(participant, [])
        found = bisect_left(history, place, key=lambda entry: entry[0])
        return history[found - 1][1] if found else UNKNOWN

    def _latest(self, participant: str) -> Credentials:
        history = self.histories.get(participant)
        return history[-1][1] if history else UNKNOWN

    def _add(self, place: Place, participant: str, credentials: Credentials) -> None:
        self.histories.setdefault(participant, []).append((place, credentials))
