"""Where the model and what tests share are found."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

# As in tests/backend: `tests` is the name of a package in site-packages too.
sys.path[:0] = [str(HERE), str(HERE.parent / "backend")]
