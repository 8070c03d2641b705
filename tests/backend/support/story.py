"""Agreements in every state that an agreement can be in, on a real chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from support.sending import ADMIN
from support.vocabulary import (
    BUYER,
    COMMITTEE,
    INSPECTOR,
    PLENTY,
    SUPPLIER,
    TREASURY,
    Contract,
    Person,
    amendment,
    code,
    milestone,
)
from support.world import World, deploy

from backend.chain.contract import contract
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

DAY = 86_400
START = 1_704_067_200
"""2024-01-01T00:00:00Z, when the story begins."""
LARGE = 2**90
"""More than 64 bits hold; contracts take amounts of up to 96."""
MEMBERS = {"city": "member{}", "state": "state{}"}
"""Names of the members of each buyer's committee."""
NOW = START + 400 * DAY
"""When it is looked at, unless a test says otherwise."""


@dataclass
class Story:
    """What was played, by name."""

    rpc: Rpc
    world: World
    store: DocumentStore
    people: dict[str, Person]
    contracts: dict[str, Contract]
    documents: dict[str, bytes]


def tell(rpc: Rpc, store: DocumentStore) -> Story:
    """Deploy and play everything."""
    world = deploy(rpc, START)
    story = Story(rpc, world, store, {}, {}, {})
    for currency, decimals in (("MXN", 2), ("JPY", 0), ("KWD", 3)):
        world.admit(currency, decimals)
    _people(story)
    _road(story)
    _clinic(story)
    _school(story)
    _bridge(story)
    _small_ones(story)
    _registry(story)
    forge_logs(story)
    return story


def named(story: Story, kind: str, name: str, **more: Any) -> bytes:
    """Keep a document that names something, and return its hash."""
    field = "name" if kind == "participant" else "title"
    digest = story.store.write_json({"type": kind, field: name} | more)
    story.documents[name] = digest
    return digest


def _people(story: Story) -> None:
    world, people = story.world, story.people
    city = named(story, "participant", "Kabupaten Sukamaju")
    people["city"] = world.register(BUYER, identifier="B-1", account=False, document=city)
    people["state"] = world.register(BUYER, identifier="B-2", account=False)
    for name, text in (("karya", "PT Karya Jaya"), ("jose", "José Ñandú 100%_ S.A.")):
        document = named(story, "participant", text)
        people[name] = world.register(SUPPLIER, identifier=f"S-{name}", document=document)
    people["sub"] = world.register(SUPPLIER, identifier="S-sub")
    people["treasury"] = world.register(TREASURY, identifier="T-1")
    for buyer, i in ((buyer, i) for buyer in ("city", "state") for i in range(3)):
        people[MEMBERS[buyer].format(i)] = world.register(
            COMMITTEE,
            scheme="OFFICE",
            identifier=f"XX-TEST-{buyer}/committee-{i}",
            organization=people[buyer].id,
        )
    people["inspector"] = world.register(INSPECTOR, identifier="I-1")
    for buyer in ("city", "state"):
        for currency in world.tokens:
            world.appropriate(people[buyer], currency, PLENTY)


def make(story: Story, name: str, schedule: list[dict[str, Any]], **terms: Any) -> Contract:
    """Deploy an agreement under a name."""
    people, world = story.people, story.world
    office = terms.pop("buyer", "city")
    buyer = people[office]
    currency = terms.get("currency", "MXN")
    line = world.view(
        "Budget",
        world.deployment.budget,
        "lineId",
        buyer.id,
        world.tokens[currency],
        2024,
        "1.2.3",
    )
    inspectors = [people["inspector"]] if terms.pop("inspected", True) else []
    agreement = world.create(
        buyer,
        people[terms.pop("supplier", "karya")],
        people["treasury"],
        [people[MEMBERS[office].format(i)] for i in range(3)],
        inspectors,
        schedule,
        **{"quorum": 2, "budgetLine": line, "ocid": f"ocds-{name}", "contractId": name} | terms,
    )
    story.contracts[name] = agreement
    return agreement


def _road(story: Story) -> None:
    """Active and late: one milestone paid, one rejected twice, one waiting for the committee."""
    world = story.world
    title = "Road Sukamaju–Cibeureum"
    document = named(story, "agreement", title, description="Asphalt, 4 km")
    first = named(story, "milestone", "Foundation", id="P-1", date="2024-03-01T09:00:00-06:00")
    road = make(
        story,
        "road",
        [
            milestone(10_050, START + 10 * DAY, document=first),
            milestone(20_000, START + 20 * DAY),
            milestone(30_000, START + 500 * DAY),
            milestone(40_000),
        ],
        signedAt=START - DAY,
        startsAt=START,
        endsAt=START + 600 * DAY,
        value=110_000,
        document=document,
    )
    world.now = START + 5 * DAY
    world.fund(road)
    world.pay(road, 0)
    for reason in ("quality", "incomplete"):
        attempt = world.submit(road, 1, evidence=named(story, "note", f"photos {reason}"))
        world.attest(road, 1, attempt)
        for member in road.members[:2]:
            world.do(member.account, road, "reject", 1, attempt, code(reason), b"\x09" * 32)
    attempt = world.submit(road, 2)
    world.attest(road, 2, attempt)
    world.do(road.members[0].account, road, "accept", 2, attempt)


