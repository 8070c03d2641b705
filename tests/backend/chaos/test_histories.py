"""a history of faults, by its seed
└── ends with the index that a fresh one is, and a reader never saw anything else
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from chaos.history import Hall, hall, plan, run


@pytest.fixture(scope="module")
def place() -> Iterator[Hall]:
    """Not below pytest's folder, which only the user who runs the tests may enter."""
    with TemporaryDirectory(prefix="termin-chaos-") as folder:
        Path(folder).chmod(0o755)
        with hall(Path(folder) / "hall") as found:
            yield found


@pytest.mark.parametrize("seed", range(1, 9))
def test_agrees_with_a_fresh_index(place: Hall, seed: int) -> None:
    run(place, seed)


def test_a_seed_says_the_same_each_time() -> None:
    assert [plan(seed)[0] for seed in range(50)] == [plan(seed)[0] for seed in range(50)]
    assert len({plan(seed)[0].steps for seed in range(50)}) == 50
