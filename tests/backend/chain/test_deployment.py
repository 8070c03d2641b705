"""The file that says where Termin stands, and whether it stands there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.faults import ChangedRpc
from support.loading import place_on
from support.node import anvil

from backend.chain.deployment import (
    Deployment,
    NodeFillingError,
    NotDeployedError,
    OtherChainError,
    find_deployment,
    load_deployment,
)
from backend.chain.rpc import NodeRefusedError, Rpc

MADE = Deployment(2026, "0x" + "1" * 64, 1, *("0x" + digit * 40 for digit in "23456"))


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = MADE.save(tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "deployment.json"
    assert load_deployment(path.parent) == MADE
    assert set(json.loads(path.read_text())) == {
        "chain_id",
        "genesis_hash",
        "start_block",
        "authority",
        "registry",
        "budget",
        "calendar",
        "factory",
    }


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotDeployedError) as caught:
        load_deployment(tmp_path)
    path = tmp_path / "deployment.json"
    assert caught.value.detail == f"{path} does not exist. Run `termin deploy` first."
    assert caught.value.status == 503


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", "{}", '{"a": 1}', '"x"'])
def test_what_is_no_deployment(tmp_path: Path, text: str) -> None:
    (tmp_path / "deployment.json").write_text(text)
    with pytest.raises(NotDeployedError, match="is not a deployment"):
        load_deployment(tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "deployment.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotDeployedError, match="is not a deployment"):
        load_deployment(tmp_path)


def test_it_stands_on_this_chain(own_rpc: Rpc, tmp_path: Path) -> None:
    made = place_on(own_rpc, tmp_path).made
    assert find_deployment(own_rpc, tmp_path) == made
    replace(made, factory="0x" + "9" * 40).save(tmp_path)
    with pytest.raises(NotDeployedError) as caught:
        find_deployment(own_rpc, tmp_path)
    assert caught.value.detail == (
        f"No contract stands at 0x{'9' * 40} on the chain at {own_rpc.url}. If it was started "
        f"afresh, remove {tmp_path} (`make clean`) and run `termin deploy`."
    )


def test_a_node_that_has_not_come_to_it_yet(own_rpc: Rpc, tmp_path: Path) -> None:
    snapshot = own_rpc.call("evm_snapshot")
    made = place_on(own_rpc, tmp_path).made
    own_rpc.call("evm_revert", snapshot)
    with pytest.raises(NodeFillingError) as caught:
        find_deployment(own_rpc, tmp_path)
    assert caught.value.detail == (
        f"The last block of {own_rpc.url} is 0, the deployment began with block "
        f"{made.start_block}. If its chain was begun anew, remove {tmp_path} (`make clean`) and "
        "run `termin deploy`."
    )
    own_rpc.call("anvil_mine", hex(made.start_block))
    with pytest.raises(NotDeployedError):
        find_deployment(own_rpc, tmp_path)


@pytest.mark.parametrize("told", [None, "", "zz"])
def test_a_node_that_does_not_say_how_far_it_is(
    own_rpc: Rpc, tmp_path: Path, told: str | None
) -> None:
    replace(place_on(own_rpc, tmp_path).made, factory="0x" + "9" * 40).save(tmp_path)

    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        return told if method == "eth_blockNumber" else result

    with (
        ChangedRpc(own_rpc.url, change) as rpc,
        pytest.raises(NodeRefusedError, match=rf"^eth_blockNumber: {told!r} is no number"),
    ):
        find_deployment(rpc, tmp_path)


def test_it_stands_on_another_chain(own_rpc: Rpc, tmp_path: Path) -> None:
    made = place_on(own_rpc, tmp_path).made
    with anvil(chain_id=7) as url, Rpc(url) as other:
        here = other.call("eth_getBlockByNumber", "0x0", False)["hash"]
        # Anvil's genesis does not depend on the chain's id.
        replace(made, genesis_hash="0x" + "8" * 64).save(tmp_path)
        with pytest.raises(OtherChainError) as caught:
            find_deployment(other, tmp_path)
    assert caught.value.detail == (
        f"{tmp_path} holds a deployment on the chain that begins with 0x{'8' * 64}; the node at "
        f"{url} has a chain that begins with {here}. Check --rpc-url and --data-dir; "
        "`make clean` starts afresh."
    )
