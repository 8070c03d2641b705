"""A deployment as `termin deploy` makes it, with an agreement in each state."""

import ape
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from ape.managers.project import LocalProject
from eth_utils import keccak

from .vocabulary import (
    DAY,
    MONDAY,
    NO_ADDRESS,
    NONE,
    Amendment,
    Conditions,
    GuaranteeKind,
    Role,
    Standing,
    digest,
    participant_id,
)
from .world import World

# The parts of an agreement, the last first.
PARTS = (
    "AgreementReading",
    "AgreementEnding",
    "AgreementConflicts",
    "AgreementChanges",
    "Agreement",
)
WESTERN_INDONESIA_TIME = 7 * 3600


def _deploy(project: LocalProject, accounts: list[AccountAPI]) -> World:
    admin, registrar, issuer, officer, stranger = accounts[:5]
    authority = admin.deploy(project.Authority, admin)
    registry = admin.deploy(project.ParticipantRegistry, authority)
    budget = admin.deploy(project.Budget, authority, registry)
    calendar = admin.deploy(project.WorkCalendar, authority, WESTERN_INDONESIA_TIME)
    implementation, parts = NO_ADDRESS, {}
    for part in PARTS:
        around = (registry, budget, calendar, implementation)
        implementation = admin.deploy(getattr(project, part), around)
        parts[part] = implementation.address
    # Ape reads a clone by the type of what it delegates to, which hands on to the other parts.
    ape.chain.contracts[implementation.address] = project.IAgreement.contract_type
    factory = admin.deploy(
        project.AgreementFactory, authority, registry, budget, calendar, implementation
    )
    registry.admitFactory(factory, factory.initCodeHash(), sender=admin)
    token = admin.deploy(project.SettlementToken, authority, registry, "IDR", 2)
    return World(
        project=project,
        admin=admin,
        registrar=registrar,
        issuer=issuer,
        officer=officer,
        stranger=stranger,
        spare=accounts[12:],
        authority=authority,
        registry=registry,
        budget=budget,
        calendar=calendar,
        factory=factory,
        token=token,
        deployment=ape.chain.get_receipt(factory.creation_metadata.txn_hash),
        parts=parts,
    )


def _permit(world: World) -> None:
    administrative = (
        (
            world.registry,
            ("register", "setRoles", "setStanding", "setDocument", "proposeSuccession"),
            1,
            world.registrar,
        ),
        (world.token, ("issue", "redeem"), 2, world.issuer),
        (world.budget, ("appropriate",), 3, world.officer),
        (world.calendar, ("setYear",), 5, world.admin),
    )
    for target, methods, role, holder in administrative:
        selectors = [
            keccak(text=method.selector)[:4]
            for method in target.contract_type.mutable_methods
            if method.name in methods
        ]
        world.authority.setTargetFunctionRole(target, selectors, role, sender=world.admin)
        world.authority.grantRole(role, holder, 0, sender=world.admin)
    world.factory.admitToken(world.token, sender=world.admin)


def _populate(world: World, accounts: list[AccountAPI]) -> None:
    buyer = world.known("buyer", roles=Role.BUYER)
    world.known("treasury", accounts[5], Role.TREASURY, buyer)
    members = sorted(("third", "second", "first"), key=lambda name: participant_id("OFFICE", name))
    for name, account in zip(members, accounts[6:9], strict=True):
        world.known(name, account, Role.COMMITTEE, buyer)
    inspectors = sorted(("surveyor", "engineer"), key=lambda name: participant_id("OFFICE", name))
    for name, account in zip(inspectors, accounts[9:11], strict=True):
        world.known(name, account, Role.INSPECTOR, buyer)
    world.known("supplier", accounts[11])
    world.known("subcontractor", accounts[12])
    court = world.known("court", roles=Role.ARBITER)
    world.known("arbiter", accounts[13], Role.ARBITER, court)
    inspectorate = world.known("inspectorate", roles=Role.AUDITOR)
    world.known("auditor", accounts[14], Role.AUDITOR, inspectorate)
    world.known("authority", accounts[15], Role.AUTHORITY, buyer)
    world.known("collector", accounts[16], Role.COLLECTOR)
    world.spare = accounts[17:]


def _endow(world: World) -> None:
    world.token.issue(world.account["treasury"], 10_000_000, digest("deposit"), sender=world.issuer)
    arguments = (world.id["buyer"], world.token.address, 2026, "5.2.3.01")
    world.budget.appropriate(*arguments, 5_000_000, digest("law"), sender=world.officer)
    world.line = world.budget.lineId(*arguments)


def _advance(world: World) -> None:
    world.states["signed"] = world.sign()
    for state in ("active", "submitted", "inspected", "paid", "owed", "closed"):
        agreement = world.states[state] = world.sign()
        world.activate(agreement)
        if state in ("submitted", "inspected"):
            world.submit(agreement, 0)
            world.submit(agreement, 1)
    world.attest(world.states["inspected"], 0)
    world.attest(world.states["inspected"], 1)
    world.stand("supplier", Standing.SUSPENDED)
    world.pay(world.states["owed"])
    world.stand("supplier", Standing.ACTIVE)
    world.pay(world.states["paid"])
    world.pay(world.states["closed"])
    world.terminate(world.states["closed"])
    _advance_further(world)


def _varied(world: World) -> ContractInstance:
    """One milestone in each status, in the order of the fixture's text."""
    agreement = world.begin(
        arbiter=world.id["arbiter"],
        milestones=tuple((10_000 + i, MONDAY + i * DAY, NONE, NONE) for i in range(8)),
    )
    world.pay(agreement, 0)
    for milestone in (2, 3, 4, 5, 6):
        world.submit(agreement, milestone)
    for milestone in (3, 5):
        world.attest(agreement, milestone)
    for milestone in (4, 6):
        world.turn_down(agreement, milestone)
    world.accept_part(agreement, 4_000, 5)
    world.dispute(agreement, 6)
    world.amend(agreement, Amendment(changes=((7, 0, 0, NONE, True),)))
    return agreement


def _advance_further(world: World) -> None:
    """States in which rules beyond plain payment are in use."""
    full = world.states["full"] = world.begin(
        arbiter=world.id["arbiter"],
        conditions=world.full(),
        milestones=(
            (50_000, MONDAY + 30 * DAY, NONE, digest("foundation")),
            (30_000, MONDAY + 60 * DAY, world.id["subcontractor"], digest("roof")),
        ),
    )
    world.assure(full, GuaranteeKind.PERFORMANCE, 5_000)
    world.assure(full, GuaranteeKind.ADVANCE, 20_000)
    full.payAdvance(sender=world.stranger)
    disputed = world.states["disputed"] = world.begin(
        arbiter=world.id["arbiter"], inspectors=(), conditions=Conditions(default_share=3_333)
    )
    world.submit(disputed)
    world.turn_down(disputed)
    world.dispute(disputed)
    completed = world.states["completed"] = world.begin(
        value=80_000, conditions=Conditions(retention_rate=500)
    )
    world.pay(completed, 0)
    world.pay(completed, 1)
    completed.complete(sender=world.stranger)
    world.states["varied"] = _varied(world)
    terminated = world.states["terminated"] = world.begin(arbiter=world.id["arbiter"])
    world.submit(terminated, 0)
    world.terminate(terminated)


def build(project: LocalProject, accounts: list[AccountAPI]) -> World:
    """Everything deployed, permitted, registered and endowed, and an agreement in each state."""
    world = _deploy(project, accounts)
    _permit(world)
    _populate(world, accounts)
    _endow(world)
    _advance(world)
    return world
