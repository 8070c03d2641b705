"""One contract with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import (
    Agreement,
    AgreementOffice,
    Amendment,
    AmendmentChange,
    AmendmentSignature,
    BudgetLine,
    Claim,
    Conditions,
    Cursor,
    Decision,
    DecisionVote,
    Deduction,
    DefaultNotice,
    DirectPayment,
    Dispute,
    Document,
    FinalAccount,
    Guarantee,
    InterestPayment,
    Milestone,
    Payment,
    SettlementOffer,
    Stop,
    Tax,
    Token,
)
from backend.queries.amendments import AmendmentRow, amendments_of
from backend.queries.budget import BudgetLineRow, line_row
from backend.queries.conflicts import DisputeRow, StopRow, disputes_of, stops_of
from backend.queries.contracts import ContractSummary, named, no_contract, summary
from backend.queries.documents import content_of
from backend.queries.endings import (
    DecisionRow,
    FinalAccountRow,
    GuaranteeRow,
    NoticeRow,
    Termination,
    decisions_of,
    final_account_of,
    guarantees_of,
    notices_of,
    termination_of,
)
from backend.queries.gathering import Found, Gathered, Record
from backend.queries.milestones import MilestoneRow, milestones_of
from backend.queries.payments import (
    ClaimRow,
    InterestPaymentRow,
    PaymentRow,
    claims_of,
    interest_payments_of,
    payments_of,
)
from backend.queries.terms import ConditionsRow, agreed_conditions
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    known_party,
    parties,
    when_known,
)

_MADE = ("made_block", "made_log_index")


class ContractMoney(Row, frozen=True):
    """What the contract holds and for what, and what else became of its money.

    `held` is all that the agreement holds but claims: what is not accepted or advanced yet, what is
    `retained`, and the `damages` withheld for delay. `advance_outstanding` is what of the advance
    is not recovered, `damages_carried` what of the damages could not be withheld yet. These are
    zero once it is closed. `taxes` and `direct` are what of all payments is for collectors and
    subcontractors; `cancelled` is the sum of what was scheduled and given up, `released` what the
    budget line got back. Interest is paid beside the agreement's money.
    """

    held: Money
    advance_paid: Money
    advance_outstanding: Money
    retained: Money
    damages: Money
    damages_carried: Money
    taxes: Money
    direct: Money
    cancelled: Money
    released: Money
    interest_accrued: Money
    interest_paid: Money
    interest_owed: Money


class ContractDetail(Row, frozen=True):
    """A contract; `document` is the hash and `content` the JSON of its title and description.

    `supplier_signed_at` is when the supplier signed the agreement on the chain.
    """

    contract: ContractSummary
    treasury: Party
    arbiter: Party | None
    committee: list[Party]
    quorum: int
    inspectors: list[Party]
    created_by: Party
    budget_line: BudgetLineRow
    conditions: ConditionsRow
    original_ends_at: datetime | None
    supplier_signed_at: datetime | None
    activated_at: datetime | None
    completed_at: datetime | None
    defects_end_at: datetime | None
    termination: Termination | None
    money: ContractMoney
    document: str | None
    content: dict[str, Any]
    milestones: list[MilestoneRow]
    payments: list[PaymentRow]
    claims: list[ClaimRow]
    interest_payments: list[InterestPaymentRow]
    guarantees: list[GuaranteeRow]
    amendments: list[AmendmentRow]
    disputes: list[DisputeRow]
    stops: list[StopRow]
    notices: list[NoticeRow]
    decisions: list[DecisionRow]
    final_account: FinalAccountRow | None

    @property
    def summary(self) -> ContractSummary:
        """The contract as lists have it."""
        return self.contract


_SOURCE = (*_MADE, "made_transaction")
_CHANGE = ("changed_block", "changed_log_index", "changed_transaction")


def _its(model: Any, *, order: Sequence[str] = (), without: Sequence[str] = ()) -> Gathered[Any]:
    """The rows of a model that belong to the agreement, which none of them needs to say."""
    mine = model.agreement == Agreement.address
    return Gathered(model, mine, order=order, without=("agreement", *without))


_PARTS: tuple[Record[Any], ...] = (
    Record(Agreement, without=("search", "title_key")),
    Gathered(Cursor, Cursor.id == 1),
    Gathered(
        Token,
        Token.address == Agreement.token,
        without=("issued", "redeemed", *_SOURCE, *_CHANGE),
    ),
    Gathered(BudgetLine, BudgetLine.id == Agreement.budget_line),
    Gathered(
        Document,
        Document.hash == Agreement.document,
        without=("hash", "kind", "state", "media_type", "size", "anchored_at", *_SOURCE),
    ),
    _its(AgreementOffice, order=("duty", "position"), without=_SOURCE),
    _its(Conditions, without=_SOURCE),
    _its(Tax, order=("position",), without=_SOURCE),
    _its(DirectPayment, order=("position",), without=(*_SOURCE, *_CHANGE)),
    _its(Milestone, order=("number",)),
    _its(Payment, order=("number",), without=("token", "dated_at")),
    _its(Deduction, order=("payment", "position"), without=("token", "milestone", "claimed")),
    _its(Claim, order=("milestone", "payee")),
    _its(InterestPayment, order=_MADE),
    _its(Guarantee, order=("number",)),
    _its(Amendment, order=("number",)),
    _its(AmendmentSignature, order=_MADE),
    _its(AmendmentChange, order=("position",)),
    _its(Dispute, order=_MADE),
    _its(SettlementOffer, order=("position",)),
    _its(Stop, order=("number",)),
    _its(DefaultNotice, order=("number",)),
    _its(Decision, order=_MADE),
    _its(DecisionVote, order=_MADE),
    _its(FinalAccount),
)

CONTRACT = select(*[part.column for part in _PARTS]).select_from(Agreement)
"""One contract with all that belongs to it, in one row for `found_contract`."""


def contract(session: Session, name: str, now: datetime) -> ContractDetail:
    """The contract with this number or address; raises `NotFoundError`."""
    row = session.execute(CONTRACT.where(named(name))).one_or_none()
    if row is None:
        raise no_contract(name)
    found = found_contract(row)
    return detail(found, parties(session, found.people()), now)


def found_contract(row: Sequence[str | bytes | None]) -> Found:
    """The rows that `CONTRACT` brought."""
    return Found(_PARTS, row)


def detail(found: Found, people: dict[str, Party], now: datetime) -> ContractDetail:
    """The contract that rows tell of; `people` are all that they name."""
    row, token = found.one(Agreement), found.one(Token)
    currency = Currency(token.currency, token.decimals)
    offices = found.all(AgreementOffice)
    conditions = agreed_conditions(found, people, currency)
    milestones = found.all(Milestone)
    late = min((m.late_after for m in milestones if m.late_after is not None), default=None)
    return ContractDetail(
        contract=summary(row, late, people, currency.money, now),
        treasury=people[row.treasury],
        arbiter=known_party(people, row.arbiter),
        committee=[people[each.participant] for each in offices if each.duty == "committee"],
        quorum=row.quorum,
        inspectors=[people[each.participant] for each in offices if each.duty == "inspector"],
        created_by=people[row.created_by],
        budget_line=line_row(found.one(BudgetLine), people, currency),
        conditions=conditions,
        original_ends_at=when_known(row.original_ends_at),
        supplier_signed_at=when_known(row.supplier_signed_at),
        activated_at=when_known(row.activated_at),
        completed_at=when_known(row.completed_at),
        defects_end_at=when_known(row.defects_end_at),
        termination=termination_of(row),
        money=_money(row, currency),
        document=row.document,
        content=content_of(found.first(Document)),
        milestones=milestones_of(found, people, currency, now),
        payments=payments_of(found, people, conditions, currency),
        claims=claims_of(found, people, currency),
        interest_payments=interest_payments_of(found, people, currency),
        guarantees=guarantees_of(found, currency, now),
        amendments=amendments_of(found, people, currency, now),
        disputes=disputes_of(found, people, currency),
        stops=stops_of(found, people, now),
        notices=notices_of(found),
        decisions=decisions_of(found, people),
        final_account=final_account_of(found, currency),
    )


def _money(row: Agreement, currency: Currency) -> ContractMoney:
    money = currency.money
    return ContractMoney(
        held=money(row.funded - row.paid - row.owed - row.refunded),
        advance_paid=money(row.advance_paid),
        advance_outstanding=money(row.advance_outstanding),
        retained=money(row.retained),
        damages=money(row.damages),
        damages_carried=money(row.damages_carried),
        taxes=money(row.taxes),
        direct=money(row.direct),
        cancelled=money(row.cancelled),
        released=money(row.released),
        interest_accrued=money(row.interest_accrued),
        interest_paid=money(row.interest_paid),
        interest_owed=money(row.interest_owed),
    )
