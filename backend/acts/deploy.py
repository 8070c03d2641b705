"""Deploying Termin: the contracts, and who may administer them."""

from __future__ import annotations

from pathlib import Path

from iso4217 import Currency

from backend.acts.accounts import Signer
from backend.acts.sending import Call, Sender, call, deployment
from backend.chain.contract import contract
from backend.chain.deployment import (
    Deployment,
    NotDeployedError,
    find_deployment,
    genesis_hash,
)
from backend.chain.local import is_local, resume_mining
from backend.chain.reader import View, read
from backend.chain.rpc import Rpc

REGISTRAR, ISSUER, BUDGET_OFFICER, WITNESS, CALENDAR_KEEPER = 1, 2, 3, 4, 5
NO_DELAY = 0
NOWHERE = "0x" + "0" * 40

# Which role may call which function; what is not listed stays with the administrator.
PERMISSIONS: dict[str, dict[int, tuple[str, ...]]] = {
    "ParticipantRegistry": {
        REGISTRAR: ("register", "setRoles", "setStanding", "setDocument", "proposeSuccession"),
    },
    "WorkCalendar": {CALENDAR_KEEPER: ("setYear",)},
    "Budget": {BUDGET_OFFICER: ("appropriate",)},
    "SettlementToken": {ISSUER: ("issue", "redeem")},
}

# The parts of an agreement, the last first: each hands on to the one before it in this list.
PARTS = (
    "AgreementReading",
    "AgreementEnding",
    "AgreementConflicts",
    "AgreementChanges",
    "Agreement",
)
WESTERN_INDONESIA_TIME = 7 * 3600


def deploy(sender: Sender, admin: Signer, folder: Path) -> Deployment:
    """Deploy all contracts, give `admin` every administrative role, and write `deployment.json`.

    `admin` hands the roles on to the institutions that are to hold them.
    """
    start_block = int(sender.rpc.call("eth_blockNumber"), 16) + 1
    authority = _create(sender, admin, "Authority", admin.address)
    registry = _create(sender, admin, "ParticipantRegistry", authority)
    budget = _create(sender, admin, "Budget", authority, registry)
    calendar = _create(sender, admin, "WorkCalendar", authority, WESTERN_INDONESIA_TIME)
    implementation = NOWHERE
    for part in PARTS:
        around = (registry, budget, calendar, implementation)
        implementation = _create(sender, admin, part, around)
    factory = _create(
        sender,
        admin,
        "AgreementFactory",
        authority,
        registry,
        budget,
        calendar,
        implementation,
    )
    init_code_hash = read(sender.rpc, View("AgreementFactory", factory, "initCodeHash"))
    admit = call("ParticipantRegistry", registry, "admitFactory", factory, init_code_hash)
    sender.transact(admin, admit)
    permitted = {"ParticipantRegistry": registry, "Budget": budget, "WorkCalendar": calendar}
    for kind, address in permitted.items():
        _permit(sender, admin, authority, kind, address)
    for role in (REGISTRAR, ISSUER, BUDGET_OFFICER, CALENDAR_KEEPER):
        _grant(sender, admin, authority, role, admin.address)
    made = Deployment(
        chain_id=sender.chain_id,
        genesis_hash=genesis_hash(sender.rpc),
        start_block=start_block,
        authority=authority,
        registry=registry,
        budget=budget,
        calendar=calendar,
        factory=factory,
    )
    made.save(folder)
    return made


def ensure_deployment(sender: Sender, admin: Signer, folder: Path) -> Deployment:
    """The deployment on this chain, made now if there is none; raises `OtherChainError`."""
    if is_local(sender.rpc):
        resume_mining(sender.rpc)
    try:
        return find_deployment(sender.rpc, folder)
    except NotDeployedError:
        return deploy(sender, admin, folder)


def deploy_currency(sender: Sender, admin: Signer, made: Deployment, currency: str) -> str:
    """Deploy the settlement token of a currency, admit it, and return its address."""
    digits = Currency(currency).exponent
    token = _create(
        sender, admin, "SettlementToken", made.authority, made.registry, currency, digits
    )
    _permit(sender, admin, made.authority, "SettlementToken", token)
    sender.transact(admin, call("AgreementFactory", made.factory, "admitToken", token))
    return token


def token_of(rpc: Rpc, made: Deployment, currency: str) -> str | None:
    """The settlement token of a currency; None if there is none yet."""
    what = call("AgreementFactory", made.factory, "tokenOf", currency)
    answer = rpc.call("eth_call", {"to": what.to, "data": "0x" + what.data.hex()}, "latest")
    token: str = contract("AgreementFactory").result("tokenOf", bytes.fromhex(answer[2:]))
    return None if token == NOWHERE else token


def _create(sender: Sender, admin: Signer, kind: str, *arguments: object) -> str:
    receipt = sender.transact(admin, deployment(kind, *arguments))
    assert receipt.contract_address is not None  # noqa: S101 - a deployment that succeeded
    return receipt.contract_address


def _permit(sender: Sender, admin: Signer, authority: str, kind: str, address: str) -> None:
    for role, functions in PERMISSIONS[kind].items():
        selectors = [contract(kind).selector(function) for function in functions]
        what = call("Authority", authority, "setTargetFunctionRole", address, selectors, role)
        sender.transact(admin, what)


def _grant(sender: Sender, admin: Signer, authority: str, role: int, account: str) -> None:
    what: Call = call("Authority", authority, "grantRole", role, account, NO_DELAY)
    sender.transact(admin, what)
