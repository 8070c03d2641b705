"""Events of the participant registry."""

from __future__ import annotations

from enum import IntEnum

from backend.chain.events.base import Event


class Standing(IntEnum):
    """Whether a participant may enter new agreements, and how it is paid."""

    UNREGISTERED = 0
    ACTIVE = 1
    SUSPENDED = 2
    DEBARRED = 3


class ParticipantRegistered(Event, frozen=True, gc=False):
    """A participant was registered."""

    participant: str
    account: str
    organization: str
    scheme: str
    identifier: str
    roles: int
    document: str


class ParticipantRolesChanged(Event, frozen=True, gc=False):
    """A participant's roles were replaced."""

    participant: str
    previous: int
    roles: int


class ParticipantStandingChanged(Event, frozen=True, gc=False):
    """A participant was suspended, debarred or reinstated."""

    participant: str
    previous: Standing
    standing: Standing
    reason: str
    document: str


class ParticipantDocumentChanged(Event, frozen=True, gc=False):
    """The document that names a participant was replaced."""

    participant: str
    document: str


class FactoryAdmitted(Event, frozen=True, gc=False):
    """Agreements of a factory may from now on hold money."""

    factory: str
    init_code_hash: str


class SuccessionProposed(Event, frozen=True, gc=False):
    """A participant is to act with another account, once a second party confirms it."""

    participant: str
    account: str
    document: str


class ParticipantSucceeded(Event, frozen=True, gc=False):
    """A participant acts with another account from now on; `by` is the account that confirmed."""

    participant: str
    previous: str
    account: str
    by: str
