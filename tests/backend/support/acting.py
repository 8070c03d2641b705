"""A city with one agreement, made by acts of accounts that sign."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.vocabulary import (
    BUYER,
    COMMITTEE,
    CONDITIONS,
    INSPECTOR,
    SUPPLIER,
    TREASURY,
    ZERO,
)

from backend.acts.accounts import Signer, find_signer
from backend.acts.deploy import NOWHERE, deploy, deploy_currency
from backend.acts.sending import Call, Receipt, Sender, call
from backend.chain.deployment import Deployment
from backend.chain.identity import budget_line_id, participant_id
from backend.chain.reader import View, read
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

CITY = ("ID", "city")
PEOPLE = {
    "city": (CITY, BUYER, None),
    "member": (("OFFICE", "ID-city/member"), COMMITTEE, "TEST::1"),
    "inspector": (("OFFICE", "ID-city/inspector"), INSPECTOR, "TEST::2"),
    "treasury": (("OFFICE", "ID-city/treasury"), TREASURY, "TEST::3"),
    "supplier": (("ID", "supplier"), SUPPLIER, "TEST::4"),
}
VALUE = 100_000
YEAR, CODE = 2024, "1.1"


@dataclass(frozen=True)
class Scene:
    """A chain with a deployment, a token, and one agreement over 1,000.00 in one milestone."""

    sender: Sender
    admin: Signer
    made: Deployment
    store: DocumentStore
    token: str
    agreement: str

    @property
    def rpc(self) -> Rpc:
        return self.sender.rpc

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    def signer(self, name: str) -> Signer:
        """Who signs for somebody of `PEOPLE`."""
        key = PEOPLE[name][2]
        assert key is not None
        return find_signer(key)

    def on(self, function: str, *arguments: Any) -> Call:
        """A call of a function of the agreement."""
        return call("Agreement", self.agreement, function, *arguments)

    def act(self, name: str, what: Call) -> Receipt:
        """One act of somebody, in a block of its own."""
        return self.sender.transact(self.signer(name), what)

    def administer(self, kind: str, address: str, function: str, *arguments: Any) -> Receipt:
        """One act of the administrator, in a block of its own."""
        return self.sender.transact(self.admin, call(kind, address, function, *arguments))


def person(name: str) -> bytes:
    """The participant id of somebody of `PEOPLE`."""
    return participant_id(*PEOPLE[name][0])


def set_scene(rpc: Rpc, folder: Path) -> Scene:
    """Deploy, register everybody, and put an agreement in force."""
    sender, admin = Sender(rpc), find_signer("TEST::0")
    made, store = deploy(sender, admin, folder), DocumentStore(folder / "documents")
    token = deploy_currency(sender, admin, made, "IDR")
    address = str(read(rpc, View("AgreementFactory", made.factory, "addressOf", ("ocds-1", "C"))))
    scene = Scene(sender, admin, made, store, token, address)
    for name in PEOPLE:
        _register(scene, name)
    line = (person("city"), token, YEAR, CODE, VALUE, ZERO)
    scene.administer("Budget", made.budget, "appropriate", *line)
    funds = (scene.signer("treasury").address, VALUE, b"\1" * 32)
    scene.administer("SettlementToken", token, "issue", *funds)
    scene.act("member", call("AgreementFactory", made.factory, "create", *_arguments(scene)))
    scene.act("supplier", scene.on("sign"))
    scene.act("treasury", call("SettlementToken", token, "approve", address, VALUE))
    scene.act("treasury", scene.on("fund", VALUE))
    return scene


def _register(scene: Scene, name: str) -> None:
    (scheme, identifier), roles, key = PEOPLE[name]
    registration = {
        "scheme": scheme,
        "identifier": identifier,
        "account": find_signer(key).address if key else NOWHERE,
        "roles": roles,
        "organization": person("city") if scheme == "OFFICE" else ZERO,
        "document": scene.store.write_json({"type": "participant", "name": name.capitalize()}),
    }
    scene.administer("ParticipantRegistry", scene.made.registry, "register", registration)


def _arguments(scene: Scene) -> tuple[Any, ...]:
    parties = {
        "buyer": person("city"),
        "supplier": person("supplier"),
        "treasury": person("treasury"),
        "arbiter": ZERO,
        "committee": [person("member")],
        "quorum": 1,
        "inspectors": [person("inspector")],
    }
    terms = {
        "ocid": "ocds-1",
        "contractId": "C",
        "token": scene.token,
        "value": VALUE,
        "signedAt": 0,
        "startsAt": 0,
        "endsAt": 0,
        "budgetLine": budget_line_id(person("city"), scene.token, YEAR, CODE),
        "document": ZERO,
        "conditions": CONDITIONS,
    }
    milestone = {"amount": VALUE, "dueAt": 0, "payee": ZERO, "document": ZERO}
    return parties, terms, [milestone]
