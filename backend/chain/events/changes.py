"""Events of guarantees and amendments (`IAgreementChanges`)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event
from backend.chain.events.terms import Amendment, GuaranteeKind


@dataclass(frozen=True, slots=True)
class GuaranteeRecorded(Event):
    """A guarantee was recorded, in place of an earlier one of its kind."""

    kind: GuaranteeKind
    amount: int
    expires_at: int
    document: str


@dataclass(frozen=True, slots=True)
class AmendmentProposed(Event):
    """An amendment was proposed, which is at once its proposer's signature."""

    amendment: int
    by: str
    terms: Amendment


@dataclass(frozen=True, slots=True)
class AmendmentSigned(Event):
    """The supplier, a member of the committee or the authority signed an amendment."""

    amendment: int
    by: str


@dataclass(frozen=True, slots=True)
class AmendmentEnacted(Event):
    """An amendment took effect; `ends_at` is the end of the work from now on."""

    amendment: int
    previous_value: int
    value: int
    ends_at: int
    reason: str
    legal_ground: str
    document: str


@dataclass(frozen=True, slots=True)
class MilestoneChanged(Event):
    """A milestone changed."""

    milestone: int
    amount: int
    due_at: int
    payee: str
