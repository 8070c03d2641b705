"""A contract on paper: what its sheet carries, and what has happened since one was printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import segno
from markupsafe import Markup

from backend.queries.states import ContractState

_BORDER = 4
"""As many modules as the standard wants to be white around the code (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a sheet that somebody scanned is worth today.

    It is "current", "older" or of a state that the contract never had here: "unknown". An older
    one was right until `until`; `payments` and `events` came since.
    """

    kind: Literal["current", "older", "unknown"]
    until: datetime | None = None
    events: int = 0
    payments: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """`page` is the address of the contract's page, with that of the agreement in it, and `state`
    the state hash."""

    page: str
    state: str
    scanned: Scanned | None

    @property
    def url(self) -> str:
        """Leads back to the page, and says which state the sheet shows."""
        return f"{self.page}?state={self.state}"

    @property
    def code(self) -> Markup:
        """The address as a QR code, an SVG that takes its size from the style sheet."""
        made = segno.make_qr(self.url, error="m")
        # It is made of numbers only.
        return Markup(made.svg_inline(border=_BORDER, omitsize=True, svgclass="qr"))  # noqa: S704


def sheet(states: list[ContractState], page: str, given: str | None) -> Sheet:
    """The sheet of the last of these states; `given` is the state hash of one that was scanned."""
    return Sheet(page, states[-1].hash, _scanned(states, given) if given else None)


def _scanned(states: list[ContractState], given: str) -> Scanned:
    places = {state.hash: place for place, state in enumerate(states)}
    place = places.get(given)
    if place is None:
        return Scanned("unknown")
    then, now = states[place], states[-1]
    if then is now:
        return Scanned("current")
    until = states[place + 1].since
    return Scanned("older", until, now.events - then.events, now.payments - then.payments)
