"""Plays agreements on a real chain: deploys the contracts and sends the acts of all roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from support.sending import ADMIN, Chain, account_of
from support.vocabulary import (
    BUDGET_OFFICER,
    CALENDAR_KEEPER,
    CONDITIONS,
    ISSUER,
    NOBODY,
    PARTS,
    REGISTRAR,
    SUPPLIER,
    WESTERN_INDONESIA_TIME,
    ZERO,
    Contract,
    Person,
    code,
)

from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc


@dataclass
class World(Chain):
    """A deployment and the means to act on it."""

    deployment: Deployment
    authority: str
    tokens: dict[str, str] = field(default_factory=dict)
    people: int = 0
    nonces: int = 0

    # --- administration ---

    def register(
        self,
        roles: int = SUPPLIER,
        *,
        scheme: str = "XX-TEST",
        identifier: str = "",
        account: bool = True,
        organization: bytes = ZERO,
        document: bytes = ZERO,
    ) -> Person:
        """Register a participant with an account of its own."""
        self.people += 1
        identifier = identifier or f"{self.people:06d}"
        holder = account_of(f"{scheme}/{identifier}")
        registration = {
            "scheme": scheme,
            "identifier": identifier,
            "account": holder if account else NOBODY,
            "roles": roles,
            "organization": organization,
            "document": document,
        }
        registry = self.deployment.registry
        self.act(ADMIN, "ParticipantRegistry", registry, "register", registration)
        person = self.view("ParticipantRegistry", registry, "idOf", scheme, identifier)
        return Person(person, holder)

    def set_standing(self, person: Person, standing: int, document: bytes = ZERO) -> None:
        """Suspend (2), debar (3) or reinstate (1)."""
        arguments = (person.id, standing, code("test"), document)
        registry = self.deployment.registry
        self.act(ADMIN, "ParticipantRegistry", registry, "setStanding", *arguments)

    def admit(self, currency: str, decimals: int) -> str:
        """Deploy a currency's token and admit it."""
        registry = self.deployment.registry
        token = self.deploy("SettlementToken", self.authority, registry, currency, decimals)
        self.allow(token, "SettlementToken", ["issue", "redeem"], ISSUER)
        self.act(ADMIN, "AgreementFactory", self.deployment.factory, "admitToken", token)
        self.tokens[currency] = token
        return token

    def allow(self, target: str, name: str, functions: Sequence[str], role: int) -> None:
        """Let a role call functions of a contract."""
        items = contract(name).functions
        selectors = [_selector(items[function]) for function in functions]
        arguments = (target, selectors, role)
        self.act(ADMIN, "Authority", self.authority, "setTargetFunctionRole", *arguments)

    def appropriate(
        self, buyer: Person, currency: str, total: int, *, year: int = 2024, line: str = "1.2.3"
    ) -> bytes:
        """Open a budget line, or set its total."""
        token = self.tokens[currency]
        arguments = (buyer.id, token, year, line, total, ZERO)
        self.act(ADMIN, "Budget", self.deployment.budget, "appropriate", *arguments)
        found = self.view("Budget", self.deployment.budget, "lineId", *arguments[:4])
        return bytes(found)

    # --- an agreement ---

    def create(
        self,
        buyer: Person,
        supplier: Person,
        treasury: Person,
        members: list[Person],
        inspectors: list[Person],
        schedule: Sequence[dict[str, Any]],
        **terms: Any,
    ) -> Contract:
        """Deploy an agreement.

        `terms` overrides single terms, and `quorum`, `currency`, `arbiter` and single `conditions`.
        """
        members = sorted(members, key=lambda p: p.id)
        inspectors = sorted(inspectors, key=lambda p: p.id)
        token = self.tokens[terms.pop("currency", "MXN")]
        parties = {
            "buyer": buyer.id,
            "supplier": supplier.id,
            "treasury": treasury.id,
            "arbiter": terms.pop("arbiter", ZERO),
            "committee": [p.id for p in members],
            "quorum": terms.pop("quorum", len(members)),
            "inspectors": [p.id for p in inspectors],
        }
        conditions = CONDITIONS | terms.pop("conditions", {})
        self.nonces += 1
        agreed = {
            "ocid": f"ocds-test-{self.nonces}",
            "contractId": f"C-{self.nonces}",
            "token": token,
            "value": sum(item["amount"] for item in schedule),
            "signedAt": 0,
            "startsAt": 0,
            "endsAt": 0,
            "budgetLine": ZERO,
            "document": ZERO,
            "conditions": conditions,
        } | terms
        factory = self.deployment.factory
        self.act(
            members[0].account, "AgreementFactory", factory, "create", parties, agreed, schedule
        )
        address = self.view(
            "AgreementFactory", factory, "addressOf", agreed["ocid"], agreed["contractId"]
        )
        return Contract(address, parties, members, inspectors, supplier, treasury, token)

    def fund(self, agreement: Contract) -> None:
        """The supplier signs, and the treasury brings in the value."""
        self.do(agreement.supplier.account, agreement, "sign")
        self.bring_in(agreement)

    def bring_in(self, agreement: Contract) -> None:
        """Issue the value to the treasury and bring it in."""
        value = self.money(agreement)["value"]
        if value:
            self.approve(agreement, value)
            self.do(agreement.treasury.account, agreement, "fund", value)

    def approve(self, agreement: Contract, amount: int) -> None:
        """Issue money to the treasury, which lets the agreement fetch it."""
        holder = agreement.treasury.account
        self.act(ADMIN, "SettlementToken", agreement.token, "issue", holder, amount, code("bank"))
        self.act(holder, "SettlementToken", agreement.token, "approve", agreement.address, amount)

    def money(self, agreement: Contract) -> dict[str, int]:
        """Its totals."""
        found: dict[str, int] = self.view("Agreement", agreement.address, "money")
        return found

    def decide(self, agreement: Contract, function: str, *arguments: Any) -> None:
        """As many members do the same as the quorum needs."""
        for member in agreement.members[: agreement.parties["quorum"]]:
            self.do(member.account, agreement, function, *arguments)

    def amend(self, agreement: Contract, number: int, terms: dict[str, Any]) -> None:
        """Propose an amendment and sign it for supplier and committee; fund what it adds."""
        members = agreement.members[: agreement.parties["quorum"]]
        self.do(members[0].account, agreement, "proposeAmendment", terms)
        for member in members[1:]:
            self.do(member.account, agreement, "signAmendment", number, terms)
        self.do(agreement.supplier.account, agreement, "signAmendment", number, terms)
        if terms["increase"]:
            self.approve(agreement, terms["increase"])
            self.do(agreement.treasury.account, agreement, "enactAmendment", number, terms)

    def do(self, sender: str, agreement: Contract, function: str, *arguments: Any) -> Any:
        """Call a function of an agreement."""
        return self.act(sender, "Agreement", agreement.address, function, *arguments)

    def submit(self, agreement: Contract, number: int, evidence: bytes = b"\1" * 32) -> int:
        """Submit a milestone and return the attempt."""
        self.do(agreement.supplier.account, agreement, "submit", number, evidence)
        return int(self.view("Agreement", agreement.address, "milestones")[number]["attempt"])

    def attest(self, agreement: Contract, number: int, attempt: int) -> None:
        """Attest a milestone."""
        inspector = agreement.inspectors[0].account
        self.do(inspector, agreement, "attest", number, attempt, 631152000, b"\2" * 32)

    def accept(self, agreement: Contract, number: int, attempt: int) -> None:
        """Accept a milestone by as many as the quorum needs."""
        self.decide(agreement, "accept", number, attempt)

    def pay(self, agreement: Contract, number: int) -> None:
        """Submit, attest and accept a milestone."""
        attempt = self.submit(agreement, number)
        if agreement.inspectors:
            self.attest(agreement, number, attempt)
        self.accept(agreement, number, attempt)

    def close(self, agreement: Contract, reason: str = "completed", document: bytes = ZERO) -> None:
        """Complete an agreement whose work is done, or terminate it for convenience.

        With the conditions that are usual here, that closes it.
        """
        if reason == "completed":
            self.do(agreement.members[0].account, agreement, "complete")
        else:
            self.decide(agreement, "terminate", code(reason), document)


