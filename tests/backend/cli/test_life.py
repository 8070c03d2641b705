"""The acts by hand: read out, confirmed, sent, and told with transaction, block and payment."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256

import pytest

from backend.chain.identity import participant_id
from backend.cli.app import build

from .conftest import PEOPLE, TERMS, Termin

HASH = "0x[0-9a-f]{64}"
REPORT = sha256(b"report").hexdigest()


def shown(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, where TX is a transaction and BLOCK its block."""
    wanted = re.escape(pattern).replace("TX", HASH).replace("BLOCK", r"\d+")
    return re.fullmatch(wanted, text) is not None


def test_an_agreement_is_deployed(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(TERMS)
    said = city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    assert said.lines[0] == (
        "Deploy “Saluran Irigasi”, contract K-1 of ocds-000000-1: IDR 480,000,000.00 for CV Mitra "
        "(ID-NPWP-00.2), in 2 milestones, committed against line 5.2.3.01 of 2026 of Dinas PU "
        f"(ID-NPWP-00.1). 2 of {_committee(city)} accept; Pengawas "
        "(OFFICE-ID-NPWP-00.1/pengawas) attests; Bendahara (OFFICE-ID-NPWP-00.1/bendahara) "
        "funds it; nobody rules on disputes. Conditions:"
    )
    assert said.lines[1:9] == [
        "  Advance: none.",
        "  Retention: none. Performance security: none.",
        "  Delay damages: none. Interest on late payment: none.",
        "  Amendments: 10 % of the original value may be added without a legal ground.",
        "  Review: silence never accepts; payment is late 14 days later.",
        (
            "  Disputes: within 14 days of a decision; 30 days to rule, then the supplier gets "
            "50 % of what is in dispute."
        ),
        "  Stops: a hold of at most 30 days, suspensions of at most 90 days in all.",
        (
            "  Endings: 14 days to mend a default, 180 days for defects, lapse 365 days after the "
            "end of the work."
        ),
    ]
    assert said.lines[9] == "Signed by PPK."
    assert shown("Transaction TX in block BLOCK.", said.lines[10])
    assert re.fullmatch(
        r"Agreement #1 stands at 0x\w{40}\. "
        r"Next: `termin agreement sign`, `termin agreement fund`\.",
        said.lines[11],
    )
    assert len(said.lines) == 12


def _committee(city: Termin) -> str:
    offices = {"PPK": "ID-NPWP-00.1/ppk", "PPHP": "ID-NPWP-00.1/pphp"}
    ordered = sorted(offices, key=lambda name: participant_id("OFFICE", offices[name]))
    return ", ".join(f"{name} (OFFICE-{offices[name]})" for name in ordered)


def test_funding_submitting_attesting_accepting_and_so_paying(signed: Termin) -> None:
    report = str(signed.folder / "report.pdf")
    title = "milestone 1, Termin I, of “Saluran Irigasi”"
    said = signed.act("mitra", "milestone", "submit", "1", "--evidence", report)
    assert said.lines[:2] == [
        f"Submit {title} for IDR 144,000,000.00. Evidence {report}, sha256 {REPORT}.",
        "Signed by CV Mitra.",
    ]
    assert said.lines[3] == f"  CV Mitra submitted milestone 1; evidence sha256 {REPORT[:12]}…."
    seen = ("--seen", "2026-03-02T08:30:00+07:00")
    said = signed.act("pengawas", "milestone", "attest", "1", "--report", report, *seen)
    assert said.lines[0] == (
        f"Attest {title}, as seen on 2026-03-02 01:30 UTC. Report {report}, sha256 {REPORT}."
    )
    assert said.lines[3] == "  Pengawas attested milestone 1, seen on 2026-03-02."
    said = signed.act("ppk", "milestone", "accept", "1")
    assert said.lines[0] == (
        f"Accept {title}, submission 1: acceptance 1 of 2. It would accept IDR 144,000,000.00, "
        "which is paid to CV Mitra at once, less what is agreed."
    )
    assert said.lines[3:] == ["  PPK accepted milestone 1 (1 of 2 needed)."]
    said = signed.act("pphp", "milestone", "accept", "1")
    assert said.lines[0].endswith(
        "acceptance 2 of 2. This accepts IDR 144,000,000.00, which is paid to CV Mitra at once, "
        "less what is agreed."
    )
    assert shown("Transaction TX in block BLOCK.", said.lines[2])
    assert said.lines[3:] == [
        "  PPHP accepted milestone 1 (2 of 2 needed).",
        "  CV Mitra was paid IDR 144,000,000.00 for milestone 1.",
    ]


def test_the_transaction_stands_in_the_block_that_is_named(signed: Termin) -> None:
    report = str(signed.folder / "report.pdf")
    said = signed.act("mitra", "milestone", "submit", "1", "--evidence", report)
    transaction, block = re.findall(rf"Transaction ({HASH}) in block (\d+)", said.out)[0]
    found = signed.rpc.call("eth_getTransactionReceipt", transaction)
    assert int(found["blockNumber"], 16) == int(block) == signed.head


def test_without_a_yes_nothing_is_sent(signed: Termin) -> None:
    head = signed.head
    report = str(signed.folder / "report.pdf")
    submit = ("milestone", "submit", "1", "--evidence", report, "--as", PEOPLE["mitra"])
    for answer in ("n\n", "\n", "", "no\n"):
        said = signed(*submit, answer=answer)
        assert said.status == 1
        assert "Send it? [y/N]: " in said.out
        assert said.out.index("Submit milestone 1") < said.out.index("Send it?")
        assert "Transaction" not in said.out
        assert "Aborted." in said.err
        assert signed.head == head
    said = signed(*submit, answer="y\n")
    assert said.status == 0
    assert "Send it? [y/N]: " in said.out
    assert signed.head == head + 1
    said = signed.act("pengawas", "milestone", "attest", "1", "--report", report)
    assert "Send it?" not in said.out


def test_a_refusal_comes_before_the_question(signed: Termin) -> None:
    said = signed("milestone", "accept", "1", "--as", PEOPLE["ppk"], answer="y\n")
    assert said.status == 1
    assert "Send it?" not in said.out
    assert said.err == (
        "The contract refuses.\nMilestone 1 is scheduled; it would have to be inspected.\n"
    )


def test_a_rejection_and_a_second_submission(signed: Termin, submit: Callable[[int], None]) -> None:
    submit(1)
    note = ("--reason", "quality", "--note", "Retak di km 0,3")
    said = signed.act("pphp", "milestone", "reject", "1", *note)
    assert said.lines[0] == (
        "Reject milestone 1, Termin I, of “Saluran Irigasi”, submission 1: quality. "
        "Rejection 1 of 1."
    )
    assert said.lines[3:] == [
        "  PPHP rejected milestone 1: quality (1 of 1 needed).",
        "  Milestone 1 is rejected: quality; it can be submitted again or disputed.",
    ]
    submit(1)
    said = signed.act("ppk", "milestone", "accept", "1")
    assert "submission 2: acceptance 1 of 2" in said.lines[0]


def test_a_suspended_vendor_claims_later(signed: Termin, submit: Callable[[int], None]) -> None:
    submit(1)
    said = signed.act("admin", "participant", "suspend", "CV Mitra", "--reason", "check")
    assert said.lines[0] == "Suspend CV Mitra (ID-NPWP-00.2): check."
    assert "ID-NPWP-00.2  CV Mitra  supplier  suspended" in signed.ok("participant", "list").lines
    signed.act("ppk", "milestone", "accept", "1")
    said = signed.act("pphp", "milestone", "accept", "1")
    assert said.lines[-1] == (
        "  CV Mitra is owed IDR 144,000,000.00 for milestone 1 and can claim it."
    )
    claim = ("payment", "claim", "--yes", "--as", PEOPLE["mitra"])
    assert signed.refused(*claim) == (
        "The contract refuses.",
        (
            "IDR 144,000,000.00 to CV Mitra for milestone 1: CV Mitra is suspended; its claim "
            "waits until the suspension ends."
        ),
    )
    signed.act("admin", "participant", "reinstate", "CV Mitra", "--reason", "cleared")
    said = signed.ok(*claim)
    assert said.lines[0] == ("Pay what is owed: IDR 144,000,000.00 to CV Mitra for milestone 1.")
    assert said.lines[-1] == ("  CV Mitra was paid IDR 144,000,000.00 for milestone 1, as a claim.")
    assert signed.ok(*claim).lines == ["Nothing is owed on “Saluran Irigasi”."]


def test_claims_that_can_be_paid_are_and_the_others_are_told(
    signed: Termin, submit: Callable[[int], None]
) -> None:
    for number, who in ((1, "CV Mitra"), (2, "CV Sub")):
        submit(number)
        signed.act("admin", "participant", "suspend", who, "--reason", "check")
        signed.act("ppk", "milestone", "accept", str(number))
        signed.act("pphp", "milestone", "accept", str(number))
    signed.act("admin", "participant", "reinstate", "CV Sub", "--reason", "cleared")
    said = signed.act("stranger", "payment", "claim")
    assert said.lines[:2] == [
        (
            "Waits: IDR 144,000,000.00 to CV Mitra for milestone 1: CV Mitra is suspended; its "
            "claim waits until the suspension ends."
        ),
        "Pay what is owed: IDR 336,000,000.00 to CV Sub for milestone 2.",
    ]
    assert said.lines[-1] == ("  CV Sub was paid IDR 336,000,000.00 for milestone 2, as a claim.")


def test_anybody_may_debar_by_office_only(signed: Termin) -> None:
    debar = ("participant", "debar", "CV Mitra", "--reason", "fraud", "--yes", "--as")
    assert "has no permission" in signed.refused(*debar, PEOPLE["ppk"])[1]
    signed.ok(*debar, "TEST::0")
    assert "ID-NPWP-00.2  CV Mitra  supplier  debarred" in signed.ok("participant", "list").lines


def test_what_happened_and_what_comes_next(signed: Termin, submit: Callable[[int], None]) -> None:
    submit(1)
    signed.act("pphp", "milestone", "reject", "1", "--reason", "quality")
    submit(1)
    signed.act("ppk", "milestone", "accept", "1")
    signed.act("admin", "participant", "suspend", "CV Mitra", "--reason", "check")
    signed.act("pphp", "milestone", "accept", "1")
    said = signed.ok("agreement", "show", "K-1")
    lines = said.lines
    assert lines[0] == "#1 Saluran Irigasi: active"
    assert re.fullmatch(r"ocds-000000-1, contract K-1, at 0x\w{40}", lines[1])
    assert lines[2] == (
        "Buyer Dinas PU, Supplier CV Mitra, Treasury Bendahara, work ends 2026-12-31"
    )
    assert lines[3] == (
        "value IDR 480,000,000.00, funded IDR 480,000,000.00, accepted IDR 144,000,000.00, "
        "paid IDR 0.00, owed IDR 144,000,000.00"
    )
    assert lines[lines.index("Milestones") + 1 :][:2] == [
        "  1. Termin I: IDR 144,000,000.00, due 2026-06-30; owed",
        "  2. Termin II: IDR 336,000,000.00 to CV Sub; scheduled",
    ]
    happened = lines[lines.index("What happened") + 1 : lines.index("What comes next") - 1]
    sentences = [
        re.fullmatch(r"  (\d{4}-\d\d-\d\d \d\d:\d\d WIB), block (\d+): (.+)", x) for x in happened
    ]
    assert [each[3] for each in sentences if each] == [
        "CV Mitra signed it",
        "Bendahara funded it with IDR 480,000,000.00",
        "it is active: work can be submitted",
        f"CV Mitra submitted milestone 1; evidence sha256 {REPORT[:12]}…",
        *_attested(happened[4]),
        "PPHP rejected milestone 1: quality (1 of 1 needed)",
        "milestone 1 is rejected: quality; it can be submitted again or disputed",
        f"CV Mitra submitted milestone 1, submission 2; evidence sha256 {REPORT[:12]}…",
        *_attested(happened[8]),
        "PPK accepted milestone 1 (1 of 2 needed)",
        "PPHP accepted milestone 1 (2 of 2 needed)",
        "CV Mitra is owed IDR 144,000,000.00 for milestone 1 and can claim it",
    ]
    blocks = [int(each[2]) for each in sentences if each]
    assert blocks == sorted(blocks)
    assert lines[lines.index("What comes next") + 1 :] == [
        "  2. Termin II (IDR 336,000,000.00): CV Mitra submits it: `termin milestone submit 2`",
        (
            "  CV Mitra is owed IDR 144,000,000.00 for milestone 1, which waits: CV Mitra is "
            "suspended; its claim waits until the suspension ends."
        ),
    ]


def _attested(line: str) -> list[str]:
    return re.findall(r"Pengawas attested milestone 1, seen on \d{4}-\d\d-\d\d", line)


def test_every_step_says_who_is_next(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(TERMS)
    report = city.folder / "report.pdf"
    report.write_bytes(b"report")
    city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))

    def following() -> str:
        return city.ok("agreement", "show").out.partition("What comes next\n")[2]

    sign = "  CV Mitra must sign it: `termin agreement sign`"
    fund = "  Bendahara must fund it with IDR 480,000,000.00: `termin agreement fund`"
    assert following().splitlines() == [sign, fund]
    city.act("mitra", "agreement", "sign")
    assert following().splitlines() == [fund]
    city.act("bendahara", "agreement", "fund")
    city.act("mitra", "milestone", "submit", "1", "--evidence", str(report))
    assert "Pengawas must attest it: `termin milestone attest 1`" in following()
    city.act("pengawas", "milestone", "attest", "1", "--report", str(report))
    assert re.search(r"2 more of (PPK, PPHP|PPHP, PPK) must accept it: `termin ", following())
    city.act("ppk", "milestone", "reject", "1", "--reason", "quality")
    assert "CV Mitra submits it again: `termin milestone submit 1`" in following()


