"""The terms of one agreement as a file that people write, and what the contract makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from backend.acts.conditions import (
    ConditionsDraft,
    Text,
    condition_problems,
    conditions_struct,
)
from backend.acts.directory import NOBODY, Directory, Entry
from backend.acts.tendering import TenderDraft, tender_document
from backend.chain.identity import budget_line_id
from backend.core.documents import DocumentStore
from backend.core.money import MoneyError, exponent, format_minor, to_minor
from backend.core.yamlfiles import Location, Problem, Written, read_written

END_OF_DAY = time(23, 59, 59)
LARGEST_GROUP = 16
"""The largest committee, and the most inspectors."""


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
    """What `terms.yaml` holds. Participants are named by SCHEME-IDENTIFIER or by name.

    Without `ocid` it is the OCDS prefix of the settings with the id of the contract.
    """

    ocid: Text | None = None
    contract: Text
    title: Text
    description: str = ""
    tender: TenderDraft | None = None
    currency: Text
    value: Decimal
    signed: date | None = None
    starts: date | None = None
    ends: date | None = None
    buyer: Text
    supplier: Text
    treasury: Text
    arbiter: Text | None = None
    committee: list[Text] = Field(min_length=1, max_length=LARGEST_GROUP)
    quorum: int = Field(ge=1)
    inspectors: list[Text] = Field(default=[], max_length=LARGEST_GROUP)
    budget: BudgetDraft
    conditions: ConditionsDraft
    milestones: list[MilestoneDraft] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class TermsFile:
    """A file of terms: what it says, and where it says it."""

    draft: TermsDraft
    written: Written


def read_terms(path: Path) -> TermsFile:
    """Read and validate a file of terms; raises `YamlFileError` with every error's line."""
    written = read_written(path)
    draft = written.read_as(TermsDraft)
    problems = list(_problems(draft))
    if problems:
        raise written.error(problems)
    return TermsFile(draft, written)


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
    yield from condition_problems(draft.conditions, draft.currency, len(draft.milestones))


def _people(draft: TermsDraft) -> Iterator[tuple[Location, str]]:
    """Everybody whom a draft names, and where."""
    yield ("buyer",), draft.buyer
    yield ("supplier",), draft.supplier
    yield ("treasury",), draft.treasury
    if draft.arbiter is not None:
        yield ("arbiter",), draft.arbiter
    for name, group in (("committee", draft.committee), ("inspectors", draft.inspectors)):
        yield from (((name, position), text) for position, text in enumerate(group))
    for position, milestone in enumerate(draft.milestones):
        if milestone.payee is not None:
            yield ("milestones", position, "payee"), milestone.payee
    for position, tax in enumerate(draft.conditions.taxes):
        yield ("conditions", "taxes", position, "to"), tax.to
    for position, direct in enumerate(draft.conditions.direct_payments):
        yield ("conditions", "direct_payments", position, "to"), direct.to


class Terms:
    """Terms whose participants are found: the arguments of `AgreementFactory.create`.

    `zone` is where a date begins and ends, `prefix` the OCDS prefix of what has no ocid. Raises
    `YamlFileError` with the line of everybody who is not registered.
    """

    def __init__(
        self, file: TermsFile, names: Directory, token: str, zone: ZoneInfo, prefix: str
    ) -> None:
        self.draft = draft = file.draft
        self.ocid = draft.ocid or f"{prefix}-{draft.contract}"
        self._found = found = names.find_written(file.written, dict(_people(draft)))
        self.buyer = found["buyer",]
        self.supplier = found["supplier",]
        self.treasury = found["treasury",]
        self.arbiter = found.get(("arbiter",))
        self.committee = _ascending(_listed(found, "committee"))
        self.inspectors = _ascending(_listed(found, "inspectors"))
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
            "arbiter": self.arbiter.id if self.arbiter else NOBODY,
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
            **tender_document(draft.tender),
        }
        return {
            "ocid": self.ocid,
            "contractId": draft.contract,
            "token": self._token,
            "value": self.value,
            "signedAt": self._seconds(draft.signed, time.min),
            "startsAt": self._seconds(draft.starts, time.min),
            "endsAt": self._seconds(draft.ends, END_OF_DAY),
            "budgetLine": budget_line_id(self.buyer.id, self._token, budget.year, budget.code),
            "document": store.write_json(document),
            "conditions": self.conditions(),
        }

    def conditions(self) -> dict[str, object]:
        """The struct `Conditions`."""
        recipients = (
            [entry.id for entry in _listed(self._found, "conditions", name)]
            for name in ("taxes", "direct_payments")
        )
        return conditions_struct(self.draft.conditions, self.draft.currency, *recipients)

    def milestones(self, store: DocumentStore) -> list[dict[str, object]]:
        """The list of `MilestoneTerms`; writes the documents with their titles."""
        return [
            {
                "amount": to_minor(item.amount, self.draft.currency),
                "dueAt": self._seconds(item.due, END_OF_DAY),
                "payee": self._payee(number - 1),
                "document": store.write_json(
                    {"type": "milestone", "id": str(number), "title": item.title}
                ),
            }
            for number, item in enumerate(self.draft.milestones, 1)
        ]

    def _payee(self, position: int) -> bytes:
        entry = self._found.get(("milestones", position, "payee"))
        return entry.id if entry else NOBODY

    def _seconds(self, day: date | None, moment: time) -> int:
        return int(datetime.combine(day, moment, self._zone).timestamp()) if day else 0


def _ascending(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.id)


def _listed(found: dict[Location, Entry], *place: str) -> list[Entry]:
    """Who stands in a list of the file, in its order."""
    return [entry for location, entry in found.items() if location[: len(place)] == place]
