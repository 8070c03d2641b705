"""Dates that parties give; the contracts take any of 40 bits, up to the year 36812."""

from __future__ import annotations

from backend.db.base import LAST_MOMENT


def moment(given: int) -> int | None:
    """Unix seconds as a column holds them; None for 0, which says that no date is known."""
    return min(given, LAST_MOMENT) or None
