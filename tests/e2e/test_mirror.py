"""the example of a mirror
├── holds what the API says, exactly, and stays current
├── killed, and started again after the chain gave up blocks: the same
├── starts anew where the chain is another one
├── says what it takes where it is given something else
└── needs nothing but Python, and is short
"""

from __future__ import annotations

import ast
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.gallery import Gallery, _people
from support.node import anvil, free_port
from support.processes import termin
from support.vocabulary import SUPPLIER, milestone
from support.world import World, deploy

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings

MIRROR = Path(__file__).parents[2] / "examples" / "mirror.py"
SECONDS = 90


@contextmanager
def served(folder: Path, rpc: Rpc, port: int) -> Iterator[str]:
    """`termin serve --index`; the last three blocks may be taken back."""
    options = ("--index", "--port", str(port), "--rpc-url", rpc.url, "--data-dir", str(folder))
    with termin(folder / "run", "serve", *options, TERMIN_CONFIRMATIONS="3") as running:
        running.until("Serving on")
        yield f"http://127.0.0.1:{port}"
        assert "Traceback" not in running.err


@contextmanager
def mirroring(url: str, file: Path) -> Iterator[None]:
    """The mirror as a process, killed at the end."""
    process = subprocess.Popen([sys.executable, MIRROR, url, file])
    try:
        yield
        assert process.poll() is None, "the mirror ended"
    finally:
        process.kill()
        process.wait(10)


def listed(url: str, path: str, name: str) -> list[Any]:
    """All rows of a list."""
    rows: list[Any] = []
    after = ""
    while True:
        body = httpx.get(f"{url}/api/v1/{path}{after}").json()
        rows += body[name]
        if not body.get("more", body["next"]):
            return rows
        after = f"&after={body['next']}"


def said(url: str) -> dict[str, list[Any]]:
    """What the API says of everything."""
    answers = []
    for kind, rows, key in (
        ("contracts", "contracts", "address"),
        ("participants", "participants", "id"),
        ("budget-lines", "budgetLines", "id"),
    ):
        for row in listed(url, f"{kind}?limit=200", rows):
            path = f"{kind}/{row[key]}"
            body = httpx.get(f"{url}/api/v1/{path}").json()
            answers.append({"path": path, "body": body | {"index": None}})
    events = [told(item) for item in listed(url, "feed?limit=1000", "items")]
    return {"answers": answers, "events": events}


def told(item: dict[str, Any]) -> dict[str, Any]:
    """An item without its cursor, which is another one when it is told again."""
    return {name: value for name, value in item.items() if name != "cursor"}


def mirrored(file: Path) -> dict[str, list[Any]]:
    """What the file says of everything; how it stands decides what is final."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        [final] = db.execute("SELECT final FROM place").fetchone() or [-1]
        rows = db.execute("SELECT path, body FROM answers WHERE body <> 'null'").fetchall()
        events = [told(json.loads(body)) for (body,) in db.execute("SELECT body FROM events")]
    answers = [{"path": path, "body": json.loads(body) | {"index": None}} for path, body in rows]
    return {"answers": finished(answers, final), "events": finished(events, final)}


def finished(found: Any, final: int) -> Any:
    """The same, with what is final by the last block that is."""
    if isinstance(found, list):
        return [finished(each, final) for each in found]
    if not isinstance(found, dict):
        return found
    whole = {name: finished(each, final) for name, each in found.items()}
    if "final" in whole:
        whole["final"] = whole.get("changed", whole["source"])["block"] <= final
    return whole


def paid(file: Path) -> int:
    """How many payments there are, as docs/feed.md asks for them."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        [(count, _)] = db.execute(asked()).fetchall()
    return int(count)


def paths(file: Path, kind: str) -> int:
    """How many answers of a kind there are."""
    return sum(each["path"].startswith(kind) for each in mirrored(file)["answers"])


def asked() -> str:
    """The question of docs/feed.md."""
    text = (MIRROR.parents[1] / "docs" / "feed.md").read_text(encoding="utf-8")
    return text.partition('sqlite3 termin.db "')[2].partition('"')[0]


