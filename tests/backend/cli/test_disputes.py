"""What is not accepted: in part, rejected, disputed, settled, ruled; and votes of a quorum."""

from __future__ import annotations

import pytest

from .conftest import PEOPLE, Termin

PART = ("milestone", "accept", "1", "--amount", "100000000.00", "--reason", "measured")
DEFAULT = (
    "1. Termin I (IDR 144,000,000.00): anyone can apply the default: "
    "`termin milestone rule-by-default 1`"
)
ABOUT = "milestone 1, Termin I, of “Saluran Irigasi”"


@pytest.fixture
def open_(rated: Termin) -> Termin:
    """Guaranteed, with milestone 1 submitted and attested."""
    rated.guarantee("performance", "24000000.00")
    rated.submit(1)
    return rated


@pytest.fixture
def disputed(open_: Termin) -> Termin:
    """Milestone 1 was rejected, and the supplier disputes that."""
    open_.act("pphp", "milestone", "reject", "1", "--reason", "quality")
    open_.act("mitra", "milestone", "dispute", "1", "--reason", "measured-wrong")
    return open_


def test_a_part_is_accepted_by_quorum_and_the_rest_is_left(open_: Termin) -> None:
    said = open_.act("ppk", *PART, "--note", "Volume 70 %")
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: accept IDR 100,000,000.00 of milestone 1, submission 1: "
        "measured. Vote 1 of 2."
    )
    assert said.lines[3:] == ["  PPK is for this: accept a part of a milestone (1 of 2 needed)."]
    assert open_.show()["What comes next"][-1] == (
        "1 of 2 of the committee are for this, and the others can support it: "
        "`termin agreement support 1`: accept IDR 100,000,000.00 of milestone 1, submission 1: "
        "measured"
    )
    said = open_.act("pphp", "agreement", "support", "1")
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: accept IDR 100,000,000.00 of milestone 1, submission 1: "
        "measured. PPK voted for it before; the committee needs 2."
    )
    assert said.lines[4] == (
        "  A quorum accepted IDR 100,000,000.00 of milestone 1: measured; IDR 44,000,000.00 is "
        "left, to be submitted again or disputed."
    )
    shown = open_.show()
    assert shown["Milestones"][0] == (
        "1. Termin I: IDR 144,000,000.00, due 2040-06-30; partly accepted, IDR 100,000,000.00 of "
        "it accepted"
    )
    assert [step for step in shown["What comes next"] if step.startswith("1. ")] == [
        ("1. Termin I (IDR 44,000,000.00): CV Mitra submits it again: `termin milestone submit 1`"),
        (
            "1. Termin I (IDR 44,000,000.00): CV Mitra can dispute the decision until "
            "2040-01-16 10:00 WIB: `termin milestone dispute 1`"
        ),
    ]


def test_another_amount_is_another_decision(open_: Termin) -> None:
    open_.act("ppk", *PART)
    other = [each.replace("100000000.00", "90000000.00") for each in PART]
    said = open_.act("pphp", *other)
    assert said.lines[0].endswith("measured. Vote 1 of 2.")
    steps = open_.show()["What comes next"][-2:]
    assert [step.partition("support ")[2][:40] for step in steps] == [
        "it: `termin agreement support 1`: accept",
        "it: `termin agreement support 2`: accept",
    ]
    assert open_.refused(*PART, "--as", PEOPLE["ppk"], "--yes") == (
        "The contract refuses.",
        "PPK has voted on this already.",
    )
    title, sentence = open_.refused("agreement", "support", "3", "--as", PEOPLE["ppk"], "--yes")
    assert title == "No such decision."
    assert sentence == "Decision 3 of “Saluran Irigasi” cannot be supported; open: 1, 2."


def test_a_vote_on_an_earlier_submission_is_not_open_any_more(open_: Termin) -> None:
    open_.act("ppk", *PART)
    open_.act("pphp", "milestone", "reject", "1", "--reason", "quality")
    assert not any("are for this" in step for step in open_.show()["What comes next"])
    open_.later(1)
    open_.submit(1)
    assert not any("are for this" in step for step in open_.show()["What comes next"])


@pytest.mark.parametrize(
    "words",
    [
        ["--amount", "1.00"],
        ["--reason", "x"],
        ["--note", "x"],
        ["--valid-until", "2041-01-01"],
    ],
)
def test_options_that_belong_together(open_: Termin, words: list[str]) -> None:
    said = open_("milestone", "accept", "1", *words, "--as", PEOPLE["ppk"], "--yes")
    assert said.status == 2
    assert "belong" in said.err


def test_amounts_that_are_no_part(open_: Termin) -> None:
    for amount in ("144000000.00", "0"):
        part = [each.replace("100000000.00", amount) for each in PART]
        assert open_.refused(*part, "--as", PEOPLE["ppk"], "--yes")[1].endswith(
            " is not between IDR 0.01 and IDR 143,999,999.99."
        )


