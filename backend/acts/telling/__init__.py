"""What happened to an agreement, in sentences."""

from __future__ import annotations

from backend.acts.agreements import Happening
from backend.acts.directory import Directory
from backend.acts.telling.changes import CHANGES
from backend.acts.telling.conflicts import CONFLICTS
from backend.acts.telling.money import MONEY
from backend.acts.telling.work import WORK

SENTENCES = {**WORK, **MONEY, **CHANGES, **CONFLICTS}


def tell(happening: Happening, names: Directory) -> str:
    """One event as a sentence; empty for events that another sentence tells already."""
    told = SENTENCES.get(happening.name)
    return told(happening.values, names) if told else ""
