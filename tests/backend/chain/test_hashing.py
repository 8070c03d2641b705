"""hashing
├── keccak is that of eth_utils
└── an address in mixed case
    ├── is as eth_utils writes it, however it was written
    └── which is none is refused
"""

from __future__ import annotations

import pytest
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak as expected_keccak
from hypothesis import given
from hypothesis import strategies as st

from backend.chain.hashing import checksum_address, keccak


@given(st.binary(max_size=300))
def test_keccak_is_that_of_others(data: bytes) -> None:
    assert keccak(data) == expected_keccak(data)


@given(st.binary(min_size=20, max_size=20))
def test_an_address_is_as_others_write_it(raw: bytes) -> None:
    expected = to_checksum_address(raw)
    small = f"0x{raw.hex()}"
    assert checksum_address(small) == expected
    assert checksum_address(f"0x{raw.hex().upper()}") == expected
    assert checksum_address(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "ab" * 20,
        "ab" * 21,
        "0x" + "ab" * 19,
        "0x" + "ab" * 21,
        "0x" + "zz" * 20,
        "0x" + "ab" * 20 + " ",
        "0x" + "ab " * 20,
        "0x " + "ab" * 19 + "a",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"0x|address|hexadecimal"):
        checksum_address(text)
