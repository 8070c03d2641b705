"""A history: acts of everybody, in any order, played on model and contract."""

from __future__ import annotations

from rules.changes import ChangeRules
from rules.conflicts import ConflictRules
from rules.ending import EndingRules
from rules.work import WorkRules


class Histories(WorkRules, ChangeRules, ConflictRules, EndingRules):
    """All acts."""
