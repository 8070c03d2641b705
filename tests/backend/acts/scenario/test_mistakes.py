"""What a scenario file may not say, one mistake at a time, and its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.acts.scenario import Scenario
from backend.core.yamlfiles import YamlFileError

FUND = "act: fund, deposit: B1"
AMEND = "act: amend, by: agency/chair, reason: more-work, note: Why"
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
        "by: [agency/chair, agency/clerk]}",
        "by: [agency/chair, agency/clark]}",
        (
            "58: contracts.1.story.4.by.2: found 'agency/clark'; "
            "expected one of the offices of agency: chair, clerk, surveyor, treasury"
        ),
    ),
    (
        "by: [agency/chair, agency/clerk]}",
        "by: [agency/chair, builder/clerk]}",
        (
            "58: contracts.1.story.4.by.2: found 'builder/clerk'; "
            "expected one of the offices of builder: there are none"
        ),
    ),
    (
        "act: fund",
        "act: pay",
        (
            "55: contracts.1.story.1.act: found 'pay'; expected one of: "
            "fund, submit, inspect, accept, accept-offline, accept-part, reject, silence, claim, "
            "interest, guarantee, advance, amend, sign, enact, dispute, offer, rule, "
            "default-ruling, hold, extend-hold, lift-hold, suspend, resume, complete, "
            "release-retention, notice, withdraw-notice, terminate, terminate-for-default, "
            "terminate-by-agreement, lapse, close"
        ),
    ),
    ("act: fund, ", "", "55: contracts.1.story.1: found no act; expected this key"),
    (
        "evidence: Photos",
        "evidnce: Photos",
        (
            "56: contracts.1.story.2.evidnce: found the key 'evidnce'; "
            "expected one of: act, at, milestone, evidence"
        ),
    ),
    (
        "milestone: 1, evidence: Photos",
        "milestone: 3, evidence: Photos",
        "56: contracts.1.story.2.milestone: found 3; expected a milestone from 1 to 2",
    ),
    (
        "D-43 09:00",
        "D-46 09:00",
        "58: contracts.1.story.4.at: found D-46 09:00; expected D-44 09:00 or later",
    ),
    (
        "D-65 09:00",
        "D-71 09:00",
        "55: contracts.1.story.1.at: found D-71 09:00; expected D-70 10:00 or later",
    ),
    (
        FUND,
        "act: sign",
        "55: contracts.1.story.1: found nothing to sign; expected an earlier act: amend",
    ),
    (
        FUND,
        "act: amend, by: agency/chair, reason: More Work, note: Why",
        (
            "55: contracts.1.story.1.reason: found 'More Work'; "
            "expected a code of at most 32 small letters, digits and hyphens"
        ),
    ),
    (
        FUND,
        "act: amend, by: agency/chair, reason: more-work, note: Why, increase: 0.001",
        (
            "55: contracts.1.story.1.increase: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 3, remove: true}}]",
        ("55: contracts.1.story.1.changes.1.milestone: found 3; expected a milestone from 1 to 2"),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 1, amount: 0.001}}]",
        (
            "55: contracts.1.story.1.changes.1.amount: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        f"{AMEND}, changes: [{{milestone: 1, payee: nobody}}]",
        (
            "55: contracts.1.story.1.changes.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        f"{AMEND}, milestones: [{{title: More, amount: 5, payee: nobody}}]",
        (
            "55: contracts.1.story.1.milestones.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        "act: enact, deposit: B1",
        "55: contracts.1.story.1: found nothing to sign; expected an earlier act: amend",
    ),
    (
        FUND,
        "act: interest, deposit: B1, amount: 0.001",
        (
            "55: contracts.1.story.1.amount: found 0.001 IDR; "
            "expected at most 2 digits after the point"
        ),
    ),
    (
        FUND,
        "act: rule, milestone: 1, amount: 5, reason: why, note: Why",
        "55: contracts.1.story.1: found nobody to rule; expected an arbiter of the contract",
    ),
    (
        FUND,
        "act: claim, payee: nobody",
        (
            "55: contracts.1.story.1.payee: found 'nobody'; "
            "expected one of the participants: agency, builder"
        ),
    ),
    (
        FUND,
        "act: guarantee, kind: bid, amount: 5, until: D+9 09:00, document: G, by: [agency/chair]",
        (
            "55: contracts.1.story.1.kind: found 'bid'; "
            "expected 'performance', 'advance' or 'retention'"
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
    tell: Callable[..., Scenario],
    tmp_path: Path,
    old: str,
    new: str,
    expected: str | tuple[str, ...],
) -> None:
    with pytest.raises(YamlFileError) as error:
        tell({old: new})
    lines = [expected] if isinstance(expected, str) else expected
    file = tmp_path / "story.yaml"
    assert sorted(error.value.detail.splitlines()) == sorted(f"{file}:{each}" for each in lines)
    assert (error.value.status, error.value.title) == (422, "The file has errors")