def deploy(rpc: Rpc, now: int | None = None) -> World:
    """Deploy everything but currencies."""
    rpc.call("anvil_autoImpersonateAccount", True)
    genesis = rpc.call("eth_getBlockByNumber", "0x0", False)["hash"]
    start = int(rpc.call("eth_blockNumber"), 16) + 1
    place = (int(rpc.call("eth_chainId"), 16), genesis, start)
    world = World(rpc, now, Deployment(*place, *[NOBODY] * 5), NOBODY)
    authority = world.authority = world.deploy("Authority", ADMIN)
    registry = world.deploy("ParticipantRegistry", authority)
    budget = world.deploy("Budget", authority, registry)
    calendar = world.deploy("WorkCalendar", authority, WESTERN_INDONESIA_TIME)
    first = NOBODY
    for part in PARTS:
        first = world.deploy(part, (registry, budget, calendar, first))
    factory = world.deploy("AgreementFactory", authority, registry, budget, calendar, first)
    world.deployment = Deployment(*place, authority, registry, budget, calendar, factory)
    code_hash = world.view("AgreementFactory", factory, "initCodeHash")
    world.act(ADMIN, "ParticipantRegistry", registry, "admitFactory", factory, code_hash)
    changes = ["register", "setRoles", "setStanding", "setDocument", "proposeSuccession"]
    world.allow(registry, "ParticipantRegistry", changes, REGISTRAR)
    world.allow(budget, "Budget", ["appropriate"], BUDGET_OFFICER)
    world.allow(calendar, "WorkCalendar", ["setYear"], CALENDAR_KEEPER)
    for role in (REGISTRAR, ISSUER, BUDGET_OFFICER, CALENDAR_KEEPER):
        world.act(ADMIN, "Authority", authority, "grantRole", role, ADMIN, 0)
    return world


def _selector(item: dict[str, Any]) -> bytes:
    from eth_utils.abi import function_abi_to_4byte_selector

    return function_abi_to_4byte_selector(item)
