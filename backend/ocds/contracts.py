"""Published files into contracts to load, with a finding on everything that is not as it should be.

`docs/loading.md` lists what happens in each case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from backend.core.dates import ImpossibleDateError
from backend.core.money import exponent, format_minor
from backend.ocds.fields import JUNK, Json, part, parts
from backend.ocds.merging import compile_processes
from backend.ocds.occurrences import Occurrence, choose
from backend.ocds.organizations import Directory
from backend.ocds.parties import PartyReader
from backend.ocds.payments import Gaps, PaymentReader, default_date, money_of
from backend.ocds.reading import RawRelease, read_files
from backend.ocds.reasons import Outcome, Reason, ReasonCode, SkippedError, skip
from backend.ocds.source import (
    ReportLine,
    Source,
    SourceContract,
    SourceMilestone,
    SourcePayment,
)
from backend.ocds.tenders import TENDER_FIELDS
from backend.ocds.values import currency_code, known_currency, minor_units, moment, moment_or_none

Dates = dict[str, datetime | None]


def read_source(
    paths: Sequence[Path], *, currency: str | None = None, default_date: datetime | None = None
) -> Source:
    """The contracts of the files at `paths`, and a line on whatever is skipped or changed.

    `currency` (ISO 4217) and `default_date` fill what is missing; without them it is skipped.
    Raises `SourceFileError` for a file that cannot be opened and `UnknownCurrencyError` for
    `currency`; nothing that stands in a file raises.
    """
    gaps = Gaps(_checked(currency), _in_utc(default_date))
    reads = list(read_files(paths))
    releases = [read for read in reads if isinstance(read, RawRelease)]
    findings = [read for read in reads if isinstance(read, ReportLine)]
    processes = compile_processes(releases)
    reader = ContractReader(
        Directory(release for process in processes for release in process), gaps
    )
    contracts: list[SourceContract] = []
    for process in processes:
        occurrences, dropped = choose(process)
        findings += dropped
        for occurrence in occurrences:
            contract, lines = reader.read(occurrence)
            findings += lines
            contracts += [contract] if contract else []
    return _sorted(paths, contracts, findings)


def _checked(currency: str | None) -> str | None:
    code = currency.strip().upper() if currency else None
    if code:
        exponent(code)
    return code


def _in_utc(date: datetime | None) -> datetime | None:
    if date is None:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _sorted(
    paths: Sequence[Path], contracts: list[SourceContract], findings: list[ReportLine]
) -> Source:
    """Everything in the order of the files and lines."""
    files = {str(path): number for number, path in reversed(list(enumerate(paths)))}
    contracts.sort(key=lambda contract: (files[contract.origin.file], contract.origin.line))
    findings.sort(key=lambda line: (files[line.file], line.line))
    return Source(tuple(contracts), tuple(findings))


class ContractReader:
    """Reads one contract after the other, filling gaps only as asked for."""

    def __init__(self, directory: Directory, gaps: Gaps) -> None:
        self._directory = directory
        self._parties = PartyReader(directory)
        self._gaps = gaps

    def read(self, occurrence: Occurrence) -> tuple[SourceContract | None, list[ReportLine]]:
        """The contract and the lines on payments that differ, or None and why it is skipped."""
        try:
            return self._contract(occurrence)
        except SkippedError as error:
            return None, occurrence.skipped(error.reason)

    def _contract(self, occurrence: Occurrence) -> tuple[SourceContract, list[ReportLine]]:
        data, place = occurrence.data, occurrence.place
        ocid, contract_id = _identity(occurrence)
        reasons = _structure(data)
        currency = self._currency(occurrence, reasons)
        value = _value(data, currency, reasons)
        buyer, (supplier, *others) = self._parties.read(occurrence, reasons)
        milestones = _milestones(data)
        book = self._directory.book(occurrence.release)
        payments, findings = PaymentReader(
            place=place,
            currency=currency,
            gaps=self._gaps,
            supplier=supplier,
            resolve=lambda reference: self._directory.resolve(reference, book),
            milestones=milestones,
        ).read(occurrence.transactions)
        dates = self._dates(data, payments, reasons)
        outcome = _outcome(occurrence, value, currency, payments, reasons)
        contract = SourceContract(
            origin=place.origin,
            ocid=ocid,
            contract_id=contract_id,
            title=data.get("title") or contract_id,
            description=data.get("description") or "",
            currency=currency,
            exponent=exponent(currency),
            value=value,
            date_signed=dates["dateSigned"],
            start=dates["startDate"],
            end=dates["endDate"],
            status=data.get("status"),
            buyer=buyer,
            supplier=supplier,
            other_suppliers=tuple(others),
            tender=_tender(occurrence),
            payments=payments,
            milestones=tuple(milestones.values()),
            outcome=outcome,
            reasons=tuple(reasons),
        )
        return contract, findings

    def _currency(self, occurrence: Occurrence, reasons: list[Reason]) -> str:
        value = part(occurrence.data, "value")
        code = currency_code(value.get("currency"))
        if code is None and value.get("amount") is None:
            # No value at all: the payments alone say what the contract is paid in.
            money = map(money_of, occurrence.transactions)
            codes = {currency_code(amount.get("currency")) for amount in money} - {None}
            code = codes.pop() if len(codes) == 1 else None
        if code:
            return known_currency(code)
        if self._gaps.currency is None:
            raise skip(ReasonCode.NO_CURRENCY, "no currency is published; expected one of ISO 4217")
        detail = f"filled with {self._gaps.currency} as asked for"
        reasons.append(Reason(ReasonCode.DEFAULT_CURRENCY, detail))
        return self._gaps.currency

    def _dates(self, data: Json, payments: Sequence[SourcePayment], reasons: list[Reason]) -> Dates:
        period = part(data, "period")
        dates = {
            "dateSigned": _date("dateSigned", data, reasons),
            "startDate": _date("startDate", period, reasons),
            "endDate": _date("endDate", period, reasons),
        }
        if dates["dateSigned"] or dates["startDate"] or payments:
            return dates
        if self._gaps.default_date is None:
            detail = "neither signature, start nor a payment has a date; expected one of them"
            raise skip(ReasonCode.NO_DATE, detail)
        reasons.append(default_date(self._gaps.default_date))
        return {**dates, "dateSigned": self._gaps.default_date}


def _identity(occurrence: Occurrence) -> tuple[str, str]:
    if JUNK in occurrence.data:
        raise skip(ReasonCode.NOT_AN_OBJECT, f"contracts: {occurrence.data[JUNK]}")
    if not occurrence.release.ocid:
        raise skip(ReasonCode.NO_OCID, "neither release nor record has an ocid")
    contract_id = occurrence.data.get("id")
    if not contract_id:
        raise skip(ReasonCode.NO_CONTRACT_ID, "the contract has no id")
    return occurrence.release.ocid, contract_id


def _tender(occurrence: Occurrence) -> dict[str, str]:
    told = part(occurrence.release.data, "tender")
    return {name: told[name] for name in TENDER_FIELDS if told.get(name)}


def _structure(data: Json) -> list[Reason]:
    """What is not an object although payments are looked for in it."""
    found = part(data, "implementation").get(JUNK)
    return [Reason(ReasonCode.NOT_AN_OBJECT, f"implementation: {found}")] if found else []


def _value(data: Json, currency: str, reasons: list[Reason]) -> int:
    amount = part(data, "value").get("amount")
    if amount is None:
        detail = f"no value is published; loaded with {format_minor(0, currency)} {currency}"
        reasons.append(Reason(ReasonCode.NO_VALUE, detail))
        return 0
    return minor_units(amount, currency)


def _milestones(data: Json) -> dict[str, SourceMilestone]:
    """The milestones by id; of the same id those of the implementation come first."""
    milestones: dict[str, SourceMilestone] = {}
    raws = (*parts(data, "implementation", "milestones"), *parts(data, "milestones"))
    for number, raw in enumerate(raws, 1):
        if JUNK not in raw:
            identifier = raw.get("id") or f"milestone-{number}"
            milestone = SourceMilestone(
                id=identifier,
                title=raw.get("title") or identifier,
                due=moment_or_none(raw.get("dueDate")),
                status=raw.get("status"),
            )
            milestones.setdefault(identifier, milestone)
    return milestones


def _date(name: str, data: Json, reasons: list[Reason]) -> datetime | None:
    try:
        return moment(data.get(name))
    except ImpossibleDateError as error:
        reasons.append(Reason(ReasonCode.IMPOSSIBLE_DATE, f"{name}: {error.detail}"))
        return None


def _outcome(
    occurrence: Occurrence,
    value: int,
    currency: str,
    payments: Sequence[SourcePayment],
    reasons: list[Reason],
) -> Outcome:
    """What becomes of a contract that is loaded; adds to `reasons` why."""
    if not payments:
        published = len(occurrence.transactions)
        reasons.append(
            Reason(ReasonCode.ALL_PAYMENTS_SKIPPED, f"none of {published} could be loaded")
            if published
            else Reason(ReasonCode.NO_PAYMENTS, "no payment is published")
        )
        return Outcome.LOADED_WITHOUT_PAYMENTS
    paid = sum(payment.amount for payment in payments)
    if paid > value:
        reasons.append(paid_above_value(paid, value, currency))
        return Outcome.LOADED_WITH_AMENDMENT
    missing = any(reason.code is ReasonCode.NO_VALUE for reason in reasons)
    return Outcome.LOADED_WITH_AMENDMENT if missing else Outcome.LOADED


def paid_above_value(paid: int, value: int, currency: str) -> Reason:
    """The reason for an amendment: more is paid than agreed, in minor units."""
    figures = [f"{format_minor(minor, currency)} {currency}" for minor in (paid, value)]
    return Reason(ReasonCode.PAID_ABOVE_VALUE, f"{figures[0]} paid, {figures[1]} agreed")
