"""The example's submissions, decisions and payments, as the chain has them."""

from __future__ import annotations

from typing import Any

import pytest
from support.sukamaju import acts_on, at, codes

from backend.acts.scenario import Scenario
from backend.chain.identity import bytes32_to_code
from backend.chain.reader import View, read

SILENCE = 3  # Basis


def test_nothing_is_dated_after_the_day_before_the_run(played: Any) -> None:
    assert played.time("latest") == at(-2, 10, 0) < at(0, 0, 0)


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
    assert [code for _, code in codes(agreement, "MilestoneRejected")] == ["incomplete-documents"]


def test_a_rejected_milestone_waits_for_its_supplier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISTAN-001")
    assert acts_on(agreement, 2)[-1] == (at(-4, 10, 40), "MilestoneRejected")
    assert codes(agreement, "MilestoneRejected") == [(at(-4, 10, 40), "dimension-mismatch")]


def test_a_late_milestone_was_due_and_is_not_submitted(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISDIK-001")
    third = agreement.milestones[2]
    assert (third["dueAt"], third["attempt"]) == (at(-12, 16, 0), 0)
    assert acts_on(agreement, 3) == []


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


def test_a_part_is_accepted_and_the_rest_by_signatures_that_the_inspector_brings(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-007")
    assert acts_on(agreement, 1) == [
        (at(-122, 9, 40), "MilestoneSubmitted"),
        (at(-120, 14, 30), "MilestoneAttested"),
        (at(-118, 10, 0), "MilestonePartlyAccepted"),
        (at(-118, 10, 0), "PaymentMade"),
        (at(-112, 9, 0), "MilestoneSubmitted"),
        (at(-111, 14, 0), "MilestoneAttested"),
        (at(-109, 10, 0), "MilestoneApproved"),
        (at(-109, 10, 0), "MilestoneApproved"),
        (at(-109, 10, 0), "PaymentMade"),
    ]
    ((_, _, part),) = agreement.named("MilestonePartlyAccepted")
    assert (part["amount"], part["rest"]) == (250_000_000_000, 26_552_000_000)
    assert bytes32_to_code(part["reason"]) == "coating-unfinished"
    votes = [values["by"] for time, _, values in agreement.named("MilestoneApproved")[:2]]
    members = ("dinas-pu/ppk-air", "dinas-pu/pphp-2")
    assert votes == [example.people.member(each).id for each in members]
    bearer = example.people.member("rekayasa/pengawas-air").signer.address
    (brought,) = played.transactions(agreement.address, at(-109, 10, 0))
    assert brought["from"] == bearer.lower()


def test_silence_accepts_after_the_review(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-003")
    assert acts_on(agreement, 3) == [
        (at(-70, 13, 0), "MilestoneSubmitted"),
        (at(-69, 15, 0), "MilestoneAttested"),
        (at(-52, 9, 0), "PaymentMade"),
    ]
    _, _, paid = agreement.named("PaymentMade")[-1]
    assert (paid["milestone"], paid["basis"]) == (2, SILENCE)


def test_a_suspended_supplier_has_a_claim_that_waits(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-002")
    assert acts_on(agreement, 2)[-2:] == [
        (at(-18, 10, 30), "PaymentOwed"),
        (at(-18, 10, 30), "PaymentMade"),
    ]
    _, _, paid = agreement.named("PaymentMade")[-1]
    assert int(paid["account"], 16) == 0
    supplier = example.people.member("medika").id
    registry = View("ParticipantRegistry", played.made.registry, "get", (supplier,))
    assert read(played.rpc, registry)["standing"] == 2


@pytest.mark.parametrize(
    ("contract_id", "milestone", "owed", "claimed"),
    [
        # Suspended, then reinstated.
        ("KTR-PUPR-008", 1, at(-97, 10, 30), at(-83, 9, 15)),
        # A guarantee had lapsed, then was replaced.
        ("KTR-PUPR-001", 4, at(-215, 13, 30), at(-207, 9, 0)),
    ],
)
def test_a_claim_waited_and_was_paid(
    played: Any, example: Scenario, contract_id: str, milestone: int, owed: int, claimed: int
) -> None:
    agreement = played.agreement(example, contract_id)
    assert acts_on(agreement, milestone)[-3:] == [
        (owed, "PaymentOwed"),
        (owed, "PaymentMade"),
        (claimed, "ClaimPaid"),
    ]


@pytest.mark.parametrize(
    ("contract_id", "milestone", "payee"),
    [
        # As agreed at signature, and as changed by amendment.
        ("KTR-PUPR-001", 3, "nusantara"),
        ("KTR-PUPR-005", 5, "aspal"),
    ],
)
def test_a_payment_to_another_than_the_supplier(
    played: Any, example: Scenario, contract_id: str, milestone: int, payee: str
) -> None:
    made = played.agreement(example, contract_id).named("PaymentMade")
    (paid,) = (values for _, _, values in made if values["milestone"] == milestone - 1)
    member = example.people.member(payee)
    assert (paid["payee"], paid["account"]) == (member.id, member.signer.address)


def test_a_subcontractor_is_paid_directly(played: Any, example: Scenario) -> None:
    deductions = played.agreement(example, "KTR-PUPR-002").named("DeductionPaid")
    (direct,) = (values for _, _, values in deductions if values["part"] == 2)
    member = example.people.member("aspal")
    assert (direct["recipient"], direct["account"]) == (member.id, member.signer.address)
    assert (direct["milestone"], direct["amount"]) == (2, 360_000_000_000)


def test_a_contract_just_signed_is_funded_and_secured(played: Any, example: Scenario) -> None:
    events = played.agreement(example, "KTR-DINKES-003").events
    assert [name for _, name, _ in events] == [
        "MilestonesScheduled",
        "AgreementSigned",
        "AgreementFunded",
        "AgreementActivated",
        "DecisionApproved",
        "DecisionApproved",
        "GuaranteeRecorded",
    ]


def test_another_legal_person_inspects(played: Any, example: Scenario) -> None:
    attested = played.agreement(example, "KTR-PUPR-001").named("MilestoneAttested")
    consultant = example.people.member("rekayasa/pengawas-jalan").id
    auditors = example.people.member("inspektorat/tim-probity").id
    assert [values["by"] for _, _, values in attested] == [*[consultant] * 3, auditors, consultant]
