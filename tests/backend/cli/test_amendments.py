"""Amendments: drafted, proposed, signed by both sides, enacted with money."""

from __future__ import annotations

import pytest

from .conftest import PEOPLE, Termin

MORE = """\
reason: additional-work
note: Galian lebih dalam
increase: 20000000.00
ends: 2041-03-31
changes:
  - milestone: 1
    amount: 150000000.00
    due: 2040-08-31
  - {milestone: 2, due: none}
milestones:
  - {title: Pekerjaan tambah, amount: 14000000.00, due: 2041-03-31, payee: CV Sub}
"""


def write(termin: Termin, text: str) -> str:
    """The file of an amendment."""
    path = termin.folder / "amendment.yaml"
    path.write_text(text)
    return str(path)


def propose(termin: Termin, text: str, who: str = "mitra") -> list[str]:
    return termin.act(who, "amendment", "propose", write(termin, text)).lines


def test_the_draft_is_proposed_as_it_is(rated: Termin) -> None:
    draft = rated.ok("amendment", "draft").out
    assert draft.startswith("# An amendment of agreement #1, Saluran Irigasi.\n")
    assert "# The value is IDR 480000000.00 now.\n" in draft
    lines = propose(rated, draft, "ppk")
    assert lines[:3] == [
        "Propose and sign an amendment of “Saluran Irigasi”:",
        "  The work ends 2040-12-31 23:59 WIB.",
        "  Milestone 2, Termin II: IDR 336,000,000.00 for CV Mitra, due 2040-12-31 23:59 WIB.",
    ]
    assert lines[-1] == "  PPK signed amendment 1."


CHANGES = [
    "  The value becomes IDR 500,000,000.00, before IDR 480,000,000.00.",
    "  The work ends 2041-03-31 23:59 WIB.",
    "  Milestone 1, Termin I: IDR 150,000,000.00 for CV Mitra, due 2040-08-31 23:59 WIB.",
    "  Milestone 2, Termin II: IDR 336,000,000.00 for CV Mitra, without a date.",
    "  Added: Pekerjaan tambah, IDR 14,000,000.00 for CV Sub, due 2041-03-31 23:59 WIB.",
    "  Reason: additional-work.",
]


def test_more_work_is_signed_by_both_sides_and_enacted_with_its_money(rated: Termin) -> None:
    lines = propose(rated, MORE)
    assert lines[:7] == ["Propose and sign an amendment of “Saluran Irigasi”:", *CHANGES]
    assert lines[9:] == [
        "  CV Mitra proposed amendment 1: additional-work.",
        "  CV Mitra signed amendment 1.",
    ]
    said = rated.ok("amendment", "show")
    assert said.lines[:7] == ["Amendment 1 of “Saluran Irigasi”", *CHANGES]
    assert said.lines[7] == "Signed by CV Mitra."
    assert said.lines[8] in {
        f"Amendment 1 waits for 2 more of {who}: `termin amendment sign 1`."
        for who in ("PPK, PPHP", "PPHP, PPK")
    }
    assert said.lines[8].removesuffix(".") in rated.show()["What comes next"]

    said = rated.act("ppk", "amendment", "sign")
    assert said.lines[:7] == ["Sign amendment 1 of “Saluran Irigasi”:", *CHANGES]
    assert rated.ok("amendment", "show", "1").lines[-1] == (
        "Amendment 1 waits for 1 more of PPHP: `termin amendment sign 1`."
    )
    enact = ("amendment", "enact", "--yes", "--as", PEOPLE["bendahara"])
    to = ("--to", "Bendahara", "--bank-reference", "SP2D 2")
    rated.act("admin", "money", "issue", "20000000.00", "IDR", *to)
    rated.act("pphp", "amendment", "sign", "1")
    waits = "Bendahara must enact amendment 1 with IDR 20,000,000.00: `termin amendment enact 1`"
    assert waits in rated.show()["What comes next"]
    said = rated.ok(*enact)
    assert said.lines[0] == (
        "Enact amendment 1 of “Saluran Irigasi” and bring in IDR 20,000,000.00:"
    )
    assert said.lines[10:] == [
        "  Bendahara funded it with IDR 20,000,000.00.",
        "  Milestone 1 is now IDR 150,000,000.00 for CV Mitra, due 2040-08-31 23:59 WIB.",
        "  Milestone 2 is now IDR 336,000,000.00 for CV Mitra, without a date.",
        "  Milestone 3 was added, for IDR 14,000,000.00.",
        (
            "  Amendment 1 took effect: additional-work; the value is IDR 500,000,000.00, before "
            "IDR 480,000,000.00."
        ),
    ]
    shown = rated.show()
    assert shown["Milestones"] == [
        "1. Termin I: IDR 150,000,000.00, due 2040-08-31; scheduled",
        "2. Termin II: IDR 336,000,000.00; scheduled",
        "3. Pekerjaan tambah: IDR 14,000,000.00 to CV Sub, due 2041-03-31; scheduled",
    ]
    assert shown[""][2].endswith("work ends 2041-03-31")
    assert rated.ok("amendment", "show").lines == ["No amendment of “Saluran Irigasi” is open."]


