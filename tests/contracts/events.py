"""Events as they are to be, for `emitted`."""

from dataclasses import dataclass
from typing import Any

from ape.contracts import ContractInstance
from ape.types import MockContractLog
from eth_utils import keccak

from .vocabulary import NO_ADDRESS, NO_MILESTONE, Basis, Part, Payment, event
from .world import World


@dataclass(frozen=True)
class Expected:
    """What an agreement, its token and its budget line tell. Amounts are minor units."""

    world: World
    agreement: ContractInstance

    def __call__(self, name: str, /, **arguments: Any) -> MockContractLog:
        """An event of the agreement."""
        return event(getattr(self.agreement, name), **arguments)

    def transfer(self, to: str, amount: int, sender: str | None = None) -> MockContractLog:
        """Money that went from the agreement, or from somebody else, to a participant."""
        accounts = self.world.account
        source = accounts[sender] if sender else self.agreement
        target = accounts[to] if to else self.agreement
        return event(
            self.world.token.Transfer,
            **{"from": source.address, "to": target.address, "value": amount},
        )

    def brought(self, amount: int) -> MockContractLog:
        """Money that the treasury brought into the agreement."""
        return self.transfer("", amount, sender="treasury")

    def payment(
        self,
        payment: Payment,
        basis: Basis,
        milestone: int = NO_MILESTONE,
        payee: str = "supplier",
        attempt: int = 0,
        owed: bool = False,
    ) -> MockContractLog:
        """A payment that was worked out; its net was sent, or is owed."""
        account = NO_ADDRESS if owed else self.world.account[payee].address
        return self(
            "PaymentMade",
            milestone=milestone,
            payee=self.world.id[payee],
            account=account,
            attempt=attempt,
            basis=basis,
            payment=payment,
        )

    def sent(
        self, payment: Payment, basis: Basis, milestone: int = NO_MILESTONE, **details: Any
    ) -> list[MockContractLog]:
        """The transfer of a payment's net, and the payment."""
        made = self.payment(payment, basis, milestone, **details)
        if payment.net == 0:
            return [made]
        return [self.transfer(details.get("payee", "supplier"), payment.net), made]

    def owed(
        self,
        amount: int,
        milestone: int = NO_MILESTONE,
        payee: str = "supplier",
        total: int | None = None,
    ) -> MockContractLog:
        """What could not be sent."""
        return self(
            "PaymentOwed",
            milestone=milestone,
            payee=self.world.id[payee],
            amount=amount,
            owed=amount if total is None else total,
        )

    def deduction(
        self,
        amount: int,
        part: Part = Part.TAX,
        recipient: str = "collector",
        milestone: int = NO_MILESTONE,
        owed: bool = False,
    ) -> MockContractLog:
        """What somebody else than the payee got of a payment."""
        return self(
            "DeductionPaid",
            milestone=milestone,
            recipient=self.world.id[recipient],
            account=NO_ADDRESS if owed else self.world.account[recipient].address,
            part=part,
            amount=amount,
        )

    def approved(
        self, by: str, approvals: int, milestone: int = 0, **other: int
    ) -> MockContractLog:
        """A member's acceptance; `other` may say `attempt` and `quorum`."""
        arguments = {"attempt": 1, "quorum": 2, **other}
        return self(
            "MilestoneApproved",
            milestone=milestone,
            by=self.world.id[by],
            approvals=approvals,
            **arguments,
        )

    def decision(
        self,
        act: str,
        arguments: tuple[Any, ...],
        by: str,
        approvals: int,
        quorum: int = 2,
        content: bytes | None = None,
    ) -> MockContractLog:
        """A vote for a decision, which is known by its call unless a `content` is given."""
        call = bytes(getattr(self.agreement, act).encode_input(*arguments))
        return self(
            "DecisionApproved",
            decision=keccak(call) if content is None else content,
            by=self.world.id[by],
            act=call[:4],
            approvals=approvals,
            quorum=quorum,
        )

    def released(self, amount: int, committed: int) -> MockContractLog:
        """The budget line got back what will not be spent; what remains committed."""
        return event(
            self.world.budget.LineReleased,
            line=self.world.line,
            agreement=self.agreement.address,
            amount=amount,
            committed=committed,
        )

    def committed(self, amount: int, committed: int) -> MockContractLog:
        """The budget line was committed against; what is committed now."""
        return event(
            self.world.budget.LineCommitted,
            line=self.world.line,
            agreement=self.agreement.address,
            amount=amount,
            committed=committed,
        )
