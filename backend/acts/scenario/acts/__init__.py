"""What may happen in a story, room by room as the interfaces of an agreement have it."""

from typing import Annotated

from pydantic import Field

from backend.acts.scenario.acts.changes import (
    Advance,
    Amend,
    ChangesAct,
    Enact,
    Guarantee,
    Sign,
)
from backend.acts.scenario.acts.conflicts import (
    ConflictsAct,
    DefaultRuling,
    Dispute,
    Hold,
    LiftHold,
    Offer,
    Resume,
    Rule,
    Suspend,
)
from backend.acts.scenario.acts.ending import (
    Close,
    Complete,
    Decide,
    EndingAct,
    Lapse,
    ReleaseRetention,
    TerminateByAgreement,
)
from backend.acts.scenario.acts.work import (
    Accept,
    AcceptOffline,
    AcceptPart,
    Claim,
    Fund,
    Inspect,
    PayInterest,
    Reject,
    Silence,
    Submit,
    WorkAct,
)

__all__ = [
    "Accept",
    "AcceptOffline",
    "AcceptPart",
    "Advance",
    "Amend",
    "ChangesAct",
    "Claim",
    "Close",
    "Complete",
    "ConflictsAct",
    "Decide",
    "DefaultRuling",
    "Dispute",
    "Enact",
    "EndingAct",
    "Fund",
    "Guarantee",
    "Hold",
    "Inspect",
    "Lapse",
    "LiftHold",
    "Offer",
    "PayInterest",
    "Reject",
    "ReleaseRetention",
    "Resume",
    "Rule",
    "Sign",
    "Silence",
    "StoryAct",
    "Submit",
    "Suspend",
    "TerminateByAgreement",
    "WorkAct",
]

StoryAct = Annotated[
    WorkAct | ChangesAct | ConflictsAct | EndingAct,
    Field(discriminator="act"),
]
