"""What an agreement is deployed with."""

from dataclasses import dataclass
from typing import Any

from .vocabulary import NONE, Conditions, digest

PLAIN = Conditions()


@dataclass(frozen=True)
class Draft:
    """What `AgreementFactory.create` takes; amounts in minor units."""

    buyer: bytes
    supplier: bytes
    treasury: bytes
    committee: tuple[bytes, ...]
    quorum: int
    inspectors: tuple[bytes, ...]
    ocid: str
    contract_id: str
    token: str
    value: int
    budget_line: bytes
    milestones: tuple[tuple[int, int, bytes, bytes], ...]
    signed_at: int = 1_767_225_600
    starts_at: int = 1_767_312_000
    ends_at: int = 1_798_675_200
    document: bytes = digest("the terms in prose")
    arbiter: bytes = NONE
    conditions: Conditions = PLAIN

    @property
    def parties(self) -> tuple[Any, ...]:
        """The struct `Parties`."""
        return (
            self.buyer,
            self.supplier,
            self.treasury,
            self.arbiter,
            list(self.committee),
            self.quorum,
            list(self.inspectors),
        )

    @property
    def terms(self) -> tuple[Any, ...]:
        """The struct `Terms`."""
        return (
            self.ocid,
            self.contract_id,
            self.token,
            self.value,
            self.signed_at,
            self.starts_at,
            self.ends_at,
            self.budget_line,
            self.document,
            tuple(self.conditions),
        )

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What `create` is called with."""
        return self.parties, self.terms, list(self.milestones)
