"""Events of guarantees and amendments (`IAgreementChanges`)."""

from __future__ import annotations

from backend.chain.events.base import Event
from backend.chain.events.terms import Amendment, GuaranteeKind


class GuaranteeRecorded(Event, frozen=True, gc=False):
    """A guarantee was recorded, in place of an earlier one of its kind."""

    kind: GuaranteeKind
    amount: int
    expires_at: int
    document: str


class AmendmentProposed(Event, frozen=True, gc=False):
    """An amendment was proposed, which is at once its proposer's signature."""

    amendment: int
    by: str
    terms: Amendment


class AmendmentSigned(Event, frozen=True, gc=False):
    """The supplier, a member of the committee or the authority signed an amendment."""

    amendment: int
    by: str


class AmendmentEnacted(Event, frozen=True, gc=False):
    """An amendment took effect; `ends_at` is the end of the work from now on."""

    amendment: int
    previous_value: int
    value: int
    ends_at: int
    reason: str
    legal_ground: str
    document: str


class MilestoneChanged(Event, frozen=True, gc=False):
    """A milestone changed."""

    milestone: int
    amount: int
    due_at: int
    payee: str
