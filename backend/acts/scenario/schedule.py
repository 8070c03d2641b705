"""Milestones as a story agrees them."""

from __future__ import annotations

from backend.acts.scenario.parts import Amount, Day, Name, Part, Text


class Milestone(Part):
    """What acceptance pays, by when, and to whom if not to the supplier."""

    title: Text
    amount: Amount
    due: Day | None = None
    payee: Name | None = None
