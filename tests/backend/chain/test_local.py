"""The local chain: its state, its clock, and what keeps it from starting."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.loading import Place, place_on
from support.node import anvil, free_port

from backend.acts.deploy import REGISTRAR
from backend.acts.sending import call
from backend.chain.local import (
    CHAIN_ID,
    GENESIS_TIME,
    LocalChain,
    LocalChainError,
    bring_to_present,
    head_time,
    is_local,
    manual_blocks,
    mine,
    resume_mining,
    set_clock,
)
from backend.chain.rpc import Rpc

IN_2024 = 1_709_287_200


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[LocalChain]:
    found = LocalChain(tmp_path / "chain", f"http://127.0.0.1:{free_port()}")
    yield found
    found.stop()


def act(place: Place) -> int:
    """Send something that does nothing new and give the time of its block."""
    grant = call("Authority", place.made.authority, "grantRole", REGISTRAR, place.admin.address, 0)
    place.act(place.admin, grant)
    return head_time(place.rpc)


def test_a_new_chain_begins_before_any_published_payment(chain: LocalChain) -> None:
    chain.start()
    with Rpc(chain.rpc_url) as rpc:
        assert is_local(rpc)
        assert int(rpc.call("eth_chainId"), 16) == CHAIN_ID == 2026
        assert head_time(rpc) == GENESIS_TIME == 631_152_000


def test_state_and_clock_go_on_where_they_stood(chain: LocalChain, tmp_path: Path) -> None:
    chain.start()
    with Rpc(chain.rpc_url) as rpc:
        place = place_on(rpc, tmp_path / "data")
        set_clock(rpc, IN_2024)
        assert IN_2024 <= act(place) < IN_2024 + 60
        head, stood = place.head, head_time(rpc)
        genesis, logs = rpc.call("eth_getBlockByNumber", "0x0", False)["hash"], place.log
    chain.stop()

    chain.start()
    with Rpc(chain.rpc_url) as rpc:
        again = place_on(rpc, tmp_path / "data")
        assert again.made == place.made
        assert rpc.call("eth_getBlockByNumber", "0x0", False)["hash"] == genesis
        assert (again.head, head_time(rpc), again.log) == (head, stood, logs)
        # Neither the present nor the beginning.
        assert stood <= act(again) < stood + 60
        assert again.head == head + 1


def test_stopping_twice_or_before_the_start_is_no_matter(chain: LocalChain) -> None:
    chain.stop()
    assert chain.wait() == 0
    chain.start()
    chain.stop()
    chain.stop()
    assert chain.wait() == 0


def test_the_clock_never_goes_back(own_rpc: Rpc, tmp_path: Path) -> None:
    place = place_on(own_rpc, tmp_path)
    set_clock(own_rpc, IN_2024)
    stood = act(place)
    set_clock(own_rpc, GENESIS_TIME)
    assert stood <= act(place) < stood + 60


def test_blocks_by_hand_bear_their_second_and_may_share_it(own_rpc: Rpc) -> None:
    with manual_blocks(own_rpc):
        assert own_rpc.call("anvil_getAutomine") is False
        mine(own_rpc, IN_2024)
        mine(own_rpc, IN_2024)
        mine(own_rpc, IN_2024 + 1)
    assert own_rpc.call("anvil_getAutomine") is True
    times = [
        int(own_rpc.call("eth_getBlockByNumber", hex(n), False)["timestamp"], 16) for n in (1, 2, 3)
    ]
    assert times == [IN_2024, IN_2024, IN_2024 + 1]


def test_an_error_between_blocks_brings_automatic_mining_back(own_rpc: Rpc) -> None:
    with pytest.raises(ZeroDivisionError), manual_blocks(own_rpc):
        raise ZeroDivisionError
    assert own_rpc.call("anvil_getAutomine") is True


@pytest.mark.parametrize("resume", [resume_mining, bring_to_present])
def test_what_a_killed_load_left_is_dropped(own_rpc: Rpc, tmp_path: Path, resume: object) -> None:
    place = place_on(own_rpc, tmp_path)
    head = place.head
    own_rpc.call("evm_setAutomine", False)
    grant = call("Authority", place.made.authority, "grantRole", REGISTRAR, place.admin.address, 0)
    place.sender.send(place.admin, grant, 200_000)
    assert own_rpc.call("txpool_status")["pending"] == "0x1"
    resume(own_rpc)  # type: ignore[operator]
    assert own_rpc.call("txpool_status")["pending"] == "0x0"
    place.sender.forget_nonces()
    act(place)
    assert place.head == head + 1


def test_an_act_by_hand_happens_now(own_rpc: Rpc, tmp_path: Path) -> None:
    place = place_on(own_rpc, tmp_path)
    begin = int(time.time())
    bring_to_present(own_rpc)
    assert begin <= act(place) <= time.time() + 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org:8545",
        "http://127.0.0.1",
        "http://0.0.0.0:8545",
        "",
        "8545",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
    ],
)
def test_it_listens_on_this_machine_only(tmp_path: Path, url: str) -> None:
    with pytest.raises(LocalChainError) as caught:
        LocalChain(tmp_path, url).start()
    assert caught.value.detail == (
        "The local chain listens on this machine only; "
        f"found --rpc-url {url}, expected http://127.0.0.1:PORT."
    )


def test_the_port_of_somebody_else(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalChainError) as caught:
            LocalChain(tmp_path, f"http://127.0.0.1:{port}").start()
    assert caught.value.detail == (
        f"Somebody else listens at 127.0.0.1:{port} already. If it is a chain that was left "
        "running, end it; else choose another port with --rpc-url."
    )


def test_another_chain_at_the_port_is_not_taken_for_its_own(tmp_path: Path) -> None:
    with anvil() as url, Rpc(url) as rpc:
        place = place_on(rpc, tmp_path / "data")
        set_clock(rpc, IN_2024)
        stood = act(place)
        for _ in range(3):
            with pytest.raises(LocalChainError, match="Somebody else listens at 127"):
                LocalChain(tmp_path / "chain", url).start()
        # Its clock was not touched either.
        assert stood <= act(place) < stood + 60


def test_anvil_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalChainError) as caught:
        LocalChain(tmp_path / "chain", f"http://127.0.0.1:{free_port()}").start()
    assert caught.value.detail == ("Anvil is not installed here. Run `make setup` in the checkout.")


def test_anvil_that_ends_at_once_says_why(chain: LocalChain) -> None:
    chain.folder.mkdir(parents=True)
    (chain.folder / "state.json").write_text("this is no state")
    with pytest.raises(LocalChainError, match=r"^Anvil ended at once: .+"):
        chain.start()


def test_an_anvil_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = tmp_path / ".termin" / "bin" / "anvil"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\necho something >&2\necho the port is cursed >&2\nexit 3\n")
    script.chmod(0o755)
    with pytest.raises(LocalChainError) as caught:
        LocalChain(tmp_path / "chain", f"http://127.0.0.1:{free_port()}").start()
    assert caught.value.detail == "Anvil ended at once: the port is cursed"


def test_ctrl_c_at_the_terminal_does_not_reach_anvil(chain: LocalChain) -> None:
    chain.start()
    process = chain._process
    assert isinstance(process, subprocess.Popen)
    assert os.getpgid(process.pid) != os.getpgid(0)