def test_without_money_it_takes_effect_with_the_last_signature(rated: Termin) -> None:
    propose(rated, "reason: less\ndecrease: 36000000.00\nchanges: [{milestone: 2, remove: true}]\n")
    rated.act("ppk", "amendment", "sign")
    said = rated.act("pphp", "amendment", "sign")
    assert said.lines[:4] == [
        "Sign amendment 1 of “Saluran Irigasi”:",
        "  The value becomes IDR 444,000,000.00, before IDR 480,000,000.00.",
        "  Milestone 2, Termin II, is removed.",
        "  Reason: less.",
    ]
    assert said.lines[6:] == [
        "  PPHP signed amendment 1.",
        "  IDR 336,000,000.00 of milestone 2 was given up.",
        (
            "  Amendment 1 took effect: less; the value is IDR 444,000,000.00, before "
            "IDR 480,000,000.00."
        ),
    ]


def test_above_the_cap_a_ground_is_named_and_the_authority_signs(rated: Termin) -> None:
    beyond = "reason: additional-work\nincrease: 60000000.00\n"
    path = write(rated, beyond)
    propose_ = ("amendment", "propose", path, "--yes", "--as", PEOPLE["ppk"])
    assert rated.refused(*propose_)[1] == (
        "The value would become IDR 540,000,000.00, and amendments can take it to "
        "IDR 528,000,000.00 at most. Beyond that a legal ground must be named, and the buyer's "
        "authority must sign."
    )
    lines = propose(rated, beyond + "legal_ground: disaster\n", "ppk")
    assert lines[2] == "  Reason: additional-work. Legal ground: disaster."
    rated.act("pphp", "amendment", "sign")
    rated.act("mitra", "amendment", "sign")
    assert rated.ok("amendment", "show").lines[-1] == (
        "Amendment 1 waits for the authority of the buyer: `termin amendment sign 1`."
    )
    sign = ("amendment", "sign", "--yes", "--as")
    assert rated.refused(*sign, PEOPLE["arbiter"])[1].startswith(
        "An amendment is signed by the supplier, the committee and the buyer's authority; account "
    )
    assert rated.refused(*sign, PEOPLE["mitra"])[1] == "CV Mitra has voted on this already."
    said = rated.act("head", "amendment", "sign")
    assert said.lines[-1] == "  Kepala Dinas signed amendment 1."
    assert rated.ok("amendment", "show").lines[-1] == (
        "Bendahara must enact amendment 1 with IDR 60,000,000.00: `termin amendment enact 1`."
    )


def test_an_enactment_too_early_is_told_with_who_is_missing(rated: Termin) -> None:
    propose(rated, MORE)
    said = rated("amendment", "enact", "--yes", "--as", PEOPLE["bendahara"])
    assert said.status == 1
    assert said.err.splitlines()[1:] == [
        (
            "The amendment lacks a signature: the supplier has signed, 0 of the 2 of the committee "
            "have, the buyer's authority has signed or need not."
        )
    ]


def test_another_amendment_makes_the_first_void(rated: Termin) -> None:
    propose(rated, "reason: first\nends: 2041-01-31\n")
    propose(rated, "reason: second\nends: 2041-02-28\n")
    title, sentence = rated.refused("amendment", "sign", "--yes", "--as", PEOPLE["ppk"])
    assert title == "No such amendment."
    assert sentence == "Say which amendment; open on “Saluran Irigasi”: 1, 2."
    rated.act("ppk", "amendment", "sign", "2")
    rated.act("pphp", "amendment", "sign", "2")
    assert rated.refused("amendment", "sign", "1", "--yes", "--as", PEOPLE["ppk"])[1] == (
        "Amendment 1 is not open; open on “Saluran Irigasi”: none."
    )


MISTAKES = [
    ("reason: additional-work\n", "", "1: found no reason; expected this key"),
    ("reason: additional-work", "reason: ukuran é", "1: reason: found 'ukuran é'; expected a code"),
    ("increase: 20000000.00", "increase: 0.001", "3: increase: found 0.001 IDR; expected at most"),
    (
        "increase: 20000000.00",
        "increase: 1\ndecrease: 1",
        "4: decrease: found an increase and a decrease; expected one of them",
    ),
    ("ends: 2041-03-31", "ends: soon", "4: ends: found 'soon'; expected a valid date"),
    ("milestone: 1\n", "milestone: 3\n", "6: changes.1.milestone: found 3; expected a milestone"),
    ("{milestone: 2, due: none}", "{milestone: 1}", "9: changes.2.milestone: found milestone 1 ag"),
    (
        "{milestone: 2, due: none}",
        "{milestone: 2, due: none, remove: true}",
        "9: changes.2.remove: found a removal with other changes; expected the removal alone",
    ),
    (
        "amount: 150000000.00",
        "amount: -1",
        "7: changes.1.amount: found -1 IDR; expected zero or more",
    ),
    (
        "payee: CV Sub",
        "payee: CV Sup",
        "11: milestones.1.payee: found 'CV Sup'; expected somebody who is registered",
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_line(signed: Termin, old: str, new: str, told: str) -> None:
    assert MORE.count(old) == 1
    path = write(signed, MORE.replace(old, new))
    title, sentence = signed.refused("amendment", "propose", path, "--yes", "--as", PEOPLE["ppk"])
    assert title == "The file has errors."
    assert sentence.startswith(f"{path}:{told}"), sentence
