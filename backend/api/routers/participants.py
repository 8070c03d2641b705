"""Participants."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.api import answers
from backend.api.parameters import ParticipantParameters, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.answers import ParticipantDetail, ParticipantList
from backend.api.services import Read
from backend.api.wanted import participant_id
from backend.queries.participants import ParticipantFilter, participant, participants

router = APIRouter(prefix="/participants", tags=["participants"])

Name = Annotated[
    str,
    Path(description="Number of the participant, which never changes, or its id.", examples=["7"]),
]


@router.get(
    "",
    response_model=ParticipantList,
    summary="List participants",
    dependencies=[Depends(only(ParticipantParameters, pinned=True))],
    responses=responses(422),
)
def list_participants(given: Annotated[ParticipantParameters, Query()], read: Read) -> Response:
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
    return read.answer(answers.page(read.state, "participants", page))


@router.get(
    "/{name}",
    response_model=ParticipantDetail,
    summary="Get a participant",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_participant(name: Name, read: Read) -> Response:
    """A participant with its totals in each of its parts, its accounts and its history."""
    return read.answer(answers.whole(read.state, participant(read.session, name)))
