"""What real contracts do before the agreements' lives are told: deployment, people, money."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from backend.acts.accounts import Signer, find_signer
from backend.acts.deploy import NOWHERE, deploy, deploy_currency
from backend.acts.sending import Sender, call
from backend.chain.deployment import Deployment
from backend.chain.identity import budget_line_id, participant_id
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

CURRENCY = "IDR"
FISCAL_YEAR = 2024
APPROPRIATED = 10**24
BUYERS, SUPPLIERS, INSPECTORS, COMMITTEE = 5, 20, 10, 3
_BUYER, _SUPPLIER, _MEMBER, _INSPECTOR, _TREASURY, _COLLECTOR = 1, 2, 4, 8, 16, 256
_ZERO, _SALT = bytes(32), b"benchmark".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class Person:
    """A registered participant: its id, and the account that acts for it."""

    id: bytes
    account: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """An authority with its offices and its budget line."""

    person: Person
    treasury: Person
    members: tuple[Person, ...]
    line: bytes


@dataclass(frozen=True, slots=True)
class Setting:
    """Who acts on the stage, and with which contracts."""

    deployment: Deployment
    store: DocumentStore
    token: str
    buyers: tuple[Buyer, ...]
    suppliers: tuple[Person, ...]
    inspectors: tuple[Person, ...]
    taxes: Person


@dataclass(frozen=True, slots=True)
class _Registrar:
    sender: Sender
    admin: Signer
    made: Deployment
    store: DocumentStore

    def act(self, kind: str, address: str, function: str, *arguments: Any) -> None:
        self.sender.transact(self.admin, call(kind, address, function, *arguments))

    def register(self, name: str, roles: int, organization: bytes = _ZERO) -> Person:
        scheme = "OFFICE" if organization != _ZERO else "XX-BENCH"
        account = to_checksum_address(keccak(text=name)[:20]) if roles != _BUYER else NOWHERE
        registration = {
            "scheme": scheme,
            "identifier": name,
            "account": account,
            "roles": roles,
            "organization": organization,
            "document": self.store.write_json({"type": "participant", "name": name.title()}),
        }
        self.act("ParticipantRegistry", self.made.registry, "register", registration)
        return Person(participant_id(scheme, name), account)

    def buyer(self, number: int, token: str) -> Buyer:
        person = self.register(f"buyer {number}", _BUYER)
        treasury = self.register(f"treasury {number}", _TREASURY, person.id)
        members = [
            self.register(f"member {number}.{each}", _MEMBER, person.id)
            for each in range(COMMITTEE)
        ]
        terms = (person.id, token, FISCAL_YEAR, "5.2.3.01")
        self.act("Budget", self.made.budget, "appropriate", *terms, APPROPRIATED, _ZERO)
        members.sort(key=lambda member: member.id)
        return Buyer(person, treasury, tuple(members), budget_line_id(*terms))


def set_stage(rpc: Rpc, folder: Path) -> Setting:
    """Deploy Termin for real into `folder`, and register everybody."""
    sender, admin = Sender(rpc), find_signer("TEST::0")
    store = DocumentStore(folder / "documents")
    # Neither the clock nor chance has a part in it: the same chain each time.
    rpc.call("anvil_setBlockTimestampInterval", 1)
    store.folder.mkdir(parents=True, exist_ok=True)
    (store.folder / "salt").write_bytes(_SALT)
    made = deploy(sender, admin, folder)
    token = deploy_currency(sender, admin, made, CURRENCY)
    registrar = _Registrar(sender, admin, made, store)
    return Setting(
        deployment=made,
        store=store,
        token=token,
        buyers=tuple(registrar.buyer(number, token) for number in range(BUYERS)),
        suppliers=tuple(
            registrar.register(f"supplier {number}", _SUPPLIER) for number in range(SUPPLIERS)
        ),
        inspectors=tuple(
            registrar.register(f"inspector {number}", _INSPECTOR) for number in range(INSPECTORS)
        ),
        taxes=registrar.register("tax office", _COLLECTOR),
    )
