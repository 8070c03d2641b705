"""A go-ethereum that makes a block for each transaction, and bears the time that it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from eth_account import Account
from support.node import ROOT, free_port
from support.sending import key_of

from backend.chain.rpc import NodeUnreachableError, Rpc

GETH = ROOT / ".termin" / "geth" / "geth"
CHAIN_ID = 2026
GAS_LIMIT = 1_000_000_000
GENESIS_TIME = 631_152_000
START_SECONDS = 60
_OPTIONS = (
    f"--syncmode full --gcmode archive --networkid {CHAIN_ID} --nodiscover --nat none "
    f"--maxpeers 0 --ipcdisable --miner.gaslimit {GAS_LIMIT} --rpc.gascap 0 --verbosity 2 "
    "--http --http.api eth,net,web3,debug,testing --ws --ws.api eth"
)
_CONFIG = """
[Node.P2P]
ListenAddr = "127.0.0.1:0"
"""
"""It would listen for peers everywhere, and no option of the command line says where."""
_FORKS = "homestead eip150 eip155 eip158 byzantium constantinople petersburg istanbul berlin london"
_GENESIS = {
    "config": {
        "chainId": CHAIN_ID,
        **{f"{fork}Block": 0 for fork in _FORKS.split()},
        "terminalTotalDifficulty": 0,
        "shanghaiTime": 0,
        "cancunTime": 0,
        "blobSchedule": {"cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477}},
    },
    "difficulty": "0x0",
    "gasLimit": hex(GAS_LIMIT),
    "baseFeePerGas": "0x0",
    "timestamp": hex(GENESIS_TIME),
    "alloc": {},
}


class GethRpc(Rpc):
    """Answers what tests ask of Anvil beside: signs for accounts with keys, sets the clock."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._time = 0

    def call(self, method: str, *params: Any) -> Any:
        """As `Rpc.call`."""
        if method == "anvil_autoImpersonateAccount":
            return None
        if method == "evm_setNextBlockTimestamp":
            self._time = int(params[0], 16)
            return None
        if method == "eth_sendTransaction":
            return self._send_signed(params[0])
        return super().call(method, *params)

    def mine(self, *transactions: bytes) -> str:
        """A block of these transactions on top of the newest one; returns its hash.

        It bears the time that was set last, or the second after its parent's.
        """
        parent = self.call("eth_getBlockByNumber", "latest", False)
        attributes = {
            "timestamp": hex(max(self._time, int(parent["timestamp"], 16) + 1)),
            "prevRandao": "0x" + "00" * 32,
            "suggestedFeeRecipient": "0x" + "00" * 20,
            "withdrawals": [],
            "parentBeaconBlockRoot": "0x" + "00" * 32,
        }
        raw = ["0x" + each.hex() for each in transactions]
        return str(self.call("testing_commitBlockV1", attributes, raw, "0x"))

    def _send_signed(self, values: dict[str, str]) -> str:
        count = self.call("eth_getTransactionCount", values["from"], "latest")
        wanted = {
            name: values[name] for name in ("to", "data", "gas", "gasPrice") if name in values
        }
        key = key_of(values["from"])
        signed = Account.sign_transaction(wanted | {"nonce": count, "chainId": CHAIN_ID}, key)
        self.mine(bytes(signed.raw_transaction))
        return "0x" + signed.hash.hex()


class Geth:
    """A running node; `rpc` goes to it, `websocket` is where it tells of blocks."""

    def __init__(self, rpc: GethRpc, websocket: str, engine: str, secret: bytes) -> None:
        self.rpc, self.websocket = rpc, websocket
        self._engine, self._secret = engine, secret

    def finalize(self, number: int) -> None:
        """Let a block be final, as the consensus layer tells a node."""
        head, final = (
            self.rpc.call("eth_getBlockByNumber", each, False)["hash"]
            for each in ("latest", hex(number))
        )
        state = {"headBlockHash": head, "safeBlockHash": final, "finalizedBlockHash": final}
        status = self._ask("engine_forkchoiceUpdatedV3", state, None)["payloadStatus"]
        assert status["status"] == "VALID", status

    def give_up(self, blocks: int) -> None:
        """Take the last blocks back."""
        head = int(self.rpc.call("eth_blockNumber"), 16)
        self.rpc.call("debug_setHead", hex(head - blocks))

    def _ask(self, method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Authorization": f"Bearer {_token(self._secret)}"}
        answer = httpx.post(self._engine, json=body, headers=headers, timeout=30).json()
        assert "error" not in answer, answer
        return answer["result"]


@contextmanager
def geth(folder: Path, more: Sequence[str] = ()) -> Iterator[Geth]:
    """Run a node whose chain is in `folder`, with `more` options than all have."""
    genesis, secret = folder / "genesis.json", secrets.token_bytes(32)
    genesis.write_text(json.dumps(_GENESIS))
    (folder / "secret").write_text(secret.hex())
    (folder / "config.toml").write_text(_CONFIG)
    port, ws_port, engine_port = free_port(), free_port(), free_port()
    place = ["--datadir", str(folder / "chain")]
    made = subprocess.run([str(GETH), "init", *place, str(genesis)], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    options = [
        *["--config", str(folder / "config.toml"), *_OPTIONS.split()],
        *["--http.port", str(port), "--ws.port", str(ws_port)],
        *["--authrpc.port", str(engine_port), "--authrpc.jwtsecret", str(folder / "secret")],
        *more,
    ]
    with (folder / "geth.log").open("wb") as log:
        process = subprocess.Popen([str(GETH), *place, *options], stdout=log, stderr=log)
    try:
        with GethRpc(f"http://127.0.0.1:{port}") as rpc:
            _wait(rpc, process, folder / "geth.log")
            yield Geth(rpc, f"ws://127.0.0.1:{ws_port}", f"http://127.0.0.1:{engine_port}", secret)
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(rpc: Rpc, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            rpc.call("eth_chainId")
            return
        except NodeUnreachableError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def _token(secret: bytes) -> str:
    """A JSON Web Token (RFC 7519) of this moment, as the Engine API wants it."""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"iat": int(time.time())}]
    text = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    return (text + b"." + _base64(hmac.digest(secret, text, hashlib.sha256))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
