"""The lists of contracts, of payments and of budget lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from backend.queries.budget import BudgetFilter, BudgetLineRow, budget_lines, fiscal_years
from backend.queries.contracts import ContractSummary, count_contracts
from backend.queries.dealings import dealers
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.pages_portal import contracts_spread, payments_spread
from backend.queries.participants import find_participant
from backend.queries.payments import PaymentFilter, PaymentRow
from backend.queries.spending import spent_of_lines
from backend.queries.values import Currency, Money, Party, currencies, parties
from backend.web.formats import has_cents, one_currency
from backend.web.parameters import BudgetChoice, Choice, ContractChoice, PaymentChoice

PAGE_LENGTH = 25
BUDGET_LENGTH = 100
MOST_NAMES = 60
"""How many buyers or suppliers a reader can choose from in a list."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The queries that lead to the pages before and after; None where there is none."""

    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ContractList:
    """Contracts that match a choice.

    `buyers` and `suppliers` are all there are to choose from, none where they are too many for a
    list. `least` and `most` bound the value. `currency` is the one currency of all that are shown,
    None if there are several; `cents` says whether any amount has a minor unit. `download` is the
    query by which the API has the whole list.
    """

    choice: ContractChoice
    count: int
    items: list[ContractSummary]
    buyers: list[Party]
    suppliers: list[Party]
    least: Money | None
    most: Money | None
    currencies: list[str]
    currency: str | None
    cents: bool
    buyer: Party | None
    supplier: Party | None
    turn: Turn
    download: str


