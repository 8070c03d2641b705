"""A contract with an advance, retention, taxes, guarantees: from signature to the final account."""

from __future__ import annotations

from .conftest import MONDAY, PEOPLE, Termin, conclude, with_rates

ADVANCE = "Pay CV Mitra the advance on “Saluran Irigasi”: 20 % of the value at signature."


def guaranteed(rated: Termin) -> None:
    """Both guarantees are recorded, and the advance is paid."""
    rated.guarantee("performance", "24000000.00")
    rated.guarantee("advance", "96000000.00")
    rated.act("stranger", "advance", "pay")


def test_the_conditions_are_read_out_before_anybody_signs(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(with_rates())
    said = city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    conditions = [
        (
            "  Advance: 20 % of the value, against a guarantee; recovered by 25 % of each accepted "
            "amount."
        ),
        "  Retention: 5 % of each accepted amount. Performance security: 5 % of the value.",
        (
            "  Delay damages: 0.1 % a day of what is late, at most 5 % of the value. "
            "Interest on late payment: 0.02 % a day."
        ),
        "  Amendments: 10 % of the original value may be added without a legal ground.",
        "  Review: 10 working days, then silence accepts; payment is late 14 days later.",
        (
            "  Disputes: within 14 days of a decision; 30 days to rule, then the supplier gets "
            "50 % of what is in dispute."
        ),
        "  Stops: a hold of at most 30 days, suspensions of at most 90 days in all.",
        (
            "  Endings: 14 days to mend a default, 180 days for defects, lapse 365 days after the "
            "end of the work."
        ),
        "  Tax: 11/111 of what is accepted, to Kas Negara.",
        "  Direct payment: IDR 4,000,000.00 of milestone 1 to CV Sub.",
    ]
    assert said.lines[0].endswith("BANI (ID-NPWP-00.7) rules on disputes. Conditions:")
    assert said.lines[1:11] == conditions
    said = city.act("mitra", "agreement", "sign")
    assert said.lines[0] == (
        "Sign “Saluran Irigasi”, contract K-1 of ocds-000000-1: IDR 480,000,000.00. Conditions:"
    )
    assert said.lines[1:11] == conditions
    assert said.lines[-1] == "  CV Mitra signed it."
    assert city.show()["Conditions"] == [line.strip() for line in conditions]


def test_only_the_supplier_signs_and_once(city: Termin) -> None:
    (city.folder / "terms.yaml").write_text(with_rates())
    city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    sign = ("agreement", "sign", "--yes", "--as")
    assert city.refused(*sign, PEOPLE["sub"])[1].startswith("This is for CV Mitra to do; account ")
    city.act("mitra", "agreement", "sign")
    assert city.refused(*sign, PEOPLE["mitra"])[1] == "The supplier has signed already."


def test_guarantees_are_voted_on_and_let_the_advance_out(rated: Termin) -> None:
    shown = rated.show()
    assert shown["Guarantees"] == ["Performance security: none; IDR 24,000,000.00 is needed"]
    assert shown["What comes next"][:2] == [
        (
            "What the supplier earns waits until the committee records a performance security of "
            "at least IDR 24,000,000.00: `termin guarantee record`"
        ),
        (
            "The advance waits for a performance security of at least IDR 24,000,000.00: `termin "
            "guarantee record`"
        ),
    ]
    assert rated.refused("advance", "pay", "--as", PEOPLE["mitra"], "--yes")[1] == (
        "The performance security on record is IDR 0.00; IDR 24,000,000.00 must be in force. The "
        "committee records one with `termin guarantee record`."
    )
    said = rated.guarantee("performance", "24000000.00", "2041-06-30")
    assert said.lines[0] == (
        "Vote on “Saluran Irigasi”: record the performance security, IDR 24,000,000.00 until "
        "2041-06-30 23:59 WIB. Vote 2 of 2."
    )
    assert said.lines[3:] == [
        "  PPHP is for this: record a guarantee (2 of 2 needed).",
        "  The performance security is IDR 24,000,000.00 until 2041-06-30 23:59 WIB.",
    ]
    rated.guarantee("advance", "96000000.00")
    assert (
        "Anyone can have the advance paid: `termin advance pay`"
        in (rated.show()["What comes next"])
    )
    said = rated.act("stranger", "advance", "pay")
    assert said.lines[0] == ADVANCE
    assert said.lines[-1] == "  CV Mitra was paid IDR 96,000,000.00 as the advance."
    assert rated.show()["Guarantees"] == [
        (
            "Performance security: IDR 24,000,000.00 until 2041-06-30 23:59 WIB; "
            "IDR 24,000,000.00 is needed"
        ),
        (
            "Advance guarantee: IDR 96,000,000.00 until 2041-12-31 23:59 WIB; "
            "IDR 96,000,000.00 is needed"
        ),
    ]
    assert rated.refused("advance", "pay", "--as", PEOPLE["mitra"], "--yes")[1] == (
        "The advance was paid already, or none is agreed."
    )


def test_a_payment_is_told_with_every_part(rated: Termin) -> None:
    guaranteed(rated)
    rated.submit(1)
    said = rated.both("milestone", "accept", "1")
    assert said.lines[3:] == [
        "  PPHP accepted milestone 1 (2 of 2 needed).",
        (
            "  CV Mitra was paid IDR 82,529,729.72 for milestone 1: IDR 144,000,000.00 less "
            "IDR 36,000,000.00 of the advance, IDR 7,200,000.00 retention, IDR 14,270,270.28 "
            "taxes, IDR 4,000,000.00 to subcontractors."
        ),
        "  Kas Negara received IDR 14,270,270.28 of it as tax.",
        "  CV Sub received IDR 4,000,000.00 of it as direct payment.",
    ]
    assert rated.show()[""][3] == (
        "value IDR 480,000,000.00, funded IDR 480,000,000.00, accepted IDR 144,000,000.00, "
        "paid IDR 196,800,000.00, advance outstanding IDR 60,000,000.00, retained IDR 7,200,000.00"
    )


def test_lateness_is_told_with_its_days_up_to_the_cap(city: Termin) -> None:
    city.at(MONDAY)
    # Half a day late is a day late.
    conclude(city, with_rates().replace("due: 2040-06-30", "due: 2039-12-30"))
    city.guarantee("performance", "24000000.00")
    city.submit(1)
    said = city.both("milestone", "accept", "1")
    assert said.lines[4].endswith(
        "IDR 7,200,000.00 retention, IDR 432,000.00 delay damages for 3 days, "
        "IDR 14,270,270.28 taxes, IDR 4,000,000.00 to subcontractors."
    )
    city.later(400)
    city.submit(2)
    said = city.both("milestone", "accept", "2")
    assert "delay damages" not in said.lines[4], "the second milestone has no date"


def test_without_a_guarantee_the_supplier_waits_and_the_others_do_not(rated: Termin) -> None:
    rated.submit(1)
    said = rated.both("milestone", "accept", "1")
    assert said.lines[4:] == [
        "  CV Mitra is owed IDR 118,529,729.72 for milestone 1 and can claim it.",
        (
            "  CV Mitra earned IDR 118,529,729.72 for milestone 1: IDR 144,000,000.00 less "
            "IDR 7,200,000.00 retention, IDR 14,270,270.28 taxes, IDR 4,000,000.00 to "
            "subcontractors."
        ),
        "  Kas Negara received IDR 14,270,270.28 of it as tax.",
        "  CV Sub received IDR 4,000,000.00 of it as direct payment.",
    ]
    why = (
        "The performance security on record is IDR 0.00; IDR 24,000,000.00 must be in force. The "
        "committee records one with `termin guarantee record`."
    )
    assert rated.show()["What comes next"][-1] == (
        f"CV Mitra is owed IDR 118,529,729.72 for milestone 1, which waits: {why}"
    )
    claim = ("payment", "claim", "--as", PEOPLE["mitra"], "--yes")
    assert rated.refused(*claim) == (
        "The contract refuses.",
        f"IDR 118,529,729.72 to CV Mitra for milestone 1: {why}",
    )
    rated.guarantee("performance", "24000000.00")
    assert rated.show()["What comes next"][-1] == (
        "CV Mitra is owed IDR 118,529,729.72 for milestone 1; anyone can have it paid: "
        "`termin payment claim`"
    )
    assert rated.ok(*claim).lines[-1] == (
        "  CV Mitra was paid IDR 118,529,729.72 for milestone 1, as a claim."
    )


def test_a_guarantee_that_expired_is_told(rated: Termin) -> None:
    rated.guarantee("performance", "24000000.00", "2041-01-31")
    rated.later(2 * 366)
    shown = rated.show()
    assert shown["Guarantees"] == [
        (
            "Performance security: IDR 24,000,000.00 EXPIRED on 2041-01-31 23:59 WIB; "
            "IDR 24,000,000.00 is needed"
        )
    ]
    assert shown["What comes next"][0].startswith("What the supplier earns waits until ")


def test_silence_interest_completion_retention_and_the_final_account(rated: Termin) -> None:
    guaranteed(rated)
    for number in (1, 2):
        rated.submit(number)
    silence = ("milestone", "silence", "1", "--yes", "--as", PEOPLE["mitra"])
    assert (
        "1. Termin I (IDR 144,000,000.00): if nobody decides, silence accepts it after "
        "2040-01-16 10:00 WIB"
    ) in rated.show()["What comes next"]
    assert rated.refused(*silence)[1].startswith("Too early: ")
    rated.later(40)
    assert (
        "1. Termin I (IDR 144,000,000.00): anyone can accept it, since nobody decided: "
        "`termin milestone silence 1`"
    ) in rated.show()["What comes next"]
    said = rated.ok(*silence)
    assert said.lines[0] == (
        "Accept milestone 1, Termin I, of “Saluran Irigasi”, submission 1, since the committee has "
        "not decided on it: IDR 144,000,000.00."
    )
    assert said.lines[3].startswith(
        "  CV Mitra was paid IDR 82,529,729.72 for milestone 1, accepted by silence: "
    )
    assert said.lines[-1] == (
        "  The payment for milestone 1 came 12 days late: the buyer owes IDR 198,071.35 interest, "
        "IDR 198,071.35 in all."
    )
    rated.act("stranger", "milestone", "silence", "2")
    shown = rated.show()["What comes next"]
    assert shown == [
        "All is accepted; anyone can record it: `termin agreement complete`",
        "Bendahara owes IDR 740,237.83 interest: `termin interest pay`",
    ]
    to = ("--to", "Bendahara", "--bank-reference", "SP2D 2")
    rated.act("admin", "money", "issue", "740237.83", "IDR", *to)
    said = rated.act("bendahara", "interest", "pay", "--amount", "740237.00")
    assert said.lines[0] == (
        "Pay CV Mitra IDR 740,237.00 interest for late payment on “Saluran Irigasi”; "
        "IDR 740,237.83 is owed."
    )
    assert said.lines[-1] == (
        "  Bendahara paid IDR 740,237.00 interest to the supplier; IDR 0.83 is still owed."
    )
    assert rated.act("bendahara", "interest", "pay").lines[-1] == (
        "  Bendahara paid IDR 0.83 interest to the supplier; no more is owed."
    )

    said = rated.act("stranger", "agreement", "complete")
    assert said.lines[0] == (
        "Record that all work of “Saluran Irigasi” is accepted. Half of the retention of "
        "IDR 24,000,000.00 is released, and the defects period of 180 days begins."
    )
    assert said.lines[-1] == "  CV Mitra was paid IDR 12,000,000.00 of the retention."
    steps = rated.show()["What comes next"]
    assert steps[0] == (
        "The rest of the retention, IDR 12,000,000.00, is released with the final account, or at "
        "once against a retention guarantee of as much: `termin guarantee record`"
    )
    # 180 days after 40 days after the Monday.
    assert steps[1] == "After 2040-08-09 10:00 WIB anyone can draw the final account"
    release = ("retention", "release", "--yes", "--as", PEOPLE["mitra"])
    assert rated.refused(*release)[1].startswith("The retention guarantee on record is IDR 0.00; ")
    rated.guarantee("retention", "12000000.00")
    assert rated.show()["What comes next"][0] == (
        "Anyone can have the rest of the retention, IDR 12,000,000.00, released: "
        "`termin retention release`"
    )
    said = rated.ok(*release)
    assert said.lines[0] == (
        "Release the rest of the retention of “Saluran Irigasi”, IDR 12,000,000.00."
    )
    assert said.lines[-1] == "  CV Mitra was paid IDR 12,000,000.00 of the retention."

    close = ("agreement", "close", "--yes", "--as", PEOPLE["stranger"])
    assert rated.refused(*close)[1].startswith("Too early: ")
    rated.later(181)
    said = rated.ok(*close)
    assert said.lines[-1] == (
        "  The final account is drawn: IDR 480,000,000.00 accepted, IDR 0.00 went back to the "
        "treasury."
    )
    shown = rated.show()
    assert shown[""][0] == "#1 Saluran Irigasi: closed"
    assert shown["What comes next"] == ["Nothing: every payment is made."]
