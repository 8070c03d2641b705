"""Words for what the contracts count."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache


# Members of two kinds that count the same are equal, and must not have the same word.
@lru_cache(typed=True)
def label(member: IntEnum) -> str:
    """PARTIAL_ACCEPTANCE → "partial-acceptance"."""
    return member.name.lower().replace("_", "-")
