"""Events of how an agreement ends (`IAgreementEnding`)."""

from __future__ import annotations

from backend.chain.events.base import Event
from backend.chain.events.terms import FinalAccount, Ground, GuaranteeKind


class AgreementCompleted(Event, frozen=True, gc=False):
    """All work is accepted; the defects liability period begins."""

    defects_end_at: int


class DefaultNoticed(Event, frozen=True, gc=False):
    """The supplier was given notice of a default."""

    curable_until: int
    reason: str
    document: str


class DefaultCured(Event, frozen=True, gc=False):
    """The notice was withdrawn."""

    reason: str
    document: str


class GuaranteeCalled(Event, frozen=True, gc=False):
    """A guarantee was called: the guarantor is to pay the treasury."""

    kind: GuaranteeKind
    amount: int
    reason: str


class AgreementTerminated(Event, frozen=True, gc=False):
    """The agreement ended before its work was done."""

    ground: Ground
    reason: str
    document: str


class AgreementClosed(Event, frozen=True, gc=False):
    """The final account: what was left went where it belongs."""

    account: FinalAccount
