"""What the contracts count, in the index's words, as `contracts/types/Agreements.sol` has it."""

from __future__ import annotations

import re

AGREEMENT_STATUSES = ("none", "signed", "active", "closed", "completed", "terminated")
MILESTONE_STATUSES = (
    "none",
    "scheduled",
    "submitted",
    "inspected",
    "rejected",
    "paid",
    "owed",
    "cancelled",
    "disputed",
    "partly-accepted",
)


def snake(name: str) -> str:
    """damagesCarried → damages_carried."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()
