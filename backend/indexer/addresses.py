"""A set of addresses in the 20 bytes that each has; as strings in a dictionary they take 130."""

from __future__ import annotations

_SIZE = 20
_LENGTH = 2 + 2 * _SIZE
_SHELVES = 4_096
"""How many parts are searched through one by one: of a hundred thousand addresses 24 each."""


class Addresses:
    """Addresses, "0x…" in any case; whatever is none is not among them."""

    def __init__(self) -> None:
        self._shelves = [bytearray() for _ in range(_SHELVES)]

    def add(self, address: str) -> None:
        """Take one in; raises `ValueError` for what is no address."""
        value = _value(address)
        if value is None:
            raise ValueError(f"{address!r:.80}: expected 0x and {2 * _SIZE} hexadecimal digits")
        if not self._has(value):
            self._shelf(value).extend(value)

    def __contains__(self, address: str) -> bool:
        value = _value(address)
        return value is not None and self._has(value)

    def _has(self, value: bytes) -> bool:
        shelf = self._shelf(value)
        place = shelf.find(value)
        while place > 0 and place % _SIZE:
            # The end of one and the beginning of the next.
            place = shelf.find(value, place + 1)
        return place >= 0

    def _shelf(self, value: bytes) -> bytearray:
        return self._shelves[int.from_bytes(value[-2:], "big") % _SHELVES]


def _value(address: str) -> bytes | None:
    """The bytes of an address; None of anything else."""
    if len(address) != _LENGTH or not address.startswith(("0x", "0X")):
        return None
    try:
        value = bytes.fromhex(address[2:])
    except ValueError:
        return None
    # Blanks between the digits are passed over.
    return value if len(value) == _SIZE else None
