"""Values as OCDS writes them. What is not known is left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from backend.core.dates import ImpossibleDateError, iso, parse_date
from backend.db.text import storable
from backend.ocds.fields import Json
from backend.queries.values import Money, when_known

_OFFSET = re.compile(r"[Tt ].*([+-])(\d\d)(?::?(\d\d))?", re.ASCII)


def known(**fields: Any) -> Json:
    """`fields` without those that say nothing: None, and empty texts, lists and objects."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def date(moment: datetime | None, published: str | None = None) -> str | None:
    """`moment` as a date-time of RFC 3339, to the second.

    With the offset of `published`, the date in the words of the source, where that is the same
    moment; else in UTC.
    """
    if moment is None:
        return None
    zone = _zone(moment, published.strip()) if published else None
    return moment.astimezone(zone).isoformat(timespec="seconds") if zone else iso(moment)


def moment_of(seconds: int) -> datetime | None:
    """Unix seconds as an event gives them; None for zero, which says that no date is known."""
    return when_known(seconds or None)


def value(money: Money) -> Json:
    """An amount in major units, exact."""
    return {"amount": money.decimal, "currency": money.currency}


def text(content: Json, field: str) -> str | None:
    """A text in a JSON document; None for anything else."""
    found = content.get(field)
    return storable(found) if isinstance(found, str) else None


def _zone(moment: datetime, published: str) -> timezone | None:
    match = _OFFSET.fullmatch(published[len("2000-01-01") :])
    try:
        if match is None or parse_date(published) != moment.astimezone(UTC).replace(microsecond=0):
            return None
    except ImpossibleDateError:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)
