"""Words for what the contracts count."""

from __future__ import annotations

from enum import IntEnum
from functools import cache


@cache
def label(member: IntEnum) -> str:
    """PARTIAL_ACCEPTANCE → "partial-acceptance"."""
    return member.name.lower().replace("_", "-")
