"""Where the money of one agreement is, and where that of everybody else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ESCROW = "the agreement"
Claim = tuple[int, bytes]


@dataclass
class Ledger:
    """Totals as in `Money`; `balances` has what each account holds, and `ESCROW` the agreement."""

    value: int
    scheduled: int = 0
    funded: int = 0
    accepted: int = 0
    paid: int = 0
    refunded: int = 0
    outstanding: int = 0
    retained: int = 0
    damages: int = 0
    carried: int = 0
    interest: int = 0
    advanced: int = 0
    recovered: int = 0
    claims: Counter[Claim] = field(default_factory=Counter)
    balances: Counter[str] = field(default_factory=Counter)

    @property
    def owed(self) -> int:
        """What waits as claims."""
        return sum(self.claims.values())

    def move(self, amount: int, source: str, target: str) -> None:
        """A transfer of the token."""
        self.balances[source] -= amount
        self.balances[target] += amount

    def bring_in(self, amount: int, treasury: str) -> None:
        """The treasury's money comes in."""
        self.funded += amount
        self.move(amount, treasury, ESCROW)

    def pay(self, amount: int, account: str) -> None:
        """Money goes out to whom it belongs."""
        self.paid += amount
        self.move(amount, ESCROW, account)

    def settle(self, claim: Claim, account: str) -> int:
        """A claim is paid out; gives its amount."""
        amount = self.claims.pop(claim)
        self.pay(amount, account)
        return amount

    def refund(self, amount: int, treasury: str) -> None:
        """Money goes back."""
        self.refunded += amount
        self.move(amount, ESCROW, treasury)

    def check(self, supply: int, *, closed: bool) -> None:
        """No money is made, lost or counted twice."""
        held = self.balances[ESCROW]
        earned = self.accepted - self.recovered + self.advanced
        kept = self.retained + self.damages + self.owed
        assert self.funded == held + self.paid + self.refunded
        assert held == (self.owed if closed else self.funded - earned + kept)
        assert held >= kept
        assert self.outstanding == (0 if closed else self.advanced - self.recovered) >= 0
        assert self.accepted <= self.scheduled <= self.value
        assert min(self.retained, self.damages, self.carried, self.interest) >= 0
        assert all(amount > 0 for amount in self.claims.values())
        assert min(self.balances.values()) >= 0
        assert sum(self.balances.values()) == supply

    def money(self) -> dict[str, int]:
        """The struct `Money`."""
        return {
            "value": self.value,
            "scheduled": self.scheduled,
            "funded": self.funded,
            "accepted": self.accepted,
            "paid": self.paid,
            "owed": self.owed,
            "refunded": self.refunded,
            "advanceOutstanding": self.outstanding,
            "retained": self.retained,
            "damages": self.damages,
            "damagesCarried": self.carried,
            "interestOwed": self.interest,
        }
