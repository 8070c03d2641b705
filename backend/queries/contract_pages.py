"""Contracts as lists have them, by the page or alone: by ordinary sessions, and as one statement
that says its state besides."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import cloned_traverse

from backend.db.models import Agreement, Cursor, Token
from backend.queries.contracts import SORTS, ContractSummary, named, no_contract, summary
from backend.queries.filters import ContractFilter, alternatives, first_late, values
from backend.queries.gathering import Found, Gathered, Record, json_rows
from backend.queries.pages import Order, Page, cut, paged, place
from backend.queries.values import Currency, Party, currencies, parties
from backend.queries.words import has_indexes, plan_anew

CURSOR = Record(Cursor)
_LISTED = Record(
    Agreement,
    without=(
        "activated_at",
        "advance_outstanding",
        "advance_paid",
        "arbiter",
        "budget_line",
        "cancelled",
        "completed_at",
        "created_by",
        "damages",
        "damages_carried",
        "defects_end_at",
        "direct",
        "document",
        "guarantees",
        "interest_accrued",
        "interest_owed",
        "interest_paid",
        "notices",
        "original_ends_at",
        "proposals",
        "quorum",
        "released",
        "retained",
        "search",
        "stops",
        "supplier_signed_at",
        "taxes",
        "terminated_at",
        "termination_document",
        "termination_ground",
        "termination_reason",
        "treasury",
    ),
    besides={"first_late": first_late},
)
_WITHOUT = ("issued", "redeemed")
_TOKENS = Gathered(Token, without=_WITHOUT)
_PARTS: tuple[Record[Any], ...] = (
    _LISTED,
    Gathered(Cursor, Cursor.id == 1),
    Gathered(Token, Token.address == Agreement.token, without=_WITHOUT),
)

SUMMARY = select(*[part.column for part in _PARTS]).select_from(Agreement)
"""One contract as lists have it, in one row for `found_summary`."""


def contracts(
    session: Session,
    wanted: ContractFilter,
    now: datetime,
    *,
    sort: str = "date",
    order: Order = "desc",
    limit: int = 50,
    after: str | None = None,
) -> Page[ContractSummary]:
    """One page of the contracts that match; `sort` is a key of `SORTS`.

    Raises `InvalidCursorError`.
    """
    asked = PageQuestion(wanted, now, sort, order, limit, after, has_indexes(session))
    if wanted.text:
        plan_anew(session, wanted.text)
    rows = session.scalar(asked.rows())
    found = asked.found(currencies(session), _LISTED.read_all(rows))
    return found.page(parties(session, found.people()))


def contract_summary(session: Session, name: str, now: datetime) -> ContractSummary:
    """The contract with this number or address; raises `NotFoundError`."""
    row = session.execute(SUMMARY.where(named(name))).one_or_none()
    if row is None:
        raise no_contract(name)
    found = found_summary(row)
    return summarized(found, parties(session, found.people()), now)


def found_summary(row: Sequence[str | bytes | None]) -> Found:
    """The rows that `SUMMARY` brought."""
    return Found(_PARTS, row)


def summarized(found: Found, people: dict[str, Party], now: datetime) -> ContractSummary:
    """The contract that rows tell of; `people` are all that they name."""
    row: Any = found.one(Agreement)
    token = found.one(Token)
    money = Currency(token.currency, token.decimals).money
    return summary(row, row.first_late, people, money, now)


@dataclass(frozen=True)
class PageQuestion:
    """One page of contracts, as `contracts` is asked for it; `indexed` as for `alternatives`."""

    wanted: ContractFilter
    now: datetime
    sort: str
    order: Order
    limit: int
    after: str | None
    indexed: bool = True

    @property
    def form(self) -> Hashable:
        """Questions of the same form have the same `statement`, but for the values."""
        return frozenset(self.values), self.wanted.late, self.sort, self.order

    @property
    def is_plain(self) -> bool:
        """Whether the best plan depends on what is written in the statement alone."""
        return all(_is_written(name) or name in _PLACE for name in self.values)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the parameters of `statement` stand for, those that are written in it included.

        Raises `InvalidCursorError`.
        """
        position = place(SORTS[self.sort], self.order, self.limit, self.after)
        return values(self.wanted, self.now) | position

    def statement(self) -> Select[str, str, str]:
        """Cursor, currencies and page of one state of the index, each as JSON.

        Status, year and limit are written in it when it is sent: how many contracts have them is
        what a plan depends on.
        """
        rows = self.rows().scalar_subquery()
        whole = select(CURSOR.column, _TOKENS.column, rows).where(Cursor.id == 1)
        return cloned_traverse(whole, {}, {"bindparam": _write})

    def rows(self) -> Select[str]:
        """The page's rows and one more, as JSON."""
        chosen = select(*_LISTED.columns).where(*self._conditions())
        return select(json_rows(*self._paged(chosen).subquery().c))

    def _conditions(self) -> list[ColumnElement[bool]]:
        """What the contracts have in common that may be on the page."""
        ways = alternatives(self.wanted, self.now, indexed=self.indexed)
        if len(ways) == 1:
            return ways[0]
        found = [self._paged(select(Agreement.number).where(*way)).subquery() for way in ways]
        return [Agreement.number.in_(union_all(*(select(each.c.number) for each in found)))]

    def _paged(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return paged(statement, SORTS[self.sort], self.order, self.limit, self.after)

    def answered(self, tokens: str, rows: str | None) -> FoundPage:
        """What a database answered to `statement`."""
        codes = {t.address: Currency(t.currency, t.decimals) for t in _TOKENS.rows(tokens)}
        return self.found(codes, _LISTED.read_all(rows))

    def found(self, codes: dict[str, Currency], rows: Sequence[Agreement]) -> FoundPage:
        """The page that rows are, of which there is one more where it is not the last."""
        page, following = cut(rows, SORTS[self.sort], self.order, self.limit)
        return FoundPage(page, following, codes, self.now)


_PLACE = frozenset({"key", "number"})
"""Parameters of where a page begins, which is found in the order itself."""


def _is_written(name: str) -> bool:
    return name in {"start", "end", "limit"} or name.startswith("status_")


def _write(parameter: BindParameter[Any]) -> None:
    parameter.literal_execute = _is_written(parameter.key)


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of contracts before their parties are known; each row has its `first_late`."""

    rows: Sequence[Any]
    next: str | None
    currencies: dict[str, Currency]
    now: datetime

    def people(self) -> set[str]:
        """The ids of all buyers and suppliers."""
        return _LISTED.people(self.rows)

    def page(self, people: dict[str, Party]) -> Page[ContractSummary]:
        """The page; `people` are all that it names."""
        codes, now = self.currencies, self.now
        items = [
            summary(row, row.first_late, people, codes[row.token].money, now) for row in self.rows
        ]
        return Page(items, self.next)
