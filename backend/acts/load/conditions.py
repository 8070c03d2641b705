"""The conditions of agreements whose publication tells none."""

from __future__ import annotations

from typing import Any, Final

BASIS_POINTS = 10_000
LARGEST_CAP = 65_535
TEN_YEARS = 3_650

PUBLISHED: Final[dict[str, Any]] = {
    "advanceRate": 0,
    "recoveryRate": 0,
    "retentionRate": 0,
    "securityRate": 0,
    "damagesRate": 0,
    "damagesCap": 0,
    "interestRate": 0,
    # No publication says which cap the law set. Beyond the largest that can be agreed, and so for
    # every increase of a value of zero, the buyer's authority signs.
    "amendmentCap": LARGEST_CAP,
    "defaultShare": 0,
    "reviewDays": 0,
    "paymentDays": 0,
    "disputeDays": 0,
    "rulingDays": 0,
    "holdDays": 0,
    "suspensionDays": 0,
    "cureDays": 0,
    "defectsDays": 0,
    "lapseDays": TEN_YEARS,
    "taxes": [],
    "directPayments": [],
}
"""The struct `Conditions`: nothing is deducted, as what was published is what was paid."""


def exceeds_cap(original: int, value: int) -> bool:
    """Whether a value exceeds the original one by more than `PUBLISHED` allows, in minor units."""
    return value > original + original * LARGEST_CAP // BASIS_POINTS
