"""Chains to load into."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loading import Place, place_on

from backend.chain.rpc import Rpc


@pytest.fixture
def place(own_rpc: Rpc, tmp_path: Path) -> Place:
    """An empty chain of the test's own with a deployment."""
    return place_on(own_rpc, tmp_path)
