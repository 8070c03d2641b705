"""The servers of the tests, for benchmarks: a node, and PostgreSQL as it comes."""

from __future__ import annotations

import sys
from pathlib import Path

# `tests` is the name of a package in site-packages too, so what tests share is found by itself.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "backend"))

from support.node import anvil, free_port
from support.postgres import find_binaries, postgres

__all__ = ["anvil", "find_binaries", "free_port", "postgres"]