def test_the_supplier_disputes_a_rejection_and_the_arbiter_rules(disputed: Termin) -> None:
    assert disputed.show()["What happened"][-1].endswith(
        "CV Mitra took milestone 1 to dispute, IDR 144,000,000.00: measured-wrong"
    )
    assert [s for s in disputed.show()["What comes next"] if s.startswith("1. ")] == [
        ("1. Termin I (IDR 144,000,000.00): both sides can settle it: `termin milestone offer 1`"),
        (
            "1. Termin I (IDR 144,000,000.00): BANI rules on it until 2040-02-01 10:00 WIB: "
            "`termin milestone rule 1`"
        ),
    ]
    rule = ("milestone", "rule", "1", "--amount", "50000000.00", "--reason", "expert", "--yes")
    _, sentence = disputed.refused(*rule, "--as", PEOPLE["ppk"])
    assert sentence.startswith("Only the arbiter rules, BANI; account ")
    said = disputed.ok(*rule, "--as", PEOPLE["arbiter"])
    assert said.lines[0] == (
        f"Rule on {ABOUT}: expert. The supplier gets IDR 50,000,000.00 of the IDR 144,000,000.00 "
        "in dispute; the rest stays with the buyer."
    )
    assert said.lines[3:5] == [
        (
            "  BANI ruled on milestone 1, expert: IDR 50,000,000.00 for the supplier, "
            "IDR 94,000,000.00 stays with the buyer."
        ),
        "  IDR 94,000,000.00 of milestone 1 was given up.",
    ]
    assert said.lines[5].startswith("  CV Mitra was paid IDR 38,545,045.04 for milestone 1, as ru")


def test_both_sides_settle(disputed: Termin) -> None:
    offer = ("milestone", "offer", "1", "--amount", "90000000.00")
    said = disputed.act("mitra", *offer)
    assert said.lines[0] == (
        f"Offer to settle {ABOUT} for IDR 90,000,000.00 of the IDR 144,000,000.00 in dispute."
    )
    assert said.lines[3] == "  CV Mitra offered to settle milestone 1 for IDR 90,000,000.00."
    said = disputed.act("ppk", *offer)
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: offer to settle milestone 1 for IDR 90,000,000.00. Vote 1 of 2."
    )
    said = disputed.act("pphp", *offer)
    assert said.lines[4:7] == [
        "  PPHP offered to settle milestone 1 for IDR 90,000,000.00.",
        (
            "  Milestone 1 was settled for IDR 90,000,000.00; IDR 54,000,000.00 stays with the "
            "buyer."
        ),
        "  IDR 54,000,000.00 of milestone 1 was given up.",
    ]
    assert ", as settled: IDR 90,000,000.00 less " in said.lines[7]


def test_nobody_rules_so_that_the_default_applies(disputed: Termin) -> None:
    default = ("milestone", "rule-by-default", "1", "--yes", "--as", PEOPLE["stranger"])
    assert disputed.refused(*default)[1].startswith("Too early: 2040-01-02 ")
    disputed.later(31)
    assert DEFAULT in disputed.show()["What comes next"]
    rule = ("milestone", "rule", "1", "--amount", "1.00", "--reason", "late", "--yes")
    assert disputed.refused(*rule, "--as", PEOPLE["arbiter"])[1].startswith("Too late: 2040-02-02 ")
    said = disputed.ok(*default)
    assert said.lines[0] == (
        f"Apply the default to {ABOUT}, on which nobody ruled in time: IDR 144,000,000.00 is in "
        "dispute."
    )
    assert said.lines[3] == (
        "  Nobody ruled on milestone 1 in time, so that the default applies: IDR 72,000,000.00 for "
        "the supplier, IDR 72,000,000.00 stays with the buyer."
    )


def test_the_committee_disputes_what_it_has_not_decided_on(open_: Termin) -> None:
    said = open_.both("milestone", "dispute", "1", "--reason", "unclear-scope")
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: take milestone 1 to dispute: unclear-scope. Vote 2 of 2."
    )
    assert said.lines[-1] == (
        "  PPHP took milestone 1 to dispute, IDR 144,000,000.00: unclear-scope."
    )


def test_a_dispute_that_comes_too_late(open_: Termin) -> None:
    open_.act("pphp", "milestone", "reject", "1", "--reason", "quality")
    open_.later(15)
    assert not any("can dispute" in step for step in open_.show()["What comes next"])
    dispute = ("milestone", "dispute", "1", "--reason", "x", "--as", PEOPLE["mitra"], "--yes")
    assert open_.refused(*dispute)[1].startswith("Too late: 2040-01-17 ")


def test_where_silence_does_not_accept_the_supplier_disputes_it(signed: Termin) -> None:
    signed.submit(1)
    signed.later(1)
    assert (
        "1. Termin I (IDR 144,000,000.00): CV Mitra can dispute that nobody decides: "
        "`termin milestone dispute 1`"
    ) in signed.show()["What comes next"]
    silence = ("milestone", "silence", "1", "--as", PEOPLE["mitra"], "--yes")
    assert signed.refused(*silence)[1] == (
        "No review period is agreed, so that silence never accepts."
    )
    said = signed.act("mitra", "milestone", "dispute", "1", "--reason", "silence")
    assert said.lines[0] == (f"Dispute {ABOUT}: silence. IDR 144,000,000.00 is in dispute.")
    # Nobody was named who rules.
    assert DEFAULT in signed.show()["What comes next"]
