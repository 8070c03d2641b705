"""Documents: what the tests of the backend share is shared here too."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))

from support.states import published_states as published_states
