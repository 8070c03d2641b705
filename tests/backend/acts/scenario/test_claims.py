"""Claims of others than the payee of a milestone, in the small story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.acts.scenario import Scenario
from backend.acts.words import NO_MILESTONE

VOTE = "by: [agency/chair, agency/clerk]}"
TAXES = """
    retention: 10 %
    taxes: [{to: taxman, rate: 10 %, base: gross}]"""
TAXMAN = """  taxman:
    scheme: CONTOH
    identifier: "3"
    name: Tax office
    registered: D-90 09:10
    standing:
      - {at: D-60 09:00, standing: suspended, reason: audit, note: Why}
      - {at: D-39 09:00, standing: active, reason: audit-over, note: Why}
budget:
"""
SUSPENDED = """
    standing:
      - {at: D-36 09:00, standing: suspended, reason: audit, note: Why}
      - {at: D-33 09:00, standing: active, reason: audit-over, note: Why}"""
LATER = """
      - {at: D-38 09:00, act: claim, milestone: 1, payee: taxman}
      - {at: D-37 09:00, act: submit, milestone: 2, evidence: E}
      - {at: D-37 10:00, act: inspect, milestone: 2, seen: D-37 09:30, report: R}
      - {at: D-37 11:00, act: accept-offline, milestone: 2, by: [agency/chair, agency/clerk]}
      - {at: D-34 09:00, act: complete}
      - {at: D-32 09:00, act: claim}"""


def test_a_collector_and_the_supplier_claim_what_waited(
    world: Any, tell: Callable[..., Scenario]
) -> None:
    scenario = tell(
        {
            "default_share: 50 %": "default_share: 50 %" + TAXES,
            "budget:\n": TAXMAN,
            "registered: D-90 09:30": "registered: D-90 09:30" + SUSPENDED,
            VOTE: VOTE + LATER,
        }
    )
    world.play(scenario)
    agreement = world.agreement(scenario, "C1")
    member = scenario.people.member
    claimed = [
        (values["milestone"], values["payee"], values["amount"])
        for _, _, values in agreement.named("ClaimPaid")
    ]
    # 10 % of 500.00; and 50.00 retained of each milestone, in two halves at once, as no defects
    # period is agreed.
    assert claimed == [
        (0, member("taxman").id, 5_000),
        (NO_MILESTONE, member("builder").id, 10_000),
    ]
    assert agreement.money["owed"] == 0
    (brought,) = world.transactions(agreement.address, agreement.named("MilestoneApproved")[-1][0])
    # Who is to bring offline signatures is not said, so the supplier does.
    assert brought["from"] == member("builder").signer.address.lower()
