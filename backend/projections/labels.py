"""Words for what the contracts count."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache


# Members of two enumerations are equal where their numbers are: a cache must tell them apart.
@lru_cache(maxsize=None, typed=True)
def label(member: IntEnum) -> str:
    """PARTIAL_ACCEPTANCE → "partial-acceptance"."""
    return member.name.lower().replace("_", "-")
