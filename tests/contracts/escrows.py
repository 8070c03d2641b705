"""Doubles of agreements: whatever a factory deploys, with a code that tells the truth or not."""

from enum import IntEnum
from typing import Any

from ape.api import ReceiptAPI
from ape.contracts import ContractInstance
from eth_utils import keccak

from .world import World

SALT = keccak(text="salt")


class Holder(IntEnum):
    """As `Holder` in Solidity: what an address may be to money."""

    NONE = 0
    PARTICIPANT = 1
    ESCROW = 2


class Maker:
    """A factory that deploys any code; one that the registry knows if it is `admitted`."""

    def __init__(self, world: World, *, admitted: bool = True) -> None:
        self.world = world
        self.contract: ContractInstance = world.admin.deploy(world.project.EscrowMaker)
        self.puppet: ContractInstance = world.admin.deploy(world.project.Puppet)
        if admitted:
            arguments = (self.contract, self.contract.initCodeHash())
            world.registry.admitFactory(*arguments, sender=world.admin)

    @property
    def proxy(self) -> bytes:
        """The code of a minimal proxy (ERC-1167) to what obeys anyone; 45 bytes."""
        before, after = "363d3d373d3d3d363d73", "5af43d82803e903d91602b57fd5bf3"
        return bytes.fromhex(before + self.puppet.address[2:] + after)

    def origin(self, salt: bytes = SALT) -> bytes:
        """What an agreement's code ends with: the factory, then the salt; 52 bytes."""
        return bytes.fromhex(self.contract.address[2:]) + salt

    def make(self, code: bytes, salt: bytes = SALT) -> ContractInstance:
        """What is deployed under this salt with this code."""
        receipt = self.contract.make(salt, code, sender=self.world.admin)
        return self.world.project.Puppet.at(receipt.return_value)

    def escrow(self, salt: bytes = SALT) -> ContractInstance:
        """An agreement as far as registry, token and budget can see, which obeys anyone."""
        return self.make(self.proxy + self.origin(salt), salt)


def perform(escrow: ContractInstance, act: Any, *arguments: Any, **by: Any) -> ReceiptAPI:
    """A puppet calls: `perform(escrow, token.transfer, receiver, 1, sender=anyone)`."""
    return escrow.perform(act.contract, act.encode_input(*arguments), **by)
