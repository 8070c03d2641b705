"""Events of settlement tokens, of the budget and of the calendar."""

from __future__ import annotations

from backend.chain.events.base import Event

# --- SettlementToken ---


class Issued(Event, frozen=True, gc=False):
    """Tokens were issued against a bank deposit."""

    account: str
    amount: int
    bank_reference: str


class Redeemed(Event, frozen=True, gc=False):
    """Tokens were taken back; their holder was paid by the bank."""

    account: str
    amount: int
    bank_reference: str


class Forwarded(Event, frozen=True, gc=False):
    """What an account that its participant gave up still held went to the one in its place."""

    account: str
    successor: str
    amount: int


# --- Budget ---


class LineAppropriated(Event, frozen=True, gc=False):
    """A line was opened, raised or lowered."""

    line: str
    buyer: str
    token: str
    fiscal_year: int
    code: str
    appropriated: int
    document: str


class LineCommitted(Event, frozen=True, gc=False):
    """An agreement committed money of a line."""

    line: str
    agreement: str
    amount: int
    committed: int


class LineReleased(Event, frozen=True, gc=False):
    """An agreement gave back what it will not spend."""

    line: str
    agreement: str
    amount: int
    committed: int


# --- WorkCalendar ---


class CalendarYearSet(Event, frozen=True, gc=False):
    """The days of a year that are not worked were set.

    `weekend` has bit 0 for Monday to bit 6 for Sunday; `holidays` count from 1 for 1 January.
    """

    year: int
    weekend: int
    holidays: tuple[int, ...]
    document: str
