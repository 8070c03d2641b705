"""Approvals that are given offline: typed data (EIP-712), as the interfaces of an agreement say."""

from typing import Any

import ape
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_account import Account
from eth_account.messages import encode_typed_data

DOMAIN = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]
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


def typed_data(
    agreement: str, kind: str, content: dict[str, Any], valid_until: int, chain_id: int
) -> dict[str, Any]:
    """What a wallet shows and signs."""
    fields = [*CONTENTS[kind], "validUntil uint64"]
    members = [
        dict(zip(("name", "type"), field.split(), strict=True)) for field in fields
    ]
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


def approval(
    agreement: ContractInstance,
    kind: str,
    content: dict[str, Any],
    signer: AccountAPI,
    valid_until: int | None = None,
    **other: Any,
) -> tuple[str, int, bytes]:
    """The struct `Approval`. `other` may name another `agreement` or `chain_id` to sign for."""
    until = ape.chain.pending_timestamp + 86_400 if valid_until is None else valid_until
    data = typed_data(
        other.get("agreement", agreement.address),
        kind,
        content,
        until,
        other.get("chain_id", ape.chain.chain_id),
    )
    signed = Account.sign_message(encode_typed_data(full_message=data), signer.private_key)
    return signer.address, until, bytes(signed.signature)
