"""What a reader may choose in an address; empty fields of a form choose nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Cursor = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Name = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,17}|0x[0-9a-fA-F]{64})$")]
Digest = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[0-9a-fA-F]{64}$"),
]
# PostgreSQL takes no NUL in a text.
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]

ContractSort = Literal["date", "updated", "value", "paid", "title"]
ContractStatus = Literal["late", "signed", "active", "closed"]


class Given(BaseModel):
    """What stands behind the question mark of an address; nothing that no page knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value != ""}


class ContractView(Given):
    """What a reader brings to a contract: the state hash of a printed sheet, and the SHA-256 of a
    file."""

    state: Digest | None = None
    sha256: Digest | None = None


class Choice(Given):
    """What all lists have in common: the page after or before a cursor."""

    after: Cursor | None = None
    before: Cursor | None = None

    def query(self) -> dict[str, str]:
        """What is chosen but the place, as it stands in an address."""
        chosen = self.model_dump(exclude={"after", "before"}, exclude_defaults=True)
        return {name: str(value) for name, value in chosen.items()}


class ContractChoice(Choice):
    """Which contracts, in which order."""

    q: Text = ""
    status: ContractStatus | None = None
    currency: Code | None = None
    buyer: Name | None = None
    supplier: Name | None = None
    sort: ContractSort = "date"


class PaymentChoice(Choice):
    """Which payments, in which order."""

    payee: Name | None = None
    buyer: Name | None = None
    currency: Code | None = None
    sort: Literal["date", "net"] = "date"


class BudgetChoice(Choice):
    """Which budget lines."""

    buyer: Name | None = None
    currency: Code | None = None
