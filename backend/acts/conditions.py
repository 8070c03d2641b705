"""The conditions of one agreement as people write them, and what the contract makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from backend.acts.rates import Rate, read_rate, to_basis_points, to_millionths, to_terms
from backend.acts.words import BASIS_POINTS, basis_points
from backend.core.money import MoneyError, to_minor
from backend.core.yamlfiles import Location, Problem

NOTHING = Rate(0, 1)
LARGEST_REVIEW, LARGEST_PAYMENT, LARGEST_DAYS = 60, 255, 65535
LARGEST_TAXES, LARGEST_DIRECTS = 16, 64

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Days = Annotated[int, Field(ge=0, le=LARGEST_DAYS)]


def _rate(convert: Callable[[Rate], object]) -> BeforeValidator:
    """Reads a rate that `convert` can keep exactly."""

    def read(text: object) -> Rate:
        rate = read_rate(text)
        convert(rate)
        return rate

    return BeforeValidator(read)


Share = Annotated[Rate, _rate(to_basis_points)]
DailyRate = Annotated[Rate, _rate(to_millionths)]
TaxRate = Annotated[Rate, _rate(to_terms)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DelayDamagesDraft(_Strict):
    """What lateness costs: a part of the late milestone a day, up to a part of the value."""

    rate: DailyRate
    cap: Share


class PeriodsDraft(_Strict):
    """Periods in calendar days; `review` in working days."""

    review: int = Field(ge=0, le=LARGEST_REVIEW)
    payment: int = Field(ge=0, le=LARGEST_PAYMENT)
    dispute: Days
    ruling: Days
    hold: Days
    suspension: Days
    cure: Days
    defects: Days
    lapse: int = Field(ge=1, le=LARGEST_DAYS)


class TaxDraft(_Strict):
    """A tax or levy that is withheld and goes to its recipient."""

    to: Text
    rate: TaxRate
    base: Literal["gross", "received"]


class DirectPaymentDraft(_Strict):
    """What a milestone, counted from 1, pays straight to a subcontractor."""

    milestone: int = Field(ge=1)
    to: Text
    amount: Decimal


class ConditionsDraft(_Strict):
    """What `conditions` in `terms.yaml` holds. A rate that is left out is none."""

    advance: Share = NOTHING
    recovery: Share | None = None
    retention: Share = NOTHING
    security: Share = NOTHING
    delay_damages: DelayDamagesDraft | None = None
    interest: DailyRate = NOTHING
    amendment_cap: Share
    default_share: Share
    periods: PeriodsDraft
    taxes: list[TaxDraft] = Field(default=[], max_length=LARGEST_TAXES)
    direct_payments: list[DirectPaymentDraft] = Field(default=[], max_length=LARGEST_DIRECTS)

    @property
    def recovery_rate(self) -> Rate:
        """Where it is left out, the advance is recovered in proportion to progress."""
        return self.recovery or self.advance


def condition_problems(draft: ConditionsDraft, currency: str, milestones: int) -> Iterator[Problem]:
    """What is wrong between the conditions; `milestones` is how many there are."""
    at: Location = ("conditions",)
    recovery, advance = (to_basis_points(each) for each in (draft.recovery_rate, draft.advance))
    largest = BASIS_POINTS - to_basis_points(draft.retention)
    if not advance <= recovery <= largest:
        place = (*at, "recovery") if draft.recovery else (*at, "advance")
        expected = (
            f"{basis_points(advance)}, the advance, to {basis_points(largest)}, which the "
            "retention leaves"
        )
        yield Problem(place, f"a recovery of {basis_points(recovery)}", expected)
    for position, direct in enumerate(draft.direct_payments):
        place = (*at, "direct_payments", position)
        if direct.milestone > milestones:
            found, expected = str(direct.milestone), f"a milestone from 1 to {milestones}"
            yield Problem((*place, "milestone"), found, expected)
        try:
            to_minor(direct.amount, currency)
        except MoneyError as error:
            found, _, expected = error.detail.partition("; expected ")
            yield Problem((*place, "amount"), found, expected)


def conditions_struct(
    draft: ConditionsDraft, currency: str, collectors: Sequence[bytes], directs: Sequence[bytes]
) -> dict[str, object]:
    """The struct `Conditions`.

    `collectors` and `directs` are the recipients of taxes and of direct payments, in their order.
    """
    damages, periods = draft.delay_damages, draft.periods
    return {
        "advanceRate": to_basis_points(draft.advance),
        "recoveryRate": to_basis_points(draft.recovery_rate),
        "retentionRate": to_basis_points(draft.retention),
        "securityRate": to_basis_points(draft.security),
        "damagesRate": to_millionths(damages.rate) if damages else 0,
        "damagesCap": to_basis_points(damages.cap) if damages else 0,
        "interestRate": to_millionths(draft.interest),
        "amendmentCap": to_basis_points(draft.amendment_cap),
        "defaultShare": to_basis_points(draft.default_share),
        **{f"{name}Days": number for name, number in periods.model_dump().items()},
        "taxes": [_tax(tax, to) for tax, to in zip(draft.taxes, collectors, strict=True)],
        "directPayments": [
            {
                "milestone": direct.milestone - 1,
                "recipient": to,
                "amount": to_minor(direct.amount, currency),
            }
            for direct, to in zip(draft.direct_payments, directs, strict=True)
        ],
    }


def _tax(tax: TaxDraft, recipient: bytes) -> dict[str, object]:
    numerator, denominator = to_terms(tax.rate)
    return {
        "recipient": recipient,
        "numerator": numerator,
        "denominator": denominator,
        "base": ("gross", "received").index(tax.base),
    }
