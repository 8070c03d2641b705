"""A set of addresses in the 20 bytes that each has; as strings in a dictionary they take 130."""

from __future__ import annotations

_SIZE = 20
_SHELVES = 4_096
"""How many parts are searched through one by one: of a hundred thousand addresses 24 each."""


class Addresses:
    """Addresses, "0x…" in any case; whatever is none is not among them."""

    def __init__(self) -> None:
        self._shelves = [bytearray() for _ in range(_SHELVES)]

    def add(self, address: str) -> None:
        """Take one in; raises `ValueError` for what is no address."""
        value = bytes.fromhex(address[2:])
        if len(value) != _SIZE:
            raise ValueError(f"{address!r:.80} has {len(value)} bytes; expected {_SIZE}")
        if address not in self:
            self._shelf(value).extend(value)

    def __contains__(self, address: str) -> bool:
        try:
            value = bytes.fromhex(address[2:])
        except ValueError:
            return False
        if len(value) != _SIZE:
            return False
        shelf = self._shelf(value)
        place = shelf.find(value)
        while place > 0 and place % _SIZE:
            # The end of one and the beginning of the next.
            place = shelf.find(value, place + 1)
        return place >= 0

    def _shelf(self, value: bytes) -> bytearray:
        return self._shelves[int.from_bytes(value[-2:], "big") % _SHELVES]
