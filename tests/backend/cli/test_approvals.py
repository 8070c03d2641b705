"""Signed where there is no node, brought in by anybody, in one transaction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from support.node import free_port

from backend.acts.accounts import find_signer
from backend.chain.contract import contract

from .conftest import PEOPLE, Termin

TITLE = "The approval cannot be used."


@pytest.fixture
def open_(rated: Termin) -> Termin:
    """Guaranteed, with milestone 1 submitted and attested on a Monday at ten."""
    rated.guarantee("performance", "24000000.00")
    rated.submit(1)
    return rated


def paper(termin: Termin, who: str, *arguments: str, name: str = "") -> str:
    """Let somebody sign offline; the file."""
    path = str(termin.folder / f"{name or who}.json")
    until = ("--valid-until", "2040-02-29")
    head = termin.head
    termin.ok(*arguments, "--offline", path, *until, "--as", PEOPLE[who], "--yes")
    assert termin.head == head
    return path


def bring(termin: Termin, *files: str) -> list[str]:
    return termin.act("stranger", "approvals", "bring", *files).lines


def test_what_the_file_says(open_: Termin) -> None:
    path = str(open_.folder / "out.json")
    arguments = ("--offline", path, "--valid-until", "2040-02-29", "--as", PEOPLE["ppk"])
    said = open_("milestone", "accept", "1", *arguments, answer="y\n")
    assert said.lines == [
        (
            "Sign offline: Accept milestone 1, Termin I, of “Saluran Irigasi”, submission 1. Valid "
            "until 2040-02-29 23:59 WIB."
        ),
        "Signed by PPK.",
        (
            f"Sign it? [y/N]: Written to {path}; nothing was sent. Anybody brings it in: "
            f"`termin approvals bring {path}`."
        ),
    ]
    content = json.loads(Path(path).read_text())
    address = open_.show()[""][1].rpartition(" ")[2]
    account = find_signer(PEOPLE["ppk"]).address
    signature = content.pop("signature")
    assert content == {
        "termin": "approval",
        "version": 1,
        "says": (
            "Accept milestone 1, Termin I, of “Saluran Irigasi”, submission 1. Valid until "
            "2040-02-29 23:59 WIB."
        ),
        "signedBy": "PPK (OFFICE-ID-NPWP-00.1/ppk)",
        "account": account,
        "agreement": {"title": "Saluran Irigasi", "ocid": "ocds-000000-1", "contract": "K-1"},
        "typedData": {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Acceptance": [
                    {"name": "milestone", "type": "uint256"},
                    {"name": "attempt", "type": "uint256"},
                    {"name": "validUntil", "type": "uint64"},
                ],
            },
            "primaryType": "Acceptance",
            "domain": {
                "name": "Termin Agreement",
                "version": "1",
                "chainId": 2026,
                "verifyingContract": address,
            },
            "message": {"milestone": 0, "attempt": 1, "validUntil": 2_214_147_599},
        },
        "documents": [],
    }
    # As any wallet would check it.
    signed = Account.recover_message(_signable(content["typedData"]), signature=signature)
    assert signed == account


def _signable(data: dict[str, Any]) -> Any:
    from eth_account.messages import encode_typed_data

    return encode_typed_data(full_message=data)


def test_without_a_yes_nothing_is_signed(open_: Termin) -> None:
    path = open_.folder / "out.json"
    said = open_(
        "milestone", "accept", "1", "--offline", str(path), "--as", PEOPLE["ppk"], answer="n\n"
    )
    assert said.status == 1
    assert not path.exists()


def test_a_quorum_that_signed_offline_is_brought_in_by_anybody(open_: Termin) -> None:
    files = [paper(open_, who, "milestone", "accept", "1") for who in ("ppk", "pphp")]
    head = open_.head
    lines = bring(open_, *files)
    assert open_.head == head + 1
    assert lines[0] == "Bring in 2 of 2 approvals:"
    assert lines[1] == (
        "  PPK, PPHP: Accept milestone 1, Termin I, of “Saluran Irigasi”, submission 1. Valid "
        "until 2040-02-29 23:59 WIB. With this it is accepted and paid."
    )
    assert lines[4:7] == [
        "  PPK accepted milestone 1 (1 of 2 needed).",
        "  PPHP accepted milestone 1 (2 of 2 needed).",
        (
            "  CV Mitra was paid IDR 118,529,729.72 for milestone 1: IDR 144,000,000.00 less "
            "IDR 7,200,000.00 retention, IDR 14,270,270.28 taxes, IDR 4,000,000.00 to "
            "subcontractors."
        ),
    ]


def test_who_is_missing_to_the_quorum_is_said(open_: Termin) -> None:
    one = paper(open_, "ppk", "milestone", "accept", "1")
    assert bring(open_, one)[1].endswith(" 1 more of PPHP must follow.")
    assert open_.refused("approvals", "bring", one, "--yes", "--as", PEOPLE["stranger"]) == (
        TITLE,
        f"{one}: found PPK again, who has voted on this; expected others",
    )
    # The second votes on the chain.
    said = open_.act("pphp", "milestone", "accept", "1")
    assert "acceptance 2 of 2" in said.lines[0]


def test_all_from_submission_to_payment_in_one_transaction(rated: Termin) -> None:
    rated.guarantee("performance", "24000000.00")
    card = str(rated.folder / "card.json")
    said = rated.ok("approvals", "prepare", card)
    assert said.lines == [
        f"Written to {card}: “Saluran Irigasi” as it stands on 2040-01-02 10:00 WIB."
    ]
    work = ("milestone", "submit", "1", "--evidence", rated.report)
    files = [paper(rated, "mitra", *work)]
    # Nobody on site has a connection; that it is submitted is not on the chain yet.
    where = ("--rpc-url", f"http://127.0.0.1:{free_port()}", "--for", card, "--after", files[0])
    attest = ("milestone", "attest", "1", "--report", rated.report, *where)
    files.append(paper(rated, "pengawas", *attest))
    files += [paper(rated, who, "milestone", "accept", "1", *where) for who in ("ppk", "pphp")]
    head = rated.head
    lines = bring(rated, *reversed(files))
    assert rated.head == head + 1
    assert [line.partition(":")[0] for line in lines[:4]] == [
        "Bring in 4 of 4 approvals",
        "  CV Mitra",
        "  Pengawas",
        "  PPHP, PPK",
    ]
    assert lines[6].startswith("  CV Mitra submitted milestone 1; evidence sha256 ")
    assert lines[7].startswith("  Pengawas attested milestone 1, seen on ")
    assert any("was paid IDR 118,529,729.72 for milestone 1" in line for line in lines)


def test_no_node_and_no_file_about_the_agreement(open_: Termin) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    offline = ("--offline", str(open_.folder / "x.json"), "--rpc-url", url)
    title, sentence = open_.refused(
        "milestone", "accept", "1", *offline, "--as", PEOPLE["ppk"], "--yes"
    )
    assert title == "The chain cannot be reached."
    assert sentence.endswith(
        "With --for FILE, which `termin approvals prepare FILE` writes where there is one, no node "
        "is needed."
    )


def test_a_part_is_signed_by_the_second_just_as_by_the_first(open_: Termin) -> None:
    part = ("--amount", "100000000.00", "--reason", "measured", "--note", "Volume 70 %")
    first = paper(open_, "ppk", "milestone", "accept", "1", *part)
    second = str(open_.folder / "pphp.json")
    said = open_.act("pphp", "approvals", "sign", first, "--offline", second)
    assert said.lines[0].startswith(
        "Sign offline: Accept IDR 100,000,000.00 of milestone 1, Termin I, of “Saluran Irigasi”, "
        "submission 1: measured. Valid until "
    )
    # The note is kept where the approvals are brought in, although it was written elsewhere.
    for document in (open_.folder / "data" / "documents").rglob("*"):
        if document.is_file() and b"Volume 70" in document.read_bytes():
            document.unlink()
    lines = bring(open_, first, second)
    assert lines[1].endswith("With this the part is accepted and paid.") or (
        lines[2].endswith("With this the part is accepted and paid.")
    )
    assert any("A quorum accepted IDR 100,000,000.00 of milestone 1: measured" in x for x in lines)
    kept = [p for p in (open_.folder / "data" / "documents").rglob("*") if p.is_file()]
    assert any(b"Volume 70" in document.read_bytes() for document in kept)


def test_one_offline_vote_for_a_part_can_be_supported_on_the_chain(open_: Termin) -> None:
    part = ("--amount", "100000000.00", "--reason", "measured")
    bring(open_, paper(open_, "ppk", "milestone", "accept", "1", *part))
    said = open_.act("pphp", "agreement", "support")
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: accept IDR 100,000,000.00 of milestone 1, submission 1: "
        "measured. PPK voted for it before; the committee needs 2."
    )
    assert any("A quorum accepted IDR 100,000,000.00" in line for line in said.lines)


def test_a_rejection_and_more_approvals_than_are_needed(open_: Termin) -> None:
    reject = ("milestone", "reject", "1", "--reason", "quality")
    files = [paper(open_, who, *reject) for who in ("ppk", "pphp")]
    lines = bring(open_, *files)
    assert lines[0] == "Bring in 1 of 2 approvals:"
    assert lines[1].startswith("  PPK: Reject milestone 1, Termin I, of “Saluran Irigasi”, subm")
    assert lines[1].endswith("With this it is rejected.")
    assert lines[2] == "  1 more are not needed and stay here."
    assert lines[-1] == (
        "  Milestone 1 is rejected: quality; it can be submitted again or disputed."
    )


def test_an_amendment_is_signed_offline_by_all(open_: Termin) -> None:
    path = open_.folder / "amendment.yaml"
    path.write_text("reason: weather\nends: 2041-01-31\n")
    open_.act("ppk", "amendment", "propose", str(path))
    card = str(open_.folder / "card.json")
    open_.ok("approvals", "prepare", card)
    where = ("--rpc-url", f"http://127.0.0.1:{free_port()}", "--for", card)
    files = [paper(open_, who, "amendment", "sign", *where) for who in ("mitra", "pphp")]
    lines = bring(open_, *files)
    assert lines[1].startswith(
        "  CV Mitra, PPHP: Sign amendment 1 of “Saluran Irigasi”. Valid until 2040-02-29 23:59 WIB."
    )
    assert lines[-1] == (
        "  Amendment 1 took effect: weather; the value is IDR 480,000,000.00 as before."
    )


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("signature", {"signature": "0x" + "11" * 65}, "found no signature of a key; expected one of"),
    ("short", {"signature": "0x11"}, "found no signature of a key; expected one of 0x"),
    ("chain", {"domain.chainId": 1}, "found an approval for chain 1; expected chain 2026"),
    ("attempt", {"message.attempt": 2}, "found a signature of 0x"),
    ("account", {"account": find_signer(PEOPLE["pphp"]).address}, "found a signature of 0x"),
    ("name", {"domain.name": "Another"}, "found something else; expected typed data of Termin Agr"),
    ("kind", {"primaryType": "Permit"}, "found something else; expected one of: Submission, "),
    ("version", {"version": 2}, "found something else; expected an approval of version 1"),
    ("key", {"account": None}, "found something else; expected an address"),
]


@pytest.mark.parametrize(
    ("change", "told"), [each[1:] for each in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_file_that_was_changed_is_not_brought_in(
    open_: Termin, change: dict[str, Any], told: str
) -> None:
    path = Path(paper(open_, "ppk", "milestone", "accept", "1"))
    content = json.loads(path.read_text())
    for key, value in change.items():
        part, _, name = key.partition(".")
        where = content["typedData"] if name or key == "primaryType" else content
        (where[part] if name else where)[name or part] = value
    path.write_text(json.dumps(content))
    title, sentence = open_.refused("approvals", "bring", str(path), "--yes", "--as", "TEST::9")
    assert title == TITLE
    assert sentence.startswith(f"{path}: {told}"), sentence


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", '{"termin": "approval", "version": 1}'])
def test_what_is_no_approval(open_: Termin, text: str) -> None:
    path = open_.folder / "x.json"
    path.write_text(text)
    bring_ = ("approvals", "bring", str(path), "--yes", "--as", "TEST::9")
    title, sentence = open_.refused(*bring_)
    assert title == TITLE
    assert sentence.startswith(f"{path}: found ")
    about = ("--for", str(path), "--offline", str(open_.folder / "y.json"))
    title, sentence = open_.refused(
        "milestone", "accept", "1", *about, "--as", PEOPLE["ppk"], "--yes"
    )
    assert title == "The file about the agreement cannot be used."
    assert sentence == (
        f"{path}: found something else; expected what `termin approvals prepare` writes"
    )


def test_what_comes_after_another_submission(open_: Termin) -> None:
    acceptance = paper(open_, "ppk", "milestone", "accept", "1")
    after = ("--offline", str(open_.folder / "x.json"), "--after", acceptance)
    title, sentence = open_.refused(
        "milestone", "accept", "1", *after, "--as", PEOPLE["pphp"], "--yes"
    )
    assert title == TITLE
    assert sentence.startswith("found Acceptance for 0x")


def test_who_has_no_part_in_it_does_not_sign(open_: Termin) -> None:
    path = str(open_.folder / "x.json")
    address = find_signer(PEOPLE["mitra"]).address
    offline = ("--offline", path, "--as", PEOPLE["mitra"], "--yes")
    assert open_.refused("milestone", "accept", "1", *offline) == (
        TITLE,
        f"{path}: found {address}, which acts for CV Mitra; expected a member of the committee",
    )
    assert not Path(path).exists()


def test_an_approval_that_ended_or_is_about_an_earlier_submission(open_: Termin) -> None:
    path = paper(open_, "ppk", "milestone", "accept", "1")
    bring_ = ("approvals", "bring", path, "--yes", "--as", "TEST::9")
    open_.act("pphp", "milestone", "reject", "1", "--reason", "quality")
    open_.submit(1)
    assert open_.refused(*bring_)[1] == (f"{path}: found submission 1 of milestone 1; expected 2")
    open_.later(90)
    assert open_.refused(*bring_)[1] == (
        f"{path}: found an approval that was valid until 2040-02-29 23:59 WIB; expected one that "
        "is valid still"
    )


def test_a_contract_account_is_asked_whether_it_signed(open_: Termin) -> None:
    path = Path(paper(open_, "ppk", "milestone", "accept", "1"))
    account = json.loads(path.read_text())["account"]
    content = json.loads(path.read_text()) | {"signature": "0x1234"}
    path.write_text(json.dumps(content))
    # Answers 0x1626ba7e to everything.
    yes = "0x7f1626ba7e" + "00" * 28 + "5f5260205ff3"
    open_.rpc.call("anvil_setCode", account, yes)
    lines = bring(open_, str(path))
    assert lines[4] == "  PPK accepted milestone 1 (1 of 2 needed)."


def test_approvals_of_two_agreements_are_not_mixed(open_: Termin) -> None:
    one = Path(paper(open_, "ppk", "milestone", "accept", "1"))
    other = open_.folder / "other.json"
    content = json.loads(one.read_text())
    content["typedData"]["domain"]["verifyingContract"] = "0x" + "77" * 20
    other.write_text(json.dumps(content))
    found = open_.refused("approvals", "bring", str(one), str(other), "--yes", "--as", "TEST::9")
    assert found[0] == TITLE
    assert found[1].endswith("Bring those of one agreement at a time.")


def test_the_structs_are_those_of_the_interfaces(open_: Termin) -> None:
    from backend.acts.approvals import STRUCTS
    from backend.acts.bringing import FUNCTIONS

    root = Path(__file__).parents[3] / "contracts" / "agreement"
    text = (root.parent / "Agreement.sol").read_text() + (root / "AgreementChanges.sol").read_text()
    for kind, members in STRUCTS.items():
        written = f"{kind}({','.join(f'{type_} {name}' for name, type_ in members)})"
        assert f'"{written}"' in text, written
        inputs = contract("Agreement").functions[FUNCTIONS[kind]]["inputs"]
        assert inputs[-1]["name"] in {"approval", "approvals"}
