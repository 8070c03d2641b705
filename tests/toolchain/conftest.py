"""Where the tools of `make prove` find each other, and tests what loads them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))
sys.path.append(str(Path(__file__).parents[2] / "toolchain" / "prove"))
sys.path.append(str(Path(__file__).parents[2] / "toolchain" / "mutation"))

from support.states import published_states as published_states
