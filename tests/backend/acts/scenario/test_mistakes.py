"""What a scenario file may not say, one mistake at a time, and its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

MISTAKES = [
    ("title: A small story\n", "", "1: found no title; expected this key"),
    (
        "title: A small story",
        "titel: A small story",
        (
            "1: titel: found the key 'titel'; expected one of: "
            "title, currency, zone, participants, calendar, budget, conditions, contracts"
        ),
    ),
    (
        "currency: IDR",
        "currency: RP",
        "2: currency: found 'RP'; expected a code of ISO 4217 such as IDR",
    ),
    ('"+07:00"', "WIB", "3: zone: found 'WIB'; expected an offset from UTC, e.g. +07:00"),
    ("name: Builder", "name: ' '", "18: participants.builder.name: found ' '; expected a text"),
    (
        "D-90 09:30",
        "D+0 09:30",
        (
            "19: participants.builder.registered: found 'D+0 09:30'; "
            "expected a day before the day of the run, D-1 or earlier"
        ),
    ),
    (
        "D-90 09:30",
        "2026-01-01",
        (
            "19: participants.builder.registered: found '2026-01-01'; expected a day from the day "
            "of the run and a time, e.g. D-30 09:15 or D+14 16:00"
        ),
    ),
    (
        "  builder:\n",
        "  Builder:\n",
        (
            "15: participants.Builder: found 'Builder'; "
            "expected a name of small letters, digits and hyphens"
        ),
    ),
    (
        "total: 1_000.00",
        "total: 1e3",
        (
            "26: budget.works.appropriations.1.total: found '1e3'; "
            "expected a plain amount such as 48_000_000_000 or 1250000.50"
        ),
    ),
    (
        "value: 1_000\n",
        "value: -5\n",
        (
            "47: contracts.1.value: found '-5'; "
            "expected a plain amount such as 48_000_000_000 or 1250000.50"
        ),
    ),
    (
        "value: 1_000\n",
        "value: 1_000.005\n",
        "47: contracts.1.value: found 1000.005 IDR; expected at most 2 digits after the point",
    ),
    (
        "value: 1_000\n",
        "value: 9999999999999999999999999999999\n",
        (
            "47: contracts.1.value: found 9999999999999999999999999999999 IDR; "
            "expected at most 792281625142643375935439503.35"
        ),
    ),
    ("quorum: 2", "quorum: two", "43: contracts.1.quorum: found 'two'; expected a whole number"),
    (
        "quorum: 2",
        "quorum: 0",
        "43: contracts.1.quorum: found '0'; expected greater than or equal to 1",
    ),
    (
        "committee: [agency/chair, agency/clerk]",
        "committee: agency/chair",
        "42: contracts.1.committee: found 'agency/chair'; expected a list",
    ),
    (
        "committee: [agency/chair, agency/clerk]",
        "committee: []",
        "42: contracts.1.committee: found []; expected at least 1",
    ),
    (
        "amount: 499.99",
        "amount: 499.99, payee: nobody",
        (
            "53: contracts.1.milestones.2.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        "    quorum: 2",
        "    arbiter: nobody\n    quorum: 2",
        (
            "43: contracts.1.arbiter: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        "    quorum: 2",
        "    direct_payments: [{milestone: 3, to: nobody, amount: 0.001}]\n    quorum: 2",
        (
            (
                "43: contracts.1.direct_payments.1.milestone: found 3; "
                "expected a milestone from 1 to 2"
            ),
            (
                "43: contracts.1.direct_payments.1.to: found 'nobody'; "
                "expected one of the participants: agency, builder"
            ),
            (
                "43: contracts.1.direct_payments.1.amount: found 0.001 IDR; "
                "expected at most 2 digits after the point"
            ),
        ),
    ),
    (
        "conditions: plain",
        "conditions: fancy",
        (
            (
                "28: conditions.plain: found conditions that nobody agrees; "
                "expected a contract with these conditions"
            ),
            "45: contracts.1.conditions: found 'fancy'; expected one of: plain",
        ),
    ),
    (
        "    default_share: 50 %",
        "    default_share: 50 %\n    direct_payments: [{milestone: 1, to: builder, amount: 1}]",
        (
            "31: conditions.plain.direct_payments: found direct payments of no contract; "
            "expected them in a contract"
        ),
    ),
    (
        "    default_share: 50 %",
        "    default_share: 50 %\n    taxes: [{to: nobody, rate: 11/111, base: gross}]",
        (
            "31: conditions.plain.taxes.1.to: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        "    amendment_cap: 10 %",
        "    amendment_cap: 10 %\n    advance: 20 %\n    recovery: 10 %",
        (
            "31: conditions.plain.recovery: found a recovery of 10 %; "
            "expected 20 %, the advance, to 100 %, which the retention leaves"
        ),
    ),
    (
        "    default_share: 50 %",
        "    default_share: half",
        (
            "30: conditions.plain.default_share: found 'half'; "
            "expected a rate such as 5 %, 2.65 % or 11/111"
        ),
    ),
    (
        "budget:\n",
        (
            "calendar:\n  - {at: D-80 09:00, years: 1, weekend: [sunday], holidays: [02-29], "
            "document: C}\nbudget:\n"
        ),
        (
            "21: calendar.1.holidays.1: found '02-29'; "
            "expected a month and a day of it such as 08-17"
        ),
    ),
    (
        "budget:\n",
        "calendar: [{at: D-80 09:00, years: 12, weekend: [funday], document: C}]\nbudget:\n",
        (
            "20: calendar.1.years: found '12'; expected less than or equal to 11",
            (
                "20: calendar.1.weekend.1: found 'funday'; expected 'monday', 'tuesday', "
                "'wednesday', 'thursday', 'friday', 'saturday' or 'sunday'"
            ),
        ),
    ),
    (
        "    registered: D-90 09:30",
        (
            "    registered: D-90 09:30\n    succession:\n"
            "      - {at: D-80 09:00, office: desk, confirmed: D-81 09:00, by: agency, note: Why}"
        ),
        (
            (
                "21: participants.builder.succession.1.office: found 'builder/desk'; "
                "expected one of the offices of builder: there are none"
            ),
            (
                "21: participants.builder.succession.1.by: found 'agency'; expected the "
                "participant itself or its legal person: builder/desk, builder"
            ),
            (
                "21: participants.builder.succession.1.confirmed: found D-81 09:00; "
                "expected D-80 09:00 or later"
            ),
        ),
    ),
    (
        "      clerk: Clerk of the agency",
        "      clerk: Clerk of the agency\n      idler: Idler",
        (
            "13: participants.agency.offices.idler: found nothing to do for it; "
            "expected a part in some contract"
        ),
    ),
    (
        "    title: Works",
        "    title: Works\n    title: Works",
        "24: budget.works.title: found the key 'title' again; expected each key once",
    ),
    ("code: 5.2.1", "code: [5", "24: expected ',' or ']', but got ':'; expected YAML"),
    (
        "name: Agency",
        "name: &name Agency\n    more: *name",
        "9: participants.agency.more: found an alias; expected the content itself, written out",
    ),
    (
        "name: Agency",
        "name:\n      ? [a]\n      : b",
        "8: participants.agency.name: found a key that is no text; expected a word",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    found: Callable[[str, str], list[str]], old: str, new: str, expected: str | tuple[str, ...]
) -> None:
    lines = [expected] if isinstance(expected, str) else [*expected]
    assert sorted(found(old, new)) == sorted(lines)
