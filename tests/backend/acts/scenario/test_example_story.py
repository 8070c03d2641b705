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
    "MilestonePartlyAccepted",
    "MilestoneDisapproved",
    "MilestoneRejected",
    "DisputeOpened",
    "PaymentMade",
    "PaymentOwed",
    "ClaimPaid",
)
PERFORMANCE, ADVANCE, RETENTION = 0, 1, 2  # GuaranteeKind
CONVENIENCE, BY_AGREEMENT, DEFAULT, LAPSE = 1, 2, 3, 4  # Ground
SILENCE = 3  # Basis


def at(day: int, hour: int, minute: int) -> int:
    """Unix seconds of a local time, so many days from 2 March 2026."""
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=WIB) + timedelta(day)
    return int(moment.timestamp())


def acts_on(agreement: Any, milestone: int) -> list[tuple[int, str]]:
    """What happened to a milestone, which counts from 1."""
    found = agreement.named(*ACTS)
    return [(time, name) for time, name, values in found if values["milestone"] == milestone - 1]


def codes(agreement: Any, name: str, key: str = "reason") -> list[tuple[int, str]]:
    """Time and coded reason of each event of a name."""
    return [(time, bytes32_to_code(values[key])) for time, _, values in agreement.named(name)]


def test_nothing_is_dated_after_the_day_before_the_run(played: Any) -> None:
    assert played.time("latest") == at(-2, 10, 0)
    assert datetime.fromtimestamp(played.time("latest"), UTC) < datetime(2026, 3, 1, 17, tzinfo=UTC)


# --- Work ---


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


# --- Changes ---


def test_a_guarantee_that_lapsed_was_replaced(played: Any, example: Scenario) -> None:
    recorded = played.agreement(example, "KTR-PUPR-001").named("GuaranteeRecorded")
    assert [(time, v["kind"], v["amount"], v["expiresAt"]) for time, _, v in recorded] == [
        (at(-632, 10, 0), PERFORMANCE, 6_000_000_000_000, at(-225, 16, 0)),
        (at(-632, 10, 10), ADVANCE, 18_000_000_000_000, at(430, 16, 0)),
        (at(-208, 10, 0), PERFORMANCE, 6_000_000_000_000, at(430, 16, 0)),
    ]


