"""How the example's contracts end, and what becomes of its participants and calendar."""

from __future__ import annotations

from typing import Any

import pytest
from support.sukamaju import acts_on, at, codes

from backend.acts.scenario import Scenario
from backend.chain.identity import bytes32_to_code

RETENTION = 2  # GuaranteeKind
RETENTION_RELEASE = 8  # Basis
CONVENIENCE, BY_AGREEMENT, DEFAULT, LAPSE = 1, 2, 3, 4  # Ground


def test_retention_comes_back_in_halves(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-002")
    ((completed_at, _, completed),) = agreement.named("AgreementCompleted")
    assert (completed_at, completed["defectsEndAt"]) == (at(-106, 14, 0), at(-16, 14, 0))
    assert [time for time, _, _ in agreement.named("AgreementClosed")] == [at(-14, 11, 0)]
    released = [
        time for time, _, v in agreement.named("PaymentMade") if v["basis"] == RETENTION_RELEASE
    ]
    assert released == [at(-106, 14, 0), at(-14, 11, 0)]


def test_a_retention_guarantee_lets_the_rest_out_earlier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-001")
    ((_, _, recorded),) = agreement.named("GuaranteeRecorded")
    assert (recorded["kind"], recorded["expiresAt"]) == (RETENTION, at(-20, 16, 0))
    released = [
        time for time, _, v in agreement.named("PaymentMade") if v["basis"] == RETENTION_RELEASE
    ]
    assert released == [at(-54, 10, 0), at(-48, 9, 0)]
    ((_, _, completed),) = agreement.named("AgreementCompleted")
    assert completed["defectsEndAt"] == at(-24, 10, 0)


def test_without_a_defects_period_completion_closes(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISDIK-002")
    ended = agreement.named("AgreementCompleted", "AgreementClosed")
    assert [(time, name) for time, name, _ in ended] == [
        (at(-28, 9, 0), "AgreementCompleted"),
        (at(-28, 9, 0), "AgreementClosed"),
    ]


def test_a_default_is_noticed_and_mended(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-006")
    assert codes(agreement, "DefaultNoticed") == [(at(-28, 10, 0), "work-stopped")]
    assert codes(agreement, "DefaultCured") == [(at(-20, 10, 0), "work-resumed")]


@pytest.mark.parametrize(
    ("contract_id", "ground", "reason", "time"),
    [
        ("KTR-PUPR-004", DEFAULT, "contractor-default", at(-80, 10, 30)),
        ("KTR-PUPR-010", CONVENIENCE, "budget-refocusing", at(-34, 10, 0)),
        ("KTR-DINKES-004", BY_AGREEMENT, "chassis-discontinued", at(-12, 10, 0)),
        ("KTR-DISTAN-003", LAPSE, "lapsed", at(-105, 9, 0)),
    ],
)
def test_a_contract_ends_before_its_work(
    played: Any, example: Scenario, contract_id: str, ground: int, reason: str, time: int
) -> None:
    agreement = played.agreement(example, contract_id)
    ((ended_at, _, ended),) = agreement.named("AgreementTerminated")
    assert (ended_at, ended["ground"]) == (time, ground)
    assert bytes32_to_code(ended["reason"]) == reason


def test_default_comes_after_notice_and_time_to_mend_it(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-004")
    ((noticed_at, _, noticed),) = agreement.named("DefaultNoticed")
    assert (noticed_at, noticed["curableUntil"]) == (at(-100, 10, 0), at(-86, 10, 0))


def test_what_was_submitted_before_termination_is_still_paid(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-010")
    assert acts_on(agreement, 2) == [
        (at(-36, 9, 0), "MilestoneSubmitted"),
        (at(-33, 14, 0), "MilestoneAttested"),
        (at(-32, 10, 0), "MilestoneApproved"),
        (at(-32, 10, 0), "MilestoneApproved"),
        (at(-32, 10, 0), "PaymentMade"),
    ]
    assert [time for time, _, _ in agreement.named("AgreementClosed")] == [at(-31, 9, 0)]


def test_what_is_left_goes_back_to_the_treasury(played: Any, example: Scenario) -> None:
    treasury = example.people.member("dinas-pu/bendahara").signer.address
    # Of KTR-PUPR-004 and KTR-PUPR-010.
    assert played.balance(treasury) == 164_430_000_000 + 90_000_000_000


def test_standings_changed_for_coded_reasons(played: Any, example: Scenario) -> None:
    events = played.events("ParticipantRegistry", played.made.registry)
    changes = [
        (time, values["participant"], values["standing"], bytes32_to_code(values["reason"]))
        for time, name, values in events
        if name == "ParticipantStandingChanged"
    ]
    member = example.people.member
    assert changes == [
        (at(-100, 9, 0), member("surya").id, 2, "guarantee-lapsed"),
        (at(-84, 14, 30), member("surya").id, 1, "guarantee-renewed"),
        (at(-60, 10, 0), member("irigasi").id, 3, "contract-terminated"),
        (at(-21, 9, 0), member("medika").id, 2, "tax-clearance-expired"),
    ]


def test_an_office_acts_with_the_account_that_its_legal_person_confirmed(
    played: Any, example: Scenario
) -> None:
    events = played.events("ParticipantRegistry", played.made.registry)
    names = ("SuccessionProposed", "ParticipantSucceeded")
    told = [(time, name, values) for time, name, values in events if name in names]
    first = example.people.member("dinas-pendidikan/ppk")
    (succession,) = example.story.participants["dinas-pendidikan"].succession
    heir = example.people.at(succession.confirmed).member("dinas-pendidikan/ppk")
    second = heir.signer.address
    (proposed_at, _, proposed), (succeeded_at, _, succeeded) = told
    assert (proposed_at, proposed["participant"]) == (at(-76, 9, 0), first.id)
    assert (succeeded_at, succeeded["participant"]) == (at(-75, 10, 0), first.id)
    accounts = (succeeded["previous"], succeeded["account"], succeeded["by"])
    organization = example.people.member("dinas-pendidikan").signer.address
    assert accounts == (first.signer.address, second, organization)
    # What the office does stays its own, whatever the account.
    agreement = played.agreement(example, "KTR-DISDIK-001")
    votes = [values["by"] for _, _, values in agreement.named("MilestoneApproved")]
    ((_, _, proposed),) = agreement.named("AmendmentProposed")
    assert first.id in votes
    assert proposed["by"] == first.id
    (sent,) = played.transactions(agreement.address, at(-8, 11, 0))
    assert sent["from"] == second.lower()


def test_the_calendar_has_four_years_without_what_had_begun(played: Any) -> None:
    told = [
        (time, values["year"], values["weekend"], values["holidays"])
        for time, name, values in played.events("WorkCalendar", played.made.calendar)
        if name == "CalendarYearSet"
    ]
    saturday_and_sunday = 0b1100000
    # Set on 4 April 2024; 2024 is a leap year.
    assert told == [
        (at(-697, 8, 0), 2024, saturday_and_sunday, [122, 153, 230, 360]),
        *(
            (at(-697, 8, 0), year, saturday_and_sunday, [1, 121, 152, 229, 359])
            for year in (2025, 2026, 2027)
        ),
    ]
