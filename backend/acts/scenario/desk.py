"""What one act of a story needs to become calls: who acts, where, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.acts.blocks import Act
from backend.acts.load.agreed import seconds
from backend.acts.load.books import Books
from backend.acts.load.contracts import APPROVE_GAS
from backend.acts.load.parties import Cast, Member
from backend.acts.scenario.ledger import Ledger
from backend.acts.scenario.model import Contract
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.people import People
from backend.acts.scenario.reading import Scenario
from backend.acts.sending import call
from backend.chain.identity import code_to_bytes32
from backend.core.money import to_minor

ACT_GAS = 10_000_000
"""More than any act of an agreement needs; what is not used costs nothing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One contract at the moment of an act.

    `address` is where its agreement stands or will stand; `people` act with the accounts that they
    have at the moment; `ledger` is what was agreed before the act.
    """

    scenario: Scenario
    contract: Contract
    today: date
    books: Books
    address: str
    ledger: Ledger
    people: People

    @property
    def cast(self) -> Cast:
        """Who plays which part."""
        return self.people.cast(self.scenario.story, self.contract)

    def member(self, reference: str) -> Member:
        """A participant of the story."""
        return self.people.member(reference)

    def minor(self, amount: Decimal) -> int:
        """An amount of the story in minor units."""
        return to_minor(amount, self.scenario.story.currency)

    def seconds(self, moment: Moment | None) -> int:
        """Unix seconds of a moment of the story; zero for none."""
        return seconds(moment.on(self.today, self.scenario.story.zone) if moment else None)

    def note(self, text: str) -> bytes:
        """The hash of a note, which is written to the store."""
        return self.books.store.write_json({"type": "note", "text": text})

    def report(self, milestone: int, text: str) -> bytes:
        """The hash of a report on a milestone, from 1, which is written to the store."""
        title = f"{self.ledger.milestones[milestone - 1].title}: {self.contract.title}"
        return self.books.store.write_json({"type": "report", "title": title, "text": text})

    def why(self, reason: str, note: str) -> tuple[bytes, bytes]:
        """A coded reason and the hash of the note that explains it."""
        return code_to_bytes32(reason), self.note(note)

    def act(self, by: str, function: str, *arguments: object) -> Act:
        """An act of one participant in the agreement."""
        what = call("Agreement", self.address, function, *arguments)
        return Act(self.member(by).signer, what, ACT_GAS)

    def by_supplier(self, function: str, *arguments: object) -> list[Act]:
        """An act of the supplier, or one that anyone may call."""
        return [self.act(self.contract.supplier, function, *arguments)]

    def each(self, by: Sequence[str], function: str, *arguments: object) -> list[Act]:
        """The same act of several."""
        return [self.act(reference, function, *arguments) for reference in by]

    def by_treasury(
        self, amount: int, deposit: str, function: str, *arguments: object
    ) -> list[Act]:
        """An act for which the treasury has money issued and lets the agreement fetch it."""
        currency, treasury = self.scenario.story.currency, self.member(self.contract.treasury)
        token = self.books.token(currency)
        approve = call("SettlementToken", token, "approve", self.address, amount)
        return [
            self.books.issue(treasury, currency, amount, deposit),
            Act(treasury.signer, approve, APPROVE_GAS),
            self.act(self.contract.treasury, function, *arguments),
        ]
