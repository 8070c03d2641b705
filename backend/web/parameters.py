"""What a reader may choose in an address; empty fields of a form choose nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from backend.web.charts.canvas import Size, Theme

Cursor = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Name = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,17}|0x[0-9a-fA-F]{64})$")]
Digest = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[0-9a-fA-F]{64}$"),
]
# PostgreSQL takes no NUL in a text.
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]

Year = Annotated[int, Field(ge=1970, le=9999)]
FiscalYear = Annotated[int, Field(ge=0, le=65535)]
YearOrAll = Annotated[str, StringConstraints(pattern=r"^(all|[0-9]{1,5})$")]
Amount = Annotated[Decimal, Field(ge=0, max_digits=30, decimal_places=4, allow_inf_nan=False)]

ContractSort = Literal["date", "updated", "value", "paid", "title"]
ContractStatus = Literal["signed", "active", "completed", "terminated", "closed"]
Lateness = Literal["yes", "30", "90", "no"]


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
    late: Lateness | None = None
    year: Year | None = None
    least: Amount | None = None
    most: Amount | None = None
    currency: Code | None = None
    buyer: Name | None = None
    supplier: Name | None = None
    sort: ContractSort = "date"
    order: Literal["asc", "desc"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _late_is_no_status(cls, given: Any) -> Any:
        """Addresses of earlier versions chose what is late as a status."""
        if isinstance(given, dict) and given.get("status") == "late":
            return {"late": "yes"} | {k: v for k, v in given.items() if k != "status"}
        return given

    @property
    def direction(self) -> Literal["asc", "desc"]:
        """The order that is chosen, or that of the sort."""
        return self.order or ("asc" if self.sort == "title" else "desc")

    @property
    def narrowed(self) -> dict[str, str]:
        """For each choice that narrows the list, by its name, the query without it."""
        chosen = self.query()
        names = [name for name in chosen if name not in {"sort", "order"}]
        return {name: urlencode({k: v for k, v in chosen.items() if k != name}) for name in names}

    def sorted_by(self, sort: str) -> str:
        """The query for another order, or for the other direction of the same."""
        chosen = {k: v for k, v in self.query().items() if k not in {"sort", "order"}}
        if sort != self.sort:
            return urlencode(chosen | {"sort": sort})
        turned = "asc" if self.direction == "desc" else "desc"
        return urlencode(chosen | {"sort": sort, "order": turned})


class PaymentChoice(Choice):
    """Which payments, in which order."""

    payee: Name | None = None
    buyer: Name | None = None
    currency: Code | None = None
    sort: Literal["date", "net"] = "date"


class BudgetChoice(Choice):
    """Which budget lines."""

    buyer: Name | None = None
    year: FiscalYear | None = None
    currency: Code | None = None


class OverviewChoice(Choice):
    """Of which fiscal year; without it, of this one if there is a budget for it."""

    year: YearOrAll | None = None


class Picture(BaseModel):
    """How a chart is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Theme = "light"
    size: Size = "wide"


class PaidPicture(Picture):
    """A chart of what was paid month by month, in one currency."""

    currency: Code
    year: Year | None = None
