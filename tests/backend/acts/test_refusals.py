"""Every error that a contract of ours can raise has a sentence, and every sentence its error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from backend.acts.refusals import ROLES, SENTENCES, PlainNames, explain
from backend.chain.abi import NAMES
from backend.chain.contract import Refusal, contract

ROOT = Path(__file__).parents[3]
DECLARED = {
    name
    for path in (ROOT / "contracts").rglob("*.sol")
    for name in re.findall(r"^\s*error (\w+)\(", path.read_text(), re.MULTILINE)
}
ERRORS = {item["name"]: item for name in NAMES for item in contract(name).errors.values()}

# OpenZeppelin's, that a user meets.
TOLD = {"AccessManagedUnauthorized", "ERC20InsufficientBalance", "ERC20InsufficientAllowance"}
# OpenZeppelin's, that no command of ours can cause: told by name and values.
UNTOLD = {
    "AccessManagedInvalidAuthority",
    "AccessManagedRequiredDelay",
    "AccessManagerAlreadyScheduled",
    "AccessManagerBadConfirmation",
    "AccessManagerExpired",
    "AccessManagerInvalidInitialAdmin",
    "AccessManagerLockedFunction",
    "AccessManagerLockedRole",
    "AccessManagerNotReady",
    "AccessManagerNotScheduled",
    "AccessManagerUnauthorizedAccount",
    "AccessManagerUnauthorizedCall",
    "AccessManagerUnauthorizedCancel",
    "AccessManagerUnauthorizedConsume",
    "AddressEmptyCode",
    "ECDSAInvalidSignature",
    "ECDSAInvalidSignatureLength",
    "ECDSAInvalidSignatureS",
    "ERC20InvalidApprover",
    "ERC20InvalidReceiver",
    "ERC20InvalidSender",
    "ERC20InvalidSpender",
    "ERC2612ExpiredSignature",
    "ERC2612InvalidSigner",
    "FailedCall",
    "InsufficientBalance",
    "InvalidAccountNonce",
    "InvalidShortString",
    "SafeCastOverflowedIntToUint",
    "SafeCastOverflowedUintDowncast",
    "SafeCastOverflowedUintToInt",
    "SafeERC20FailedOperation",
    "StringTooLong",
}


def code(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


def sample(kind: str) -> Any:
    if kind.startswith(("uint", "int")):
        return 2
    if kind.startswith("bytes"):
        return b"\xab" * 32
    return {"address": "0x" + "Cd" * 20, "string": "some text", "bool": True}[kind]


def arguments(name: str) -> dict[str, Any]:
    return {each["name"]: sample(each["type"]) for each in ERRORS[name]["inputs"]}


def test_every_error_of_ours_has_a_sentence() -> None:
    assert len(DECLARED) > 40
    assert DECLARED & set(ERRORS) - set(SENTENCES) == set()
    assert set(ERRORS) - DECLARED == TOLD | UNTOLD
    assert set(SENTENCES) == (DECLARED & set(ERRORS)) | TOLD


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_renders_with_its_values(name: str) -> None:
    text = explain(Refusal(name, arguments(name)), "")
    assert text.endswith(".")
    assert name not in text
    assert "{" not in text
    # A selector or a mapping of Python would be no sentence.
    assert not re.search(r"b'|dict|None", text)


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_sentences_use_only_values_that_the_error_has(name: str) -> None:
    kinds = "p|m|n|h|t|c|agreements?|milestones?|roles|standing|guarantee|until|for|account"
    kinds += "|signed|needed|noticed|condition"
    used = re.findall(r"\{(\w+)(?:!r)?\}", SENTENCES[name])
    known = set(arguments(name))
    for word in used:
        assert word in known or re.sub(f"_({kinds})$", "", word) in known, word


@pytest.mark.parametrize("name", sorted(UNTOLD))
def test_other_errors_are_told_by_name_and_values(name: str) -> None:
    text = explain(Refusal(name, arguments(name)), "")
    assert text.startswith(f"The contract refuses: {name}(")


def test_what_is_no_custom_error_is_the_nodes_own_message() -> None:
    assert explain(None, "out of gas") == "The node refuses: out of gas"


class Named(PlainNames):
    def participant(self, participant: bytes) -> str:
        return "CV Mitra"

    def amount(self, minor: int) -> str:
        return f"IDR {minor}"


SAID = [
    (
        "AgreementUnexpectedStatus",
        {"current": 1, "expected": 1 << 2},
        "The agreement is awaiting signature or money; it would have to be active.",
    ),
    (
        "AgreementUnexpectedStatus",
        {"current": 3, "expected": 1 << 2 | 1 << 5},
        "The agreement is closed; it would have to be active or terminated.",
    ),
    (
        "MilestoneUnexpectedStatus",
        {"milestone": 0, "current": 5, "expected": 1 << 1 | 1 << 4},
        "Milestone 1 is paid; it would have to be scheduled or rejected.",
    ),
    (
        "MilestoneUnexpectedStatus",
        {"milestone": 2, "current": 8, "expected": 1 << 9 | 1 << 3},
        "Milestone 3 is disputed; it would have to be inspected or partly accepted.",
    ),
    (
        "TooEarly",
        {"present": 1_709_287_200, "earliest": 1_709_287_201},
        ("Too early: 2024-03-01 10:00:00 UTC; this takes a moment after 2024-03-01 10:00:01 UTC."),
    ),
    (
        "TooLate",
        {"present": 2**64 - 1, "latest": 0},
        "Too late: second 18446744073709551615; this was possible until 1970-01-01 00:00:00 UTC.",
    ),
    (
        "GuaranteeLapsed",
        {"kind": 0, "amount": 5, "required": 7, "expiresAt": 1_709_287_200},
        (
            "The performance security on record is IDR 5 until 2024-03-01 10:00:00 UTC; IDR 7 must "
            "be in force. "
        ),
    ),
    (
        "GuaranteeLapsed",
        {"kind": 2, "amount": 0, "required": 7, "expiresAt": 0},
        "The retention guarantee on record is IDR 0; IDR 7 must be in force. ",
    ),
    (
        "ConditionInvalid",
        {"condition": code("recoveryRate"), "found": 1000, "smallest": 2000, "largest": 9500},
        "The condition recovery does not fit: found 10 %, expected 20 % to 95 %.",
    ),
    (
        "ConditionInvalid",
        {"condition": code("reviewDays"), "found": 61, "smallest": 0, "largest": 60},
        "The condition periods.review does not fit: found 61, expected 0 to 60.",
    ),
    (
        "ConditionInvalid",
        {"condition": code("another"), "found": 1, "smallest": 2, "largest": 3},
        "The condition another does not fit: found 1, expected 2 to 3.",
    ),
    (
        "ListTooLong",
        {"list": code("directPayments"), "length": 65, "largest": 64},
        "65 entries in direct_payments are too many; at most 64 can be kept.",
    ),
    (
        "NothingOwed",
        {"milestone": 2**256 - 1, "payee": b"\1" * 32},
        "Nothing is owed to CV Mitra.",
    ),
    (
        "NothingOwed",
        {"milestone": 0, "payee": b"\1" * 32},
        "Nothing is owed to CV Mitra for milestone 1.",
    ),
    ("EvidenceMissing", {"milestone": 2**256 - 1}, "A document's hash is needed."),
    (
        "AmendmentNotSigned",
        {"supplier": False, "approvals": 1, "quorum": 2, "authority": True},
        (
            "The amendment lacks a signature: the supplier has not signed, 1 of the 2 of the "
            "committee have, the buyer's authority has signed or need not."
        ),
    ),
    ("NoticeInvalid", {"noticedAt": 0}, "No notice of default is in force."),
    (
        "NoticeInvalid",
        {"noticedAt": 1_709_287_200},
        "A notice of default is in force since 2024-03-01 10:00:00 UTC.",
    ),
    (
        "SuccessionUnknown",
        {"participant": b"\1" * 32, "given": "0xA", "proposed": "0x" + "0" * 40},
        "No succession of CV Mitra to 0xA waits for confirmation; proposed is nobody.",
    ),
    (
        "ParticipantLacksRole",
        {"participant": b"\1" * 32, "required": 4, "roles": 3},
        "CV Mitra needs the role committee for this, and has: buyer, supplier.",
    ),
    (
        "ParticipantLacksRole",
        {"participant": b"\1" * 32, "required": 16, "roles": 0},
        "CV Mitra needs the role treasury for this, and has: none.",
    ),
    (
        "ParticipantStandingInvalid",
        {"participant": b"\1" * 32, "current": 1, "given": 1},
        "CV Mitra is active and cannot be made active.",
    ),
    (
        "DateInFuture",
        {"given": 1_709_287_201, "present": 1_709_287_200},
        "2024-03-01 10:00:01 UTC lies after the time of the chain, 2024-03-01 10:00:00 UTC.",
    ),
    (
        "LineExceeded",
        {"line": b"\xab" * 32, "available": 5, "requested": 7},
        (
            "The budget line has IDR 5 left; IDR 7 is asked for. The budget officer must "
            "appropriate more."
        ),
    ),
    ("LineUnknown", {"line": b"\xab" * 32}, f"The budget line 0x{'ab' * 32} does not exist."),
]


@pytest.mark.parametrize(("name", "values", "said"), SAID)
def test_what_some_of_them_say(name: str, values: dict[str, Any], said: str) -> None:
    assert explain(Refusal(name, values), "", Named()).startswith(said)


def test_plain_names() -> None:
    names = PlainNames()
    assert names.participant(b"\0" * 32) == "nobody"
    assert names.participant(b"\1" * 32) == "0x" + "01" * 32
    assert names.amount(7) == "7 minor units"


def test_the_roles_are_those_of_the_contracts() -> None:
    text = (ROOT / "contracts" / "types" / "Participants.sol").read_text()
    found = re.findall(r"uint16 internal constant (\w+) = 1 << (\d+);", text)
    assert {name.lower(): int(position) for name, position in found} == {
        name: position for position, name in enumerate(ROLES)
    }
