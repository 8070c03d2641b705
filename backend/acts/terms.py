"""The terms of one agreement as a file that people write, and what the contract makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.acts.directory import NOBODY, Directory, Entry
from backend.chain.identity import budget_line_id
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.core.money import MoneyError, exponent, format_minor, to_minor
from backend.core.yamlfiles import Location, Problem, read_written

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
END_OF_DAY = time(23, 59, 59)


class TermsError(AppError):
    """The terms name somebody or something that is not there."""

    status = 422
    title = "The terms cannot be used"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MilestoneDraft(_Strict):
    """One milestone: what its acceptance pays, and by when it is due."""

    title: Text
    amount: Decimal
    due: date | None = None
    payee: Text | None = None


class BudgetDraft(_Strict):
    """The appropriation line that the value is committed against."""

    year: int = Field(ge=1970, le=2100)
    code: Text


class TermsDraft(_Strict):
    """What `terms.yaml` holds. Participants are named by SCHEME-IDENTIFIER or by name."""

    ocid: Text
    contract: Text
    title: Text
    description: str = ""
    currency: Text
    value: Decimal
    signed: date | None = None
    starts: date | None = None
    ends: date | None = None
    buyer: Text
    supplier: Text
    treasury: Text
    committee: list[Text] = Field(min_length=1, max_length=32)
    quorum: int = Field(ge=1)
    inspectors: list[Text] = []
    budget: BudgetDraft
    milestones: list[MilestoneDraft] = Field(min_length=1)


def read_terms(path: Path) -> TermsDraft:
    """Read and validate a file of terms; raises `YamlFileError` with every error's line."""
    written = read_written(path)
    draft = written.read_as(TermsDraft)
    problems = list(_problems(draft))
    if problems:
        raise written.error(problems)
    return draft


def _problems(draft: TermsDraft) -> Iterator[Problem]:
    """What is wrong between the parts of a draft."""
    try:
        exponent(draft.currency)
    except MoneyError:
        yield Problem(("currency",), repr(draft.currency), "a code of ISO 4217 such as IDR")
        return
    amounts: list[tuple[Location, Decimal]] = [(("value",), draft.value)]
    amounts += [(("milestones", n, "amount"), m.amount) for n, m in enumerate(draft.milestones)]
    minor: list[int] = []
    for place, amount in amounts:
        try:
            minor.append(to_minor(amount, draft.currency))
        except MoneyError as error:
            found, _, expected = error.detail.partition("; expected ")
            yield Problem(place, found, expected)
    if len(minor) == len(amounts) and sum(minor[1:]) > minor[0]:
        total, value = (format_minor(each, draft.currency) for each in (sum(minor[1:]), minor[0]))
        found = f"milestones that add up to {total}"
        yield Problem(("milestones",), found, f"at most the value, {value}")
    if draft.quorum > len(draft.committee):
        members = f"at most the {len(draft.committee)} of the committee"
        yield Problem(("quorum",), str(draft.quorum), members)


class Terms:
    """A draft whose participants are found: the arguments of `AgreementFactory.create`.

    `zone` is where a date begins and ends. Raises `ParticipantNotFoundError`.
    """

    def __init__(self, draft: TermsDraft, names: Directory, token: str, zone: ZoneInfo) -> None:
        self.draft = draft
        self.buyer = names.find(draft.buyer)
        self.supplier = names.find(draft.supplier)
        self.treasury = names.find(draft.treasury)
        self.committee = _ascending(names.find(each) for each in draft.committee)
        self.inspectors = _ascending(names.find(each) for each in draft.inspectors)
        self._payees = [names.find(m.payee).id if m.payee else NOBODY for m in draft.milestones]
        self._token = token
        self._zone = zone

    @property
    def value(self) -> int:
        """The value in minor units."""
        return to_minor(self.draft.value, self.draft.currency)

    def parties(self) -> dict[str, object]:
        """The struct `Parties`."""
        return {
            "buyer": self.buyer.id,
            "supplier": self.supplier.id,
            "treasury": self.treasury.id,
            "committee": [entry.id for entry in self.committee],
            "quorum": self.draft.quorum,
            "inspectors": [entry.id for entry in self.inspectors],
        }

    def terms(self, store: DocumentStore) -> dict[str, object]:
        """The struct `Terms`; writes the document with title and description."""
        draft, budget = self.draft, self.draft.budget
        document = {
            "type": "agreement",
            "title": draft.title,
            "description": draft.description,
            "otherSuppliers": [],
        }
        return {
            "ocid": draft.ocid,
            "contractId": draft.contract,
            "token": self._token,
            "value": self.value,
            "signedAt": self._seconds(draft.signed, time.min),
            "startsAt": self._seconds(draft.starts, time.min),
            "endsAt": self._seconds(draft.ends, END_OF_DAY),
            "budgetLine": budget_line_id(self.buyer.id, self._token, budget.year, budget.code),
            "document": store.write_json(document),
        }

    def milestones(self, store: DocumentStore) -> list[dict[str, object]]:
        """The list of `MilestoneTerms`; writes the documents with their titles."""
        return [
            {
                "amount": to_minor(item.amount, self.draft.currency),
                "dueAt": self._seconds(item.due, END_OF_DAY),
                "payee": payee,
                "document": store.write_json(
                    {"type": "milestone", "id": str(number), "title": item.title}
                ),
            }
            for number, (item, payee) in enumerate(
                zip(self.draft.milestones, self._payees, strict=True), 1
            )
        ]

    def _seconds(self, day: date | None, moment: time) -> int:
        return int(datetime.combine(day, moment, self._zone).timestamp()) if day else 0


