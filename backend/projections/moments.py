"""Dates that parties give; the contracts take any of 40 bits, up to the year 36812."""

from __future__ import annotations

LAST_MOMENT = 253_402_300_799
"""9999-12-31T23:59:59Z: what lies later has no ISO 8601 date and is shown as this one."""


def moment(given: int) -> int | None:
    """Unix seconds as a column holds them; None for 0, which says that no date is known."""
    return min(given, LAST_MOMENT) or None