def is_begun(file: Path) -> bool:
    """Whether its tables are there."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master")]
    return "answers" in names


def ordered(found: dict[str, list[Any]]) -> dict[str, list[str]]:
    """The same in an order of its own."""
    return {
        name: sorted(json.dumps(row, sort_keys=True) for row in rows)
        for name, rows in found.items()
    }


def same(url: str, rpc: Rpc, file: Path) -> Callable[[], bool]:
    """Whether the index is at the chain's head and the mirror where the index is."""

    def asked() -> bool:
        head = int(rpc.call("eth_blockNumber"), 16)
        place = httpx.get(f"{url}/api/v1/contracts").json().get("index", {}).get("block")
        if not is_begun(file):
            return False
        return place == head and ordered(mirrored(file)) == ordered(said(url))

    return asked


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            if condition():
                return
        except httpx.ConnectError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.3)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[tuple[Rpc, World, Gallery, bytes]]:
    """A deployment with people and a budget line."""
    with anvil() as node, Rpc(node) as rpc:
        world = deploy(rpc)
        world.admit("IDR", 2)
        world.deployment.save(tmp_path)
        store = DocumentStore(Settings(data_dir=tmp_path).documents_dir)
        gallery = Gallery(world, store, _people(world, store), {})
        line = world.appropriate(gallery.people["city"], "IDR", 10**12)
        yield rpc, world, gallery, line


def test_holds_what_the_api_says(scene: tuple[Rpc, World, Gallery, bytes], tmp_path: Path) -> None:
    rpc, world, gallery, line = scene
    file = tmp_path / "mirror.db"
    bridge = gallery.make("bridge", "Jembatan", [milestone(500)] * 9, line=line)
    world.fund(bridge)
    world.pay(bridge, 0)
    with served(tmp_path, rpc, free_port()) as url:
        with mirroring(url, file):
            wait_until(same(url, rpc, file))
            assert paid(file) == 1
            road = gallery.make("road", "Jalan", [milestone(700)] * 2, line=line)
            world.fund(road)
            world.pay(bridge, 1)
            wait_until(same(url, rpc, file))
            assert paths(file, "contracts/") == 2
            fork = int(rpc.call("eth_blockNumber"), 16)
            world.pay(bridge, 2)
            wait_until(same(url, rpc, file))
            assert paid(file) == 3
        # It does not see how the chain gives up what it holds.
        rpc.call("anvil_rollback", int(rpc.call("eth_blockNumber"), 16) - fork)
        world.register(SUPPLIER, identifier="another")
        world.set_standing(gallery.people["karya"], 2)
        gone = same(url, rpc, file)
        wait_until(lambda: httpx.get(f"{url}/api/v1/reorganizations").json()["reorganizations"])
        assert not gone()
        with mirroring(url, file):
            wait_until(same(url, rpc, file))
        assert paid(file) == 2


def test_starts_anew_where_the_chain_is_another(
    scene: tuple[Rpc, World, Gallery, bytes], tmp_path: Path
) -> None:
    rpc, *_ = scene
    port, file = free_port(), tmp_path / "mirror.db"
    with mirroring(f"http://127.0.0.1:{port}", file):
        with served(tmp_path, rpc, port) as url:
            wait_until(same(url, rpc, file))
            before = mirrored(file)["events"]
        with anvil() as node, Rpc(node) as other:
            world = deploy(other)
            world.register(SUPPLIER)
            world.deployment.save(tmp_path / "other")
            with served(tmp_path / "other", other, port) as url:
                wait_until(same(url, other, file))
                assert mirrored(file)["events"] != before


@pytest.mark.parametrize("given", [[], ["http://127.0.0.1:1"], ["a", "b", "c"]])
def test_says_what_it_takes(given: list[str], tmp_path: Path) -> None:
    command = [sys.executable, str(MIRROR.resolve()), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "mirror.py URL FILE\n")
    assert list(tmp_path.iterdir()) == []


def test_needs_nothing_and_is_short() -> None:
    tree = ast.parse(MIRROR.read_text(encoding="utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(MIRROR.read_text(encoding="utf-8").splitlines()) <= 60
