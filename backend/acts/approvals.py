"""Approvals that are given offline: what is signed (EIP-712), and the file that carries it.

The file is small JSON that anybody can read, send by messenger, and bring in. What it says in
words is for people; what counts is the typed data and its signature.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.acts.accounts import Signer
from backend.acts.agreements import AgreementView
from backend.acts.directory import Directory
from backend.chain.identity import bytes32_to_code
from backend.core.documents import read_file
from backend.core.errors import AppError

DOMAIN_NAME, DOMAIN_VERSION = "Termin Agreement", "1"
DOMAIN = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
SUBMISSION, INSPECTION, ACCEPTANCE = "Submission", "Inspection", "Acceptance"
PARTIAL_ACCEPTANCE, REJECTION = "PartialAcceptance", "Rejection"
AMENDMENT_SIGNATURE = "AmendmentSignature"

_ABOUT = (("milestone", "uint256"), ("attempt", "uint256"))
_WHY = (("reason", "bytes32"), ("document", "bytes32"))
_UNTIL = (("validUntil", "uint64"),)
STRUCTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    SUBMISSION: (*_ABOUT, ("evidence", "bytes32"), *_UNTIL),
    INSPECTION: (*_ABOUT, ("seenAt", "uint64"), ("report", "bytes32"), *_UNTIL),
    ACCEPTANCE: (*_ABOUT, *_UNTIL),
    PARTIAL_ACCEPTANCE: (*_ABOUT, ("amount", "uint128"), *_WHY, *_UNTIL),
    REJECTION: (*_ABOUT, *_WHY, *_UNTIL),
    AMENDMENT_SIGNATURE: (("amendment", "uint256"), ("content", "bytes32"), *_UNTIL),
}
"""The members of each struct in their order, as the interfaces of an agreement say."""

KIND, VERSION = "approval", 1
_BYTES32 = re.compile("0x[0-9a-f]{64}")
_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_SIGNATURE = re.compile("0x([0-9a-f]{2})+")


class ApprovalError(AppError):
    """An approval cannot be used; `detail` has one line for each thing that is wrong."""

    status = 422
    title = "The approval cannot be used"


@dataclass(frozen=True, slots=True)
class Content:
    """What is signed: a struct of `STRUCTS`, for one agreement on one chain.

    `message` maps its members to numbers and 32 bytes.
    """

    kind: str
    chain_id: int
    agreement: str
    message: dict[str, Any]

    @property
    def valid_until(self) -> int:
        """The last second in which it can be brought in, Unix seconds."""
        return int(self.message["validUntil"])

    @property
    def subject(self) -> tuple[Any, ...]:
        """The same for all that sign the same thing."""
        about = {k: v for k, v in self.message.items() if k != "validUntil"}
        return self.kind, tuple(about.values())

    def typed_data(self) -> dict[str, Any]:
        """What a wallet shows and signs, fit for JSON."""
        types = {"EIP712Domain": DOMAIN, self.kind: STRUCTS[self.kind]}
        return {
            "types": {
                struct: [{"name": name, "type": kind} for name, kind in members]
                for struct, members in types.items()
            },
            "primaryType": self.kind,
            "domain": {
                "name": DOMAIN_NAME,
                "version": DOMAIN_VERSION,
                "chainId": self.chain_id,
                "verifyingContract": self.agreement,
            },
            "message": {name: _shown(self.message[name]) for name, _ in STRUCTS[self.kind]},
        }


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature of an account under a content; `documents` are those that it names."""

    content: Content
    account: str
    signature: bytes
    documents: tuple[dict[str, Any], ...] = ()

    @property
    def struct(self) -> dict[str, object]:
        """The struct `Approval` of the contracts."""
        return {
            "account": self.account,
            "validUntil": self.content.valid_until,
            "signature": self.signature,
        }


def sign(content: Content, signer: Signer, documents: tuple[dict[str, Any], ...] = ()) -> Approval:
    """Sign a content with an account; raises `AccountError`."""
    signature = signer.sign_typed(content.typed_data())
    return Approval(content, signer.address, signature, documents)


