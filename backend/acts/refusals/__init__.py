"""A contract's custom error as a sentence with its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from backend.acts.refusals.agreement import AGREEMENT_SENTENCES
from backend.acts.refusals.others import OTHER_SENTENCES
from backend.acts.words import (
    AGREEMENT_STATUS,
    GUARANTEES,
    MILESTONE_STATUS,
    ROLES,
    STANDING,
    basis_points,
    bits,
    moment,
    of_milestone,
)
from backend.chain.contract import Refusal
from backend.chain.identity import bytes32_to_code

__all__ = ["ROLES", "SENTENCES", "STANDING", "Names", "PlainNames", "explain"]

SENTENCES: Mapping[str, str] = {**AGREEMENT_SENTENCES, **OTHER_SENTENCES}
NOWHERE = "0x" + "0" * 40

# Conditions as the contract names them, and as people write them in their terms.
CONDITIONS = {
    "retentionRate": "retention",
    "recoveryRate": "recovery",
    "securityRate": "security",
    "damagesCap": "delay_damages.cap",
    "defaultShare": "default_share",
    "reviewDays": "periods.review",
    "lapseDays": "periods.lapse",
    "directPayments": "direct_payments",
}
RATES = {"retentionRate", "recoveryRate", "securityRate", "damagesCap", "defaultShare"}


class Names(Protocol):
    """How participants, accounts and amounts are called where the sentence is read."""

    def participant(self, participant: bytes) -> str:
        """Name or identifier of a participant."""
        ...

    def amount(self, minor: int) -> str:
        """An amount in minor units with its currency."""
        ...


class PlainNames:
    """Ids and minor units as they stand on the chain."""

    def participant(self, participant: bytes) -> str:
        """The id in hexadecimal; "nobody" for an account that acts for no participant."""
        return f"0x{participant.hex()}" if any(participant) else "nobody"

    def amount(self, minor: int) -> str:
        """The number of minor units."""
        return f"{minor} minor units"


def explain(refused: Refusal | None, message: str, names: Names | None = None) -> str:
    """The sentence for a refusal; the node's own message where the error is not known."""
    if refused is None:
        return f"The node refuses: {message}"
    template = SENTENCES.get(refused.name)
    if template is None:
        values = ", ".join(f"{name}={value}" for name, value in refused.arguments.items())
        return f"The contract refuses: {refused.name}({values})"
    return template.format_map(_Values(refused.arguments, names or PlainNames()))


class _Values(dict[str, Any]):
    """Looks up `name_kind`: the argument `name`, shown as that kind of value."""

    def __init__(self, arguments: Mapping[str, Any], names: Names) -> None:
        super().__init__(arguments)
        self._show: dict[str, Callable[[Any], Any]] = {
            "p": names.participant,
            "m": names.amount,
            "n": lambda value: value + 1,
            "h": lambda value: value.hex(),
            "t": moment,
            "until": lambda value: f" until {moment(value)}" if value else "",
            "for": lambda value: f" for {of_milestone(value)}" if of_milestone(value) else "",
            "on": lambda value: f" on {of_milestone(value)}" if of_milestone(value) else "",
            "agreement": lambda value: AGREEMENT_STATUS[value],
            "agreements": lambda value: " or ".join(bits(value, AGREEMENT_STATUS)),
            "milestone": lambda value: MILESTONE_STATUS[value],
            "milestones": lambda value: " or ".join(bits(value, MILESTONE_STATUS)),
            "roles": lambda value: ", ".join(bits(value, ROLES)) or "none",
            "standing": lambda value: STANDING[value],
            "guarantee": lambda value: GUARANTEES[value],
            "account": lambda value: "nobody" if value == NOWHERE else value,
            "signed": lambda value: "has signed" if value else "has not signed",
            "needed": lambda value: "has signed or need not" if value else "has not signed",
            "noticed": lambda value: (
                f"A notice of default is in force since {moment(value)}"
                if value
                else "No notice of default is in force"
            ),
            "condition": self._condition,
            "c": lambda value: CONDITIONS.get(code := bytes32_to_code(value), code),
        }

    def __missing__(self, key: str) -> Any:
        name, _, kind = key.rpartition("_")
        return self._show[kind](self[name])

    def _condition(self, value: int) -> str:
        name = bytes32_to_code(self["condition"])
        return basis_points(value) if name in RATES else str(value)
