"""Events as they stand on the chain: what is final of them never changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend.api import answers
from backend.api.parameters import nothing_else
from backend.api.problems import responses
from backend.api.schemas.answers import EventDetail
from backend.api.services import ReadNow
from backend.queries.history import event_at

router = APIRouter(prefix="/events", tags=["events"])

Block = Annotated[int, Path(ge=0, le=2**63 - 1, description="Block number.", examples=[4702])]
LogIndex = Annotated[
    int, Path(ge=0, le=2**31 - 1, description="Index of the log within the block.", examples=[3])
]


@router.get(
    "/{block}/{log_index}",
    response_model=EventDetail,
    summary="Get an event",
    dependencies=[nothing_else()],
    responses=responses(404, 422),
)
def get_event(block: Block, log_index: LogIndex, read: ReadNow) -> Response:
    """The event that a `source` names. Once it is final, `index` is its own block, and the answer
    never changes."""
    event = event_at(read.session, block, log_index)
    if event.final:
        read = read.at(
            replace(
                read.state,
                block=block,
                block_hash=event.block_hash,
                time=event.at,
                age=0,
                final_block=block,
            )
        )
    return read.answer(answers.part(read.state, "event", event), of_chain=True)
