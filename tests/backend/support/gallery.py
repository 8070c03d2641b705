"""What pages must bear: hostile texts, long names, 81 payments and none, Rp 1 and Rp 9 trillion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from support.story import NOW
from support.vocabulary import (
    BUYER,
    COMMITTEE,
    INSPECTOR,
    SUPPLIER,
    TREASURY,
    Person,
    code,
    milestone,
)
from support.world import World, deploy

from backend.api.services import Services
from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once

DAY = 86_400
START = NOW - 100 * DAY
HOSTILE = '<script>alert(1)</script> \u202egnorw & "quoted" <img src=x onerror=alert(2)>'
LONG = "Pembangunan" * 27 + "abc"
TRILLION = 900_000_000_000_000
MANY = 81


@dataclass(frozen=True)
class Fixed:
    """A probe that knows where the chain is, or that nothing answers."""

    block: int | None

    def head(self) -> int | None:
        """The number that was given."""
        return self.block


@dataclass
class Gallery:
    """Contracts by name, each with its number in the order of creation."""

    world: World
    store: DocumentStore
    people: dict[str, Person]
    numbers: dict[str, int]

    def note(self, kind: str, **content: Any) -> bytes:
        """Keep a document and return its hash."""
        return self.store.write_json({"type": kind} | content)

    def make(self, name: str, title: str | None, schedule: list[Any], **terms: Any) -> Any:
        """Deploy an agreement under a name."""
        people = self.people
        document = b"\x77" * 32 if title is None else self.note("agreement", title=title)
        line = terms.pop("line")
        made = self.world.create(
            people["city"],
            people[terms.pop("supplier", "karya")],
            people["treasury"],
            [people["member"]],
            [people["inspector"]] if terms.pop("inspected", False) else [],
            schedule,
            **{"currency": "IDR", "quorum": 1, "budgetLine": line, "document": document}
            | {"ocid": f"ocds-{name}", "contractId": name, "signedAt": START}
            | terms,
        )
        self.numbers[name] = len(self.numbers) + 1
        return made


def build(rpc: Rpc, folder: Path) -> Settings:
    """Play the gallery on an empty chain and index it."""
    settings = Settings(rpc_url=rpc.url, data_dir=folder, database_url="", time_zone="Asia/Jakarta")
    store = DocumentStore(settings.documents_dir)
    rpc.call("evm_setNextBlockTimestamp", hex(START))
    world = deploy(rpc)
    world.admit("IDR", 2)
    play(Gallery(world, store, _people(world, store), {}))
    database = Database(settings.database)
    index_once(database, rpc, world.deployment, store)
    database.close()
    return settings


def play(gallery: Gallery) -> None:
    """All contracts, in the order of their numbers."""
    world, people = gallery.world, gallery.people
    line = world.appropriate(people["city"], "IDR", 2 * TRILLION, line="1.03.10.2.01.0005")
    future = NOW + 30 * DAY
    trillion = gallery.make("trillion", "Bendungan Besar", [milestone(TRILLION, future)], line=line)
    world.fund(trillion)
    gallery.make("one", "Satu Rupiah", [milestone(100, future)], line=line)
    many = gallery.make("many", "Rumah Sakit", [milestone(100_050)] * MANY, line=line)
    world.fund(many)
    for number in range(MANY):
        world.pay(many, number)
    _hostile(gallery, line)
    gallery.make("long", LONG, [milestone(300, future)], line=line, supplier="long")
    world.fund(gallery.make("empty", None, [], line=line, value=0))


def _hostile(gallery: Gallery, line: bytes) -> None:
    world = gallery.world
    stage = gallery.note("milestone", title=HOSTILE)
    hostile = gallery.make(
        "hostile",
        HOSTILE,
        [milestone(500, NOW - 12 * DAY, document=stage), milestone(50, document=stage)],
        line=line,
        supplier="hostile",
        ocid='ocds-"><script>',
        contractId="$(touch pwned) `touch pwned`",
    )
    world.fund(hostile)
    world.submit(hostile, 0)
    reasons = gallery.note("note", text=HOSTILE)
    world.pay(hostile, 1)
    world.do(hostile.members[0].account, hostile, "reject", 0, 1, code("bad <b>work</b>"), reasons)


def _people(world: World, store: DocumentStore) -> dict[str, Person]:
    def register(role: int, name: str, **more: Any) -> Person:
        document = store.write_json({"type": "participant", "name": name})
        return world.register(role, scheme="X-CONTOH", document=document, **more)

    city = register(BUYER, "Kabupaten Sukamaju", account=False)
    return {
        "city": city,
        "karya": register(SUPPLIER, "PT Karya Jaya"),
        "hostile": register(SUPPLIER, HOSTILE),
        "long": register(SUPPLIER, LONG[::-1]),
        "treasury": register(TREASURY, "Bendahara"),
        "member": register(COMMITTEE, "Pejabat Pembuat Komitmen", organization=city.id),
        "inspector": register(INSPECTOR, "Pengawas"),
    }


def application(settings: Settings, head: int | None, now: int = NOW) -> FastAPI:
    """API and portal on an index, at a moment, with the chain at a block."""
    app = create_app(settings, clock=lambda: datetime.fromtimestamp(now, UTC))
    services: Services = app.state.services
    services.probe = Fixed(head)  # type: ignore[assignment]
    return app