def test_an_agreement_by_any_of_its_names(signed: Termin) -> None:
    said = signed.ok("agreement", "show", "1")
    assert said.lines[0] == "#1 Saluran Irigasi: active"
    address = said.lines[1].rpartition(" ")[2]
    for reference in ("#1", "K-1", "k-1", "ocds-000000-1", address, address.lower()):
        assert signed.ok("agreement", "show", reference).lines == said.lines
    assert signed.ok("agreement", "list").lines == [f"#1  K-1  Saluran Irigasi  {address}"]


def test_the_one_used_last_and_the_one_of_the_environment(
    signed: Termin, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = TERMS.replace("ocds-000000-1", "ocds-000000-2").replace("K-1", "K-9")
    (signed.folder / "two.yaml").write_text(
        second.replace("480000000.00", "1.00")
        .replace("144000000.00", "0.40")
        .replace("336000000.00", "0.60")
    )
    signed.act("ppk", "agreement", "deploy", str(signed.folder / "two.yaml"))
    assert signed.ok("agreement", "show").lines[0].startswith("#2 ")
    assert signed.ok("agreement", "show", "1").lines[0].startswith("#1 ")
    assert signed.ok("agreement", "show").lines[0].startswith("#1 ")
    monkeypatch.setenv("TERMIN_AGREEMENT", "2")
    said = signed("agreement", "fund", "--as", PEOPLE["bendahara"], answer="n\n")
    assert said.lines[0] == "Fund “Saluran Irigasi” with IDR 1.00."


def test_the_draft_is_deployed_as_it_is(city: Termin) -> None:
    terms = city.folder / "draft.yaml"
    terms.write_text(city.ok("agreement", "draft").out)
    said = city.act("ppk", "agreement", "deploy", str(terms))
    assert said.lines[0].startswith("Deploy “Rehabilitasi Saluran Irigasi Sukamaju”, contract")
    assert "IDR 480,000,000.00 for CV Mitra" in said.lines[0]


def test_what_has_no_ocid_gets_one_of_the_prefix_and_is_published_with_its_tender(
    city: Termin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMIN_OCID_PREFIX", "ocds-213czf")
    draft = city.ok("agreement", "draft").out
    assert re.search(r"^ocid: ocds-213czf-\d{4}-", draft, re.M)
    terms = city.folder / "terms.yaml"
    written = TERMS.replace("ocid: ocds-000000-1\n", "")
    terms.write_text(f"{written}tender: {{method: direct, details: Pengadaan langsung}}\n")
    said = city.act("ppk", "agreement", "deploy", str(terms))
    assert "contract K-1 of ocds-213czf-K-1: IDR 480,000,000.00" in said.lines[0]
    city.ok("index", "--once")
    exported = city.folder / "contracts.jsonl"
    city.ok("export", "--out", str(exported))
    record = json.loads(exported.read_text(encoding="utf-8"))
    assert record["ocid"] == "ocds-213czf-K-1"
    (release,) = record["releases"]
    assert release["tag"] == ["tender", "award", "contract"]
    assert release["tender"] == {
        "id": "ocds-213czf-K-1",
        "status": "complete",
        "procurementMethod": "direct",
        "procurementMethodDetails": "Pengadaan langsung",
    }


def test_money_goes_back_to_the_bank(signed: Termin, submit: Callable[[int], None]) -> None:
    submit(1)
    signed.act("ppk", "milestone", "accept", "1")
    signed.act("pphp", "milestone", "accept", "1")
    redeem = ("money", "redeem", "144000000.00", "IDR", "--from", "CV Mitra")
    reference = ("--bank-reference", "TRF 77")
    title, sentence = signed.refused(*redeem, *reference, "--as", "TEST::0", "--yes")
    assert title == "The contract refuses."
    assert "may move IDR 0.00; IDR 144,000,000.00 is needed. Approve it first." in sentence
    said = signed.act(
        "mitra", "money", "approve", "144000000.00", "IDR", "--issuer", PEOPLE["admin"]
    )
    assert said.lines[0] == (
        "Let 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 take back IDR 144,000,000.00 against a "
        "bank transfer."
    )
    said = signed.act("admin", *redeem, *reference)
    assert said.lines[0] == "Take back IDR 144,000,000.00 of CV Mitra, paid by TRF 77."
    assert shown("Transaction TX in block BLOCK.", said.lines[2])


def test_a_treasury_without_money_cannot_fund(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(TERMS.replace("480000000.00", "490000000.00"))
    city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    said = city("agreement", "fund", "--as", PEOPLE["bendahara"], "--yes")
    assert said.status == 1
    assert said.err.splitlines()[0] == "The contract refuses."
    assert "holds IDR 480,000,000.00; IDR 490,000,000.00 is needed." in said.err
    # The approval that went before is told.
    assert shown("Transaction TX in block BLOCK.", said.lines[-1])


def test_where_by_options(city: Termin, monkeypatch: pytest.MonkeyPatch) -> None:
    url, folder = city.rpc.url, str(city.folder / "data")
    monkeypatch.setenv("TERMIN_RPC_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TERMIN_DATA_DIR", str(city.folder / "elsewhere"))
    assert city("participant", "list").status == 1
    said = city.ok("participant", "list", "--rpc-url", url, "--data-dir", folder)
    assert len(said.lines) == 11
    database = city.folder / "index" / "other.db"
    where = ["--rpc-url", url, "--data-dir", folder, "--database-url", f"sqlite:///{database}"]
    said = city.ok("index", "--once", *where)
    assert said.lines[0].startswith(f"Indexed to block {city.head}: ")
    assert database.exists()
    other = city.folder / "third.db"
    monkeypatch.setenv("TERMIN_DATABASE_URL", f"sqlite:///{other}")
    city.ok("index", "--once", "--rpc-url", url, "--data-dir", folder)
    assert other.exists()


def test_who_signs_by_the_environment(signed: Termin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMIN_ACCOUNT", PEOPLE["mitra"])
    report = str(signed.folder / "report.pdf")
    said = signed.ok("milestone", "submit", "1", "--evidence", report, "--yes")
    assert said.lines[1] == "Signed by CV Mitra."


def test_deploying_twice_changes_nothing(city: Termin) -> None:
    head = city.head
    said = city.ok("deploy", "--currency", "IDR")
    assert city.head == head
    assert re.fullmatch(r"IDR: settlement token 0x\w{40}", said.lines[1])
    city.ok("deploy", "--currency", "IDR", "--currency", "JPY", "--currency", "KWD")
    assert city.head > head


def test_hostile_names_and_titles_do_not_reach_the_terminal(city: Termin) -> None:
    npwp = ("--scheme", "ID-NPWP", "--identifier", "00.66")
    city.register("\x1b[31m[bold]Evil[/]\x07 \u202eCV", "supplier", "stranger", *npwp)
    terms = TERMS.replace("Saluran Irigasi", '"\\e[2J[red]Wipe[/red]\\u202e"')
    (city.folder / "terms.yaml").write_text(terms.replace("CV Mitra", "ID-NPWP-00.66"))
    city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    for said in (
        city.ok("participant", "list"),
        city.ok("agreement", "list"),
        city.ok("agreement", "show"),
    ):
        assert not any(c in said.out for c in "\x1b\x07\u202e")
    assert "[bold]Evil[/]" in city.ok("participant", "list").out
    assert city.ok("agreement", "show").lines[0].startswith("#1 [2J[red]Wipe[/red]: awaiting")


def test_only_what_is_asked_for_is_imported() -> None:
    (group,) = build("payment").registered_groups
    assert group.name == "payment"
