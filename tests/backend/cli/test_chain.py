"""`termin chain` as a process of its own: it stays, and goes on where it stood."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.node import anvil, free_port

from backend.chain.rpc import NodeUnreachableError, Rpc

ROOT = Path(__file__).parents[3]
Process = subprocess.Popen[str]


ENDED_AT_ONCE = """
import os, signal
from rich.console import Console

said = Console.print

def say(self, text):
    said(self, text)
    if text.endswith("Ctrl-C ends it."):
        os.kill(os.getpid(), signal.SIGTERM)

Console.print = say
from backend.cli import main
main()
"""
"""The command, told to end as soon as it has said that it is there."""


def start(folder: Path, url: str, program: tuple[str, ...] = ("-m", "backend.cli")) -> Process:
    where = {"TERMIN_DATA_DIR": str(folder), "TERMIN_RPC_URL": url, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, *program, "chain"],
        cwd=ROOT,
        env=os.environ | where,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_stays_until_it_is_told_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    blocks = []
    for ending in (signal.SIGTERM, signal.SIGINT):
        process = start(tmp_path, url)
        assert process.stdout is not None
        assert process.stdout.readline() == f"The chain answers at {url}. Ctrl-C ends it.\n"
        with Rpc(url) as rpc:
            blocks.append(int(rpc.call("eth_blockNumber"), 16))
            rpc.call("evm_mine")
        process.send_signal(ending)
        out, err = process.communicate(timeout=30)
        assert out == "Writing the chain's state …\n"
        assert "Traceback" not in err
    assert blocks == [0, 1]


def test_told_to_end_at_once_it_leaves_no_chain_behind(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    process = start(tmp_path, url, ("-c", ENDED_AT_ONCE))
    out, err = process.communicate(timeout=30)
    assert out.splitlines()[1:] == ["Writing the chain's state …"]
    assert "Traceback" not in err
    assert (tmp_path / "chain" / "state.json").exists()
    with Rpc(url) as rpc, pytest.raises(NodeUnreachableError):
        rpc.call("eth_blockNumber")


def test_another_node_at_the_port_is_a_sentence(tmp_path: Path) -> None:
    with anvil() as url:
        process = start(tmp_path, url)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    title, sentence = err.splitlines()
    assert title == "The local chain does not run."
    assert sentence.startswith(f"Somebody else listens at {url.removeprefix('http://')} already.")
