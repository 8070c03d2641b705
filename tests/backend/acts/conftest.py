"""Chains to act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.acting import Scene, set_scene
from support.loading import Place, place_on

from backend.chain.rpc import Rpc


@pytest.fixture
def place(own_rpc: Rpc, tmp_path: Path) -> Place:
    """An empty chain of the test's own with a deployment."""
    return place_on(own_rpc, tmp_path)


@pytest.fixture
def scene(own_rpc: Rpc, tmp_path: Path) -> Scene:
    """A city with one agreement that is active, on a chain of the test's own."""
    return set_scene(own_rpc, tmp_path)
