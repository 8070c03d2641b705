"""The same random histories on model and contract.

`TERMIN_HISTORIES` says how many, others each time; without it, they are 25, the same each time.
`TERMIN_SHORTEN=0` leaves a history in which they differ as long as it is, which saves minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from engine import Engine
from histories import Histories
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from support.node import anvil
from world import World, build

COUNT = int(os.environ.get("TERMIN_HISTORIES", "25"))
STEPS = 40
PHASES = [Phase.reuse, Phase.generate]
if os.environ.get("TERMIN_SHORTEN") != "0":
    PHASES.append(Phase.shrink)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A deployment on a node of its own."""
    with anvil() as url:
        yield build(Engine(url))


def test_contract_and_model_agree_on_every_history(world: World) -> None:
    Histories.world = world
    chosen = settings(
        max_examples=COUNT,
        stateful_step_count=STEPS,
        deadline=None,
        phases=PHASES,
        derandomize="TERMIN_HISTORIES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=chosen)
