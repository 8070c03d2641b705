"""Plays agreements on a real chain: deploys the contracts and sends the acts of all roles."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from backend.chain.contract import contract, refusal
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc

ADMIN = to_checksum_address("0x" + "ad" * 20)
REGISTRAR, ISSUER, BUDGET_OFFICER, ESCROW_ADMITTER = 1, 2, 3, 4
BUYER, SUPPLIER, COMMITTEE, INSPECTOR, TREASURY = 1, 2, 4, 8, 16
ZERO = b"\0" * 32
NOBODY = "0x" + "0" * 40
PLENTY = 2**127


@dataclass(frozen=True)
class Person:
    """A registered participant."""

    id: bytes
    account: str

    @property
    def hex(self) -> str:
        """Its id as the index has it."""
        return f"0x{self.id.hex()}"


@dataclass(frozen=True)
class Contract:
    """An agreement and who may act on it."""

    address: str
    parties: dict[str, Any]
    members: list[Person]
    inspectors: list[Person]
    supplier: Person
    treasury: Person
    token: str


def code(text: str) -> bytes:
    """A coded reason as bytes32."""
    return text.encode().ljust(32, b"\0")


def milestone(
    amount: int, due_at: int = 0, payee: bytes = ZERO, document: bytes = ZERO
) -> dict[str, Any]:
    """Terms of a milestone."""
    return {"amount": amount, "dueAt": due_at, "payee": payee, "document": document}


@dataclass
class World:
    """A deployment and the means to act on it."""

    rpc: Rpc
    deployment: Deployment
    authority: str
    tokens: dict[str, str] = field(default_factory=dict)
    people: int = 0
    nonces: int = 0
    now: int | None = None
    """Time of the blocks to come; None for the node's own clock."""

    # --- transactions ---

    def send(self, sender: str, to: str | None, data: bytes) -> Any:
        """Send one transaction in a block of its own and return the receipt."""
        if self.now is not None:
            self.rpc.call("evm_setNextBlockTimestamp", hex(self.now))
        receipt = self.wait(self.post(sender, to, data))
        assert receipt["status"] == "0x1", self.why(sender, to, data)
        return receipt

    def post(self, sender: str, to: str | None, data: bytes) -> str:
        """Send one transaction and return its hash."""
        values = {"from": sender, "data": f"0x{data.hex()}", "gas": hex(30_000_000)}
        values["gasPrice"] = "0x0"
        if to is not None:
            values["to"] = to
        return str(self.rpc.call("eth_sendTransaction", values))

    def wait(self, transaction: str) -> Any:
        """The receipt of a transaction."""
        deadline = time.monotonic() + 10
        while (receipt := self.rpc.call("eth_getTransactionReceipt", transaction)) is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return receipt

    def why(self, sender: str, to: str | None, data: bytes) -> Any:
        """Why a call is refused."""
        try:
            values = {"from": sender, "to": to, "data": f"0x{data.hex()}"}
            return self.rpc.call("eth_call", values, "latest")
        except Exception as error:
            return refusal(getattr(error, "data", b"")) or error

    def act(self, sender: str, name: str, to: str, function: str, *arguments: Any) -> Any:
        """Call a function of a contract called `name` in a transaction."""
        return self.send(sender, to, contract(name).call(function, *arguments))

    def view(self, name: str, to: str, function: str, *arguments: Any) -> Any:
        """Call a function and return its result."""
        data = contract(name).call(function, *arguments)
        answer = self.rpc.call("eth_call", {"to": to, "data": f"0x{data.hex()}"}, "latest")
        return contract(name).result(function, bytes.fromhex(answer[2:]))

    def deploy(self, name: str, *arguments: Any) -> str:
        """Deploy a contract."""
        receipt = self.send(ADMIN, None, contract(name).deployment(*arguments))
        return str(to_checksum_address(receipt["contractAddress"]))

    # --- administration ---

    def register(
        self,
        roles: int,
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
        holder = to_checksum_address(keccak(text=f"{scheme}/{identifier}")[:20])
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
        """Deploy an agreement; `terms` overrides single terms, and `quorum` and `currency`."""
        members = sorted(members, key=lambda p: p.id)
        inspectors = sorted(inspectors, key=lambda p: p.id)
        token = self.tokens[terms.pop("currency", "MXN")]
        parties = {
            "buyer": buyer.id,
            "supplier": supplier.id,
            "treasury": treasury.id,
            "committee": [p.id for p in members],
            "quorum": terms.pop("quorum", len(members)),
            "inspectors": [p.id for p in inspectors],
        }
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
        """Issue what is missing to the treasury and bring it in."""
        money = self.view("Agreement", agreement.address, "money")
        missing = money["value"] - money["funded"]
        holder = agreement.treasury.account
        self.act(ADMIN, "SettlementToken", agreement.token, "issue", holder, missing, code("bank"))
        self.act(holder, "SettlementToken", agreement.token, "approve", agreement.address, missing)
        self.do(holder, agreement, "fund", money["value"])

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
        for member in agreement.members[: agreement.parties["quorum"]]:
            self.do(member.account, agreement, "accept", number, attempt)

    def pay(self, agreement: Contract, number: int) -> None:
        """Submit, attest and accept a milestone."""
        attempt = self.submit(agreement, number)
        if agreement.inspectors:
            self.attest(agreement, number, attempt)
        self.accept(agreement, number, attempt)

    def close(self, agreement: Contract, reason: str = "completed", document: bytes = ZERO) -> None:
        """Close an agreement by as many votes as the quorum needs."""
        for member in agreement.members[: agreement.parties["quorum"]]:
            self.do(member.account, agreement, "close", code(reason), document)


def deploy(rpc: Rpc, now: int | None = None) -> World:
    """Deploy everything but currencies."""
    rpc.call("anvil_autoImpersonateAccount", True)
    genesis = rpc.call("eth_getBlockByNumber", "0x0", False)["hash"]
    start = int(rpc.call("eth_blockNumber"), 16) + 1
    chain_id = int(rpc.call("eth_chainId"), 16)
    empty = Deployment(chain_id, genesis, start, NOBODY, NOBODY, NOBODY, NOBODY)
    world = World(rpc, empty, NOBODY, now=now)
    authority = world.authority = world.deploy("Authority", ADMIN)
    registry = world.deploy("ParticipantRegistry", authority)
    budget = world.deploy("Budget", authority, registry)
    factory = world.deploy("AgreementFactory", authority, registry, budget)
    world.deployment = Deployment(chain_id, genesis, start, authority, registry, budget, factory)
    changes = ["register", "setRoles", "setStanding", "setDocument"]
    world.allow(registry, "ParticipantRegistry", changes, REGISTRAR)
    world.allow(registry, "ParticipantRegistry", ["admitEscrow"], ESCROW_ADMITTER)
    world.allow(budget, "Budget", ["appropriate"], BUDGET_OFFICER)
    for role in (REGISTRAR, ISSUER, BUDGET_OFFICER):
        world.act(ADMIN, "Authority", authority, "grantRole", role, ADMIN, 0)
    world.act(ADMIN, "Authority", authority, "grantRole", ESCROW_ADMITTER, factory, 0)
    return world


def _selector(item: dict[str, Any]) -> bytes:
    from eth_utils.abi import function_abi_to_4byte_selector

    return function_abi_to_4byte_selector(item)