def test_an_amendment_changes_removes_and_adds_milestones(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-005")
    assert [time for time, _, _ in agreement.named("AmendmentSigned")[:3]] == [
        *(at(-150, 13, 20), at(-149, 9, 0), at(-147, 10, 0))
    ]
    time, _, enacted = agreement.named("AmendmentEnacted")[0]
    assert (time, bytes32_to_code(enacted["reason"])) == (at(-144, 9, 30), "additional-work")
    assert (enacted["previousValue"], enacted["value"]) == (2_150_000_000_000, 2_343_500_000_000)
    assert enacted["endsAt"] == at(15, 16, 0)
    funded = [(time, values["amount"]) for time, _, values in agreement.named("AgreementFunded")]
    assert funded == [
        (at(-206, 9, 0), 2_150_000_000_000),
        (at(-144, 9, 30), 193_500_000_000),
    ]
    assert [(each["amount"], each["dueAt"]) for each in agreement.milestones[2:]] == [
        (800_000_000_000, at(12, 16, 0)),
        (107_500_000_000, at(-10, 16, 0)),
        (253_500_000_000, at(-32, 16, 0)),
    ]
    ((cancelled_at, _, cancelled),) = agreement.named("MilestoneCancelled")
    assert (cancelled_at, cancelled["milestone"]) == (at(-144, 9, 30), 3)
    assert cancelled["amount"] == 107_500_000_000


def test_an_amendment_that_needs_no_money_takes_effect_with_the_last_signature(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-005")
    time, _, enacted = agreement.named("AmendmentEnacted")[1]
    assert (time, bytes32_to_code(enacted["reason"])) == (at(-59, 9, 30), "payee-change")
    _, _, proposed = agreement.named("AmendmentProposed")[1]
    assert proposed["by"] == example.people.member("marga").id
    _, _, changed = agreement.named("MilestoneChanged")[-1]
    assert (changed["milestone"], changed["amount"]) == (4, 253_500_000_000)
    assert (changed["payee"], changed["dueAt"]) == (
        example.people.member("aspal").id,
        at(-32, 16, 0),
    )


def test_above_the_cap_the_authority_signs_on_a_legal_ground(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-009")
    signed = [values["by"] for _, _, values in agreement.named("AmendmentSigned")]
    signatories = (
        *("dinas-pu/ppk-jalan", "dinas-pu/pphp-1", "dinas-pu/pengguna-anggaran"),
        "nusantara",
    )
    assert signed == [example.people.member(each).id for each in signatories]
    ((time, _, enacted),) = agreement.named("AmendmentEnacted")
    assert time == at(-65, 9, 30)
    assert bytes32_to_code(enacted["legalGround"]) == "perpres-16-2018-pasal-54"
    assert (enacted["previousValue"], enacted["value"]) == (400_000_000_000, 480_000_000_000)


def test_an_amendment_waits_for_its_supplier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DISDIK-001")
    ((time, _, proposed),) = agreement.named("AmendmentProposed")
    assert time == at(-8, 11, 0)
    terms = proposed["terms"]
    assert (terms["increase"], terms["endsAt"], terms["validUntil"]) == (
        *(0, at(18, 16, 0), at(10, 16, 0)),
    )
    ((_, _, signed),) = agreement.named("AmendmentSigned")
    assert signed["by"] == proposed["by"]
    assert agreement.named("AmendmentEnacted") == []


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


# --- Conflicts ---


def test_a_dispute_is_settled_when_both_offer_the_same(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-002")
    offers = [(time, v["amount"]) for time, _, v in agreement.named("SettlementOffered")]
    assert offers == [
        (at(-64, 9, 0), 43_000_000_000),
        (at(-63, 10, 0), 40_000_000_000),
        (at(-61, 9, 0), 40_000_000_000),
    ]
    ((time, _, settled),) = agreement.named("DisputeSettled")
    assert (time, settled["amount"], settled["rest"]) == (
        *(at(-61, 9, 0), 40_000_000_000, 6_875_000_000),
    )
    assert agreement.milestones[0]["amount"] == 540_000_000_000


@pytest.mark.parametrize(
    ("contract_id", "milestone", "opened", "by", "ruled", "amount", "rest"),
    [
        (
            *("KTR-DISDIK-003", 2, (at(-56, 9, 0), "pelita")),
            *("layanan-sengketa/majelis", at(-30, 10, 0), 97_200_000_000, 10_800_000_000),
        ),
        # Nobody ruled in time, and half is the agreed default.
        (
            *("KTR-KOMINFO-002", 1, (at(-82, 10, 0), "dinas-kominfo/pphp-1")),
            *(None, at(-48, 9, 0), 24_000_000_000, 24_000_000_000),
        ),
    ],
)
def test_a_dispute_is_ruled(
    played: Any,
    example: Scenario,
    contract_id: str,
    milestone: int,
    opened: tuple[int, str],
    by: str | None,
    ruled: int,
    amount: int,
    rest: int,
) -> None:
    agreement = played.agreement(example, contract_id)
    ((opened_at, _, dispute),) = agreement.named("DisputeOpened")
    assert (opened_at, dispute["by"]) == (opened[0], example.people.member(opened[1]).id)
    ((time, _, ruling),) = agreement.named("DisputeRuled")
    arbiter = example.people.member(by).id if by else bytes(32)
    assert (time, ruling["milestone"], ruling["by"]) == (ruled, milestone - 1, arbiter)
    assert (ruling["amount"], ruling["rest"]) == (amount, rest)


def test_auditors_hold_extend_and_lift(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-011")
    auditors = example.people.member("inspektorat/tim-audit").id
    placed = agreement.named("AgreementHoldPlaced")
    assert [(time, v["by"], v["until"]) for time, _, v in placed] == [
        (at(-95, 10, 0), auditors, at(-85, 10, 0)),
        (at(-86, 10, 0), auditors, at(-80, 10, 0)),
    ]
    assert [time for time, _, _ in agreement.named("AgreementHoldLifted")] == [at(-82, 10, 0)]


def test_force_majeure_stops_the_clocks_until_the_committee_resumes(
    played: Any, example: Scenario
) -> None:
    agreement = played.agreement(example, "KTR-PUPR-006")
    ((time, _, suspended),) = agreement.named("AgreementSuspended")
    assert (time, suspended["until"]) == (at(-70, 9, 0), at(-40, 9, 0))
    assert [time for time, _, _ in agreement.named("AgreementResumed")] == [at(-47, 9, 0)]
    paused = View("Agreement", agreement.address, "pausedBetween", (0, at(0, 0, 0)))
    assert read(played.rpc, paused) == 23 * 86_400


# --- Endings ---


def test_retention_comes_back_in_halves(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-002")
    ((completed_at, _, completed),) = agreement.named("AgreementCompleted")
    assert (completed_at, completed["defectsEndAt"]) == (at(-106, 14, 0), at(-16, 14, 0))
    assert [time for time, _, _ in agreement.named("AgreementClosed")] == [at(-14, 11, 0)]
    released = [time for time, _, v in agreement.named("PaymentMade") if v["basis"] == 8]
    assert released == [at(-106, 14, 0), at(-14, 11, 0)]


def test_a_retention_guarantee_lets_the_rest_out_earlier(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-DINKES-001")
    ((_, _, recorded),) = agreement.named("GuaranteeRecorded")
    assert (recorded["kind"], recorded["expiresAt"]) == (RETENTION, at(-20, 16, 0))
    released = [time for time, _, v in agreement.named("PaymentMade") if v["basis"] == 8]
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


# --- Participants and calendar ---


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
