"""Where the tools of `make prove` find each other, and tests what loads them."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
TOOLCHAIN = TESTS.parent / "toolchain"

sys.path.insert(0, str(TESTS / "backend"))
sys.path += [str(TOOLCHAIN / "prove"), str(TOOLCHAIN / "mutation")]
