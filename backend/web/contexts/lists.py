"""The lists of contracts, of payments and of budget lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from backend.queries.budget import BudgetFilter, BudgetLineRow, budget_lines
from backend.queries.contracts import ContractSummary, count_contracts
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.pages import Order
from backend.queries.pages_portal import contracts_spread, payments_spread
from backend.queries.participants import find_participant
from backend.queries.payments import PaymentFilter, PaymentRow
from backend.queries.values import Party, currencies, parties
from backend.web.formats import has_cents, one_currency
from backend.web.parameters import BudgetChoice, Choice, ContractChoice, PaymentChoice

PAGE_LENGTH = 25
BUDGET_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """The queries that lead to the pages before and after; None where there is none."""

    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ContractList:
    """Contracts that match a choice. `currency` is the one currency of all that are shown, None if
    there are several; `cents` says whether any amount has a minor unit. `download` is the query by
    which the API has the whole list."""

    choice: ContractChoice
    count: int
    items: list[ContractSummary]
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
class BudgetList:
    """Budget lines that match a choice; `currency` and `cents` as in `ContractList`."""

    choice: BudgetChoice
    items: list[BudgetLineRow]
    currency: str | None
    cents: bool
    buyer: Party | None
    turn: Turn


def contract_list(
    session: Session, choice: ContractChoice, now: datetime, limit: int = PAGE_LENGTH
) -> ContractList:
    """Fill the list of contracts; raises `NotFoundError` and `InvalidCursorError`."""
    buyer, supplier = _party(session, choice.buyer), _party(session, choice.supplier)
    late = choice.status == "late"
    wanted = ContractFilter(
        buyer=buyer.id if buyer else None,
        supplier=supplier.id if supplier else None,
        status=() if late or choice.status is None else (choice.status,),
        late=True if late else None,
        currency=choice.currency,
        text=choice.q,
    )
    order: Order = "asc" if choice.sort == "title" else "desc"
    place = {"limit": limit, "after": choice.after, "before": choice.before}
    spread = contracts_spread(session, wanted, now, sort=choice.sort, order=order, **place)  # type: ignore[arg-type]
    return ContractList(
        choice=choice,
        count=count_contracts(session, wanted, now),
        items=spread.items,
        currencies=_codes(session),
        currency=one_currency(item.value for item in spread.items),
        cents=has_cents(a for item in spread.items for a in (item.value, item.paid)),
        buyer=buyer,
        supplier=supplier,
        turn=_turn(choice, spread.previous, spread.next),
        download=_download(choice, order),
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
        download=_download(choice, "desc"),
    )


def budget_list(session: Session, choice: BudgetChoice) -> BudgetList:
    """Fill the list of budget lines; raises `NotFoundError` and `InvalidCursorError`."""
    buyer = _party(session, choice.buyer)
    wanted = BudgetFilter(buyer=buyer.id if buyer else None, currency=choice.currency)
    found = budget_lines(
        session, wanted, sort="year", order="desc", limit=BUDGET_LENGTH, after=choice.after
    )
    amounts = [a for line in found.items for a in (line.appropriated, line.committed)]
    return BudgetList(
        choice=choice,
        items=found.items,
        currency=one_currency(amounts),
        cents=has_cents(amounts),
        buyer=buyer,
        turn=_turn(choice, None, found.next),
    )


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


def _download(choice: Choice, order: Order) -> str:
    """What is chosen, as the API is asked for it."""
    query = choice.query()
    if query.get("status") == "late":
        query = {"late" if name == "status" else name: v for name, v in query.items()}
        query["late"] = "true"
    return urlencode(query | ({"order": order} if order != "desc" else {}))