@dataclass(frozen=True, slots=True)
class PaymentList:
    """Payments that match a choice; `currency`, `cents`, `download` as in `ContractList`."""

    choice: PaymentChoice
    items: list[PaymentRow]
    currencies: list[str]
    currency: str | None
    cents: bool
    payee: Party | None
    buyer: Party | None
    turn: Turn
    download: str


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line with what was paid under the contracts that commit it."""

    row: BudgetLineRow
    contracts: int
    paid: Money


@dataclass(frozen=True, slots=True)
class BudgetList:
    """Budget lines that match a choice; `currency` and `cents` as in `ContractList`. `years` are
    the latest for which there is money."""

    choice: BudgetChoice
    items: list[Line]
    years: list[int]
    currency: str | None
    cents: bool
    buyer: Party | None
    turn: Turn


def contract_list(
    session: Session, choice: ContractChoice, now: datetime, limit: int = PAGE_LENGTH
) -> ContractList:
    """Fill the list of contracts; raises `NotFoundError` and `InvalidCursorError`."""
    buyer, supplier = _party(session, choice.buyer), _party(session, choice.supplier)
    codes = currencies(session)
    choice = _with_currency(choice, codes)
    wanted = _wanted(choice, buyer, supplier, codes)
    spread = contracts_spread(
        session,
        wanted,
        now,
        sort=choice.sort,
        order=choice.direction,
        limit=limit,
        after=choice.after,
        before=choice.before,
    )
    least, most = (_amount(a, choice.currency, codes) for a in (choice.least, choice.most))
    return ContractList(
        choice=choice,
        count=count_contracts(session, wanted, now),
        items=spread.items,
        buyers=dealers(session, "buyer", MOST_NAMES),
        suppliers=dealers(session, "supplier", MOST_NAMES),
        least=least,
        most=most,
        currencies=sorted(currency.code for currency in codes.values()),
        currency=one_currency(item.value for item in spread.items),
        cents=has_cents(a for item in spread.items for a in (item.value, item.paid)),
        buyer=buyer,
        supplier=supplier,
        turn=_turn(choice, spread.previous, spread.next),
        download=_download(choice, least, most),
    )


def payment_list(session: Session, choice: PaymentChoice, limit: int = PAGE_LENGTH) -> PaymentList:
    """Fill the list of payments; raises `NotFoundError` and `InvalidCursorError`."""
    payee, buyer = _party(session, choice.payee), _party(session, choice.buyer)
    wanted = PaymentFilter(
        payee=payee.id if payee else None,
        buyer=buyer.id if buyer else None,
        currency=choice.currency,
    )
    place = {"limit": limit, "after": choice.after, "before": choice.before}
    spread = payments_spread(session, wanted, sort=choice.sort, order="desc", **place)  # type: ignore[arg-type]
    amounts = [item.net for item in spread.items]
    return PaymentList(
        choice=choice,
        items=spread.items,
        currencies=_codes(session),
        currency=one_currency(amounts),
        cents=has_cents(amounts),
        payee=payee,
        buyer=buyer,
        turn=_turn(choice, spread.previous, spread.next),
        download=urlencode(choice.query()),
    )


def budget_list(session: Session, choice: BudgetChoice) -> BudgetList:
    """Fill the list of budget lines; raises `NotFoundError` and `InvalidCursorError`."""
    buyer = _party(session, choice.buyer)
    who = buyer.id if buyer else None
    wanted = BudgetFilter(buyer=who, year=choice.year, currency=choice.currency)
    found = budget_lines(
        session, wanted, sort="year", order="desc", limit=BUDGET_LENGTH, after=choice.after
    )
    spent = spent_of_lines(session, [row.id for row in found.items])
    lines = [_line(row, *spent.get(row.id, (0, 0))) for row in found.items]
    amounts = [a for line in lines for a in (line.row.appropriated, line.row.committed, line.paid)]
    return BudgetList(
        choice=choice,
        items=lines,
        years=fiscal_years(session),
        currency=one_currency(amounts),
        cents=has_cents(amounts),
        buyer=buyer,
        turn=_turn(choice, None, found.next),
    )


def _line(row: BudgetLineRow, contracts: int, paid: int) -> Line:
    return Line(row, contracts, row.committed.of(paid))


def _with_currency(choice: ContractChoice, codes: dict[str, Currency]) -> ContractChoice:
    """Values can be compared within one currency only: the first, where none is chosen."""
    if choice.currency or (choice.least is None and choice.most is None) or not codes:
        return choice
    return choice.model_copy(update={"currency": next(iter(codes.values())).code})


def _wanted(
    choice: ContractChoice,
    buyer: Party | None,
    supplier: Party | None,
    codes: dict[str, Currency],
) -> ContractFilter:
    least, most = (_amount(a, choice.currency, codes) for a in (choice.least, choice.most))
    return ContractFilter(
        buyer=buyer.id if buyer else None,
        supplier=supplier.id if supplier else None,
        status=() if choice.status is None else (choice.status,),
        late=None if choice.late is None else choice.late != "no",
        late_over=int(choice.late) if choice.late in ("30", "90") else 0,
        year=choice.year,
        least=least.minor if least else None,
        most=most.minor if most else None,
        currency=choice.currency,
        text=choice.q,
    )


def _amount(given: Decimal | None, code: str | None, codes: dict[str, Currency]) -> Money | None:
    """An amount in major units, without what is smaller than the minor unit."""
    currency = next((c for c in codes.values() if c.code == code), None)
    if given is None or currency is None:
        return None
    return currency.money(int(given.scaleb(currency.decimals)))


def _party(session: Session, name: str | None) -> Party | None:
    if name is None:
        return None
    found = parties(session, [find_participant(session, name)])
    if not found:
        raise NotFoundError(f"There is no participant {name!r:.80}.")
    return next(iter(found.values()))


def _codes(session: Session) -> list[str]:
    return sorted(currency.code for currency in currencies(session).values())


def _turn(choice: Choice, previous: str | None, following: str | None) -> Turn:
    def query(name: str, cursor: str | None) -> str | None:
        return None if cursor is None else urlencode(choice.query() | {name: cursor})

    return Turn(query("before", previous), query("after", following))


def _download(choice: ContractChoice, least: Money | None, most: Money | None) -> str:
    """What is chosen, as the API is asked for it: it has lateness and bounds under other names."""
    query = choice.query()
    if choice.direction == "asc":
        query["order"] = "asc"
    late = query.pop("late", None)
    if late in ("yes", "no"):
        query["late"] = "true" if late == "yes" else "false"
    elif late:
        query["lateOver"] = late
    for name, bound, api_name in (("least", least, "valueFrom"), ("most", most, "valueTo")):
        if query.pop(name, None) and bound:
            query[api_name] = f"{bound.decimal:f}"
    return urlencode(query)
