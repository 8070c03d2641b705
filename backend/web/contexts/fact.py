"""The page of one fact: the event on the chain that a figure comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.queries.index import IndexState
from backend.queries.pages_portal import Fact, Paper, fact_currency, find_fact, papers
from backend.queries.payments import PaymentFilter, PaymentRow, payments
from backend.queries.reorganizations import ReorganizationRow, latest_reorganization
from backend.queries.values import Currency, Money, Party, parties, reason, when

_MONEY = {
    "accepted",
    "advance",
    "advanceUnrecovered",
    "amount",
    "appropriated",
    "cancelled",
    "carried",
    "committed",
    "damages",
    "damagesUnrecovered",
    "decrease",
    "direct",
    "funded",
    "gross",
    "increase",
    "interestOwed",
    "net",
    "owed",
    "previousValue",
    "refunded",
    "released",
    "rest",
    "retention",
    "retentionKept",
    "retentionReleased",
    "taxes",
    "value",
}
_MOMENTS = {"until", "curableUntil", "validUntil"}
NO_MILESTONE = 2**256 - 1
"""The milestone of what belongs to none."""
_LATEST_MOMENT = 253_402_300_799
"""The last second that a date can name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of an event: `name` as in the contract's interface, `raw` as on the chain, and what
    it means where that can be said."""

    name: str
    raw: str
    party: Party | None = None
    money: Money | None = None
    moment: datetime | None = None
    paper: Paper | None = None
    reason: str | None = None
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class FactPage:
    """`amount` is what the event is about if it is about one amount."""

    fact: Fact
    lines: list[Line]
    amount: Money | None


@dataclass(frozen=True, slots=True)
class HowToCheckPage:
    """`example` is the latest payment, to be checked step by step, `reorganization` the last one of
    the chain; each None while there is none."""

    state: IndexState
    example: PaymentRow | None
    reorganization: ReorganizationRow | None


def fact_page(session: Session, block: int, log_index: int) -> FactPage:
    """Fill the page of a fact; raises `NotFoundError`."""
    fact = find_fact(session, block, log_index)
    values = list(_flat(fact.entry.arguments))
    raw = [text for _, text in values]
    reader = _Reader(parties(session, raw), papers(session, raw), fact_currency(session, fact))
    lines = [reader.line(name, text) for name, text in values]
    about = ("amount", "payment.net")
    amount = next((line.money for line in lines if line.name in about), None)
    return FactPage(fact, lines, amount)


def how_to_check_page(session: Session, state: IndexState) -> HowToCheckPage:
    """Fill the page on how to check the portal."""
    latest = payments(session, PaymentFilter(), limit=1).items
    example = latest[0] if latest else None
    return HowToCheckPage(state, example, latest_reorganization(session))


@dataclass(frozen=True, slots=True)
class _Reader:
    people: dict[str, Party]
    found: dict[str, Paper]
    currency: Currency | None

    def line(self, name: str, raw: str) -> Line:
        """Say what a value means."""
        plain = re.sub(r"\[\d+\]$", "", name.rpartition(".")[2])
        if raw in self.people:
            return Line(name, raw, party=self.people[raw])
        if raw in self.found:
            return Line(name, raw, paper=self.found[raw])
        if plain in ("reason", "legalGround"):
            return Line(name, raw, reason=reason(raw))
        if plain == "milestone":
            stage = int(raw) + 1 if int(raw) != NO_MILESTONE else None
            return Line(name, raw, stage=stage)
        return self._figure(name, plain, raw)

    def _figure(self, name: str, plain: str, raw: str) -> Line:
        if plain in _MONEY and self.currency:
            return Line(name, raw, money=self.currency.money(int(raw)))
        if (plain.endswith("At") or plain in _MOMENTS) and 0 < int(raw) <= _LATEST_MOMENT:
            return Line(name, raw, moment=when(int(raw)))
        return Line(name, raw)


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All values of an event with their names, e.g. `terms.value` and `committee[0]`."""
    children: Iterable[tuple[str, Any]]
    if isinstance(value, dict):
        children = ((f"{name}.{key}" if name else key, item) for key, item in value.items())
    elif isinstance(value, list):
        children = ((f"{name}[{place}]", item) for place, item in enumerate(value))
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
        return
    for child, item in children:
        yield from _flat(item, child)
