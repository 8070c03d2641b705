"""Events of settlement tokens, of the budget and of the calendar."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event

# --- SettlementToken ---


@dataclass(frozen=True, slots=True)
class Issued(Event):
    """Tokens were issued against a bank deposit."""

    account: str
    amount: int
    bank_reference: str


@dataclass(frozen=True, slots=True)
class Redeemed(Event):
    """Tokens were taken back; their holder was paid by the bank."""

    account: str
    amount: int
    bank_reference: str


@dataclass(frozen=True, slots=True)
class Forwarded(Event):
    """What an account that its participant gave up still held went to the one in its place."""

    account: str
    successor: str
    amount: int


# --- Budget ---


@dataclass(frozen=True, slots=True)
class LineAppropriated(Event):
    """A line was opened, raised or lowered."""

    line: str
    buyer: str
    token: str
    fiscal_year: int
    code: str
    appropriated: int
    document: str


@dataclass(frozen=True, slots=True)
class LineCommitted(Event):
    """An agreement committed money of a line."""

    line: str
    agreement: str
    amount: int
    committed: int


@dataclass(frozen=True, slots=True)
class LineReleased(Event):
    """An agreement gave back what it will not spend."""

    line: str
    agreement: str
    amount: int
    committed: int


# --- WorkCalendar ---


@dataclass(frozen=True, slots=True)
class CalendarYearSet(Event):
    """The days of a year that are not worked were set.

    `weekend` has bit 0 for Monday to bit 6 for Sunday; `holidays` count from 1 for 1 January.
    """

    year: int
    weekend: int
    holidays: tuple[int, ...]
    document: str
