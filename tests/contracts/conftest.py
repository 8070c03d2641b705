"""What the tests of the contracts share. Names that tests use come by fixture: `law`, `world`."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import ape
import pytest
from ape.api import ReceiptAPI
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError
from ape.managers.compilers import CompilerManager
from ape.managers.project import LocalProject
from ape_ethereum.trace import TransactionTrace
from eth_utils import keccak

from .deployment import build
from .events import Expected
from .haste import haste
from .vocabulary import (
    ALL_ROLES,
    DAY,
    FAR_FUTURE,
    MONDAY,
    NO_ADDRESS,
    NO_MILESTONE,
    NONE,
    ONGOING,
    SUBMITTABLE,
    UINT96,
    UINT128,
    UNDECIDED,
    AgreementStatus,
    Amendment,
    Basis,
    Conditions,
    Ground,
    GuaranteeKind,
    Milestone,
    MilestoneStatus,
    Money,
    Part,
    Payment,
    Permission,
    Role,
    Standing,
    TaxBase,
    address,
    bits,
    digest,
    event,
    participant_id,
    plain,
)
from .world import World


@pytest.fixture(scope="session")
def law() -> SimpleNamespace:
    """The vocabulary of the contracts: enums, and what stands for documents and for nothing."""
    return SimpleNamespace(
        Role=Role,
        Permission=Permission,
        Standing=Standing,
        AgreementStatus=AgreementStatus,
        MilestoneStatus=MilestoneStatus,
        Basis=Basis,
        Part=Part,
        Ground=Ground,
        GuaranteeKind=GuaranteeKind,
        TaxBase=TaxBase,
        Conditions=Conditions,
        Amendment=Amendment,
        Payment=Payment,
        bits=bits,
        Money=Money,
        Milestone=Milestone,
        plain=plain,
        digest=digest,
        address=address,
        event=event,
        participant_id=participant_id,
        NO_ADDRESS=NO_ADDRESS,
        NONE=NONE,
        ALL_ROLES=ALL_ROLES,
        NO_MILESTONE=NO_MILESTONE,
        ONGOING=ONGOING,
        UNDECIDED=UNDECIDED,
        SUBMITTABLE=SUBMITTABLE,
        DAY=DAY,
        MONDAY=MONDAY,
        LARGEST_COMMITTEE=16,
        UINT96=UINT96,
        UINT128=UINT128,
        FAR_FUTURE=FAR_FUTURE,
    )


def _revert_data(message: str) -> bytes:
    """The node tells it as hex; for a call, as text where it happens to be UTF-8."""
    digits = re.sub("custom error |0x|: ", "", message)
    return bytes.fromhex(digits) if re.fullmatch("[0-9a-f]*", digits) else message.encode()


@pytest.fixture(scope="session")
def refused() -> Callable[..., Any]:
    """`with refused(contract.SomeError, each=argument)`: reverts with exactly this error.

    `ape.reverts` passes when an error cannot be decoded, as one of a contract that was called on
    the way; and it traces every refused transaction, which takes seconds for a deep one.
    """

    @contextmanager
    def check(error: Any, **arguments: Any) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CompilerManager, "enrich_error", lambda _, error: error)
            patch.setattr(TransactionTrace, "show", lambda _: None)
            with pytest.raises(ContractLogicError) as refusal:
                yield
        data = _revert_data(refusal.value.revert_message)
        assert data[:4] == keccak(text=error.abi.selector)[:4]
        ecosystem = ape.networks.provider.network.ecosystem
        assert ecosystem.decode_calldata(error.abi, data[4:]) == arguments

    return check


@pytest.fixture
def ledger(world: World) -> Callable[[ContractInstance], tuple[int, int, int, int]]:
    """Checks that no money is made, lost or miscounted; gives (held, paid, owed, refunded)."""
    supply = world.token.totalSupply()

    def check(agreement: ContractInstance) -> tuple[int, int, int, int]:
        money, held = world.money(agreement), world.held(agreement)
        assert money.funded == money.paid + money.refunded + held
        kept = money.retained + money.damages + money.owed
        if agreement.status() == AgreementStatus.CLOSED:
            assert held == money.owed == kept
        else:
            assert held == money.funded - money.accepted - money.advance_outstanding + kept
        assert money.accepted <= money.scheduled <= money.value
        milestones = world.milestones(agreement)
        assert money.accepted == sum(item.accepted for item in milestones)
        assert money.scheduled == sum(
            item.amount for item in milestones if item.status != MilestoneStatus.CANCELLED
        )
        participants = sum(
            map(world.balance, ("treasury", "supplier", "subcontractor", "collector"))
        )
        others = (other for other in world.states.values() if other.address != agreement.address)
        elsewhere = sum(map(world.held, others))
        assert elsewhere + held + participants == world.token.totalSupply() == supply
        return held, money.paid, money.owed, money.refunded

    return check


@pytest.fixture(scope="session")
def emitted() -> Callable[..., None]:
    """`emitted(receipt, [contract.SomeEvent(each=argument)])`: exactly these, in this order.

    `receipt.events` alone leaves out what it cannot decode, and compares only the arguments that
    are given.
    """

    def check(receipt: ReceiptAPI, expected: list[Any]) -> None:
        found = list(receipt.events)
        assert len(found) == len(receipt.logs)
        assert [(event.contract_address, event.event_name) for event in found] == [
            (event.contract_address, event.event_name) for event in expected
        ]
        for actual, wanted in zip(found, expected, strict=True):
            arguments = {name: plain(value) for name, value in actual.event_arguments.items()}
            assert arguments == {name: plain(v) for name, v in wanted.event_arguments.items()}

    return check


@pytest.fixture(scope="session", autouse=True)
def _haste() -> Iterator[None]:
    """Ape asks its node for no more than the tests do."""
    with haste():
        yield


@pytest.fixture(scope="session")
def world(project: LocalProject, accounts: Any) -> World:
    """A deployment with participants, money, a budget line, and an agreement in each state.

    One fixture makes them all: Ape deploys again whatever a later one of session scope would add.
    """
    # Blocks are as late as tests say, however long the machine takes.
    ape.networks.provider.make_request("anvil_setBlockTimestampInterval", [0])
    return build(project, list(accounts))


@pytest.fixture
def told(world: World) -> Callable[[ContractInstance], Expected]:
    """`told(agreement)` makes the events that `emitted` compares."""
    return lambda agreement: Expected(world, agreement)


@pytest.fixture
def kept(world: World) -> Callable[..., Any]:
    """`with kept(agreement)`: nothing in it changes what the agreement, the line or anyone has."""

    @contextmanager
    def check(agreement: ContractInstance) -> Iterator[None]:
        before = world.state(agreement)
        yield
        assert world.state(agreement) == before

    return check


@pytest.fixture
def signed(world: World) -> ContractInstance:
    """An agreement that has no money yet."""
    return world.states["signed"]


@pytest.fixture
def active(world: World) -> ContractInstance:
    """A funded agreement; both milestones scheduled."""
    return world.states["active"]


@pytest.fixture
def submitted(world: World) -> ContractInstance:
    """A funded agreement; both milestones submitted once."""
    return world.states["submitted"]


@pytest.fixture
def inspected(world: World) -> ContractInstance:
    """A funded agreement; both milestones submitted and attested once."""
    return world.states["inspected"]


@pytest.fixture
def paid(world: World) -> ContractInstance:
    """A funded agreement; the first milestone paid, the second scheduled."""
    return world.states["paid"]


@pytest.fixture
def owed(world: World) -> ContractInstance:
    """As `paid`, but the supplier was suspended at the time: it has a claim. It is active again."""
    return world.states["owed"]


@pytest.fixture
def closed(world: World) -> ContractInstance:
    """An agreement that was closed after its first milestone was paid."""
    return world.states["closed"]


@pytest.fixture
def full(world: World) -> ContractInstance:
    """A funded agreement with every rule in use; guarantees in force, the advance paid."""
    return world.states["full"]


@pytest.fixture
def disputed(world: World) -> ContractInstance:
    """Without inspectors; the first milestone rejected and in dispute, the second scheduled."""
    return world.states["disputed"]


@pytest.fixture
def completed(world: World) -> ContractInstance:
    """All work accepted; of 4,000 that were retained, half is released."""
    return world.states["completed"]


@pytest.fixture
def terminated(world: World) -> ContractInstance:
    """Ended for convenience while the first milestone was submitted."""
    return world.states["terminated"]


@pytest.fixture
def varied(world: World) -> ContractInstance:
    """Milestones of 10,000 to 10,007, each due a day after the one before: 0 paid, 1 scheduled,
    2 submitted, 3 inspected, 4 rejected, 5 accepted to 4,000, 6 disputed, 7 cancelled."""
    return world.states["varied"]
