"""Why something was not taken in as it was published. `docs/loading.md` explains every code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of one contract or payment of the source."""

    LOADED = "loaded"
    LOADED_WITH_AMENDMENT = "loaded_with_amendment"
    LOADED_WITHOUT_PAYMENTS = "loaded_without_payments"
    SKIPPED = "skipped"


class ReasonCode(StrEnum):
    """One word for each thing that can be wrong, stable across versions."""

    # A file, a line or a record
    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    TOO_DEEP = "too_deep"
    FILE_TOO_LARGE = "file_too_large"
    UNKNOWN_SHAPE = "unknown_shape"
    NOT_AN_OBJECT = "not_an_object"
    LINKED_RELEASES = "linked_releases"
    # A contract
    NO_OCID = "no_ocid"
    NO_CONTRACT_ID = "no_contract_id"
    DUPLICATE_CONTRACT = "duplicate_contract"
    SUPERSEDED = "superseded"
    NO_CURRENCY = "no_currency"
    NO_VALUE = "no_value"
    NO_DATE = "no_date"
    BUYER_IS_SUPPLIER = "buyer_is_supplier"
    BUYER_NOT_PUBLISHED = "buyer_not_published"
    SUPPLIER_NOT_PUBLISHED = "supplier_not_published"
    PAID_ABOVE_VALUE = "paid_above_value"
    NO_PAYMENTS = "no_payments"
    ALL_PAYMENTS_SKIPPED = "all_payments_skipped"
    # A payment
    CONTRACT_SKIPPED = "contract_skipped"
    PAYMENT_WITHOUT_DATE = "payment_without_date"
    PAYMENT_WITHOUT_CURRENCY = "payment_without_currency"
    OTHER_CURRENCY = "other_currency"
    NO_AMOUNT = "no_amount"
    NO_PAYMENT_ID = "no_payment_id"
    DUPLICATE_ID = "duplicate_id"
    DUPLICATE_PAYMENT = "duplicate_payment"
    PAYEE_NOT_PUBLISHED = "payee_not_published"
    UNKNOWN_MILESTONE = "unknown_milestone"
    # A contract or a payment
    UNKNOWN_CURRENCY = "unknown_currency"
    DEFAULT_CURRENCY = "default_currency"
    IMPOSSIBLE_DATE = "impossible_date"
    DEFAULT_DATE = "default_date"
    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"
    TOO_MANY_DIGITS = "too_many_digits"
    NEGATIVE_AMOUNT = "negative_amount"
    AMOUNT_TOO_LARGE = "amount_too_large"
    # What the chain says to it
    ALREADY_LOADED = "already_loaded"
    PAYEE_IS_BUYER = "payee_is_buyer"
    DATE_IN_FUTURE = "date_in_future"
    DATED_BEFORE_CHAIN = "dated_before_chain"
    AGREEMENT_CLOSED = "agreement_closed"
    DOCUMENT_MISSING = "document_missing"
    REFUSED = "refused"


CHAIN_REASONS = frozenset(
    {
        ReasonCode.PAYEE_IS_BUYER,
        ReasonCode.DATE_IN_FUTURE,
        ReasonCode.AGREEMENT_CLOSED,
        ReasonCode.DOCUMENT_MISSING,
        ReasonCode.REFUSED,
    }
)
"""Why something is skipped that can be read well: only the load knows, not the source."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its values, written `negative_amount: -5.00 MXN; expected zero or more`."""

    code: ReasonCode
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


def sentence(reasons: tuple[Reason, ...]) -> str:
    """All of `reasons` in one line; empty when there are none."""
    return " | ".join(map(str, reasons))


class SkippedError(Exception):
    """The contract or payment being read cannot be taken in, for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def skip(code: ReasonCode, detail: str) -> SkippedError:
    """The error to raise when something is skipped for `code`."""
    return SkippedError(Reason(code, detail))
