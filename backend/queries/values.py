"""What answers are made of. Moments are in UTC, money is exact."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.kept import kept
from backend.db.base import LAST_MOMENT
from backend.db.models import Participant, Token

NO_REASON = "0x" + "0" * 64
SECONDS_PER_DAY = 86_400


_NEVER = 2**63 - 1
_MOMENTS = 65_536
_CURRENCIES = 200
_AMOUNTS = 16_384


class Row(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """What answers are made of: its fields, in their order, are those of the API's JSON.

    Rows of thirty fields are made by position: by name each value looks for its field.
    """


class Money(Row, frozen=True):
    """An amount of a currency in major units as plain text, with all digits of the minor unit,
    e.g. "1234.50"."""

    amount: str
    currency: str

    @property
    def minor(self) -> int:
        """The amount in minor units."""
        return int(self.amount.replace(".", ""))

    @property
    def decimals(self) -> int:
        """How many digits the minor unit has."""
        return len(self.amount.partition(".")[2])

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.amount)

    def of(self, minor: int) -> Money:
        """Another amount of the same currency."""
        return Currency(self.currency, self.decimals).money(minor)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency; `decimals` are the digits of its minor unit, as its token says.

    `money` makes amounts of it of minor units.
    """

    code: str
    decimals: int
    money: Callable[[int], Money] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "money", _amounts(self.code, self.decimals))

    def money_known(self, minor: int | None) -> Money | None:
        """An amount of a column that may hold none."""
        return None if minor is None else self.money(minor)


@lru_cache(maxsize=_CURRENCIES)
def _amounts(code: str, decimals: int) -> Callable[[int], Money]:
    """What makes amounts of a currency: most of an answer are the same few, as zero is."""

    def amount(minor: int) -> Money:
        if not decimals:
            return Money(str(minor), code)
        digits = f"{minor:0{decimals + 1 + (minor < 0)}d}"
        return Money(f"{digits[:-decimals]}.{digits[-decimals:]}", code)

    return kept(amount, _AMOUNTS)


@lru_cache(maxsize=4096)
def share(rate: int, digits: int) -> Decimal:
    """A rate of units of 10**-digits as a share of one: 500 basis points are 0.0500."""
    return Decimal(rate).scaleb(-digits)


BASIS_POINTS = 4
MILLIONTHS = 6


class Source(Row, frozen=True):
    """The event on the chain that a fact comes from."""

    block: int
    transaction: str
    log_index: int


class Party(Row, frozen=True):
    """A participant as others refer to it; `name` is None while its document is missing."""

    id: str
    number: int
    scheme: str
    identifier: str
    name: str | None

    @property
    def label(self) -> str:
        """Its name or, where that is missing, its public identifier."""
        return self.name or f"{self.scheme} {self.identifier}"


class _Made(Protocol):
    made_block: int
    made_transaction: str
    made_log_index: int


class _Changed(Protocol):
    changed_block: int
    changed_transaction: str
    changed_log_index: int


def made_by(row: _Made) -> Source:
    """The event that made a row."""
    return Source(row.made_block, row.made_transaction, row.made_log_index)


def changed_by(row: _Changed) -> Source:
    """The event that changed a row last."""
    return Source(row.changed_block, row.changed_transaction, row.changed_log_index)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, LAST_MOMENT), UTC)


def _moment_known(seconds: int | None) -> datetime | None:
    return None if seconds is None else when(seconds)


when = kept(_moment, _MOMENTS)
"""A moment of a column or an event, `LAST_MOMENT` at the latest."""

when_known = kept(_moment_known, _MOMENTS)
"""A moment of a column that may hold none."""


def seconds(moment: datetime) -> int:
    """A moment as columns hold it."""
    return int(moment.timestamp())


def year_span(year: int) -> tuple[int, int]:
    """The first second of a year in UTC, and that of the year after.

    All that lies after the last year of which there are dates is shown as of it, and belongs to it.
    """
    start = seconds(datetime(year, 1, 1, tzinfo=UTC))
    end = start + SECONDS_PER_DAY * (366 if isleap(year) else 365)
    return start, _NEVER if year == MAXYEAR else end


def reason(code: str | None) -> str | None:
    """A coded reason as text, e.g. "additional-work"; as hexadecimal where it is not ASCII text."""
    if code is None or code == NO_REASON:
        return None
    text = bytes.fromhex(code[2:]).rstrip(b"\0")
    return text.decode() if text.isascii() and text.decode().isprintable() else code


def known_party(people: dict[str, Party], participant: str | None) -> Party | None:
    """A participant that a column may name."""
    return people.get(participant or "")


def currencies(session: Session) -> dict[str, Currency]:
    """All currencies, by the address of the token, in the order in which they were admitted."""
    columns = (Token.address, Token.currency, Token.decimals)
    rows = session.execute(select(*columns).order_by(Token.number))
    return {address: Currency(code, decimals) for address, code, decimals in rows}


def parties(session: Session, ids: Iterable[str]) -> dict[str, Party]:
    """Participants by id; ids that are not registered are left out."""
    columns = (
        Participant.id,
        Participant.number,
        Participant.scheme,
        Participant.identifier,
        Participant.name,
    )
    wanted = sorted(set(ids))
    found: dict[str, Party] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        rows = session.execute(select(*columns).where(Participant.id.in_(chunk)))
        found |= {row[0]: Party(*row) for row in rows}
    return found
