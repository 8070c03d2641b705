"""One history: a chain that acts, a node, a database and processes that fail, all drawn by a seed.

What happens is drawn before anything happens, so that a seed says the same each time; the instants
at which threads and processes meet are the machine's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from chaos.faults import PASSING, STOPPING
from chaos.processes import Process, Zygote, zygote
from chaos.proxy import Proxy, proxy
from chaos.scene import Scene, scene
from chaos.stores import KINDS, Stores, hold, stores
from chaos.verdict import Failure, judge
from chaos.watching import Watcher, watching
from sqlalchemy import func, select

from backend.core.documents import DocumentStore
from backend.db.models import Batch, Cursor
from backend.db.session import Database, DatabaseUnavailableError
from backend.projections.documents import refresh_document, refresh_documents

SYNC_SECONDS = 45.0
REST_SECONDS = 0.3
"""After which a process that ended by itself is started again."""

FINALIZED = 64
"""How many blocks on top of one make Anvil call it final."""

STEPS = {
    "act": 30,
    "mine": 4,
    "reorganize": 10,
    "go_back": 5,
    "fault": 26,
    "refuse": 3,
    "drop_sockets": 2,
    "kill": 10,
    "kill_in_a_moment": 10,
    "stop": 2,
    "second": 4,
    "database": 6,
    "rebuild": 4,
    "document": 6,
    "sync": 8,
    "stopping": 2,
}
"""How often each of them is drawn, of all together."""


@dataclass(frozen=True)
class Plan:
    """What is drawn at the beginning."""

    seed: int
    kind: str
    several: bool
    confirmations: int | None
    reorg_blocks: int
    patience: float
    range: int
    steps: tuple[str, ...]
    ending: str
    empty: bool

    @property
    def margin(self) -> int:
        """How many blocks below its highest the chain may give up."""
        return min(self.reorg_blocks, self.confirmations or FINALIZED)

    @property
    def deepest(self) -> int:
        """How many blocks it gives up at once."""
        return min(12, self.margin)


def plan(seed: int) -> tuple[Plan, Random]:
    """What a seed stands for, and the source of all else that it decides."""
    random = Random(seed)
    names, weights = zip(*STEPS.items(), strict=True)
    found = Plan(
        seed=seed,
        kind=KINDS[seed % 2],
        several=random.random() < 0.2,
        confirmations=random.choice([None, None, 1_000, 30, 6]),
        reorg_blocks=random.choice([256, 256, 40, 16]),
        patience=random.choice([0.3, 0.3, 10.0]),
        range=random.choice([1, 3, 10, 100]),
        steps=tuple(random.choices(names, weights, k=random.randrange(8, 22))),
        ending=random.choices(["calm", "rewritten"], [93, 7])[0],
        empty=random.random() < 0.3,
    )
    return found, random


@dataclass
class Hall:
    """What histories share: databases, and a maker of processes."""

    stores: Stores
    zygote: Zygote
    folder: Path


@contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    """Set all of it up."""
    (folder / "stores").mkdir(parents=True)
    with zygote() as maker, stores(folder / "stores") as databases:
        yield Hall(databases, maker, folder)


@dataclass
class History:
    """A history under way. `told` is the tale of it, for whoever looks into a failure."""

    plan: Plan
    random: Random
    hall: Hall
    scene: Scene
    proxy: Proxy
    other: Proxy
    database: Database
    store: DocumentStore
    folder: Path
    watcher: Watcher
    processes: list[Process] = field(default_factory=list)
    current: Process | None = None
    told: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    # --- processes ---

    def start(self, *arguments: str) -> Process:
        """Start `termin index`."""
        plan = self.plan
        log = self.folder / f"{len(self.processes)}.log"
        environment = {
            "TERMIN_RPC_URL": self.proxy.url,
            "TERMIN_NODES": self.other.url if plan.several else "",
            "TERMIN_DATABASE_URL": self.hall.stores.over_the_line(self.database),
            "TERMIN_DATA_DIR": str(self.folder / "data"),
            "TERMIN_REORG_BLOCKS": str(plan.reorg_blocks),
            "TERMIN_LOG_FORMAT": "json",
        }
        if plan.confirmations is not None:
            environment["TERMIN_CONFIRMATIONS"] = str(plan.confirmations)
        made = self.hall.zygote.start(
            log, environment, "index", *arguments, patience=plan.patience, range=plan.range
        )
        self.processes.append(made)
        return made

    def keep(self) -> None:
        """Whoever looks after the indexer starts it again when it has ended."""
        if self.current is None or not self.current.lives():
            self.current = self.start()

    # --- steps ---

    def play(self) -> None:
        """Everything up to where the faults end."""
        self.keep()
        for step in self.plan.steps:
            self.tell(step)
            getattr(self, f"_{step}")()
            time.sleep(self.random.choice([0, 0, 0.02, 0.1, 0.3]))
            self.keep()

    def tell(self, what: str) -> None:
        """Note what happens."""
        self.told.append(f"{self.scene.number}: {what}")

    def _act(self) -> None:
        for _ in range(self.random.randrange(1, 5)):
            self.scene.act(self.random)

    def _mine(self) -> None:
        self.scene.mine(self.random.randrange(1, 6))

    def _reorganize(self) -> None:
        self.scene.reorganize(self.random, self.random.randint(1, self.plan.deepest))
        for _ in range(self.random.randrange(2)):
            self.scene.act(self.random)

    def _go_back(self) -> None:
        depth = self.random.randint(1, self.plan.deepest)
        if self.random.random() < 0.5:
            self.scene.go_back(depth)
        else:
            snapshot = self.scene.snapshot()
            self.scene.mine(min(depth, self.plan.margin))
            time.sleep(self.random.choice([0.05, 0.3]))
            self.scene.revert(snapshot)
        if self.random.random() < 0.7:
            self.scene.grow()

    def _fault(self) -> None:
        names = self.random.choices(list(PASSING), k=self.random.randrange(1, 4))
        for name in names:
            count = self.random.randrange(1, 4)
            victim = self.other if self.plan.several and self.random.random() < 0.3 else self.proxy
            victim.inject(PASSING[name], count)
            self.tell(f"  {name} {count}")
        if self.random.random() < 0.7:
            self.scene.act(self.random)

    def _stopping(self) -> None:
        name = self.random.choice(list(STOPPING))
        self.tell(f"  {name}")
        self.proxy.inject(STOPPING[name], 2)

    def _refuse(self) -> None:
        self.proxy.refuse()
        time.sleep(self.random.choice([0.05, 0.4]))
        self.scene.act(self.random)
        self.proxy.listen()

    def _drop_sockets(self) -> None:
        self.proxy.drop_sockets()

    def _kill(self) -> None:
        time.sleep(self.random.random() * 0.2)
        self.scene.act(self.random)
        if self.current:
            self.current.kill()
            self.current.wait(5)

    def _kill_in_a_moment(self) -> None:
        """At the next or a later request, or so many milliseconds after it."""
        requests, pause = self.random.randrange(1, 12), self.random.random() * 0.06
        process = self.current
        assert process is not None
        self.proxy.after(requests, lambda: threading.Timer(pause, process.kill).start())
        self.scene.act(self.random)

    def _stop(self) -> None:
        assert self.current is not None
        self.current.stop()

    def _second(self) -> None:
        self.start()

    def _database(self) -> None:
        seconds = self.random.choice([0.2, 0.5, 0.5, 1.0, 4.0])
        chance = self.random.random()
        if self.database.engine.dialect.name == "sqlite":
            self._beside(lambda: hold(self.database, seconds))
        elif chance < 0.15:
            self.tell("  restart")
            self.hall.stores.restart()
        elif chance < 0.35:
            self.tell(f"  silence {seconds}")
            self._beside(lambda: self.hall.stores.silence(seconds))
        else:
            self.hall.stores.terminate(self.database)

    def _rebuild(self) -> None:
        made = self.start("--rebuild", "--once")
        if self.random.random() < 0.4:
            time.sleep(self.random.random() * 0.4)
            made.kill()

    def _document(self) -> None:
        """Bring one as the API does, and sometimes before anybody has named it."""
        if not self.scene.documents:
            return
        content = self.random.choice(self.scene.documents)
        digest = self.store.write(content)
        with suppress(DatabaseUnavailableError), self.database.transaction() as session:
            refresh_document(session, self.store, f"0x{digest.hex()}")

    def _sync(self) -> None:
        """Let the index come as far as it can for a while."""
        deadline = time.monotonic() + 1.5
        while time.monotonic() < deadline and self.position() != self.scene.head["hash"]:
            time.sleep(0.02)

    def _beside(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self.threads.append(thread)

    # --- the end ---

    def finish(self) -> None:
        """No more faults: the index comes to the head by itself."""
        for each in (self.proxy, self.other):
            each.calm()
        for thread in self.threads:
            thread.join()
        self.scene.grow()
        self.tell("calm")
        self._come_to_the_head()
        if self.plan.ending == "rewritten":
            self._rewrite()

    def _come_to_the_head(self) -> None:
        head = self.scene.head["hash"]
        deadline = time.monotonic() + SYNC_SECONDS
        while self.position() != head or self._rebuilding():
            if time.monotonic() > deadline:
                raise Failure(f"not at the head {head} after {SYNC_SECONDS} s: {self.position()}")
            time.sleep(0.02)
            if self.current is None or not self.current.lives():
                time.sleep(REST_SECONDS)
                self.keep()

    def _rebuilding(self) -> bool:
        rebuilds = (each for each in self.processes if "--rebuild" in each.arguments)
        return any(each.lives() for each in rebuilds if each is not self.current)

    def _rewrite(self) -> None:
        """A final block is given up: the index must stop, and is then built anew."""
        self.tell("a final block is rewritten")
        self.scene.mine(self.plan.margin + 50)
        self._act()
        self._come_to_the_head()
        self.end()
        with self.database.reading() as session:
            final = session.scalars(select(func.min(Batch.block))).one()
        self.scene.margin = self.scene.number
        self.scene.go_back(self.scene.number - final + 1)
        self.scene.act(self.random)
        self.scene.grow()
        process = self.start()
        process.wait(20)
        if "that block was final, or is too far back to be undone" not in process.text:
            raise Failure(f"a final block was rewritten, and the index said:\n{process.text}")
        self.current = self.start("--rebuild")
        self._come_to_the_head()

    def position(self) -> str | None:
        """Hash of the block where the index stands."""
        try:
            with self.database.reading() as session:
                cursor = session.get(Cursor, 1)
                return cursor.block_hash if cursor else None
        except DatabaseUnavailableError:
            return None

    def end(self) -> None:
        """End all processes."""
        for each in self.processes:
            each.kill()
        for each in self.processes:
            each.wait(10)

    def refresh(self) -> None:
        """Documents that came while the database was away."""
        with self.database.transaction() as session:
            refresh_documents(session, self.store)


def run(hall: Hall, seed: int) -> History:
    """Play a history and compare; raises `Failure` with all that is needed to look into it."""
    chosen, random = plan(seed)
    folder = hall.folder / f"history-{seed}"
    (folder / "data").mkdir(parents=True)
    with ExitStack() as stack:
        own = stack.enter_context(scene(folder / "data"))
        own.margin = chosen.margin
        database = stack.enter_context(hall.stores.make(chosen.kind, empty=chosen.empty))
        history = History(
            chosen,
            random,
            hall,
            own,
            stack.enter_context(proxy(own.rpc.url)),
            stack.enter_context(proxy(own.rpc.url)),
            database,
            DocumentStore(folder / "data" / "documents"),
            folder,
            stack.enter_context(watching(database)),
        )
        stack.callback(history.end)
        try:
            history.play()
            history.finish()
            history.end()
            history.refresh()
            judge(history)
        except Exception as error:
            raise Failure(
                f"seed {seed}: {type(error).__name__}: {error}\n{_tale(history)}"
            ) from error
    return history


def summary(history: History) -> str:
    """What it was made of."""
    watcher = history.watcher
    return (
        f"{history.plan.kind}, {len(history.plan.steps)} steps, "
        f"{len(history.processes)} processes, "
        f"{history.proxy.requests} requests, {len(watcher.seen)} events seen at "
        f"{len(watcher.positions)} places"
    )


def _tale(history: History) -> str:
    logs = [f"--- {each.log.name} ---\n{each.text}" for each in history.processes]
    return "\n".join([str(history.plan), *history.told, *logs])
