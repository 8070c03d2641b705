"""What the tests of an agreement share."""

from collections.abc import Callable
from typing import Any

import pytest
from ape.contracts import ContractInstance

from ...vocabulary import MONDAY, NONE, Conditions
from ...world import World


@pytest.fixture
def begin(world: World) -> Callable[..., ContractInstance]:
    """`begin(conditions, amount, ...)`: milestones of these amounts, all due on `MONDAY`.

    Active, without inspectors, with an arbiter; other keywords are those of `World.draft`.
    """

    def start(conditions: Conditions, *amounts: int, **changes: Any) -> ContractInstance:
        milestones = tuple((amount, MONDAY, NONE, NONE) for amount in amounts)
        changes = {"arbiter": world.id["arbiter"], "inspectors": (), **changes}
        return world.begin(conditions=conditions, milestones=milestones, **changes)

    return start
