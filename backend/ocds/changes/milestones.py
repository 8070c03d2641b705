"""Milestones: planned, changed, accepted in part, given up, and what disputes make of them."""

from __future__ import annotations

from backend.chain.events import (
    DisputeRuled,
    DisputeSettled,
    MilestoneCancelled,
    MilestoneChanged,
    MilestonePartlyAccepted,
    MilestonesScheduled,
)
from backend.ocds.publishing import date, known, moment_of
from backend.ocds.telling import Telling


def milestones_scheduled(telling: Telling, event: MilestonesScheduled) -> None:
    """New milestones, at signature or by amendment."""
    for number, terms in enumerate(event.milestones, event.first):
        stage = telling.schedule(number, terms.due_at)
        milestone = known(
            id=stage.id,
            title=stage.title,
            type="payment",
            dueDate=date(moment_of(terms.due_at)),
            status=stage.status,
        )
        telling.draft.put("milestones", milestone)


def milestone_changed(telling: Telling, event: MilestoneChanged) -> None:
    """Another due date, or none any more."""
    stage = telling.stages[event.milestone]
    if stage.due_at != event.due_at:
        stage.due_at = event.due_at
        due = {"id": stage.id, "dueDate": date(moment_of(event.due_at))}
        telling.draft.put("milestones", due)


def milestone_partly_accepted(telling: Telling, event: MilestonePartlyAccepted) -> None:
    """A part is accepted, whose payment follows; the rest stays open."""
    telling.become(telling.stages[event.milestone], "partiallyMet", event.origin.timestamp)


def milestone_cancelled(telling: Telling, event: MilestoneCancelled) -> None:
    """The rest is given up; the event that gives it up says why."""
    telling.give_up(telling.stages[event.milestone], event.origin.timestamp)


def dispute_ended(telling: Telling, event: DisputeSettled | DisputeRuled) -> None:
    """Settled or ruled; where something is due to the supplier, its payment follows."""
    telling.implements()
    if not event.amount:
        telling.give_up(telling.stages[event.milestone], event.origin.timestamp)