def draft_text(names: Directory, currency: str, today: date) -> str:
    """A commented file of terms, filled with participants of the registry as an example.

    Raises `TermsError` when somebody is missing whom every agreement needs.
    """
    buyer = _last(names.having("buyer"), "buyer")
    offices = names.offices_of(buyer, "committee") or names.having("committee")
    committee = offices[-3:] or [_last(offices, "committee")]
    supplier = _last(
        [e for e in names.having("supplier") if e.organization == NOBODY and e != buyer], "supplier"
    )
    treasury = _last(names.offices_of(buyer, "treasury") or names.having("treasury"), "treasury")
    inspectors = names.offices_of(buyer, "inspector") or names.having("inspector")
    quorum = len(committee) // 2 + 1
    return _DRAFT.format(
        day=today.isoformat(),
        year=today.year,
        number=datetime.now(UTC).strftime("%m%d-%H%M%S"),
        currency=currency,
        buyer=_item(buyer),
        supplier=_item(supplier),
        treasury=_item(treasury),
        committee="".join(f"\n  - {_item(entry)}" for entry in committee),
        quorum=quorum,
        inspectors="".join(f"\n  - {_item(entry)}" for entry in inspectors[-1:]) or " []",
    )


def _ascending(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.id)


def _last(entries: Sequence[Entry], role: str) -> Entry:
    if not entries:
        raise TermsError(
            f"No {role} is registered yet. `termin participant register --role {role} …` does it."
        )
    return entries[-1]


def _item(entry: Entry) -> str:
    escaped = entry.public_id.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped)
    return f'"{plain}"' + (f"  # {entry.name}" if entry.name else "")


_DRAFT = """\
# Terms of one agreement: change what is not yours, then `termin agreement deploy` this file.
# Participants stand by SCHEME-IDENTIFIER; `termin participant list` shows who is registered.

ocid: ocds-000000-{year}-{number}   # id of the contracting process, with your own OCDS prefix
contract: "{year}-{number}"   # id of the contract within that process
title: Rehabilitasi Saluran Irigasi Sukamaju
description: Perkuatan dinding saluran sepanjang 1,2 km

currency: {currency}   # ISO 4217
value: 480000000.00   # the milestones add up to this at most

signed: {day}   # days are days of the settings' time zone
starts: {day}
ends: {year}-12-31

buyer: {buyer}
supplier: {supplier}
treasury: {treasury}

# Those who accept. The agreement pays as soon as a quorum of them has accepted a milestone.
committee:{committee}
quorum: {quorum}

# Those who attest what was seen on site. Without any, acceptance needs no attestation.
inspectors:{inspectors}

# The appropriation that the value is committed against: `termin budget appropriate`.
budget:
  year: {year}
  code: "5.2.3.01"

milestones:
  - title: Termin I (30 %)
    amount: 144000000.00
    due: {year}-12-15   # may be left out
  - title: Termin II (70 %)
    amount: 336000000.00
    due: {year}-12-31
    # payee: SCHEME-IDENTIFIER   # if somebody else than the supplier is to be paid
"""
