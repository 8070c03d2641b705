"""Approvals that are given offline: typed data (EIP-712), as the interfaces of an agreement say."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import ape
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import keccak

from .vocabulary import DAY

DOMAIN = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]
# The order of the curve: for each signature there is another, with s of its upper half.
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
CONTENTS = {
    "Submission": ("milestone uint256", "attempt uint256", "evidence bytes32"),
    "Inspection": (
        "milestone uint256",
        "attempt uint256",
        "seenAt uint64",
        "report bytes32",
    ),
    "Acceptance": ("milestone uint256", "attempt uint256"),
    "PartialAcceptance": (
        "milestone uint256",
        "attempt uint256",
        "amount uint128",
        "reason bytes32",
        "document bytes32",
    ),
    "Rejection": (
        "milestone uint256",
        "attempt uint256",
        "reason bytes32",
        "document bytes32",
    ),
    "AmendmentSignature": ("amendment uint256", "content bytes32"),
}


class Approval(NamedTuple):
    """As `Approval` in Solidity."""

    account: str
    valid_until: int
    signature: bytes


def typed_data(
    agreement: str, kind: str, content: dict[str, Any], valid_until: int, chain_id: int
) -> dict[str, Any]:
    """What a wallet shows and signs."""
    fields = [*CONTENTS[kind], "validUntil uint64"]
    members = [dict(zip(("name", "type"), field.split(), strict=True)) for field in fields]
    return {
        "types": {"EIP712Domain": DOMAIN, kind: members},
        "primaryType": kind,
        "domain": {
            "name": "Termin Agreement",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": agreement,
        },
        "message": {**content, "validUntil": valid_until},
    }


def signable(
    agreement: str, kind: str, content: dict[str, Any], valid_until: int, chain_id: int
) -> SignableMessage:
    """What is signed of typed data."""
    return encode_typed_data(
        full_message=typed_data(agreement, kind, content, valid_until, chain_id)
    )


def digest_of(
    agreement: ContractInstance, kind: str, content: dict[str, Any], valid_until: int
) -> bytes:
    """The hash that an account signs for this agreement and this chain."""
    message = signable(agreement.address, kind, content, valid_until, ape.chain.chain_id)
    return keccak(b"\x19" + message.version + message.header + message.body)


def approval(
    agreement: ContractInstance,
    kind: str,
    content: dict[str, Any],
    signer: AccountAPI,
    valid_until: int | None = None,
    **other: Any,
) -> Approval:
    """The struct `Approval`. `other` may say `verifier`, `chain_id`, or `of` whom it says it is."""
    until = ape.chain.pending_timestamp + DAY if valid_until is None else valid_until
    message = signable(
        other.get("verifier", agreement.address),
        kind,
        content,
        until,
        other.get("chain_id", ape.chain.chain_id),
    )
    signed = Account.sign_message(message, signer.private_key)
    return Approval(other.get("of", signer.address), until, bytes(signed.signature))


def forgeries(
    agreement: ContractInstance,
    other: ContractInstance,
    kind: str,
    content: dict[str, Any],
    signer: AccountAPI,
    impostor: AccountAPI,
) -> Iterator[Approval]:
    """What is no approval of this content by `signer`, though it says so.

    Signed by another; for another agreement, chain or kind of act; for a content that differs in
    one field or was valid for longer or shorter; malformed.
    """
    until = ape.chain.pending_timestamp + DAY
    arguments = (agreement, kind, content, signer, until)
    genuine = approval(*arguments)
    yield approval(agreement, kind, content, impostor, until, of=signer.address)
    yield approval(*arguments, verifier=other.address)
    yield approval(*arguments, chain_id=ape.chain.chain_id + 1)
    yield approval(*arguments)._replace(valid_until=until + 1)
    yield approval(*arguments)._replace(valid_until=until - 1)
    for name, value in content.items():
        changed = value + 1 if isinstance(value, int) else keccak(value)
        yield approval(agreement, kind, {**content, name: changed}, signer, until)
    for otherwise in sorted(CONTENTS.keys() - {kind}):
        if CONTENTS[otherwise] == CONTENTS[kind]:
            yield approval(agreement, otherwise, content, signer, until)
    yield from (genuine._replace(signature=bad) for bad in malformed(genuine.signature))


def malformed(signature: bytes) -> list[bytes]:
    """No signature of 65 bytes with s in the lower half and v of 27 or 28."""
    r, s, v = signature[:32], signature[32:64], signature[64]
    mirrored = (ORDER - int.from_bytes(s)).to_bytes(32)
    compact = (int.from_bytes(s) | (v - 27) << 255).to_bytes(32)
    return [
        b"",
        signature[:64],
        signature + b"\0",
        r + compact,
        r + mirrored + bytes([55 - v]),
        r + s + bytes([v - 27]),
        bytes(65),
    ]
