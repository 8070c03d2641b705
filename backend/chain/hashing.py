"""Keccak-256, and the addresses that it makes safe to type."""

from __future__ import annotations

from eth_hash.auto import keccak as _hasher

_ADDRESS_BYTES = 20


def keccak(data: bytes) -> bytes:
    """The hash that Ethereum uses everywhere, 32 bytes."""
    return _hasher(data)


def checksum_address(address: str) -> str:
    """An address in mixed case (EIP-55); raises ValueError for what is none."""
    digits = address[2:].lower()
    if address[:2] != "0x" or len(bytes.fromhex(digits)) != _ADDRESS_BYTES or len(digits) != 40:
        raise ValueError(f"{address!r:.80} is not an address")
    pairs = zip(digits, keccak(digits.encode()).hex(), strict=False)
    return "0x" + "".join([digit.upper() if mark > "7" else digit for digit, mark in pairs])
