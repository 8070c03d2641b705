"""What the parts of a scenario file are made of: texts, names, amounts, days."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from backend.acts.scenario.moments import Moment, parse_moment, require_past
from backend.core.money import UnknownCurrencyError, exponent
from backend.core.yamlfiles import UNKNOWN_KEY

LARGEST_COMMITTEE = 16

_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:_[0-9]{3})+)(?:\.[0-9]+)?")


def _amount(text: object) -> Decimal:
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("a plain amount such as 48_000_000_000 or 1250000.50")
    return Decimal(text.replace("_", ""))


def known_currency(text: str) -> str:
    """The code of a currency, if there is such a one; raises ValueError."""
    try:
        exponent(text)
    except UnknownCurrencyError:
        raise ValueError("a code of ISO 4217 such as IDR") from None
    return text


def _text(text: object) -> object:
    if isinstance(text, str) and not text.strip():
        raise ValueError("a text")
    return " ".join(text.split()) if isinstance(text, str) else text


def _pattern(pattern: str, expected: str) -> BeforeValidator:
    def check(text: object) -> object:
        if not isinstance(text, str) or not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return BeforeValidator(check)


_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"

Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, _pattern(_NAME, "a name of small letters, digits and hyphens")]
Reference = Annotated[
    str,
    _pattern(f"{_NAME}(?:/{_NAME})?", "a participant such as dinas-jalan, or its office after a /"),
]
Reason = Annotated[
    str,
    _pattern(f"(?=.{{1,32}}$){_NAME}", "a code of at most 32 small letters, digits and hyphens"),
]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Amount = Annotated[Decimal, PlainValidator(_amount)]
Day = Annotated[Moment, PlainValidator(parse_moment)]
PastDay = Annotated[Moment, PlainValidator(parse_moment), AfterValidator(require_past)]
Number = Annotated[int, Field(ge=1)]
Voters = Annotated[list[Reference], Field(min_length=1, max_length=LARGEST_COMMITTEE)]


class Part(BaseModel):
    """A mapping of the file; refuses a key that it does not know, and names those that it does."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, content: Any) -> Any:
        if isinstance(content, dict):
            for key in content:
                if key not in cls.model_fields:
                    keys = ", ".join(cls.model_fields)
                    raise PydanticCustomError(UNKNOWN_KEY, "{keys}", {"key": key, "keys": keys})
        return content
