"""The calls that the acts of a story come to, room by room."""

from backend.acts.blocks import Act
from backend.acts.scenario.acts import ChangesAct, ConflictsAct, StoryAct, WorkAct
from backend.acts.scenario.calls.changes import changes_calls
from backend.acts.scenario.calls.conflicts import conflicts_calls
from backend.acts.scenario.calls.ending import ending_calls
from backend.acts.scenario.calls.work import work_calls
from backend.acts.scenario.desk import Desk


def calls_of(desk: Desk, act: StoryAct) -> list[Act]:
    """The transactions of an act, in order."""
    if isinstance(act, WorkAct):
        return work_calls(desk, act)
    if isinstance(act, ChangesAct):
        return changes_calls(desk, act)
    if isinstance(act, ConflictsAct):
        return conflicts_calls(desk, act)
    return ending_calls(desk, act)
