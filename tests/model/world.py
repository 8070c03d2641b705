"""One deployment with its participants, on which all histories play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from engine import Outcome
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from reference.people import Directory, Person, Role
from reference.values import NOBODY, NONE, Standing

from backend.chain.contract import contract

ADMIN = to_checksum_address("0x" + "ad" * 20)
STRANGER = to_checksum_address("0x" + "5a" * 20)
REGISTRAR, ISSUER, BUDGET_OFFICER, CALENDAR_KEEPER = 1, 2, 3, 5
PARTS = (
    "AgreementReading",
    "AgreementEnding",
    "AgreementConflicts",
    "AgreementChanges",
    "Agreement",
)
WEST_INDONESIA = 7 * 3_600
START = 1_767_225_600  # 2026-01-01
SUPPLY = 2**100
PERMISSIONS = {
    "ParticipantRegistry": (REGISTRAR, ("register", "setStanding")),
    "WorkCalendar": (CALENDAR_KEEPER, ("setYear",)),
    "Budget": (BUDGET_OFFICER, ("appropriate",)),
    "SettlementToken": (ISSUER, ("issue",)),
}
# A year with a weekend on Friday and Saturday, and holidays around the turn of it.
CALENDAR_YEAR = 2027
WEEKEND = 0b011_0000
HOLIDAYS = (1, 4, 5, 6, 364, 365)

# Name, roles, and whose office it is.
PEOPLE = (
    ("buyer", Role.BUYER, None),
    ("agency", Role.BUYER, None),
    ("consultant", Role.SUPPLIER, None),
    ("supplier", Role.SUPPLIER, None),
    ("builder", Role.SUPPLIER, None),
    ("steelworks", Role.SUPPLIER, None),
    ("state", Role.COLLECTOR, None),
    ("city", Role.COLLECTOR, None),
    ("treasury", Role.TREASURY, "buyer"),
    ("first", Role.COMMITTEE, "buyer"),
    ("second", Role.COMMITTEE, "buyer"),
    ("third", Role.COMMITTEE, "buyer"),
    ("fourth", Role.COMMITTEE, "buyer"),
    ("head", Role.AUTHORITY, "buyer"),
    ("controller", Role.AUDITOR, "buyer"),
    ("surveyor", Role.INSPECTOR, "consultant"),
    ("engineer", Role.INSPECTOR, "consultant"),
    ("judge", Role.ARBITER, "agency"),
    ("auditor", Role.AUDITOR, None),
)


class Chain(Protocol):
    """What `engine.Engine` offers."""

    def create(self, sender: str, code: bytes) -> str:
        """Deploy."""

    def act(self, sender: str, to: str, data: bytes, at: int) -> Outcome:
        """Send."""

    def read(self, calls: list[tuple[str, bytes]]) -> list[bytes]:
        """Ask."""

    def snapshot(self) -> Any:
        """Remember."""

    def revert(self, snapshot: Any) -> None:
        """Go back."""


@dataclass
class World:
    """Addresses of what is deployed; `id` and `account` by the short names of `PEOPLE`."""

    chain: Chain
    registry: str
    factory: str
    budget: str
    token: str
    line: bytes
    id: dict[str, bytes]
    account: dict[str, str]

    def send(self, by: str, kind: str, to: str, at: int, name: str, *arguments: Any) -> Outcome:
        """Call a function of a contract."""
        return self.chain.act(by, to, contract(kind).call(name, *arguments), at)

    def ask(self, kind: str, to: str, name: str, *arguments: Any) -> Any:
        """Read a view."""
        (answer,) = self.chain.read([(to, contract(kind).call(name, *arguments))])
        return contract(kind).result(name, answer)

    def directory(self) -> Directory:
        """The participants as the model has them; all active."""
        found = Directory()
        for name, roles, organization in PEOPLE:
            owner = self.id[organization] if organization else NONE
            found.add(Person(self.id[name], self.account[name], roles, owner, Standing.ACTIVE))
        return found


def build(chain: Chain) -> World:
    """Deploy everything, register everybody, and give the treasury its money."""
    authority = _create(chain, "Authority", ADMIN)
    registry = _create(chain, "ParticipantRegistry", authority)
    budget = _create(chain, "Budget", authority, registry)
    calendar = _create(chain, "WorkCalendar", authority, WEST_INDONESIA)
    part = NOBODY
    for name in PARTS:
        part = _create(chain, name, (registry, budget, calendar, part))
    factory = _create(chain, "AgreementFactory", authority, registry, budget, calendar, part)
    token = _create(chain, "SettlementToken", authority, registry, "IDR", 2)
    world = World(chain, registry, factory, budget, token, NONE, {}, {})
    targets = (registry, calendar, budget, token)
    for (kind, (role, functions)), target in zip(PERMISSIONS.items(), targets, strict=True):
        selectors = [contract(kind).selector(function) for function in functions]
        _do(world, "Authority", authority, "setTargetFunctionRole", target, selectors, role)
        _do(world, "Authority", authority, "grantRole", role, ADMIN, 0)
    code_hash = world.ask("AgreementFactory", factory, "initCodeHash")
    _do(world, "ParticipantRegistry", registry, "admitFactory", factory, code_hash)
    _do(world, "AgreementFactory", factory, "admitToken", token)
    arguments = (CALENDAR_YEAR, WEEKEND, HOLIDAYS, NONE)
    _do(world, "WorkCalendar", calendar, "setYear", *arguments)
    _register(world)
    _provide(world)
    return world


def _create(chain: Chain, kind: str, *arguments: Any) -> str:
    address = chain.create(ADMIN, contract(kind).deployment(*arguments))
    return str(to_checksum_address(address))


def _do(world: World, kind: str, to: str, name: str, *arguments: Any) -> None:
    outcome = world.send(ADMIN, kind, to, START, name, *arguments)
    assert outcome.refusal is None, (name, outcome.refusal)


def _register(world: World) -> None:
    for name, roles, organization in PEOPLE:
        world.account[name] = str(to_checksum_address(keccak(text=name)[:20]))
        registration = {
            "scheme": "XX-TEST",
            "identifier": name,
            "account": world.account[name],
            "roles": int(roles),
            "organization": world.id[organization] if organization else NONE,
            "document": NONE,
        }
        _do(world, "ParticipantRegistry", world.registry, "register", registration)
        arguments = ("XX-TEST", name)
        world.id[name] = world.ask("ParticipantRegistry", world.registry, "idOf", *arguments)


def _provide(world: World) -> None:
    line = (world.id["buyer"], world.token, 2026, "1")
    _do(world, "Budget", world.budget, "appropriate", *line, SUPPLY, NONE)
    world.line = world.ask("Budget", world.budget, "lineId", *line)
    treasury, bank = world.account["treasury"], b"\1" * 32
    _do(world, "SettlementToken", world.token, "issue", treasury, SUPPLY, bank)
