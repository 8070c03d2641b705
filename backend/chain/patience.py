"""How long something lasts that may be over by itself."""

from __future__ import annotations

import time

FORGOTTEN_SECONDS = 60.0
"""What was not seen for so long is something new when it is seen again."""


class Patience:
    """Counts from when a state was first seen, while it is seen again and again."""

    def __init__(self) -> None:
        self._since = self._seen = float("-inf")

    def lasts(self) -> float:
        """It is so now; for how many seconds it has been."""
        now, since = time.monotonic(), self._since
        if now - self._seen > FORGOTTEN_SECONDS:
            since = now
        self._since, self._seen = since, now
        return now - since

    def over(self) -> None:
        """It is so no more."""
        self._since = self._seen = float("-inf")
