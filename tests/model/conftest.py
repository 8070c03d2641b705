"""Where the model and what tests share are found."""

import sys
from pathlib import Path

# As in tests/backend: `tests` is the name of a package in site-packages too.
sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))
sys.path.insert(0, str(Path(__file__).parent))

from support.states import published_states as published_states