def _clinic(story: Story) -> None:
    """Completed and closed, without inspectors, in yen; the title's document is missing."""
    world = story.world
    clinic = make(
        story,
        "clinic",
        [milestone(1_000), milestone(0)],
        currency="JPY",
        inspected=False,
        supplier="jose",
        buyer="state",
        document=b"\x77" * 32,
    )
    world.fund(clinic)
    world.pay(clinic, 0)
    world.pay(clinic, 1)
    world.close(clinic)


def _school(story: Story) -> None:
    """Amended: of two proposals the second is signed; a subcontractor is paid."""
    world, people = story.world, story.people
    school = make(
        story,
        "school",
        [milestone(500, START + 30 * DAY), milestone(250, payee=people["sub"].id)],
        supplier="jose",
        document=named(story, "agreement", "école Élémentaire"),
    )
    world.fund(school)
    world.pay(school, 1)
    proposals = [
        amendment(
            increase=increase,
            endsAt=ends,
            milestones=[milestone(increase, START + 700 * DAY)],
            document=b"\x44" * 32,
        )
        for increase, ends in ((10, 0), (125, START + 900 * DAY))
    ]
    world.do(school.members[0].account, school, "proposeAmendment", proposals[0])
    world.amend(school, 2, proposals[1])
    world.pay(school, 2)


def _bridge(story: Story) -> None:
    """In dinars and large; the supplier is suspended: one payment claimed later, one owed."""
    world, people = story.world, story.people
    bridge = make(
        story,
        "bridge",
        [milestone(LARGE), milestone(7), milestone(1)],
        currency="KWD",
        buyer="state",
        document=named(story, "agreement", "bridge of 100% steel_work\\s"),
    )
    world.fund(bridge)
    world.set_standing(people["karya"], 2)
    world.pay(bridge, 0)
    world.pay(bridge, 1)
    world.set_standing(people["karya"], 1)
    world.do(people["sub"].account, bridge, "claim", 0, people["karya"].id)


def _small_ones(story: Story) -> None:
    world = story.world
    world.fund(make(story, "empty", [], value=0))
    unfunded = make(story, "unfunded", [milestone(300, START + 390 * DAY)])
    world.do(unfunded.supplier.account, unfunded, "sign")
    dropped = make(story, "dropped", [milestone(300), milestone(400, START + DAY)], value=900)
    world.fund(dropped)
    world.pay(dropped, 0)
    world.close(dropped, "no-need", b"\x55" * 32)
    forever = 2**40 - 1
    make(
        story,
        "forever",
        [milestone(1, 2**40 - 1)],
        signedAt=forever,
        startsAt=forever,
        endsAt=forever,
    )


def _registry(story: Story) -> None:
    world, people = story.world, story.people
    registry = world.deployment.registry
    renamed = named(story, "participant", "Dinas Pekerjaan Umum")
    world.act(ADMIN, "ParticipantRegistry", registry, "setDocument", people["member0"].id, renamed)
    world.act(ADMIN, "ParticipantRegistry", registry, "setRoles", people["sub"].id, SUPPLIER | 32)
    world.set_standing(people["jose"], 3, document=b"\x33" * 32)


def forge_logs(story: Story) -> None:
    """A stranger emits what looks like our events."""
    payment = contract("Agreement").events
    topic = next(t for t, item in payment.items() if item["name"] == "PaymentMade")
    stranger = story.people["sub"]
    emit(story.world, stranger.account, [topic, b"\0" * 32, stranger.id, b"\1" * 32], b"\1" * 352)
    created = contract("AgreementFactory").events
    topic = next(t for t, item in created.items() if item["name"] == "AgreementCreated")
    emit(story.world, stranger.account, [topic], b"not even the right shape")


def emit(world: World, sender: str, topics: list[bytes], data: bytes) -> None:
    """Emit any log, from a contract that does nothing else."""
    words = [data[i : i + 32].ljust(32, b"\0") for i in range(0, len(data), 32)]
    program = b"".join(
        b"\x7f" + word + b"\x61" + (32 * i).to_bytes(2) + b"\x52" for i, word in enumerate(words)
    )
    program += b"".join(b"\x7f" + topic for topic in reversed(topics))
    program += b"\x61" + len(data).to_bytes(2) + b"\x5f" + bytes([0xA0 + len(topics)]) + b"\x00"
    world.send(sender, None, program)
