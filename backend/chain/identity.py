"""The ids of the chain, computed as the contracts compute them."""

from __future__ import annotations

from eth_abi.abi import encode

from backend.chain.hashing import keccak


def participant_id(scheme: str, identifier: str) -> bytes:
    """`ParticipantRegistry.idOf`: 16 bytes of keccak256(abi.encode(scheme, identifier)), then 0."""
    return keccak(encode(["string", "string"], [scheme, identifier]))[:16] + bytes(16)


def budget_line_id(buyer: bytes, token: str, fiscal_year: int, code: str) -> bytes:
    """`Budget.lineId`: keccak256(abi.encode(buyer, token, fiscalYear, code)), 32 bytes."""
    return keccak(
        encode(["bytes32", "address", "uint16", "string"], [buyer, token, fiscal_year, code])
    )


def code_to_bytes32(code: str) -> bytes:
    """A coded reason as it stands in an event: ASCII, padded with zeros; raises ValueError."""
    raw = code.encode("ascii")
    if not 0 < len(raw) <= 32:
        raise ValueError(f"{code!r} has {len(raw)} characters, expected 1 to 32")
    return raw.ljust(32, b"\0")


def bytes32_to_code(value: bytes) -> str:
    """The coded reason that an event carries; hexadecimal if it is not text."""
    text = value.rstrip(b"\0")
    return text.decode("ascii") if text.isascii() and text.decode().isprintable() else value.hex()
