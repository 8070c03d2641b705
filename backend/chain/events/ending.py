"""Events of how an agreement ends (`IAgreementEnding`)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event
from backend.chain.events.terms import FinalAccount, Ground, GuaranteeKind


@dataclass(frozen=True, slots=True)
class AgreementCompleted(Event):
    """All work is accepted; the defects liability period begins."""

    defects_end_at: int


@dataclass(frozen=True, slots=True)
class DefaultNoticed(Event):
    """The supplier was given notice of a default."""

    curable_until: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class DefaultCured(Event):
    """The notice was withdrawn."""

    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class GuaranteeCalled(Event):
    """A guarantee was called: the guarantor is to pay the treasury."""

    kind: GuaranteeKind
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class AgreementTerminated(Event):
    """The agreement ended before its work was done."""

    ground: Ground
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class AgreementClosed(Event):
    """The final account: what was left went where it belongs."""

    account: FinalAccount
