"""Which contracts a question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from backend.db.models import Agreement, Milestone, Token
from backend.db.text import fold, like_pattern
from backend.queries.values import SECONDS_PER_DAY, seconds, year_span
from backend.queries.words import Word, among_few, contains, none_is_rare, word

first_late = (
    select(func.min(Milestone.late_after))
    .where(Milestone.agreement == Agreement.address, Milestone.late_after.is_not(None))
    .correlate(Agreement)
    .scalar_subquery()
)
"""After which moment the first milestone that is to be submitted is late, as `running` counts."""


_TYPES: dict[str, TypeEngine[Any]] = {
    "least": Agreement.value.type,
    "most": Agreement.value.type,
    "over": BigInteger(),
}
"""Of parameters whose values alone do not tell."""

_WORD, _SHORT = "word", "short"
_LOOKED_UP = 3
"""Of how many words, the longest, it is found out how rare they are."""


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts; None and empty do not restrict.

    `buyer` and `supplier` are participant ids, `budget_line` is an id, `year` is that of the
    signature (or creation), in UTC. `late_over` narrows `late` to what is late by more than so many
    days. `least` and `most` bound the value, in minor units of `currency`. `text` is looked for
    word by word in title, ocid, contract id and the names of buyer and supplier.
    """

    buyer: str | None = None
    supplier: str | None = None
    status: tuple[str, ...] = ()
    currency: str | None = None
    year: int | None = None
    text: str = ""
    late: bool | None = None
    late_over: int = 0
    least: int | None = None
    most: int | None = None
    budget_line: str | None = None
    ocid: str | None = None
    contract_id: str | None = None


def running(now: datetime) -> ColumnElement[int]:
    """The moment less all the time for which the agreement's latest stop has lasted by then."""
    at, start, end = _at(now), Agreement.stopped_from, Agreement.stopped_until
    return case((at <= start, at), (at < end, start), else_=at - end + start)


def stopped(row: Agreement, now: datetime) -> int:
    """For how many seconds the agreement's latest stop has lasted by a moment."""
    return max(0, min(seconds(now), row.stopped_until) - row.stopped_from)


def is_overdue(now: datetime, over: BindParameter[int] | None = None) -> ColumnElement[bool]:
    """Whether a milestone, joined with its agreement, is to be submitted and late.

    `over` are seconds that must have passed since.
    """
    since: ColumnElement[Any] = Milestone.late_after.expression
    if over is not None:
        since = since + over
    # The first says nothing new, but an index answers it.
    return (Milestone.late_after < _at(now)) & (since < running(now))


def is_late(now: datetime, over: BindParameter[int] | None = None) -> ColumnElement[bool]:
    """Whether an agreement has a milestone that is overdue."""
    return exists().where(Milestone.agreement == Agreement.address, is_overdue(now, over))


def values(wanted: ContractFilter, now: datetime) -> dict[str, Any]:
    """What the parameters of `conditions` stand for, by their names; the longest words first."""
    exact = {
        "buyer": wanted.buyer,
        "supplier": wanted.supplier,
        "ocid": wanted.ocid,
        "contract_id": wanted.contract_id,
        "budget_line": wanted.budget_line,
        "least": wanted.least,
        "most": wanted.most,
        "over": wanted.late_over * SECONDS_PER_DAY if wanted.late_over else None,
        "currency": wanted.currency,
        "at": None if wanted.late is None else seconds(now),
    }
    found: dict[str, Any] = {name: value for name, value in exact.items() if value is not None}
    found |= {f"status_{i}": status for i, status in enumerate(wanted.status)}
    if wanted.year is not None:
        found["start"], found["end"] = year_span(wanted.year)
    words = sorted(dict.fromkeys(wanted.text.split()), key=len, reverse=True)
    return found | {f"{_kind(word)}_{i}": like_pattern(word) for i, word in enumerate(words)}


def conditions(wanted: ContractFilter, now: datetime) -> list[ColumnElement[bool]]:
    """What the agreements that match have in common.

    Where the names of `values` and `late` are the same, so are the conditions but for the values.
    """
    given = _parameters(wanted, now)
    return _conditions(wanted, now, given, _words(given))


def alternatives(
    wanted: ContractFilter, now: datetime, *, indexed: bool
) -> list[list[ColumnElement[bool]]]:
    """The same as the ways to find them: an agreement that matches meets all conditions of one way,
    and of one only. `indexed` says whether there are indexes of text."""
    given = _parameters(wanted, now)
    words = _words(given)
    found = _conditions(wanted, now, given, words)
    if not words or not indexed:
        return [found]
    longest = words[:_LOOKED_UP]
    return [[among_few(longest), *found], [none_is_rare(longest), *found]]


def _parameters(wanted: ContractFilter, now: datetime) -> dict[str, BindParameter[Any]]:
    return {
        name: bindparam(name, value, _TYPES.get(name))
        for name, value in values(wanted, now).items()
    }


def _words(given: dict[str, BindParameter[Any]]) -> list[Word]:
    return [word(value.key, value) for value in _numbered(f"{_WORD}_", given)]


def _kind(word: str) -> str:
    """Indexes of text tell words apart by any three letters or digits that follow each other."""
    return _WORD if re.search(r"[^\W_]{3}", fold(word)) else _SHORT


def _conditions(
    wanted: ContractFilter,
    now: datetime,
    given: dict[str, BindParameter[Any]],
    words: list[Word],
) -> list[ColumnElement[bool]]:
    columns = ("buyer", "supplier", "ocid", "contract_id", "budget_line")
    found = [getattr(Agreement, name) == given[name] for name in columns if name in given]
    if statuses := _numbered("status_", given):
        found.append(Agreement.status.in_(statuses))
    if "currency" in given:
        tokens = select(Token.address).where(Token.currency == given["currency"])
        found.append(Agreement.token.in_(tokens))
    if "start" in given:
        found += [Agreement.dated_at >= given["start"], Agreement.dated_at < given["end"]]
    if "least" in given:
        found.append(Agreement.value >= given["least"])
    if "most" in given:
        found.append(Agreement.value <= given["most"])
    if wanted.late is not None:
        late = is_late(now, given.get("over"))
        found.append(late if wanted.late else ~late)
    found += [each.is_contained for each in words]
    return found + [contains(short) for short in _numbered(f"{_SHORT}_", given)]


def _at(now: datetime) -> BindParameter[int]:
    return bindparam("at", seconds(now), BigInteger())


def _numbered(start: str, given: dict[str, BindParameter[Any]]) -> list[BindParameter[Any]]:
    return [value for name, value in given.items() if name.startswith(start)]
