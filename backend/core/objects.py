"""JSON objects as documents hold them: what is one, and what is not, wherever it is asked."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from math import isinf
from typing import Any, NoReturn

DEEPEST = 200
"""How many objects and lists may stand one in another.

Python's own bound counts what has called the parser too: whether a document can be read must not
depend on who reads it.
"""

# A string ends with the text if it does not end before: each is gone over once.
_NO_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"\[\]{}]++', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def parse_object(content: bytes | str) -> dict[str, Any] | None:
    """The JSON object that `content` is; None if it is anything else.

    In UTF-8 without a byte order mark (RFC 8259, 8.1), at most `DEEPEST` deep, of finite numbers.
    """
    try:
        text = content if isinstance(content, str) else content.decode()
        shallow = _depth(text) <= DEEPEST
        value = _parse(text) if shallow else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _parse(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _depth(text: str) -> int:
    """How deep JSON is; of other text, how deep it is up to where it is none, or more."""
    most = text.count("[") + text.count("{")
    if most <= DEEPEST:
        return most
    brackets = _NO_BRACKETS.sub("", text)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _finite(number: str) -> float:
    """What is beyond any float would be no JSON any more when it is written again."""
    value = float(number)
    return _refuse(number) if isinf(value) else value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
