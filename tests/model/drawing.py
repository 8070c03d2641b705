"""Agreements as histories begin with them: conditions, parties and milestones at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from reference.agreement import Agreement
from reference.clocks import Calendar
from reference.ledger import ESCROW, Ledger
from reference.values import (
    DAY,
    NONE,
    Conditions,
    DirectPayment,
    MilestoneTerms,
    Parties,
    Tax,
    TaxBase,
)
from translate import abi
from world import CALENDAR_YEAR, HOLIDAYS, START, SUPPLY, WEEKEND, World

from backend.chain.contract import contract, refusal

MEMBERS = ("first", "second", "third", "fourth")
INSPECTORS = ("surveyor", "engineer")
AMOUNTS = st.one_of(st.integers(0, 30), st.integers(0, 100_000), st.just(2**80))


@dataclass(frozen=True)
class Draft:
    """What an agreement is made of; by names of the world."""

    members: list[str]
    quorum: int
    inspectors: list[str]
    arbiter: str | None
    conditions: Conditions
    milestones: tuple[MilestoneTerms, ...]
    spare: int
    lasts: int


def days(*choices: int) -> st.SearchStrategy[int]:
    """One of some numbers of days, or any other small one."""
    return st.one_of(st.sampled_from(choices), st.integers(0, 40))


@st.composite
def taxes(draw: st.DrawFn, world: World) -> tuple[Tax, ...]:
    """Up to three taxes, as they are levied or as nobody would."""
    menu = [(11, 111), (2, 100), (1, 3), (0, 1), (1, 1)]
    return tuple(
        Tax(world.id[draw(st.sampled_from(["state", "city"]))], *rate, draw(BASES))
        for rate in draw(st.lists(st.sampled_from(menu), max_size=3))
    )


BASES = st.sampled_from(TaxBase)


@st.composite
def conditions(draw: st.DrawFn, world: World, milestones: int) -> Conditions:
    """Conditions that a factory takes."""
    retention = draw(st.sampled_from([0, 500, 500, 3_333]))
    most = 10_000 - retention
    advance = min(draw(st.sampled_from([0, 0, 1_000, 3_333, 10_000])), most)
    recovery = draw(st.sampled_from([advance, max(advance, 5_000), most]))
    direct = st.builds(
        DirectPayment,
        st.integers(0, max(milestones - 1, 0)),
        st.sampled_from([world.id["builder"], world.id["steelworks"]]),
        st.one_of(st.integers(1, 20), st.integers(1, 50_000)),
    )
    return Conditions(
        advance_rate=advance,
        recovery_rate=recovery,
        retention_rate=retention,
        security_rate=draw(st.sampled_from([0, 0, 500])),
        damages_rate=draw(st.sampled_from([0, 1_000, 33_333, 1_000_000, 1_000])),
        damages_cap=draw(st.sampled_from([500, 2_000, 10_000, 0])),
        interest_rate=draw(st.sampled_from([0, 500, 33_333, 500])),
        amendment_cap=draw(st.sampled_from([0, 1_000, 10_000])),
        default_share=draw(st.sampled_from([0, 3_333, 10_000])),
        review_days=draw(days(0, 1, 14)),
        payment_days=draw(days(0, 14)),
        dispute_days=draw(days(0, 10)),
        ruling_days=draw(days(0, 30)),
        hold_days=draw(days(0, 10, 30)),
        suspension_days=draw(days(0, 60)),
        cure_days=draw(days(0, 14)),
        defects_days=draw(days(0, 180)),
        lapse_days=draw(st.sampled_from([1, 90, 360])),
        taxes=draw(taxes(world)),
        direct_payments=tuple(draw(st.lists(direct, max_size=3 if milestones else 0))),
    )


@st.composite
def drafts(draw: st.DrawFn, world: World) -> Draft:
    """An agreement of up to four milestones."""
    members = draw(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=4, unique=True))
    milestone = st.builds(
        MilestoneTerms,
        AMOUNTS,
        st.one_of(st.just(0), st.integers(0, 9 * DAY).map(lambda after: START + after)),
        st.sampled_from([NONE, NONE, world.id["supplier"], world.id["builder"]]),
    )
    milestones = draw(st.lists(milestone, min_size=draw(st.sampled_from([1, 2, 2, 0])), max_size=4))
    return Draft(
        members=members,
        quorum=draw(st.integers(1, len(members))),
        inspectors=draw(st.lists(st.sampled_from(INSPECTORS), max_size=2, unique=True)),
        arbiter=draw(st.sampled_from(["judge", "judge", None])),
        conditions=draw(conditions(world, len(milestones))),
        milestones=tuple(milestones),
        spare=draw(st.one_of(st.just(0), AMOUNTS)),
        lasts=draw(st.one_of(st.just(0), st.integers(1, 400 * DAY))),
    )


def begin(world: World, draft: Draft, now: int) -> tuple[Agreement, str]:
    """Deploy a draft, and give the model of it and the contract's address."""
    parties = _parties(world, draft)
    value = sum(terms.amount for terms in draft.milestones) + draft.spare
    ends_at = now + draft.lasts if draft.lasts else 0
    address = _deploy(world, draft, parties, value, ends_at, now)
    ledger = Ledger(value)
    ledger.balances.update(dict.fromkeys(world.account.values(), 0))
    ledger.balances[world.account["treasury"]] = SUPPLY
    ledger.balances[ESCROW] = 0
    calendar = Calendar()
    calendar.set_year(CALENDAR_YEAR, WEEKEND, HOLIDAYS)
    model = Agreement(
        parties,
        draft.conditions,
        world.directory(),
        calendar,
        ledger,
        now=now,
        ends_at=ends_at,
        milestones=draft.milestones,
    )
    return model, address


def _parties(world: World, draft: Draft) -> Parties:
    return Parties(
        buyer=world.id["buyer"],
        supplier=world.id["supplier"],
        treasury=world.id["treasury"],
        arbiter=world.id[draft.arbiter] if draft.arbiter else NONE,
        committee=tuple(sorted(world.id[name] for name in draft.members)),
        quorum=draft.quorum,
        inspectors=tuple(sorted(world.id[name] for name in draft.inspectors)),
    )


def _deploy(
    world: World, draft: Draft, parties: Parties, value: int, ends_at: int, now: int
) -> str:
    terms: dict[str, Any] = {
        "ocid": "ocds-x-1",
        "contractId": "1",
        "token": world.token,
        "value": value,
        "signedAt": 0,
        "startsAt": 0,
        "endsAt": ends_at,
        "budgetLine": world.line,
        "document": NONE,
        "conditions": abi(draft.conditions),
    }
    by = world.account[draft.members[0]]
    kind, factory = "AgreementFactory", world.factory
    made = world.send(by, kind, factory, now, "create", abi(parties), terms, abi(draft.milestones))
    assert made.refusal is None, refusal(made.refusal)
    address: str = world.ask(kind, factory, "addressOf", "ocds-x-1", "1")
    approve = contract("SettlementToken").call("approve", address, 2**256 - 1)
    world.chain.act(world.account["treasury"], world.token, approve, now)
    return address
