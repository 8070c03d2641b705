"""Events without a chain, where a test needs what no contract would do, or one thing alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.chain import events as e
from backend.core.documents import DocumentStore
from backend.db.models import Cursor
from backend.db.session import Database
from backend.projections import PROJECTION_VERSION
from backend.projections.registry import project
from backend.projections.rows import Rows

DAY = 86_400
FACTORY, TOKEN, AGREEMENT, ACCOUNT = (f"0x{digit * 40}" for digit in "1234")
BUYER, SUPPLIER, MEMBER, OTHER, TAXES, LINE = (f"0x{digit * 64}" for digit in "abcdef")
NONE = e.ZERO_BYTES32
FREE = e.Conditions(*[0] * 17, 1, (), ())
"""Conditions that deduct nothing."""


def milestone(amount: int, due_at: int = 0, payee: str = NONE) -> e.MilestoneTerms:
    """Terms of a milestone."""
    return e.MilestoneTerms(amount, due_at, payee, NONE)


def parts(gross: int, **others: int) -> e.Payment:
    """What a payment consists of; the net is what is left."""
    values = dict.fromkeys(("advance", "retention", "damages", "taxes", "direct"), 0)
    values |= {"late_days": 0, "carried": 0} | others
    kept = ("advance", "retention", "damages", "taxes", "direct")
    return e.Payment(gross=gross, net=gross - sum(values[name] for name in kept), **values)


@dataclass
class Tale:
    """Events in the order of a chain, folded into a database as they are told."""

    database: Database
    store: DocumentStore
    block: int = 0
    at: int = 0

    def tell(self, *events: tuple[type[e.Event], str, tuple[Any, ...]]) -> None:
        """Fold events of one transaction in a block of its own: kind, address, arguments."""
        self.block += 1
        made = [
            kind(self._origin(index, address), *arguments)
            for index, (kind, address, arguments) in enumerate(events)
        ]
        with self.database.transaction() as session:
            rows = Rows(session, self.store)
            project(rows, made)
            rows.changes().write(session.connection())

    def say(self, kind: type[e.Event], *arguments: Any) -> None:
        """One event of the agreement, in a transaction of its own."""
        self.tell((kind, AGREEMENT, arguments))

    def begin(
        self, *milestones: e.MilestoneTerms, conditions: e.Conditions = FREE, value: int = 0
    ) -> None:
        """Tables, people, a currency, and an agreement that is active."""
        self.database.migrate()
        with self.database.transaction() as session:
            session.add(
                Cursor(
                    chain_id=1,
                    genesis_hash=NONE,
                    factory=FACTORY,
                    block=0,
                    block_hash=NONE,
                    block_timestamp=0,
                    final_block=0,
                    projection_version=PROJECTION_VERSION,
                )
            )
        people = {BUYER: 1, SUPPLIER: 2, MEMBER: 4, OTHER: 2, TAXES: 256}
        for number, (participant, roles) in enumerate(people.items()):
            names = ("X", str(number))
            self.tell(
                (
                    e.ParticipantRegistered,
                    FACTORY,
                    (participant, ACCOUNT, NONE, *names, roles, NONE),
                )
            )
        self.tell((e.TokenAdmitted, FACTORY, (TOKEN, "IDR", 2)))
        line = (LINE, BUYER, TOKEN, 2024, "1", 10**9, NONE)
        self.tell((e.LineAppropriated, FACTORY, line))
        parties = e.Parties(BUYER, SUPPLIER, BUYER, NONE, (MEMBER,), 1, ())
        value = value or sum(each.amount for each in milestones)
        terms = e.Terms("o", "c", TOKEN, value, 0, 0, 0, LINE, NONE, conditions)
        created = (AGREEMENT, BUYER, SUPPLIER, MEMBER, parties, terms)
        self.tell(
            (e.AgreementCreated, FACTORY, created),
            (e.MilestonesScheduled, AGREEMENT, (0, milestones)),
            (e.AgreementFunded, AGREEMENT, (BUYER, value, value)),
            (e.AgreementActivated, AGREEMENT, ()),
        )

    def _origin(self, index: int, address: str) -> e.Origin:
        digits = f"{self.block:064x}"
        return e.Origin(self.block, f"0x{digits}", self.at, f"0x{digits}", 0, index, address)
