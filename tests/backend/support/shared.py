"""Published data and the official schema, which are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

SHARED = Path(os.environ.get("SHARED") or Path(__file__).parents[4] / "shared")
"""Named by the environment, as .ci/run does; by default beside the checkout."""

STANDARD = SHARED / "ocds" / "standard-1.1.5.zip"
REAL_DATA = SHARED / "realdata" / "mx-nuevo-leon-works.record-packages.jsonl"
