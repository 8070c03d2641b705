"""What Ape users expect: `ape run deploy`, `ape run load`, `ape run demo`, on a running chain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.node import free_port

from backend.chain.deployment import load_deployment
from backend.chain.local import LocalChain
from backend.chain.reader import has_code
from backend.chain.rpc import Rpc

ROOT = Path(__file__).parents[2]
APE = Path(sys.executable).parent / "ape"
RELEASE = {
    "ocid": "ocds-000000-script",
    "id": "1",
    "date": "2024-05-02T00:00:00Z",
    "tag": ["contract"],
    "initiationType": "tender",
    "buyer": {"id": "X-A-1", "name": "Agency"},
    "awards": [{"id": "A", "suppliers": [{"id": "X-B-1", "name": "Builder"}]}],
    "contracts": [
        {
            "id": "C1",
            "awardID": "A",
            "dateSigned": "2024-05-01T00:00:00Z",
            "value": {"amount": 10.5, "currency": "IDR"},
            "implementation": {
                "transactions": [
                    {
                        "id": "P1",
                        "date": "2024-05-02T00:00:00Z",
                        "value": {"amount": 10.5, "currency": "IDR"},
                        "payee": {"id": "X-B-1", "name": "Builder"},
                    }
                ]
            },
        }
    ],
}


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[LocalChain]:
    """A local chain of the test's own."""
    local = LocalChain(tmp_path / "chain", f"http://127.0.0.1:{free_port()}")
    local.start()
    yield local
    local.stop()


def _ape(chain: LocalChain, tmp_path: Path, *arguments: str) -> str:
    network = f"ethereum:local:{chain.rpc_url}"
    command = [str(APE), "run", *arguments, "--network", network, "--account", "TEST::0"]
    where = {"TERMIN_DATA_DIR": str(tmp_path), "APE_DATA_FOLDER": str(tmp_path / "ape")}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | where, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ape_run_deploys_loads_and_plays_the_example(chain: LocalChain, tmp_path: Path) -> None:
    deployed = _ape(chain, tmp_path, "deploy", "--currency", "IDR")
    made = load_deployment(tmp_path)
    with Rpc(chain.rpc_url) as rpc:
        assert has_code(rpc, [made.registry, made.budget, made.factory]) == [True, True, True]
    assert f"Factory {made.factory}" in deployed

    source = tmp_path / "source.json"
    source.write_text(json.dumps(RELEASE))
    loaded = _ape(chain, tmp_path, "load", str(source))
    (line,) = (json.loads(each) for each in loaded.splitlines() if each.startswith("{"))
    found = (line["contract_id"], line["outcome"], line["value"], line["paid"], line["currency"])
    assert found == ("C1", "loaded", "10.50", "10.50", "IDR")

    assert "Kabupaten Sukamaju (fiktif), told as of" in _ape(chain, tmp_path, "demo")
