"""Every turn in the story of the regency of Sukamaju, as the chain has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from backend.acts.scenario import Scenario
from backend.chain.identity import budget_line_id, bytes32_to_code
from backend.chain.reader import View, read

WIB = timezone(timedelta(hours=7))
ACTS = (
    "MilestoneSubmitted",
    "MilestoneAttested",
    "MilestoneApproved",
    "MilestoneDisapproved",
    "MilestoneRejected",
    "PaymentMade",
    "PaymentOwed",
    "ClaimPaid",
)


def at(day: int, hour: int, minute: int) -> int:
    """Unix seconds of a local time, so many days from 2 March 2026."""
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=WIB) + timedelta(day)
    return int(moment.timestamp())


def acts_on(agreement: Any, milestone: int) -> list[tuple[int, str]]:
    """What happened to a milestone, which counts from 1."""
    found = agreement.named(*ACTS)
    return [(time, name) for time, name, values in found if values["milestone"] == milestone - 1]


def test_nothing_is_dated_after_the_day_before_the_run(played: Any) -> None:
    assert played.time("latest") == at(-2, 10, 0)
    assert datetime.fromtimestamp(played.time("latest"), UTC) < datetime(2026, 3, 1, 17, tzinfo=UTC)


def test_finished_contracts_are_closed_as_completed(played: Any, example: Scenario) -> None:
    for contract_id in ("KTR-PUPR-002", "KTR-DINKES-001", "KTR-DISDIK-002"):
        agreement = played.agreement(example, contract_id)
        assert len(agreement.named("AgreementCompleted")) == 1
        ((_, _, closed),) = agreement.named("AgreementClosed")
        account = closed["account"]
        assert (account["cancelled"], account["refunded"], account["released"]) == (0, 0, 0)


def test_a_rejected_milestone_is_submitted_again_and_paid(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-001")
    assert acts_on(agreement, 2) == [
        (at(-68, 9, 0), "MilestoneSubmitted"),
        (at(-67, 15, 30), "MilestoneAttested"),
        (at(-65, 10, 30), "MilestoneDisapproved"),
        (at(-65, 10, 30), "MilestoneDisapproved"),
        (at(-65, 10, 30), "MilestoneRejected"),
        (at(-58, 9, 0), "MilestoneSubmitted"),
        (at(-56, 14, 40), "MilestoneAttested"),
        (at(-55, 11, 0), "MilestoneApproved"),
        (at(-55, 11, 0), "MilestoneApproved"),
        (at(-55, 11, 0), "PaymentMade"),
    ]
    ((_, _, rejected),) = agreement.named("MilestoneRejected")
    assert bytes32_to_code(rejected["reason"]) == "quality-defects"
    note = played.store.read_json(rejected["document"])
    assert note["type"] == "note"
    assert note["text"].startswith("Sambungan nok tidak rapat: uji siram bocor di ruang imunisasi")


def test_without_inspectors_a_rejection_and_acceptance_need_none(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-KOMINFO-001")
    assert [name for _, name in acts_on(agreement, 2)] == [
        "MilestoneSubmitted",
        "MilestoneDisapproved",
        "MilestoneDisapproved",
        "MilestoneRejected",
        "MilestoneSubmitted",
        "MilestoneApproved",
        "MilestoneApproved",
        "PaymentMade",
    ]
    ((_, _, rejected),) = agreement.named("MilestoneRejected")
    assert bytes32_to_code(rejected["reason"]) == "incomplete-documents"


def test_a_rejected_milestone_waits_for_its_supplier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISTAN-001")
    assert acts_on(agreement, 2)[-1] == (at(-4, 10, 40), "MilestoneRejected")
    ((_, _, rejected),) = agreement.named("MilestoneRejected")
    assert bytes32_to_code(rejected["reason"]) == "dimension-mismatch"


def test_a_late_milestone_was_due_and_is_not_submitted(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISDIK-001")
    third = agreement.milestones[2]
    assert (third["dueAt"], third["attempt"]) == (at(-12, 16, 0), 0)
    assert acts_on(agreement, 3) == []


def test_an_amendment_waits_for_its_supplier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISDIK-001")
    ((time, _, proposed),) = agreement.named("AmendmentProposed")
    assert time == at(-8, 11, 0)
    assert (proposed["terms"]["increase"], proposed["terms"]["endsAt"]) == (0, at(18, 16, 0))
    ((_, _, signed),) = agreement.named("AmendmentSigned")
    assert signed["by"] == example.people.member("dinas-pendidikan/ppk").id
    assert agreement.named("AmendmentEnacted") == []


def test_a_submitted_milestone_waits_for_the_inspector(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-006")
    assert acts_on(agreement, 2) == [(at(-3, 10, 20), "MilestoneSubmitted")]
    assert agreement.milestones[1]["dueAt"] == at(4, 16, 0)


def test_a_milestone_waits_for_the_second_of_two_votes(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-007")
    second = agreement.milestones[1]
    assert (second["approvals"].bit_count(), second["rejections"]) == (1, 0)
    _, _, approved = agreement.named("MilestoneApproved")[-1]
    assert (approved["approvals"], approved["quorum"]) == (1, 2)


def test_a_cancelled_contract_returns_what_is_left(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-004")
    ((time, _, ended),) = agreement.named("AgreementTerminated")
    assert (time, bytes32_to_code(ended["reason"])) == (at(-80, 10, 30), "contractor-default")
    ((_, _, closed),) = agreement.named("AgreementClosed")
    assert closed["account"]["cancelled"] == closed["account"]["refunded"] == 182_700_000_000
    token = read(played.rpc, View("AgreementFactory", played.made.factory, "tokenOf", ("IDR",)))
    treasury = example.people.member("dinas-pu/bendahara").signer.address
    held = read(played.rpc, View("SettlementToken", token, "balanceOf", (treasury,)))
    # 1,827 from here; 650, 300, 750 and 100 from KTR-PUPR-103 to 106, in millions of rupiah.
    assert held == 100_000_000 * (1_827 + 650 + 300 + 750 + 100)


def test_an_amendment_signed_by_both_raises_the_value(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-005")
    times = [(time, name) for time, name, _ in agreement.named("AmendmentProposed")]
    assert times == [(at(-150, 13, 20), "AmendmentProposed")]
    ((time, _, signed),) = agreement.named("AmendmentEnacted")
    assert (time, bytes32_to_code(signed["reason"])) == (at(-144, 9, 30), "additional-work")
    assert (signed["previousValue"], signed["value"]) == (2_150_000_000_000, 2_343_500_000_000)
    assert signed["endsAt"] == at(15, 16, 0)
    funded = [(time, values["amount"]) for time, _, values in agreement.named("AgreementFunded")]
    assert funded == [
        (at(-206, 9, 0), 2_150_000_000_000),
        (at(-144, 9, 30), 193_500_000_000),
    ]


def test_a_suspended_supplier_has_a_claim_that_waits(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-002")
    assert acts_on(agreement, 2)[-2:] == [
        (at(-18, 10, 30), "PaymentOwed"),
        (at(-18, 10, 30), "PaymentMade"),
    ]
    supplier = example.people.member("medika").id
    registry = View("ParticipantRegistry", played.made.registry, "get", (supplier,))
    assert read(played.rpc, registry)["standing"] == 2


def test_a_reinstated_supplier_pulled_its_claim(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-008")
    assert acts_on(agreement, 1)[-2:] == [
        (at(-97, 10, 30), "PaymentMade"),
        (at(-83, 9, 15), "ClaimPaid"),
    ]
    ((_, _, owed),) = agreement.named("PaymentMade")
    assert int(owed["account"], 16) == 0
    ((_, _, claimed),) = agreement.named("ClaimPaid")
    assert claimed["amount"] == owed["payment"]["net"] == 97_437_500_000


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


@pytest.mark.parametrize(
    ("contract_id", "milestone", "payee", "amount"),
    [
        ("KTR-PUPR-001", 3, "nusantara", 6_000_000_000_000),
        ("KTR-PUPR-002", 4, "aspal", 360_000_000_000),
    ],
)
def test_a_payment_to_another_than_the_supplier(
    played: Any, example: Scenario, contract_id: str, milestone: int, payee: str, amount: int
) -> None:
    made = played.agreement(example, contract_id).named("PaymentMade")
    (paid,) = (values for _, _, values in made if values["milestone"] == milestone - 1)
    assert (paid["payee"], paid["payment"]["net"]) == (example.people.member(payee).id, amount)


def test_a_contract_just_signed_is_funded_and_nothing_more(played: Any, example: Scenario) -> None:
    events = played.agreement(example, "KTR-DINKES-003").events
    assert [name for _, name, _ in events] == [
        "MilestonesScheduled",
        "AgreementSigned",
        "AgreementFunded",
        "AgreementActivated",
    ]


def test_another_legal_person_inspects(played: Any, example: Scenario) -> None:
    attested = played.agreement(example, "KTR-PUPR-001").named("MilestoneAttested")
    consultant = example.people.member("rekayasa/pengawas-jalan").id
    auditors = example.people.member("inspektorat/tim-probity").id
    assert [values["by"] for _, _, values in attested] == [*[consultant] * 3, auditors, consultant]


def test_a_budget_line_was_raised_for_the_amendment(
    played: Any, example: Scenario, today: date
) -> None:
    told = example.story.budget["jalan-lingkar"]
    token = read(played.rpc, View("AgreementFactory", played.made.factory, "tokenOf", ("IDR",)))
    year = (today - timedelta(210)).year
    line = budget_line_id(example.people.member(told.buyer).id, token, year, told.code)
    appropriated = [
        (time, values["appropriated"])
        for time, name, values in played.events("Budget", played.made.budget)
        if name == "LineAppropriated" and values["line"] == line
    ]
    assert appropriated == [
        (at(-224, 9, 0), 2_200_000_000_000),
        (at(-155, 9, 0), 2_400_000_000_000),
    ]
    details = read(played.rpc, View("Budget", played.made.budget, "get", (line,)))
    assert details["committed"] == 2_343_500_000_000


def receipt(values: dict[str, Any]) -> tuple[int, ...]:
    """The parts of a payment in rupiah: gross, advance, retention, damages, taxes, direct, net."""
    names = ("gross", "advance", "retention", "damages", "taxes", "direct", "net")
    return tuple(values["payment"][name] for name in names)


def test_every_part_of_the_payments_of_a_works_contract(played: Any, example: Scenario) -> None:
    made = played.agreement(example, "KTR-PUPR-101").named("PaymentMade")
    # A stage of 2,500,000,000 rupiah, in sen: 25 % of it recovers the advance, 5 % is retained;
    # taxes are 11/111 and 265/11100 of it, each rounded up to the sen:
    # 24,774,774,774.77 → 24,774,774,775 and 5,968,468,468.47 → 5,968,468,469.
    taxes = 24_774_774_775 + 5_968_468_469
    stage = (250_000_000_000, 62_500_000_000, 12_500_000_000)
    plain = (*stage, 0, taxes, 0, 250_000_000_000 - 75_000_000_000 - taxes)
    # Ten days late at 1/1000 a day are 25,000,000 rupiah; 300,000,000 go to the subcontractor.
    late = (
        *stage,
        2_500_000_000,
        taxes,
        30_000_000_000,
        plain[-1] - 2_500_000_000 - 30_000_000_000,
    )
    found = [receipt(values) for _, _, values in made]
    assert found[0] == (200_000_000_000, 0, 0, 0, 0, 0, 200_000_000_000)  # the advance
    assert found[1] == plain
    assert found[2] == late
    assert made[2][2]["payment"]["lateDays"] == 10
    # Six days more were granted: 15,000,000 rupiah of the 25,000,000 come back.
    assert found[3] == (1_500_000_000, 0, 0, 0, 0, 0, 1_500_000_000)
    assert found[4] == plain
    # The rest of the advance is recovered with the first part of the fourth stage.
    assert found[5][:3] == (200_000_000_000, 12_500_000_000, 10_000_000_000)
    assert found[6][:3] == (50_000_000_000, 0, 2_500_000_000)
    # Half of the 5 % at completion, the rest against a guarantee.
    assert [each[0] for each in found[7:]] == [25_000_000_000, 25_000_000_000]
    for parts in found:
        assert parts[0] == sum(parts[1:])


def test_the_claim_of_a_lapsed_guarantee_is_paid_when_it_is_replaced(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-101")
    assert acts_on(agreement, 3)[-2:] == [
        (at(-55, 10, 0), "PaymentMade"),
        (at(-49, 9, 0), "ClaimPaid"),
    ]


def test_silence_accepts_and_the_buyer_owes_interest(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-102")
    ((_, _, accrued),) = agreement.named("InterestAccrued")
    # 0.05 % a day of 1,000,000,000 rupiah.
    assert accrued["amount"] == accrued["late"] * 50_000_000
    ((_, _, paid),) = agreement.named("InterestPaid")
    assert (paid["amount"], paid["owed"]) == (100_000_000, accrued["amount"] - 100_000_000)
    made = agreement.named("PaymentMade")
    assert [values["basis"] for _, _, values in made] == [3, 1]  # silence, acceptance


def test_disputes_end_by_settlement_ruling_and_default(played: Any, example: Scenario) -> None:
    made = played.agreement(example, "KTR-PUPR-103").named("PaymentMade")
    assert [(values["basis"], values["payment"]["net"]) for _, _, values in made] == [
        (4, 90_000_000_000),
        (5, 95_000_000_000),
        (6, 50_000_000_000),
    ]


def test_default_keeps_the_retention_and_calls_the_guarantees(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-105")
    called = [(v["kind"], v["amount"]) for _, _, v in agreement.named("GuaranteeCalled")]
    # 300 − 120 recovered − 30 of the retention are 150 of the advance, in millions of rupiah.
    assert called == [(1, 15_000_000_000), (0, 7_500_000_000)]
    ((_, _, closed),) = agreement.named("AgreementClosed")
    assert closed["account"]["retentionKept"] == 3_000_000_000
    assert closed["account"]["advanceUnrecovered"] == 15_000_000_000
