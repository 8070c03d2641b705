"""What runs for long does without what it does not need: each would stay in memory for good."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.world import World, deploy

from backend.chain.rpc import Rpc
from backend.db.session import Database

FOR_NOTHING = {
    "alembic",
    "ape",
    "eth_abi",
    "eth_account",
    "eth_utils",
    "fastapi",
    "httpx",
    "jinja2",
    "mako",
    "matplotlib",
    "openpyxl",
    "starlette",
    "toolz",
    "uvicorn",
    "web3",
}
OURS = {
    f"backend.{layer}" for layer in ("acts", "api", "app", "downloads", "ocds", "queries", "web")
}
SCRIPT = """
import atexit, sys
atexit.register(lambda: print("modules", *sys.modules))
from backend.cli import main
main()
"""


@pytest.fixture
def world(own_rpc: Rpc) -> World:
    """A chain of the test's own."""
    return deploy(own_rpc)


def test_the_indexer_does_without(world: World, any_database: Database, tmp_path: Path) -> None:
    world.register()
    world.deployment.save(tmp_path)
    where = ["--rpc-url", world.rpc.url, "--data-dir", str(tmp_path)]
    where += ["--database-url", any_database.url.render_as_string(hide_password=False)]
    command = [sys.executable, "-c", SCRIPT, "index", "--once", *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    told = next(line for line in done.stdout.splitlines() if line.startswith("modules "))
    loaded = set(told.split()[1:])
    assert "backend.indexer.runner" in loaded
    assert loaded & (FOR_NOTHING | OURS) == set()