def write_approval(path: Path, approval: Approval, view: AgreementView, names: Directory) -> None:
    """Write the file; raises `ApprovalError`."""
    by = names.of_account(approval.account)
    content = {
        "termin": KIND,
        "version": VERSION,
        "says": says(approval.content, view, names),
        "signedBy": by.label if by else approval.account,
        "account": approval.account,
        "agreement": {
            "title": view.title,
            "ocid": view.terms["ocid"],
            "contract": view.terms["contractId"],
        },
        "typedData": approval.content.typed_data(),
        "signature": f"0x{approval.signature.hex()}",
        "documents": list(approval.documents),
    }
    try:
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ApprovalError(f"{path}: {error.strerror}") from error


def read_approval(path: Path) -> Approval:
    """Read a file; raises `ApprovalError` where it is not what `write_approval` writes."""
    try:
        content = json.loads(read_file(path))
        if (content["termin"], content["version"]) != (KIND, VERSION):
            raise ValueError(f"an approval of version {VERSION}")
        return _approval(content)
    except KeyError as error:
        raise ApprovalError(f"{path}: found no {error}; expected this key") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ApprovalError(f"{path}: found something else; expected {_expected(error)}") from error


def says(content: Content, view: AgreementView, names: Directory) -> str:
    """What a content says, with names and amounts."""
    message, until = content.message, names.moment(content.valid_until)
    words = _WORDS[content.kind]
    number = message.get("milestone", 0) + 1
    title = view.milestones[number - 1].title if number <= len(view.milestones) else ""
    return (
        words.format(
            milestone=f"milestone {number}, {title}",
            attempt=message.get("attempt"),
            amount=names.amount(message.get("amount", 0)),
            reason=bytes32_to_code(message.get("reason", b"")),
            seen=names.moment(message.get("seenAt", 0)),
            digest=message.get("evidence", message.get("report", b"")).hex(),
            amendment=message.get("amendment"),
            label=view.label,
        )
        + f" Valid until {until}."
    )


_WORDS = {
    SUBMISSION: (
        "Submit {milestone}, of “{label}”, submission {attempt}. Evidence sha256 {digest}."
    ),
    INSPECTION: (
        "Attest {milestone}, of “{label}”, submission {attempt}, as seen on {seen}. Report sha256 "
        "{digest}."
    ),
    ACCEPTANCE: "Accept {milestone}, of “{label}”, submission {attempt}.",
    PARTIAL_ACCEPTANCE: (
        "Accept {amount} of {milestone}, of “{label}”, submission {attempt}: {reason}."
    ),
    REJECTION: "Reject {milestone}, of “{label}”, submission {attempt}: {reason}.",
    AMENDMENT_SIGNATURE: "Sign amendment {amendment} of “{label}”.",
}


def _approval(content: dict[str, Any]) -> Approval:
    data = content["typedData"]
    kind, domain, message = data["primaryType"], data["domain"], data["message"]
    if kind not in STRUCTS:
        raise ValueError(f"one of: {', '.join(STRUCTS)}")
    read = {name: _value(message[name], type_) for name, type_ in STRUCTS[kind]}
    agreement = _text(domain["verifyingContract"], _ADDRESS, "an address")
    found = Content(kind, _value(domain["chainId"], "uint256"), agreement, read)
    if data != found.typed_data():
        raise ValueError(f"typed data of {DOMAIN_NAME}, version {DOMAIN_VERSION}, with {kind}")
    signature = _text(content["signature"], _SIGNATURE, "a signature in hexadecimal")
    account = _text(content["account"], _ADDRESS, "an address")
    documents = content.get("documents", [])
    if not isinstance(documents, list) or not all(isinstance(each, dict) for each in documents):
        raise ValueError("a list of documents")
    return Approval(found, account, bytes.fromhex(signature[2:]), tuple(documents))


def _shown(value: int | bytes) -> str | int:
    """A number that any reader of JSON keeps exactly, else as text."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return value if value < 2**53 else str(value)


def _value(shown: Any, kind: str) -> Any:
    if kind == "bytes32":
        return bytes.fromhex(_text(shown, _BYTES32, "32 bytes in hexadecimal")[2:])
    number = int(shown) if isinstance(shown, str) and shown.isdecimal() else shown
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("a number")
    if number >> int(kind.removeprefix("uint")):
        raise ValueError(f"a number that fits {kind}")
    return number


def _text(value: Any, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(expected)
    return value


def _expected(error: Exception) -> str:
    plain = isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError)
    return str(error) if plain else "the JSON of an approval"
