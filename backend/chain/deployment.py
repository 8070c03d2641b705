"""Where Termin stands on a chain: written by `termin deploy`, read by everything else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.errors import AppError
from backend.core.secrets import place_of

FILE_NAME = "deployment.json"


class NotDeployedError(AppError):
    """There is no deployment to work with."""

    status = 503
    title = "Termin is not deployed"


class OtherChainError(AppError):
    """The deployment on file belongs to another chain."""

    status = 409
    title = "The deployment belongs to another chain"


class NodeFillingError(NodeUnreachableError):
    """The node has not all blocks yet, or its chain was begun anew."""

    title = "Termin is not on this node yet"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Addresses of one deployment.

    `start_block` is the first block that can hold an event of it; `genesis_hash` tells chains
    with the same id apart.
    """

    chain_id: int
    genesis_hash: str
    start_block: int
    authority: str
    registry: str
    budget: str
    calendar: str
    factory: str

    def save(self, folder: Path) -> Path:
        """Write it to `folder` and return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE_NAME
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
        return path


def load_deployment(folder: Path) -> Deployment:
    """Read the deployment that `folder` holds; raises `NotDeployedError`."""
    path = folder / FILE_NAME
    try:
        return Deployment(**json.loads(path.read_text()))
    except FileNotFoundError:
        raise NotDeployedError(f"{path} does not exist. Run `termin deploy` first.") from None
    except (ValueError, TypeError) as error:
        raise NotDeployedError(f"{path} is not a deployment: {error}") from error


def find_deployment(rpc: Rpc, folder: Path) -> Deployment:
    """The deployment on file, if it stands on this chain.

    Raises `NotDeployedError` and `OtherChainError`, and `NodeFillingError` where the node has not
    come to it yet.
    """
    known, place = load_deployment(folder), place_of(rpc.url)
    if known.genesis_hash != genesis_hash(rpc):
        raise OtherChainError(
            f"{folder} holds a deployment on the chain that begins with {known.genesis_hash}; the "
            f"node at {place} has a chain that begins with {genesis_hash(rpc)}. Check --rpc-url "
            "and --data-dir; `make clean` starts afresh."
        )
    if rpc.call_as(str, "eth_getCode", known.factory, "latest") == "0x":
        head = _head(rpc)
        if head < known.start_block:
            raise NodeFillingError(
                f"The last block of {place} is {head}, the deployment began with block "
                f"{known.start_block}. If its chain was begun anew, remove {folder} (`make clean`) "
                "and run `termin deploy`."
            )
        raise NotDeployedError(
            f"No contract stands at {known.factory} on the chain at {place}. If it was started "
            f"afresh, remove {folder} (`make clean`) and run `termin deploy`."
        )
    return known


def genesis_hash(rpc: Rpc) -> str:
    """Hash of block 0, which tells chains apart; raises what `Rpc` raises."""
    first = rpc.call_as(_First, "eth_getBlockByNumber", "0x0", False)
    if first is None:
        raise NodeRefusedError("eth_getBlockByNumber", "there is no first block")
    return str(first.hash)


def _head(rpc: Rpc) -> int:
    told = rpc.call_as(str, "eth_blockNumber")
    try:
        return int(told, 16)
    except (ValueError, TypeError):
        raise NodeRefusedError("eth_blockNumber", f"{told!r:.80} is no number") from None


class _First(msgspec.Struct):
    hash: str
