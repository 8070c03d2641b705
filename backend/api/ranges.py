"""Which parts of a file a reader asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re

_UNIT = "bytes"
_MOST = 100
"""Who asks for more parts at once is given the whole."""
_PART = re.compile(r"(\d{1,18})-(\d{0,18})|-(\d{1,18})", re.ASCII)


def parts(asked: str, size: int) -> list[str] | None:
    """Those parts of a file of `size` bytes that there are, as `asked` has them.

    None if nothing is asked for in a way that is understood: then `Range` is to be passed over.
    """
    unit, _, ranges = asked.partition("=")
    if unit.strip().lower() != _UNIT or ranges.count(",") >= _MOST:
        return None
    found: list[str] = []
    for each in ranges.split(","):
        part = _PART.fullmatch(each.strip())
        if part is None:
            return None
        first, last, length = part.groups()
        if last and int(last) < int(first):
            return None
        if int(length) > 0 if first is None else int(first) < size:
            found.append(part[0])
    return found


def asking_for(found: list[str]) -> str:
    """The Range that asks for these parts."""
    return f"{_UNIT}={','.join(found)}"
