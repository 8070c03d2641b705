"""Offices outlive people and years: succession of keys, and the calendar."""

from __future__ import annotations

import pytest

from backend.acts.accounts import find_signer
from backend.chain.deployment import load_deployment
from backend.chain.reader import View, read

from .conftest import MONDAY, PEOPLE, Termin

NEW = "TEST::12"


def addresses(*names: str) -> list[str]:
    return [find_signer(name).address for name in names]


def test_a_key_is_succeeded_once_a_second_party_confirms(city: Termin) -> None:
    old, new = addresses(PEOPLE["mitra"], NEW)
    said = city.act("admin", "participant", "succeed", "CV Mitra", "--key", NEW)
    assert said.lines[0] == (
        f"Propose that CV Mitra (ID-NPWP-00.2) act with {new} instead of {old}. What it did before "
        "stays its own. Next: `termin participant confirm-succession`."
    )
    confirm = ("participant", "confirm-succession", "CV Mitra", "--yes", "--as")
    for who in ("admin", "sub"):
        (account,) = addresses(PEOPLE[who])
        assert city.refused(*confirm, PEOPLE[who])[1] == (
            f"{account} cannot confirm the succession of CV Mitra: the outgoing account, that of "
            "its legal person or a witness can, and never the account that proposed it."
        )
    other = ("participant", "confirm-succession", "CV Mitra", "--key", "TEST::13", "--yes", "--as")
    assert city.refused(*other, PEOPLE["mitra"])[1] == (
        f"No succession of CV Mitra to {addresses('TEST::13')[0]} waits for confirmation; proposed "
        f"is {new}."
    )
    said = city.ok(*confirm, PEOPLE["mitra"])
    assert said.lines[0] == (
        f"Confirm that CV Mitra (ID-NPWP-00.2) acts with {new} from now on, not {old}."
    )
    assert city.refused(*confirm, PEOPLE["mitra"]) == (
        "No succession is proposed.",
        "No succession of CV Mitra (ID-NPWP-00.2) waits for confirmation.",
    )


def test_who_had_no_key_gets_one(city: Termin) -> None:
    (new,) = addresses(NEW)
    said = city.act("admin", "participant", "succeed", "Dinas PU", "--key", NEW)
    assert said.lines[0].startswith(
        f"Propose that Dinas PU (ID-NPWP-00.1) act with {new}. What it did before "
    )


def test_the_new_key_signs_and_what_the_old_one_held_is_forwarded(signed: Termin) -> None:
    signed.submit(1)
    signed.both("milestone", "accept", "1")
    forward = ("money", "forward", "CV Mitra", "IDR")
    assert signed.act("stranger", *forward).lines == [
        "CV Mitra has no former account that holds IDR."
    ]
    signed.act("admin", "participant", "succeed", "CV Mitra", "--key", NEW)
    signed.act("mitra", "participant", "confirm-succession", "CV Mitra")
    old, new = addresses(PEOPLE["mitra"], NEW)
    said = signed.act("stranger", *forward)
    assert said.lines[0] == (
        f"Move IDR 144,000,000.00 of {old} to {new}, which CV Mitra acts with now."
    )
    token = _token(signed)
    view = View("SettlementToken", token, "balanceOf", (new,))
    assert read(signed.rpc, view) == 14_400_000_000
    submit = ("milestone", "submit", "2", "--evidence", signed.report, "--yes", "--as")
    assert signed.refused(*submit, PEOPLE["mitra"])[1] == (
        f"This is for CV Mitra to do; account {old} acts for nobody."
    )
    assert signed.ok(*submit, NEW).lines[1] == "Signed by CV Mitra."
    # What was done with the old key is its own.
    assert signed.show()["What happened"][0].endswith("CV Mitra signed it")


def _token(termin: Termin) -> str:
    made = load_deployment(termin.folder / "data")
    return str(read(termin.rpc, View("AgreementFactory", made.factory, "tokenOf", ("IDR",))))


def _worked(termin: Termin, moment: int) -> bool:
    made = load_deployment(termin.folder / "data")
    return bool(read(termin.rpc, View("WorkCalendar", made.calendar, "isWorkingDay", (moment,))))


