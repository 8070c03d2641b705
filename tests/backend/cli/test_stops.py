"""Holds, suspensions, and the endings of an agreement."""

from __future__ import annotations

import pytest

from .conftest import PEOPLE, Termin

HOLD = ("agreement", "hold", "--until", "2040-01-20", "--reason", "audit")
SUSPEND = ("agreement", "suspend", "--until", "2040-02-29", "--reason", "flood")
YES = "--yes"


@pytest.fixture
def open_(rated: Termin) -> Termin:
    """Guaranteed, with milestone 1 submitted and attested on a Monday at ten."""
    rated.guarantee("performance", "24000000.00")
    rated.submit(1)
    return rated


def test_an_auditor_stops_all_payments_and_lets_them_go_again(open_: Termin) -> None:
    said = open_.act("auditor", *HOLD)
    assert said.lines[0] == (
        "Stop all payments of “Saluran Irigasi” until 2040-01-20 23:59 WIB: audit. All clocks stop "
        "as well."
    )
    assert said.lines[3] == "  BPK stopped all payments until 2040-01-20 23:59 WIB: audit."
    assert open_.show()["What comes next"][0] == (
        "All payments stand still until 2040-01-20 23:59 WIB; the auditor can lift the hold earlier"
    )
    held = "An auditor's hold stops all payments until 2040-01-20 16:59:59 UTC."
    accept = ("milestone", "accept", "1", YES, "--as", PEOPLE["ppk"])
    assert open_.refused(*accept) == ("The contract refuses.", held)
    assert open_.refused(*HOLD, YES, "--as", PEOPLE["auditor"])[1] == held
    said = open_.act("auditor", "agreement", "lift-hold")
    assert said.lines[0] == "End the hold on payments of “Saluran Irigasi”."
    assert said.lines[-1] == "  BPK lifted the hold on payments."
    assert "stand still" not in open_.show()["What comes next"][0]
    open_.ok(*accept)
    assert open_.refused("agreement", "lift-hold", YES, "--as", PEOPLE["auditor"])[1] == (
        "Neither a hold nor a suspension is in force that this could end or extend."
    )


def test_a_hold_is_extended_once_and_moves_the_clocks(open_: Termin) -> None:
    open_.act("auditor", *HOLD)
    extend = ("agreement", "extend-hold", "--until", "2040-01-31", "--reason", "audit")
    said = open_.act("auditor", *extend)
    assert said.lines[0] == (
        "Extend the hold on payments of “Saluran Irigasi” until 2040-01-31 23:59 WIB: audit."
    )
    again = [each.replace("-31", "-30") for each in extend]
    assert open_.refused(*again, YES, "--as", PEOPLE["auditor"])[1] == (
        "The hold was extended once already, and not more is allowed."
    )
    open_.at("2040-02-01T00:00:00+07:00")
    # Ten working days from 2 January end on the 16th; 29 days and 14 hours were stopped.
    assert (
        "1. Termin I (IDR 144,000,000.00): if nobody decides, silence accepts it after "
        "2040-02-14 23:59 WIB"
    ) in open_.show()["What comes next"]


@pytest.mark.parametrize("who", ["ppk", "mitra", "stranger"])
def test_nobody_else_holds(open_: Termin, who: str) -> None:
    title, sentence = open_.refused(*HOLD, YES, "--as", PEOPLE[who])
    assert title == "The contract refuses."
    assert sentence.startswith("Only an auditor who is of neither side places and lifts holds; ")


def test_a_hold_that_is_too_long(open_: Termin) -> None:
    long = [each.replace("01-20", "02-02") for each in HOLD]
    assert open_.refused(*long, YES, "--as", PEOPLE["auditor"])[1].startswith(
        "Too late: 2040-02-02 16:59:59 UTC; this was possible until 2040-02-01 "
    )


def test_the_work_is_suspended_and_goes_on(open_: Termin) -> None:
    said = open_.act("ppk", *SUSPEND)
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: suspend the work until 2040-02-29 23:59 WIB: flood. Vote 1 of "
        "2."
    )
    said = open_.act("pphp", "agreement", "support")
    assert said.lines[3:] == [
        "  PPHP is for this: suspend the work (2 of 2 needed).",
        "  The work is suspended until 2040-02-29 23:59 WIB: flood.",
    ]
    assert open_.show()["What comes next"][0] == (
        "All clocks stand still until 2040-02-29 23:59 WIB; the committee can end the suspension "
        "earlier"
    )
    assert open_.refused(*SUSPEND, YES, "--as", PEOPLE["ppk"])[1] == (
        "The work is suspended until 2040-02-29 16:59:59 UTC already."
    )
    said = open_.both("agreement", "resume")
    assert said.lines[0] == "Vote on “Saluran Irigasi”: end the suspension. Vote 2 of 2."
    assert said.lines[-1] == "  The work goes on."
    assert "stand still" not in open_.show()["What comes next"][0]


