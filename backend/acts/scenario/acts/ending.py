"""How a contract ends."""

from __future__ import annotations

from typing import Literal

from backend.acts.scenario.parts import Part, PastDay, Reason, Text, Voters


class Complete(Part):
    """All work is accepted: half of the retention is released, the defects period begins."""

    act: Literal["complete"]
    at: PastDay


class ReleaseRetention(Part):
    """The rest of the retention is released against a guarantee."""

    act: Literal["release-retention"]
    at: PastDay


class Decide(Part):
    """Members of the committee give or withdraw notice of a default, or end the contract."""

    act: Literal["notice", "withdraw-notice", "terminate", "terminate-for-default"]
    at: PastDay
    by: Voters
    reason: Reason
    note: Text


class TerminateByAgreement(Part):
    """Both sides end the contract: `by` are members of the committee, and the supplier."""

    act: Literal["terminate-by-agreement"]
    at: PastDay
    by: Voters
    reason: Reason
    note: Text


class Lapse(Part):
    """The last day has passed, and the contract is ended."""

    act: Literal["lapse"]
    at: PastDay


class Close(Part):
    """The final account is drawn."""

    act: Literal["close"]
    at: PastDay


EndingAct = Complete | ReleaseRetention | Decide | TerminateByAgreement | Lapse | Close
