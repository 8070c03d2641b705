"""The page of what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy.orm import Session

from backend.queries.milestones import Actor, MilestoneRow, late_milestones, waiting_for

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """Stages that wait for `actor`, or are "late"; at most `SHOWN`."""

    actor: str
    rows: list[MilestoneRow]


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One queue for each that must act, and one for what is past its date."""

    queues: list[Queue]


def waiting_page(session: Session, now: datetime) -> WaitingPage:
    """Fill the page. What waits for suppliers alone is the work itself and not listed."""
    actors: list[Actor] = [actor for actor in get_args(Actor) if actor != "supplier"]
    queues = [Queue(actor, waiting_for(session, actor, now, SHOWN)) for actor in actors[::-1]]
    return WaitingPage([*queues, Queue("late", late_milestones(session, now, SHOWN))])
