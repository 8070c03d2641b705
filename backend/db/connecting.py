"""How PostgreSQL is connected to: what is waited for, and for how long."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL

LOCK_SECONDS = 3
"""For how long a lock is waited for: less than a process may take to stop."""
READER_SECONDS = 30
"""For how long PostgreSQL works at one question of a reader."""
CONNECT_SECONDS = 3
SILENT_SECONDS = 30
"""How long the other side may be silent, as after a cable is cut, before it counts as gone. That is
as long as a question may take: it may be there and take nothing in while its disk stands still."""
_PROBES = 2


def arguments(url: URL, *options: str) -> dict[str, Any]:
    """What libpq is told of each connection: our limits, unless the URL says otherwise.

    Both sides notice when the other is gone without a word. Else a reader would wait for minutes,
    and the lock of an indexer whose machine is lost would be held for hours. `options` are more
    of the server's settings, as `name=value`.
    """
    ours = {"connect_timeout": CONNECT_SECONDS, **_keepalives("keepalives"), **_unheard()}
    told = {name: value for name, value in ours.items() if name not in url.query}
    return told | {"options": _server_options(url, options)}


def _server_options(url: URL, more: tuple[str, ...]) -> str:
    limits = {"lock_timeout": LOCK_SECONDS * 1000, "statement_timeout": READER_SECONDS * 1000}
    limits |= _keepalives("tcp_keepalives") | _unheard()
    ours = [f"-c {name}={value}" for name, value in limits.items()]
    theirs = str(url.query.get("options", ""))
    return " ".join([*ours, theirs, *(f"-c {each}" for each in more)])


def _keepalives(prefix: str) -> dict[str, int]:
    """When a silent side is asked whether it is still there; libpq and server name it alike."""
    interval = SILENT_SECONDS // (_PROBES + 1)
    idle = SILENT_SECONDS - _PROBES * interval
    return {f"{prefix}_idle": idle, f"{prefix}_interval": interval, f"{prefix}_count": _PROBES}


def _unheard() -> dict[str, int]:
    """For how many milliseconds what was sent may remain without being received."""
    return {"tcp_user_timeout": SILENT_SECONDS * 1000}
