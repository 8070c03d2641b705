"""What a published source says, validated: contracts to load, and a line on everything else.

Money is in minor units of the contract's currency, every moment in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backend.ocds.reasons import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: the file as named by the user, and the line counted from 1.

    A document that spans several lines stands at its first.
    """

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Organization:
    """A buyer, supplier, payer or payee. Two are the same when scheme and identifier are."""

    scheme: str
    identifier: str
    name: str = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Scheme and identifier, which make the identity."""
        return self.scheme, self.identifier


@dataclass(frozen=True, slots=True)
class SourceMilestone:
    """A milestone as published; `status` is the source's own word."""

    id: str
    title: str
    due: datetime | None
    status: str | None


@dataclass(frozen=True, slots=True)
class SourcePayment:
    """One payment. `published_date` is the text of the source, empty when the date was filled in.

    `id` is unique in its contract; `milestone_id` is the id of one of the contract's milestones.
    """

    id: str
    date: datetime
    published_date: str
    amount: int
    payee: Organization
    payer: Organization | None
    title: str
    milestone_id: str | None


@dataclass(frozen=True, slots=True)
class SourceContract:
    """One contract to load, with its payments by date and, on the same date, as published.

    `tender` holds `TENDER_FIELDS` as published, as far as they are texts.
    """

    origin: Origin
    ocid: str
    contract_id: str
    title: str
    description: str
    currency: str
    exponent: int
    value: int
    date_signed: datetime | None
    start: datetime | None
    end: datetime | None
    status: str | None
    buyer: Organization
    supplier: Organization
    other_suppliers: tuple[Organization, ...]
    tender: dict[str, str]
    payments: tuple[SourcePayment, ...]
    milestones: tuple[SourceMilestone, ...]
    outcome: Outcome
    reasons: tuple[Reason, ...]

    @property
    def paid(self) -> int:
        """The sum of the payments."""
        return sum(payment.amount for payment in self.payments)

    @property
    def date(self) -> datetime:
        """The date of the contract: signed, else its start, else its first payment."""
        return self.date_signed or self.start or self.payments[0].date

    @property
    def first_date(self) -> datetime:
        """The earliest of the date signed, the start and the first payment."""
        dates = [self.date_signed, self.start, *(payment.date for payment in self.payments[:1])]
        return min(date for date in dates if date is not None)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one contract, one payment, or one line that could not be read.

    `payment_id` is None for a contract, `ocid` and `contract_id` too where there is none. `value`
    is the amount as published and `paid` what of it is paid, both in major units, or None where
    they are not known.
    """

    file: str
    line: int
    ocid: str | None = None
    contract_id: str | None = None
    payment_id: str | None = None
    outcome: Outcome = Outcome.SKIPPED
    reason: str = ""
    value: str | None = None
    paid: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """All that some files hold: `contracts` to load, and `findings` on all that differs."""

    contracts: tuple[SourceContract, ...]
    findings: tuple[ReportLine, ...]