def test_the_committee_ends_it_and_what_is_pending_is_decided_first(open_: Termin) -> None:
    said = open_.both("agreement", "terminate", "--reason", "no-funds", "--note", "Anggaran")
    assert said.lines[0] == "Vote on “Saluran Irigasi”: end the agreement: no-funds. Vote 2 of 2."
    assert said.lines[3:] == [
        "  PPHP is for this: end the agreement (2 of 2 needed).",
        "  It was ended before its work was done, by the buyer's decision: no-funds.",
    ]
    shown = open_.show()
    assert shown[""][0] == "#1 Saluran Irigasi: terminated"
    assert shown["What comes next"] == [
        (
            "1. Termin I (IDR 144,000,000.00): 2 more of "
            f"{_committee(shown)} must accept it: `termin milestone accept 1`"
        ),
        (
            "1. Termin I (IDR 144,000,000.00): if nobody decides, silence accepts it after "
            "2040-01-16 10:00 WIB"
        ),
        "The final account waits for milestone 1",
    ]
    close = ("agreement", "close", YES, "--as", PEOPLE["stranger"])
    assert open_.refused(*close)[1] == (
        "Milestone 1 is not done: it is still to be decided on, or can still be disputed."
    )
    open_.both("milestone", "accept", "1")
    assert open_.show()["What comes next"] == [
        "Anyone can draw the final account: `termin agreement close`"
    ]
    said = open_.ok(*close)
    assert said.lines[0] == (
        "Draw the final account of “Saluran Irigasi”: IDR 144,000,000.00 of IDR 480,000,000.00 is "
        "accepted, IDR 7,200,000.00 is retained, IDR 480,000,000.00 was funded."
    )
    assert said.lines[3] == (
        "  The final account is drawn: IDR 144,000,000.00 accepted, IDR 336,000,000.00 cancelled, "
        "IDR 7,200,000.00 of the retention released, IDR 336,000,000.00 went back to the treasury, "
        "IDR 336,000,000.00 went back to the budget line."
    )


def _committee(shown: dict[str, list[str]]) -> str:
    return "PPHP, PPK" if "PPHP, PPK" in shown["What comes next"][0] else "PPK, PPHP"


def test_both_sides_end_it(open_: Termin) -> None:
    end = ("agreement", "terminate", "--by-agreement", "--reason", "agreed")
    said = open_.act("mitra", *end)
    assert said.lines[0] == (
        "Agree to end “Saluran Irigasi”: agreed. What is not decided on is cancelled, once a "
        "quorum of the committee agrees with the same reason and note."
    )
    assert said.lines[-1] == (
        "  CV Mitra is for this: end the agreement by agreement (0 of 2 needed)."
    )
    assert open_.show()["What comes next"][-1] == (
        "0 of 2 of the committee are for this, and the others can support it: "
        "`termin agreement support 1`: end the agreement by agreement: agreed"
    )
    open_.act("ppk", "agreement", "support")
    said = open_.act("pphp", *end)
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: end the agreement by agreement: agreed. Vote 2 of 2."
    )
    assert said.lines[4:6] == [
        "  It was ended before its work was done, by both sides' agreement: agreed.",
        (
            "  The final account is drawn: IDR 0.00 accepted, IDR 480,000,000.00 cancelled, "
            "IDR 480,000,000.00 went back to the treasury, IDR 480,000,000.00 went back to the "
            "budget line."
        ),
    ]
    both = open_("agreement", *end[1:], "--for-default", YES, "--as", PEOPLE["ppk"])
    assert both.status == 2
    assert "not both" in both.err


def test_notice_cure_and_termination_for_default(open_: Termin) -> None:
    notice = ("agreement", "notice", "--reason", "work-stopped")
    said = open_.both(*notice)
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: give notice of a default: work-stopped. Vote 2 of 2."
    )
    assert said.lines[-1] == (
        "  The supplier was given notice of a default, to be mended by 2040-01-16 10:00 WIB: "
        "work-stopped."
    )
    commands = "`termin agreement terminate --for-default`, `termin agreement withdraw-notice`"
    assert open_.show()["What comes next"][0] == (
        "The committee can end it for default after 2040-01-16 10:00 WIB, or withdraw its notice: "
        f"{commands}"
    )
    default = ("agreement", "terminate", "--for-default", "--reason", "not-mended")
    assert open_.refused(*default, YES, "--as", PEOPLE["ppk"])[1].startswith("Too early: ")
    said = open_.both("agreement", "withdraw-notice", "--reason", "mended")
    assert said.lines[-1] == "  The notice of default was withdrawn: mended."
    assert open_.refused(*default, YES, "--as", PEOPLE["ppk"])[1] == (
        "No notice of default is in force."
    )
    open_.both("milestone", "accept", "1")
    open_.both(*notice)
    open_.later(15)
    assert open_.show()["What comes next"][0] == (
        f"The committee can end it for default now, or withdraw its notice: {commands}"
    )
    said = open_.both(*default)
    assert said.lines[4:7] == [
        "  It was ended before its work was done, by default: not-mended.",
        "  IDR 24,000,000.00 is called from the performance security: default.",
        (
            "  The final account is drawn: IDR 144,000,000.00 accepted, IDR 336,000,000.00 "
            "cancelled, IDR 7,200,000.00 of the retention kept, IDR 343,200,000.00 went back to "
            "the treasury, IDR 336,000,000.00 went back to the budget line."
        ),
    ]


def test_an_agreement_lapses_after_its_last_day(rated: Termin) -> None:
    lapse = ("agreement", "lapse", YES, "--as", PEOPLE["stranger"])
    assert rated.refused(*lapse)[1].startswith("Too early: 2040-01-02 ")
    rated.at("2042-01-02T00:00:00+07:00")
    assert rated.show()["What comes next"][-1] == (
        "Its last day has passed; anyone can end it: `termin agreement lapse`"
    )
    said = rated.ok(*lapse)
    assert said.lines[0] == (
        "End “Saluran Irigasi”: 365 days have passed since the end of its work."
    )
    assert said.lines[3] == "  It was ended before its work was done, by lapse: lapsed."
