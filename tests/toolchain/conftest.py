"""Where the tools of `make prove` find each other, and tests what loads them."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
TOOLCHAIN = HERE.parents[1] / "toolchain"

sys.path += [str(HERE), str(TOOLCHAIN / "prove"), str(TOOLCHAIN / "mutation")]
