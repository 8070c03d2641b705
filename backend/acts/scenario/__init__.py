"""A story told in a file, played on the local chain: every act on its day before the present."""

from backend.acts.scenario.playing import play_scenario
from backend.acts.scenario.progress import day_on_chain
from backend.acts.scenario.reading import Scenario, read_scenario
from backend.acts.scenario.refused import ScenarioRefusedError

__all__ = [
    "Scenario",
    "ScenarioRefusedError",
    "day_on_chain",
    "play_scenario",
    "read_scenario",
]
