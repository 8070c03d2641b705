"""An amendment as a file that people write, and what the contract makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backend.acts.agreements import NOBODY, AgreementView
from backend.acts.conditions import Text
from backend.acts.directory import Directory, Entry
from backend.acts.terms import END_OF_DAY, MilestoneDraft
from backend.chain.identity import code_to_bytes32
from backend.core.documents import NO_DOCUMENT, DocumentStore
from backend.core.money import MoneyError, format_minor, to_minor
from backend.core.yamlfiles import Location, Problem, Written, read_written

NO_DATE = "none"


def _is_code(text: str) -> str:
    try:
        code_to_bytes32(text)
    except ValueError:
        raise ValueError("a code of 1 to 32 ASCII characters; prose belongs to `note`") from None
    return text


Code = Annotated[Text, AfterValidator(_is_code)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangeDraft(_Strict):
    """A milestone, counted from 1, as it shall be; what is left out stays as it is."""

    milestone: int = Field(ge=1)
    remove: bool = False
    amount: Decimal | None = None
    due: date | Literal["none"] | None = None
    payee: Text | None = None


class AmendmentDraft(_Strict):
    """What `amendment.yaml` holds."""

    reason: Code
    note: str = ""
    legal_ground: Code | None = None
    valid_until: date | None = None
    increase: Decimal = Decimal(0)
    decrease: Decimal = Decimal(0)
    ends: date | None = None
    changes: list[ChangeDraft] = []
    milestones: list[MilestoneDraft] = []


@dataclass(frozen=True, slots=True)
class AmendmentFile:
    """A file of an amendment: what it says, and where it says it."""

    draft: AmendmentDraft
    written: Written


def read_amendment(path: Path, view: AgreementView) -> AmendmentFile:
    """Read and validate an amendment of an agreement.

    Raises `YamlFileError` with every error's line.
    """
    written = read_written(path)
    draft = written.read_as(AmendmentDraft)
    problems = list(_problems(draft, view))
    if problems:
        raise written.error(problems)
    return AmendmentFile(draft, written)


def _problems(draft: AmendmentDraft, view: AgreementView) -> Iterator[Problem]:
    if draft.increase and draft.decrease:
        yield Problem(("decrease",), "an increase and a decrease", "one of them")
    count = len(view.milestones)
    seen: set[int] = set()
    for position, change in enumerate(draft.changes):
        place: Location = ("changes", position)
        if change.milestone > count:
            expected = f"a milestone from 1 to {count}"
            yield Problem((*place, "milestone"), str(change.milestone), expected)
        if change.milestone in seen:
            found = f"milestone {change.milestone} again"
            yield Problem((*place, "milestone"), found, "each milestone once")
        seen.add(change.milestone)
        if change.remove and (change.amount, change.due, change.payee) != (None, None, None):
            yield Problem((*place, "remove"), "a removal with other changes", "the removal alone")
    for place, amount in _amounts(draft):
        try:
            to_minor(amount, view.currency)
        except MoneyError as error:
            found, _, expected = error.detail.partition("; expected ")
            yield Problem(place, found, expected)


def _amounts(draft: AmendmentDraft) -> Iterator[tuple[Location, Decimal]]:
    yield ("increase",), draft.increase
    yield ("decrease",), draft.decrease
    for position, change in enumerate(draft.changes):
        if change.amount is not None:
            yield ("changes", position, "amount"), change.amount
    for position, milestone in enumerate(draft.milestones):
        yield ("milestones", position, "amount"), milestone.amount


def _people(draft: AmendmentDraft) -> Iterator[tuple[Location, str]]:
    for name, entries in (("changes", draft.changes), ("milestones", draft.milestones)):
        for position, entry in enumerate(entries):
            if entry.payee is not None:  # type: ignore[attr-defined]
                yield (name, position, "payee"), entry.payee  # type: ignore[attr-defined]


class AmendmentTerms:
    """An amendment whose participants are found: the struct `Amendment`.

    `zone` is where a date ends. Raises `YamlFileError` with the line of everybody who is not
    registered.
    """

    def __init__(
        self, file: AmendmentFile, view: AgreementView, names: Directory, zone: ZoneInfo
    ) -> None:
        self.draft = file.draft
        self._view = view
        self._found = names.find_written(file.written, dict(_people(file.draft)))
        self._zone = zone

    def struct(self, store: DocumentStore) -> dict[str, object]:
        """The struct `Amendment`; writes the documents with reasons and titles."""
        draft = self.draft
        note = store.write_json({"type": "note", "text": draft.note}) if draft.note else NO_DOCUMENT
        return {
            "increase": self._minor(draft.increase),
            "decrease": self._minor(draft.decrease),
            "endsAt": self._seconds(draft.ends),
            "changes": [self._change(*each) for each in enumerate(draft.changes)],
            "milestones": [self._milestone(*each, store) for each in enumerate(draft.milestones)],
            "reason": code_to_bytes32(draft.reason),
            "legalGround": code_to_bytes32(draft.legal_ground) if draft.legal_ground else NOBODY,
            "document": note,
            "validUntil": self._seconds(draft.valid_until),
        }

    def _change(self, position: int, change: ChangeDraft) -> dict[str, object]:
        present = self._view.milestone(change.milestone)
        payee = self._found.get(("changes", position, "payee"))
        amount = present.amount if change.amount is None else self._minor(change.amount)
        due = 0 if isinstance(change.due, str) else self._seconds(change.due)
        return {
            "milestone": change.milestone - 1,
            "amount": 0 if change.remove else amount,
            "dueAt": present.due_at if change.due is None else due,
            "payee": payee.id if payee else present.payee,
            "removed": change.remove,
        }

    def _milestone(
        self, position: int, milestone: MilestoneDraft, store: DocumentStore
    ) -> dict[str, object]:
        payee: Entry | None = self._found.get(("milestones", position, "payee"))
        number = len(self._view.milestones) + position + 1
        document = {"type": "milestone", "id": str(number), "title": milestone.title}
        return {
            "amount": self._minor(milestone.amount),
            "dueAt": self._seconds(milestone.due),
            "payee": payee.id if payee else NOBODY,
            "document": store.write_json(document),
        }

    def _minor(self, amount: Decimal) -> int:
        return to_minor(amount, self._view.currency)

    def _seconds(self, day: date | None) -> int:
        if day is None:
            return 0
        return int(datetime.combine(day, END_OF_DAY, self._zone).timestamp())


def amendment_draft(view: AgreementView, names: Directory) -> str:
    """A commented amendment of an agreement, which changes a date and adds work as an example."""
    last = view.milestones[-1] if view.milestones else None
    ends = names.day(view.ends_at) if view.ends_at else "2030-12-31"
    return _DRAFT.format(
        label=" ".join(view.label.split()),
        number=view.number,
        value=format_minor(view.money["value"], view.currency),
        currency=view.currency,
        ends=ends,
        last=last.number if last else 1,
        amount=format_minor(last.amount if last else 0, view.currency),
        due=names.day(last.due_at) if last and last.due_at else ends,
    )


_DRAFT = """\
# An amendment of agreement #{number}, {label}.
# Change it, then `termin amendment propose` this file.
# It needs the supplier and a quorum of the committee. What is left out stays as it is.

reason: additional-work   # a code; the reasons in prose are kept as a document
note: Volume galian lebih besar dari gambar rencana
# legal_ground: CODE   # a code; needed where the value exceeds the agreed cap,
#                        and then the buyer's authority signs too
# valid_until: {ends}   # then the offer ends

# The value is {currency} {value} now.
increase: 0   # or decrease, not both; the treasury brings in what is missing

ends: {ends}   # the end of the work

changes:
  - milestone: {last}
    # amount: {amount}
    due: {due}   # `none` for no date
    # payee: SCHEME-IDENTIFIER
    # remove: true   # in place of all others
milestones: []   # added to the schedule
#   - title: Pekerjaan tambah
#     amount: 10000000.00
#     due: {ends}
"""
