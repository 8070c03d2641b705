"""Events of the participant registry."""

from __future__ import annotations

from backend.chain.events import (
    ZERO_ADDRESS,
    ZERO_BYTES32,
    FactoryAdmitted,
    ParticipantDocumentChanged,
    ParticipantRegistered,
    ParticipantRolesChanged,
    ParticipantStandingChanged,
    ParticipantSucceeded,
    Standing,
    SuccessionProposed,
)
from backend.db.models import Participant, Succession
from backend.projections.documents import anchor, contents, describe_participant
from backend.projections.rows import Rows, born


def participant_registered(rows: Rows, event: ParticipantRegistered) -> None:
    """A new participant, active."""
    document = anchor(rows, event.document, "participant", event.origin)
    row = rows.new(
        Participant,
        id=event.participant,
        number=rows.next_number(Participant),
        scheme=event.scheme,
        identifier=event.identifier,
        account=None if event.account == ZERO_ADDRESS else event.account,
        organization=None if event.organization == ZERO_BYTES32 else event.organization,
        roles=event.roles,
        standing=Standing.ACTIVE.name.lower(),
        registered_at=event.origin.timestamp,
        document=document,
        name_key="",
        search="",
        **born(event.origin),
    )
    describe_participant(row, contents(rows, document))


def participant_roles_changed(rows: Rows, event: ParticipantRolesChanged) -> None:
    """Other roles."""
    row = rows.get(Participant, event.participant)
    row.roles = event.roles
    rows.touch(row, event.origin)


def participant_standing_changed(rows: Rows, event: ParticipantStandingChanged) -> None:
    """Another standing."""
    row = rows.get(Participant, event.participant)
    row.standing = event.standing.name.lower()
    row.standing_reason = event.reason
    row.standing_document = anchor(rows, event.document, "standing", event.origin)
    rows.touch(row, event.origin)


def participant_document_changed(rows: Rows, event: ParticipantDocumentChanged) -> None:
    """Another document, and so perhaps another name."""
    row = rows.get(Participant, event.participant)
    row.document = anchor(rows, event.document, "participant", event.origin)
    describe_participant(row, contents(rows, row.document))
    rows.touch(row, event.origin)


def succession_proposed(rows: Rows, event: SuccessionProposed) -> None:
    """Another account, once it is confirmed; takes the place of an earlier proposal.

    The zero address takes back what was proposed, and proposes nothing.
    """
    participant = rows.get(Participant, event.participant)
    withdrawn = event.account == ZERO_ADDRESS
    earlier = _latest_succession(rows, participant)
    if earlier is not None and earlier.status == "proposed":
        earlier.status = "withdrawn" if withdrawn else "replaced"
        rows.touch(earlier, event.origin)
    if withdrawn:
        return
    participant.successions += 1
    rows.new(
        Succession,
        participant=participant.id,
        number=participant.successions,
        account=event.account,
        document=anchor(rows, event.document, "succession", event.origin),
        proposed_at=event.origin.timestamp,
        **born(event.origin),
    )
    rows.touch(participant, event.origin)


def participant_succeeded(rows: Rows, event: ParticipantSucceeded) -> None:
    """Another account. What was done before names the participant, and stays as it is."""
    participant = rows.get(Participant, event.participant)
    participant.account = event.account
    rows.touch(participant, event.origin)
    row = rows.get(Succession, (participant.id, participant.successions))
    row.status = "confirmed"
    row.previous = None if event.previous == ZERO_ADDRESS else event.previous
    row.confirmed_at = event.origin.timestamp
    row.confirmed_by = event.by
    rows.touch(row, event.origin)


def factory_admitted(rows: Rows, event: FactoryAdmitted) -> None:
    """Nothing but history: the factory says by `AgreementCreated` what an agreement is."""


def _latest_succession(rows: Rows, participant: Participant) -> Succession | None:
    key = (participant.id, participant.successions)
    return rows.get(Succession, key) if participant.successions else None
