"""Who acts with which account, in Python: what the registry must say after any acts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .vocabulary import NO_ADDRESS

# The name of the error, and its arguments.
Refusal = tuple[str, dict[str, Any]]


@dataclass
class Successions:
    """`accounts` and `organizations` by participant; `proposals` are of (account, proposer)."""

    accounts: dict[bytes, str]
    organizations: dict[bytes, bytes]
    witnesses: set[str]
    former: dict[str, bytes] = field(default_factory=dict)
    proposals: dict[bytes, tuple[str, str]] = field(default_factory=dict)

    def acting(self, account: str) -> bytes | None:
        """The participant that acts with an account."""
        return next((each for each, own in self.accounts.items() if own == account), None)

    def successor(self, account: str) -> str:
        """The present account of who gave an account up."""
        return self.accounts[self.former[account]] if account in self.former else NO_ADDRESS

    def propose(self, participant: bytes, account: str, by: str) -> Refusal | None:
        """By a registrar."""
        refusal = self._taken(account)
        if not refusal:
            self.proposals[participant] = account, by
        return refusal

    def confirm(self, participant: bytes, account: str, by: str) -> Refusal | None:
        """By anyone."""
        proposed, proposer = self.proposals.get(participant, (NO_ADDRESS, NO_ADDRESS))
        if account == NO_ADDRESS or account != proposed:
            values = {"participant": participant, "given": account, "proposed": proposed}
            return "SuccessionUnknown", values
        if by == proposer or by not in self._seconds(participant):
            return "SuccessionNotConfirmable", {"participant": participant, "caller": by}
        refusal = self._taken(account)
        if not refusal:
            self.former[self.accounts[participant]] = participant
            self.accounts[participant] = account
            del self.proposals[participant]
        return refusal

    def _seconds(self, participant: bytes) -> Iterator[str]:
        yield self.accounts[participant]
        yield from self.witnesses
        if participant in self.organizations:
            yield self.accounts[self.organizations[participant]]

    def _taken(self, account: str) -> Refusal | None:
        known = self.acting(account) or self.former.get(account)
        values = {"account": account, "participant": known}
        return ("ParticipantAccountTaken", values) if known else None
