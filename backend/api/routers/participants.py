"""Participants."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from backend.api.parameters import ParticipantParameters, nothing_else, only, participant_id
from backend.api.problems import responses
from backend.api.schemas.answers import ParticipantDetail, ParticipantList
from backend.api.services import Read, fields
from backend.queries.participants import ParticipantFilter, participant, participants

router = APIRouter(prefix="/participants", tags=["participants"])

Name = Annotated[
    str,
    Path(description="Number of the participant, which never changes, or its id.", examples=["7"]),
]


@router.get(
    "",
    summary="List participants",
    dependencies=[Depends(only(ParticipantParameters))],
    responses=responses(422),
)
def list_participants(
    given: Annotated[ParticipantParameters, Query()], read: Read
) -> ParticipantList:
    """Legal persons and offices, filtered, searched and sorted, page by page."""
    wanted = ParticipantFilter(
        role=given.role,
        standing=given.standing,
        scheme=given.scheme,
        identifier=given.identifier,
        organization=participant_id(read.session, "organization", given.organization),
        text=given.q or "",
    )
    page = participants(
        read.session,
        wanted,
        sort=given.sort,
        order=given.order,
        limit=given.limit,
        after=given.after,
    )
    return ParticipantList.model_validate(
        {"participants": page.items, "next": page.next, "index": read.state}
    )


@router.get(
    "/{name}",
    summary="Get a participant",
    dependencies=[nothing_else()],
    responses=responses(404, 422),
)
def get_participant(name: Name, read: Read) -> ParticipantDetail:
    """A participant with its totals in each of its parts, its accounts and its history."""
    found = participant(read.session, name)
    return ParticipantDetail.model_validate(
        fields(found) | {"participant": found.row, "index": read.state}
    )