NEW_YEAR_2041 = 2_240_611_200  # noon of 1 January, a Tuesday, in Jakarta: 05:00 UTC
DAY = 86_400


def test_a_year_is_set_by_options(city: Termin) -> None:
    city.at(MONDAY)
    assert _worked(city, NEW_YEAR_2041)
    options = ("--year", "2041", "--holidays", "2041-01-02, 2041-01-01")
    said = city.act("admin", "calendar", "set-year", *options)
    assert said.lines[0] == (
        "Set 2041: saturday, sunday and 2041-01-01, 2041-01-02 are not worked."
    )
    assert [_worked(city, NEW_YEAR_2041 + n * DAY) for n in range(5)] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_year_is_set_by_a_file(city: Termin) -> None:
    city.at(MONDAY)
    path = city.folder / "year.yaml"
    path.write_text("year: 2041\nweekend: [friday]\nholidays:\n  - 2041-01-01   # Tahun Baru\n")
    decree = city.folder / "decree.pdf"
    decree.write_bytes(b"decree")
    said = city.act("admin", "calendar", "set-year", str(path), "--decree", str(decree))
    assert said.lines[0] == "Set 2041: friday and 2041-01-01 are not worked."
    assert [_worked(city, NEW_YEAR_2041 + n * DAY) for n in range(5)] == [
        False,
        True,
        True,
        False,
        True,
    ]


def test_who_keeps_the_calendar_and_which_years(city: Termin) -> None:
    city.at(MONDAY)
    set_year = ("calendar", "set-year", "--yes", "--as")
    assert (
        "has no permission for this" in city.refused(*set_year, PEOPLE["ppk"], "--year", "2041")[1]
    )
    assert city.refused(*set_year, "TEST::0", "--year", "2051")[1] == (
        "2051 cannot be set; expected 2040 to 2050."
    )
    past = ("--year", "2040", "--holidays", "2040-01-02")
    assert city.refused(*set_year, "TEST::0", *past)[1] == (
        "Day 2 of 2040 has begun; whether it is worked cannot change."
    )


ALL_WEEK = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
TYPED = [
    (("--year", "2041", "--holidays", "2041-02-30"), "found '2041-02-30'; "),
    (("--year", "2041", "--holidays", "2042-01-01"), "found 2042-01-01; expected a day of 2041"),
    (("--year", "2041", "--weekend", "jumat"), "found 'jumat'; "),
    (("--year", "2041", "--weekend", ALL_WEEK), "found ['monday', "),
    (("--year", "26"), "found 26; "),
]


@pytest.mark.parametrize(("options", "told"), TYPED, ids=range(len(TYPED)))
def test_what_is_no_year(city: Termin, options: tuple[str, ...], told: str) -> None:
    title, sentence = city.refused("calendar", "set-year", "--yes", "--as", "TEST::0", *options)
    assert title == "The year cannot be set."
    assert sentence.startswith(told)


WRITTEN = [
    ("holidays: []", "1: found no year; expected this key"),
    ("year: 2041\nholidays: [2041-13-01]", "2: holidays.1: found '2041-13-01'; expected a valid"),
    ("year: 2041\nholidays: [2040-01-01]", "2: holidays.1: found 2040-01-01; expected a day of 20"),
    ("year: 2041\nweekend: [someday]", "2: weekend.1: found 'someday'; expected 'monday', 'tues"),
]


@pytest.mark.parametrize(("text", "told"), WRITTEN, ids=range(len(WRITTEN)))
def test_a_mistake_in_a_year_is_told_with_its_line(city: Termin, text: str, told: str) -> None:
    path = city.folder / "year.yaml"
    path.write_text(text + "\n")
    title, sentence = city.refused("calendar", "set-year", str(path), "--yes", "--as", "TEST::0")
    assert title == "The file has errors."
    assert sentence.startswith(f"{path}:{told}"), sentence


@pytest.mark.parametrize("words", [[], ["year.yaml", "--year", "2041"]])
def test_a_file_or_options(city: Termin, words: list[str]) -> None:
    said = city("calendar", "set-year", *words, "--yes", "--as", "TEST::0")
    assert said.status == 2
    assert "give a file, or --year with --holidays" in said.err
