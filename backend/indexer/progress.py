"""How far an index has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Blocks are numbered as on the chain; `events` counts those of this run."""

    start_block: int
    block: int
    head: int
    events: int

    @property
    def done(self) -> int:
        """Blocks that are in the index."""
        return self.block - self.start_block + 1

    @property
    def total(self) -> int:
        """Blocks that the chain has for the index."""
        return max(self.head, self.block) - self.start_block + 1


Report = Callable[[Progress], None]
