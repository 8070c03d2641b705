"""The transactions of one contract made into payments, each loaded or reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from backend.core.dates import ImpossibleDateError, iso
from backend.core.money import MAX_MINOR, format_minor
from backend.ocds.fields import JUNK, Json, part
from backend.ocds.organizations import payee_of, payer_of
from backend.ocds.reasons import Outcome, Reason, ReasonCode, SkippedError, sentence, skip
from backend.ocds.source import (
    Organization,
    Origin,
    ReportLine,
    SourceMilestone,
    SourcePayment,
)
from backend.ocds.values import (
    currency_code,
    known_currency,
    minor_units,
    moment,
    published_amount,
)

Resolve = Callable[[Json], Organization | None]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the user gave to fill gaps of the source with; None fills nothing."""

    currency: str | None = None
    default_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The contract that is being read, and where it stands."""

    origin: Origin
    ocid: str | None
    contract_id: str | None

    def skipped(self, reason: Reason, raw: Json, payment_id: str | None = None) -> ReportLine:
        """The line on a contract or payment with the money `raw` that is not loaded."""
        code = currency_code(raw.get("currency"))
        return ReportLine(
            self.origin.file,
            self.origin.line,
            self.ocid,
            self.contract_id,
            payment_id,
            reason=str(reason),
            value=published_amount(raw.get("amount")),
            paid=_zero(code),
            currency=code,
        )

    def changed(
        self, payment: SourcePayment, reasons: Sequence[Reason], currency: str
    ) -> ReportLine:
        """The line on a payment that is loaded, but not as it was published."""
        amount = format_minor(payment.amount, currency)
        return ReportLine(
            self.origin.file,
            self.origin.line,
            self.ocid,
            self.contract_id,
            payment.id,
            Outcome.LOADED,
            sentence(tuple(reasons)),
            value=amount,
            paid=amount,
            currency=currency,
        )


def _zero(code: str | None) -> str | None:
    try:
        return format_minor(0, known_currency(code)) if code else None
    except SkippedError:
        return None


def money_of(transaction: Json) -> Json:
    """Amount and currency: `value`, or `amount` as OCDS 1.0 named it."""
    value = part(transaction, "value")
    return part(transaction, "amount") or value if value.get("amount") is None else value


def labelled(transactions: Sequence[Json]) -> Iterator[tuple[str, bool, Json]]:
    """Each transaction with its id, and whether that was published; else it is `payment-N`."""
    published = {transaction.get("id") for transaction in transactions}
    for number, transaction in enumerate(transactions, 1):
        label = transaction.get("id")
        if label:
            yield label, True, transaction
        else:
            names = (f"payment-{number}{suffix}" for suffix in _suffixes())
            yield next(name for name in names if name not in published), False, transaction


def _suffixes() -> Iterator[str]:
    yield ""
    yield from (f"#{number}" for number in count(2))


@dataclass(frozen=True, slots=True)
class PaymentReader:
    """Reads the payments of one contract in `currency`, whose payee is by default `supplier`."""

    place: Place
    currency: str
    gaps: Gaps
    supplier: Organization
    resolve: Resolve
    milestones: Mapping[str, SourceMilestone]

    def read(
        self, transactions: Sequence[Json]
    ) -> tuple[tuple[SourcePayment, ...], list[ReportLine]]:
        """The payments by date, and a finding for each that is skipped or changed."""
        payments: list[SourcePayment] = []
        findings: list[ReportLine] = []
        labels = list(labelled(transactions))
        unique = _Unique({label for label, _, _ in labels})
        total = 0
        for label, published, transaction in labels:
            reasons = [] if published else [_no_id(label)]
            try:
                payment = unique.admit(self._payment(label, transaction, reasons), reasons)
                total = _add(total, payment.amount, self.currency)
            except SkippedError as error:
                raw = money_of(transaction)
                findings.append(self.place.skipped(error.reason, raw, label))
                continue
            payments.append(payment)
            if reasons:
                findings.append(self.place.changed(payment, reasons, self.currency))
        return tuple(sorted(payments, key=lambda payment: payment.date)), findings

    def _payment(self, label: str, raw: Json, reasons: list[Reason]) -> SourcePayment:
        if JUNK in raw:
            raise skip(ReasonCode.NOT_AN_OBJECT, f"transactions: {raw[JUNK]}")
        money = money_of(raw)
        self._check_currency(currency_code(money.get("currency")), reasons)
        amount = minor_units(money.get("amount"), self.currency)
        date, published_date = self._date(raw.get("date"), reasons)
        milestone_id, title = self._milestone(raw, reasons)
        return SourcePayment(
            id=label,
            date=date,
            published_date=published_date,
            amount=amount,
            payee=self._payee(raw, reasons),
            payer=self.resolve(payer_of(raw)),
            title=title or label,
            milestone_id=milestone_id,
        )

    def _check_currency(self, published: str | None, reasons: list[Reason]) -> None:
        code = published or self.gaps.currency
        if code is None:
            expected = f"expected {self.currency}, the contract's currency"
            raise skip(ReasonCode.PAYMENT_WITHOUT_CURRENCY, f"no currency is published; {expected}")
        if known_currency(code) != self.currency:
            expected = f"expected {self.currency}, the contract's currency"
            raise skip(ReasonCode.OTHER_CURRENCY, f"{code}; {expected}")
        if published is None:
            reasons.append(Reason(ReasonCode.DEFAULT_CURRENCY, f"filled with {code} as asked for"))

    def _date(self, raw: object, reasons: list[Reason]) -> tuple[datetime, str]:
        missing = Reason(ReasonCode.PAYMENT_WITHOUT_DATE, "no date is published")
        try:
            date = moment(raw)
            if date is not None:
                return date, str(raw).strip()
        except ImpossibleDateError as error:
            missing = Reason(ReasonCode.IMPOSSIBLE_DATE, error.detail)
        default = self.gaps.default_date
        if default is None:
            raise SkippedError(missing)
        if missing.code is ReasonCode.IMPOSSIBLE_DATE:
            reasons.append(missing)
        reasons.append(default_date(default))
        return default, ""

    def _payee(self, raw: Json, reasons: list[Reason]) -> Organization:
        payee = self.resolve(payee_of(raw))
        if payee is None:
            detail = f"the supplier {self.supplier.identifier} stands in its place"
            reasons.append(Reason(ReasonCode.PAYEE_NOT_PUBLISHED, detail))
        return payee or self.supplier

    def _milestone(self, raw: Json, reasons: list[Reason]) -> tuple[str | None, str | None]:
        reference = part(raw, "relatedImplementationMilestone")
        milestone_id = reference.get("id")
        milestone = self.milestones.get(milestone_id or "")
        if milestone is not None:
            return milestone.id, milestone.title
        if milestone_id:
            detail = f"{milestone_id} is not among the contract's milestones"
            reasons.append(Reason(ReasonCode.UNKNOWN_MILESTONE, detail))
        return None, reference.get("title")


class _Unique:
    """Tells payments apart that share an id: the same one again, or another one."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._seen: dict[str, set[tuple[object, ...]]] = defaultdict(set)
        self._numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(2))

    def admit(self, payment: SourcePayment, reasons: list[Reason]) -> SourcePayment:
        """`payment` with an id of its own. Raises `SkippedError` when it was there already."""
        content = (payment.date, payment.amount, payment.payee.key)
        seen = self._seen[payment.id]
        if content in seen:
            detail = f"{payment.id} with the same date, amount and payee is there already"
            raise skip(ReasonCode.DUPLICATE_PAYMENT, detail)
        seen.add(content)
        if len(seen) == 1:
            return payment
        names = (f"{payment.id}#{number}" for number in self._numbers[payment.id])
        name = next(name for name in names if name not in self._taken)
        detail = f"{payment.id} is also the id of another payment; loaded as {name}"
        reasons.append(Reason(ReasonCode.DUPLICATE_ID, detail))
        return replace(payment, id=name)


def default_date(date: datetime) -> Reason:
    """That a date was filled in."""
    return Reason(ReasonCode.DEFAULT_DATE, f"filled with {iso(date)} as asked for")


def _no_id(label: str) -> Reason:
    return Reason(ReasonCode.NO_PAYMENT_ID, f"no id is published; loaded as {label}")


def _add(total: int, amount: int, currency: str) -> int:
    if total + amount > MAX_MINOR:
        limit = format_minor(MAX_MINOR, currency)
        raise skip(
            ReasonCode.AMOUNT_TOO_LARGE, f"with the payments before it more than {limit} {currency}"
        )
    return total + amount
