"""A load that is killed with no chance to tidy up, at several moments, and then run again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chaos.faults import Answer, Request
from chaos.proxy import proxy
from support.loading import OTHER, Place, contract, payment, place_on, release, told, write
from support.node import anvil

from backend.acts.load.parties import cast_of
from backend.acts.load.state import read_agreements
from backend.acts.sending import call
from backend.chain.local import bring_to_present, head_time
from backend.chain.rpc import Rpc
from backend.ocds.contracts import read_source

ROOT = Path(__file__).parents[2]
SEED = 20240301
KILLS = 3
PATIENCE_SECONDS = 180


@pytest.fixture
def rpc() -> Iterator[Rpc]:
    """A node of the test's own."""
    with anvil() as url, Rpc(url) as found:
        yield found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Contracts with payments at their own pace, many in one second, amended and closed ones."""
    dice = random.Random(SEED)
    releases = [_release(number, dice) for number in range(8)]
    same = [payment(f"S{n}", n + 1, "2024-06-01T12:00:00Z") for n in range(150)]
    worth = {"value": {"amount": 11325, "currency": "MXN"}}
    busy = release(contract(*same, **worth), ocid="ocds-abc123-busy")
    return write(tmp_path / "source.jsonl", *releases, busy)


def _release(number: int, dice: random.Random) -> Any:
    payments = []
    for n in range(dice.randint(3, 9)):
        month, day = dice.randint(1, 12), dice.randint(1, 28)
        date = f"2024-{month:02}-{day:02}T{dice.randint(0, 23):02}:00:00Z"
        more = {"payee": {"id": "-".join(OTHER)}} if dice.random() < 0.3 else {}
        payments.append(payment(f"P{n}", f"{dice.randint(1, 40000) / 100:.2f}", date, **more))
    status = dice.choice(["active", "terminated", "cancelled"])
    return release(contract(*payments, status=status), ocid=f"ocds-abc123-{number}")


@pytest.fixture
def clean(source: Path, tmp_path: Path) -> Iterator[Place]:
    """The same source, loaded in one go."""
    with anvil() as url, Rpc(url) as rpc:
        place = place_on(rpc, tmp_path / "clean")
        place.load_files(source)
        yield place


def start(source: Path, place: Place, url: str) -> subprocess.Popen[bytes]:
    """`termin load` in a process of its own."""
    where = {"TERMIN_DATA_DIR": str(place.folder), "TERMIN_RPC_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "load", str(source)],
        cwd=ROOT,
        env=os.environ | where,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def load_killed_when(source: Path, place: Place, happens: Callable[[], bool]) -> None:
    """Load, and kill that as soon as something has happened on the node: the load, however fast it
    is, has not heard of it yet. Fails if it ends before."""
    with proxy(place.rpc.url) as front:
        process = start(source, place, front.url)

        def look(_: Request, answer: Answer) -> Answer:
            if happens():
                process.kill()
            return answer

        front.always(look)
        try:
            status = process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
    assert status == -signal.SIGKILL, "the load ended before it could be killed"


def waiting(place: Place) -> int:
    """How many transactions wait for a block."""
    return int(place.rpc.call("txpool_status")["pending"], 16)


def facts(place: Place) -> Any:
    return {key: each.comparable for key, each in place.facts().items()}


def test_it_ends_where_one_clean_load_ends(
    source: Path, clean: Place, rpc: Rpc, tmp_path: Path
) -> None:
    place = place_on(rpc, tmp_path / "killed")
    blocks = clean.head - place.head
    dice = random.Random(SEED)
    instants = sorted(place.head + dice.randint(1, blocks - 5) for _ in range(KILLS))
    conditions: list[Callable[[], bool]] = [
        lambda until=until: place.head >= until  # type: ignore[misc]
        for until in instants
    ]
    # And once with a block half sent, which is never mined.
    conditions.insert(2, lambda: waiting(place) > 60)
    partial = 0
    for happens in conditions:
        load_killed_when(source, place, happens)
        assert place.rpc.call("anvil_getAutomine") is False
        partial += waiting(place) > 0
    assert partial
    assert facts(place) != facts(clean)

    process = start(source, place, place.rpc.url)
    assert process.wait(PATIENCE_SECONDS) == 0

    assert facts(place) == facts(clean)
    assert place.supply() == clean.supply()
    assert sorted(place.balances().values()) == sorted(clean.balances().values())
    assert waiting(place) == 0
    head = place.head, place.log
    again = place.load_files(source)
    assert {outcome for _, outcome, _ in told(again.report)} <= {"loaded", "loaded_with_amendment"}
    assert again.steps == 0
    assert (place.head, place.log) == head


def test_acts_by_hand_go_on_after_a_killed_load(source: Path, rpc: Rpc, tmp_path: Path) -> None:
    place = place_on(rpc, tmp_path / "killed")
    first = place.head
    load_killed_when(source, place, lambda: place.head > first + 20 and waiting(place) > 0)
    assert place.rpc.call("anvil_getAutomine") is False
    contracts = read_source([source]).contracts
    states = read_agreements(place.rpc, place.made, place.store, contracts)
    found, state = next(
        (contract_, state)
        for contract_, state in zip(contracts, states, strict=True)
        if state.exists and not state.closed and any(each.is_open for each in state.milestones)
    )
    number = next(n for n, each in enumerate(state.milestones) if each.is_open)

    begin = int(time.time())
    bring_to_present(place.rpc)
    assert waiting(place) == 0
    place.sender.forget_nonces()
    evidence = b"\1" * 32
    supplier = cast_of(found).supplier.signer
    place.act(supplier, call("Agreement", state.address, "submit", number, evidence))

    (submitted,) = [
        (at, values)
        for at, values in place.facts()[found.ocid, found.contract_id].named("MilestoneSubmitted")
        if values["evidence"] == evidence
    ]
    assert begin <= submitted[0] == head_time(place.rpc) <= time.time()
    assert submitted[1]["milestone"] == number
