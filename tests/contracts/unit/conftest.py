"""What tests of single contracts need beyond the deployment."""

from types import SimpleNamespace

import pytest
from ape.contracts import ContractInstance

from ..vocabulary import ALL_ROLES, NONE
from ..world import World


@pytest.fixture
def implementation(world: World) -> ContractInstance:
    """What the clones of the factory delegate to."""
    (created,) = world.factory.FactoryDeployed.from_receipt(world.deployment)
    return world.agreement(created.implementation)


@pytest.fixture
def refusing(world: World) -> tuple[ContractInstance, ContractInstance]:
    """A token whose transfers can fail, and a funded agreement in it."""
    token = world.admin.deploy(world.project.RefusingToken)
    world.factory.admitToken(token, sender=world.admin)
    arguments = (world.id["buyer"], token.address, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, NONE, sender=world.officer)
    agreement = world.sign(
        world.draft(token=token.address, budget_line=world.budget.lineId(*arguments))
    )
    token.transfer(world.account["treasury"], 100_000, sender=world.admin)
    token.approve(agreement, 100_000, sender=world.account["treasury"])
    agreement.sign(sender=world.account["supplier"])
    agreement.fund(100_000, sender=world.account["treasury"])
    return token, agreement


@pytest.fixture
def company(world: World) -> SimpleNamespace:
    """A legal person with two offices; each of the three has every role."""
    legal_person = world.known("company", world.spare[0], ALL_ROLES)
    return SimpleNamespace(
        id=legal_person,
        office=world.known("its office", world.spare[1], ALL_ROLES, legal_person),
        other=world.known("its other office", world.spare[2], ALL_ROLES, legal_person),
    )
