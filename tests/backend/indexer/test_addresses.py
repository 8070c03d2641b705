"""a set of addresses
├── has those that were added, in any case, and no other
│   └── not even the end of one and the beginning of the next
└── has nothing that is no address
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.indexer.addresses import Addresses

# All on the same shelf, and often alike.
ALIKE = st.builds(bytes, st.lists(st.sampled_from([0, 1]), min_size=20, max_size=20))
ANY = st.binary(min_size=20, max_size=20)


def name(value: bytes) -> str:
    """An address as a node writes it."""
    return f"0x{value.hex()}"


@given(st.lists(st.one_of(ALIKE, ANY)), st.lists(st.one_of(ALIKE, ANY)))
def test_has_what_was_added_and_no_other(added: list[bytes], others: list[bytes]) -> None:
    addresses = Addresses()
    for value in added:
        addresses.add(name(value))
    for value in added + others:
        assert (name(value) in addresses) == (value in added)
        assert (f"0x{value.hex().upper()}" in addresses) == (value in added)


def test_has_not_the_end_of_one_and_the_beginning_of_the_next() -> None:
    first, second = bytes([9] * 20), bytes([7] * 8 + [9] * 12)
    between = (first + second)[10:30]
    addresses = Addresses()
    for value in (first, second):
        addresses.add(name(value))
    # All three end alike, and are looked for in the same place.
    assert name(between) not in addresses
    addresses.add(name(between))
    assert name(between) in addresses


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "0x12",
        "0x" + "zz" * 20,
        "0x" + "00" * 21,
        "zz" + "00" * 20,
        "00" * 20,
        "0x" + "00 " * 20,
        "0x" + "00" * 19 + "  ",
    ],
)
def test_has_nothing_that_is_no_address(text: str) -> None:
    addresses = Addresses()
    addresses.add("0x" + "00" * 20)
    assert text not in addresses
    with pytest.raises(ValueError, match="expected 0x and 40 hexadecimal digits"):
        addresses.add(text)
