"""Acceptances, and what they come to."""

from ape.api import ReceiptAPI
from ape.contracts import ContractInstance

from .vocabulary import Payment
from .world import World


def accept(world: World, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
    """The first two members accept the latest submission."""
    world.accept(agreement, "first", milestone)
    return world.accept(agreement, "second", milestone)


def settle(world: World, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
    """From submission to acceptance, where there are no inspectors."""
    world.submit(agreement, milestone)
    return accept(world, agreement, milestone)


def paid(agreement: ContractInstance, receipt: ReceiptAPI) -> Payment:
    """The one payment of a transaction, in minor units."""
    (made,) = agreement.PaymentMade.from_receipt(receipt)
    return Payment(*made.payment)
