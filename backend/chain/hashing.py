"""Keccak-256, and the addresses that it makes safe to type.

eth_hash would take PyCryptodome where that is installed, which needs ten times as long for as few
bytes as a topic or the node of a trie has.
"""

from __future__ import annotations

from eth_hash.backends.pysha3 import keccak256

_ADDRESS_BYTES = 20


def keccak(data: bytes) -> bytes:
    """The hash that Ethereum uses everywhere, 32 bytes."""
    return keccak256(data)


def checksum_address(address: str) -> str:
    """An address in mixed case (EIP-55); raises ValueError for what is none."""
    digits = address[2:].lower()
    if address[:2] != "0x" or len(bytes.fromhex(digits)) != _ADDRESS_BYTES or len(digits) != 40:
        raise ValueError(f"{address!r:.80} is not an address")
    pairs = zip(digits, keccak(digits.encode()).hex(), strict=False)
    return "0x" + "".join([digit.upper() if mark > "7" else digit for digit, mark in pairs])
