"""What a user can mend is a sentence and exit status 1; nothing is sent."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from support.node import anvil, free_port

from backend.chain.deployment import Deployment, load_deployment
from backend.chain.rpc import Rpc

from .conftest import PEOPLE, TERMS, Termin

ACTS = [
    ["participant", "list"],
    ["agreement", "list"],
    ["agreement", "show", "1"],
    ["agreement", "draft"],
    ["agreement", "fund", "--as", "TEST::0", "--yes"],
    ["payment", "claim", "--as", "TEST::0", "--yes", "--agreement", "1"],
    ["index", "--once"],
    ["reconcile", "source.jsonl"],
]

LOADS = [["deploy"], ["load", "source.jsonl"]]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "source.jsonl"
    path.write_text("")
    return path


def test_no_chain(termin: Termin, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("TERMIN_RPC_URL", url)
    Deployment(1, "0x0", 1, *("0x" + digit * 40 for digit in "23456")).save(termin.folder / "data")
    for words in [*ACTS, *LOADS]:
        title, sentence = termin.refused(*words)
        assert title == "The chain cannot be reached."
        assert sentence.startswith(f"No usable answer from the node at {url}: NewConnectionError")
        assert "Is the chain running (`termin chain`), and is --rpc-url right?" in sentence


def test_not_deployed(termin: Termin, source: Path) -> None:
    path = termin.folder / "data" / "deployment.json"
    for words in ACTS:
        assert termin.refused(*words) == (
            "Termin is not deployed.",
            f"{path} does not exist. Run `termin deploy` first.",
        )


def test_another_chain(city: Termin, source: Path) -> None:
    made = load_deployment(city.folder / "data")
    replace(made, genesis_hash="0x" + "8" * 64).save(city.folder / "data")
    for words in [*ACTS, *LOADS]:
        title, sentence = city.refused(*words)
        assert title == "The deployment belongs to another chain."
        assert f"begins with 0x{'8' * 64}; the node at {city.rpc.url} has a chain that" in sentence
        assert "Check --rpc-url and --data-dir" in sentence


def test_a_chain_that_was_started_afresh(city: Termin, monkeypatch: pytest.MonkeyPatch) -> None:
    with anvil() as url:
        monkeypatch.setenv("TERMIN_RPC_URL", url)
        title, sentence = city.refused("agreement", "list")
        assert title == "Termin is not on this node yet."
        assert f"The last block of {url} is 0, the deployment began with block " in sentence
        assert ". If its chain was begun anew, remove " in sentence
        with Rpc(url) as rpc:
            rpc.call("anvil_mine", "0x100")
        title, sentence = city.refused("agreement", "list")
    assert title == "Termin is not deployed."
    assert f"on the chain at {url}. If it was started afresh, remove " in sentence


def test_an_unknown_agreement(signed: Termin) -> None:
    for reference in ("77", "#77", "K-2", "0x" + "9" * 40, "ocds-none"):
        expected = (
            "No such agreement.",
            f"No agreement has the number, address, contract id or ocid {reference!r}.",
        )
        assert signed.refused("agreement", "show", reference) == expected
        fund = ("agreement", "fund", "--agreement", reference, "--as", "TEST::4", "--yes")
        assert signed.refused(*fund) == expected


def test_no_agreement_is_named(city: Termin) -> None:
    title, sentence = city.refused("agreement", "show")
    assert title == "No agreement is named."
    assert sentence.startswith("Say which with --agreement NUMBER (or TERMIN_AGREEMENT)")


def test_an_unknown_milestone(signed: Termin) -> None:
    for number in ("0", "3"):
        title, sentence = signed.refused(
            "milestone", "accept", number, "--as", PEOPLE["ppk"], "--yes"
        )
        assert title == "No such milestone."
        assert sentence == (f"Milestone {number} of Saluran Irigasi: it has milestones 1 to 2.")


def test_evidence_that_cannot_be_read(signed: Termin) -> None:
    submit = ("milestone", "submit", "1", "--as", PEOPLE["mitra"], "--yes", "--evidence")
    for path, why in ((signed.folder / "none.pdf", "No such file"), (signed.folder, "Is a dir")):
        title, sentence = signed.refused(*submit, str(path))
        assert title == "The document cannot be read."
        assert sentence.startswith(f"{path}: {why}")


AMOUNTS = [
    ("1,000.00", "Not an amount."),
    ("Rp 5", "Not an amount."),
    ("", "Not an amount."),
    ("0.001", "More digits than the currency has."),
    ("NaN", "Not an amount of money."),
    ("Infinity", "Not an amount of money."),
    ("1e40", "Amount too large."),
]


def test_what_is_no_amount(city: Termin) -> None:
    money = ("--as", "TEST::0", "--to", "Bendahara", "--bank-reference", "x", "--yes")
    line = ("--as", "TEST::0", "--buyer", "Dinas PU", "--year", "2026", "--code", "1", "--yes")
    for amount, title in AMOUNTS:
        assert city.refused("money", "issue", amount, "IDR", *money)[0] == title
        assert city.refused("budget", "appropriate", amount, "IDR", *line)[0] == title


def test_currencies_that_do_not_exist_or_have_no_token(city: Termin) -> None:
    money = ("--as", "TEST::0", "--to", "Bendahara", "--bank-reference", "x", "--yes")
    assert city.refused("money", "issue", "1", "XYZ", *money) == (
        "Unknown currency.",
        "'XYZ'; expected a code of ISO 4217 such as MXN",
    )
    assert city.refused("money", "issue", "1", "JPY", *money) == (
        "The currency is not admitted.",
        (
            "JPY has no settlement token here; the administrator admits it with "
            "`termin deploy --currency JPY`."
        ),
    )
    assert city.refused("deploy", "--currency", "XYZ")[0] == "Unknown currency."


def test_acts_that_the_contracts_refuse(signed: Termin, submit: Callable[[int], None]) -> None:
    accept = ("milestone", "accept", "1", "--yes", "--as")
    title = "The contract refuses."
    assert signed.refused(*accept, PEOPLE["ppk"]) == (
        title,
        "Milestone 1 is scheduled; it would have to be inspected.",
    )
    submit(1)
    address = "0x[0-9a-fA-F]{40}"
    for who, sentence in (
        ("stranger", f"Only the committee does this; account {address} acts for nobody, who is"),
        ("mitra", f"Only the committee does this; account {address} acts for CV Mitra, who is"),
    ):
        found = signed.refused(*accept, PEOPLE[who])
        assert found[0] == title
        assert re.match(sentence, found[1]), found[1]
    signed.act("ppk", "milestone", "accept", "1")
    assert signed.refused(*accept, PEOPLE["ppk"]) == (title, "PPK has voted on this already.")
    assert signed.refused("agreement", "fund", "--as", PEOPLE["bendahara"], "--yes") == (
        title,
        "The agreement is active; it would have to be awaiting signature or money.",
    )
    register = ("participant", "register", "--name", "X", "--role", "supplier", "--yes")
    one = (*register, "--scheme", "ID-NPWP", "--identifier", "00.2")
    assert signed.refused(*one, "--as", "TEST::0") == (
        title,
        "ID-NPWP-00.2 is registered already.",
    )
    assert "has no permission for this" in signed.refused(*one, "--as", PEOPLE["ppk"])[1]
    suspend = ("participant", "reinstate", "CV Mitra", "--reason", "x", "--yes")
    assert signed.refused(*suspend, "--as", "TEST::0") == (
        title,
        "CV Mitra is active and cannot be made active.",
    )


def test_an_agreement_that_cannot_be_paid_for_by_its_line(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(TERMS.replace("480000000.00", "500000000.01"))
    deploy = ("agreement", "deploy", str(city.folder / "terms.yaml"), "--yes", "--as")
    assert city.refused(*deploy, PEOPLE["ppk"]) == (
        "The contract refuses.",
        (
            "The budget line has IDR 500,000,000.00 left; IDR 500,000,000.01 is asked for. The "
            "budget officer must appropriate more."
        ),
    )


def test_terms_with_mistakes(city: Termin) -> None:
    path = city.folder / "terms.yaml"
    deploy = ("agreement", "deploy", str(path), "--yes", "--as", PEOPLE["ppk"])
    assert city.refused(*deploy) == (
        "The file has errors.",
        f"{path}: No such file or directory",
    )
    path.write_text(TERMS.replace("quorum: 2", "quorum: 3"))
    assert city.refused(*deploy)[1] == (
        f"{path}:12: quorum: found 3; expected at most the 2 of the committee"
    )
    path.write_text(TERMS.replace("supplier: CV Mitra", "supplier: CV Mitr"))
    assert city.refused(*deploy) == (
        "The file has errors.",
        (
            f"{path}:9: supplier: found 'CV Mitr'; expected somebody who is registered "
            "(`termin participant list`)"
        ),
    )


def test_a_reason_that_is_no_code(signed: Termin) -> None:
    for reason, words in product(
        ("", "x" * 33, "alasan é"),
        (
            ["milestone", "reject", "1", "--as", PEOPLE["ppk"]],
            ["agreement", "terminate", "--as", PEOPLE["ppk"]],
            ["participant", "suspend", "CV Mitra", "--as", "TEST::0"],
        ),
    ):
        title, sentence = signed.refused(*words, "--yes", "--reason", reason)
        assert title == "The reason is not a code."
        assert sentence.startswith(f"{reason!r}: expected 1 to 32 ASCII characters")


def test_a_date_that_is_none(signed: Termin) -> None:
    report = signed.folder / "report.pdf"
    attest = ("milestone", "attest", "1", "--as", PEOPLE["pengawas"], "--yes", "--report")
    found = signed.refused(*attest, str(report), "--seen", "yesterday")
    assert found[0] == "Impossible date."
    assert signed.refused("load", str(report), "--default-date", "soon")[0] == "Impossible date."


def test_registrations_that_make_nobody(city: Termin) -> None:
    register = ("participant", "register", "--as", "TEST::0", "--yes", "--name", "X")
    bare = (*register, "--identifier", "1", "--role", "supplier")
    title = "The participant cannot be registered."
    assert city.refused(*bare) == (
        title,
        "A legal person needs a --scheme, an office an --office-of.",
    )
    assert city.refused(*register, "--identifier", "1", "--scheme", "S", "--role", "king") == (
        title,
        (
            "Unknown role 'king'; expected any of: buyer, supplier, committee, inspector, "
            "treasury, auditor, arbiter, authority, collector"
        ),
    )
    assert city.refused(*bare, "--office-of", "Nobody")[0] == "No such participant."
    assert city.refused(*bare, "--scheme", "S", "--key", "TEST::99")[0] == (
        "The account cannot be used."
    )


def test_an_unknown_account(city: Termin) -> None:
    fund = ("agreement", "list")
    assert city.ok(*fund).out == ""
    suspend = ("participant", "suspend", "CV Mitra", "--reason", "x", "--yes", "--as")
    title, sentence = city.refused(*suspend, "no-such-account")
    assert title == "The account cannot be used."
    assert sentence.startswith("There is no account 'no-such-account'; accounts here: ")
    assert city.refused(*suspend, "TEST::99")[1] == "TEST::99: expected TEST::0 to TEST::19"
    assert city.refused(*suspend, "local:Nobody")[0] == "No such participant."


def test_a_source_that_is_missing(city: Termin, tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    for command in ("load", "reconcile"):
        title, sentence = city.refused(command, str(missing))
        assert str(missing) in sentence
        assert title.endswith(".")
    assert city.refused("load", str(missing), "--currency", "XYZ")[0] != ""


def test_reports_that_cannot_be_written_or_read(city: Termin, source: Path) -> None:
    nowhere = city.folder / "none" / "report.jsonl"
    assert city.refused("load", str(source), "--report", str(nowhere)) == (
        "The report cannot be written.",
        f"{nowhere}: No such file or directory",
    )
    assert city.refused("reconcile", str(source), "--report", str(nowhere)) == (
        "The document cannot be read.",
        f"{nowhere}: No such file or directory",
    )
    for text in ("{", "7", "[]", '{"ocid": 1}', "null"):
        report = city.folder / "report.jsonl"
        report.write_text(text)
        title, sentence = city.refused("reconcile", str(source), "--report", str(report))
        assert title == "The report cannot be read."
        assert sentence.startswith(f"{report}: not a load report (")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "web", "TERMIN_PORT: found 'web'; expected a valid integer"),
        ("PORT", "70000", "TERMIN_PORT: found '70000'; expected less than or equal to 65535"),
        ("TIME_ZONE", "WIB", "TERMIN_TIME_ZONE: found 'WIB'; expected a time zone such as"),
        (
            "NODES",
            "http://a:1, ftp://user:geheim@b",
            "TERMIN_NODES: found 'ftp://***@b'; expected the address of a node such as http://",
        ),
    ],
)
def test_settings_that_cannot_be(
    termin: Termin, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"TERMIN_{name}", value)
    title, sentence = termin.refused("agreement", "list")
    assert title == "A setting cannot be used."
    assert sentence.startswith(told)


def test_a_port_that_is_taken(city: Termin) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        title, sentence = city.refused("serve", "--port", str(port))
    assert title == "The port is taken."
    assert sentence.startswith(f"127.0.0.1:{port} cannot be listened on (Address already in use)")


@pytest.mark.parametrize("url", ["nonsense://", "x"])
def test_a_database_that_cannot_be_used(city: Termin, url: str) -> None:
    title, sentence = city.refused("index", "--once", "--database-url", url)
    assert title
    assert sentence
