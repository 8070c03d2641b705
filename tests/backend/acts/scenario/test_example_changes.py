"""The example's guarantees, amendments, disputes and stops, as the chain has them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.sukamaju import at

from backend.acts.scenario import Scenario
from backend.chain.identity import budget_line_id, bytes32_to_code
from backend.chain.reader import View, read

PERFORMANCE, ADVANCE = 0, 1  # GuaranteeKind


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
