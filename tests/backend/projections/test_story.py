"""The rows say what the chain says, to the unit, for agreements in every state."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from support.chain_says import AGREEMENT_STATUSES, MILESTONE_STATUSES, snake
from support.rows import dump
from support.story import DAY, LARGE, START, Story
from support.vocabulary import SUPPLIER, code

from backend.chain.events import EVENTS
from backend.db.base import LAST_MOMENT, Base
from backend.db.models import (
    Agreement,
    AgreementOffice,
    Amendment,
    AmendmentSignature,
    Block,
    BudgetLine,
    Claim,
    EventRow,
    Milestone,
    Participant,
    Payment,
    Token,
)
from backend.db.session import Database
from backend.projections.registry import PROJECTIONS
from backend.queries.history import entry_of

NONE = "0x" + "0" * 64


def hexed(value: bytes) -> str:
    """bytes32 as the index has it."""
    return f"0x{value.hex()}"


def agreement(database: Database, story: Story, name: str) -> Agreement:
    """The row of an agreement."""
    with database.reading() as session:
        return session.get_one(Agreement, story.contracts[name].address)


def milestones(database: Database, story: Story, name: str) -> list[Milestone]:
    """The rows of its milestones."""
    wanted = select(Milestone).where(Milestone.agreement == story.contracts[name].address)
    with database.reading() as session:
        return list(session.scalars(wanted.order_by(Milestone.number)))


def test_every_event_has_a_projection() -> None:
    assert set(PROJECTIONS) == {kind for kinds in EVENTS.values() for kind in kinds}


def test_both_databases_hold_the_same_rows(
    story: Story, told: Database, postgres_database: Database
) -> None:
    from backend.indexer import index_once

    index_once(postgres_database, story.rpc, story.world.deployment, story.store)
    ours, theirs = dump(told), dump(postgres_database)
    assert {name: len(rows) for name, rows in ours.items()} == {
        "cursor": 1,
        "documents": 17,
        "events": 148,
        "blocks": 105,
        "participants": 13,
        "successions": 0,
        "tokens": 3,
        "budget_lines": 6,
        "agreements": 8,
        "agreement_offices": 31,
        "conditions": 8,
        "taxes": 0,
        "direct_payments": 0,
        "amendments": 2,
        "amendment_signatures": 4,
        "amendment_changes": 0,
        "milestones": 16,
        "payments": 8,
        "deductions": 0,
        "claims": 2,
        "interest_payments": 0,
        "guarantees": 0,
        "disputes": 0,
        "settlement_offers": 0,
        "stops": 0,
        "decisions": 1,
        "decision_votes": 2,
        "default_notices": 0,
        "final_accounts": 2,
    }
    assert ours == theirs


def test_money_is_what_the_chain_says(story: Story, indexed: Database) -> None:
    for name, made in story.contracts.items():
        chain = story.world.view("Agreement", made.address, "money")
        row = agreement(indexed, story, name)
        assert {field: getattr(row, snake(field)) for field in chain} == chain, name
        status = story.world.view("Agreement", made.address, "status")
        assert row.status == AGREEMENT_STATUSES[status]
        held = story.world.view("SettlementToken", made.token, "balanceOf", made.address)
        # What is owed is still held; only what is not earned yet is the agreement's own.
        assert row.funded - row.paid - row.refunded == held


def test_milestones_are_what_the_chain_says(story: Story, indexed: Database) -> None:
    for name, made in story.contracts.items():
        chain = story.world.view("Agreement", made.address, "milestones")
        rows = milestones(indexed, story, name)
        assert len(rows) == len(chain) == agreement(indexed, story, name).milestones
        for row, found in zip(rows, chain, strict=True):
            payee = story.world.view("Agreement", made.address, "payeeOf", row.number)
            status = MILESTONE_STATUSES[found["status"]]
            assert (row.amount, row.status, row.payee) == (found["amount"], status, hexed(payee))
            assert row.due_at == (min(found["dueAt"], LAST_MOMENT) or None)
            assert row.accepted == found["accepted"]
            if status not in {"paid", "owed"}:
                # The contract forgets the votes of what is accepted; the events have them.
                assert row.attempt == found["attempt"]
                assert row.approvals == found["approvals"].bit_count()
                assert row.disapprovals == found["rejections"].bit_count()


def test_budget_lines_are_what_the_chain_says(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        rows = session.scalars(select(BudgetLine).order_by(BudgetLine.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    for row in rows:
        line = bytes.fromhex(row.id[2:])
        chain = story.world.view("Budget", story.world.deployment.budget, "get", line)
        assert (row.buyer, row.token) == (hexed(chain["buyer"]), chain["token"])
        assert (row.appropriated, row.committed) == (chain["appropriated"], chain["committed"])
        assert (row.fiscal_year, row.code, row.document) == (2024, "1.2.3", None)


def test_tokens_hold_what_was_issued(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        rows = session.scalars(select(Token).order_by(Token.number)).all()
    assert [(r.currency, r.decimals) for r in rows] == [("MXN", 2), ("JPY", 0), ("KWD", 3)]
    for row in rows:
        supply = story.world.view("SettlementToken", row.address, "totalSupply")
        assert (row.issued, row.redeemed) == (supply, 0)


def test_an_active_agreement(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "road")
    assert (row.number, row.ocid, row.contract_id) == (1, "ocds-road", "road")
    assert row.title == "Road Sukamaju–Cibeureum"
    assert row.document == hexed(story.documents[row.title])
    assert (row.signed_at, row.starts_at) == (START - DAY, START)
    assert row.ends_at == row.original_ends_at == START + 600 * DAY
    assert (row.dated_at, row.created_at) == (START - DAY, START)
    assert (row.activated_at, row.closed_at) == (START + 5 * DAY, None)
    assert (row.supplier_signed_at, row.arbiter) == (START + 5 * DAY, None)
    assert (row.original_value, row.value, row.scheduled) == (110_000, 110_000, 100_050)
    assert (row.milestones, row.milestones_accepted, row.milestones_cancelled) == (4, 1, 0)
    assert (row.payments, row.amendments, row.quorum) == (1, 0, 2)
    people = story.people
    assert row.created_by == story.contracts["road"].members[0].hex
    assert (row.buyer, row.supplier) == (people["city"].hex, people["karya"].hex)
    assert row.treasury == people["treasury"].hex


def test_its_milestones(story: Story, indexed: Database) -> None:
    paid, rejected, waiting, scheduled = milestones(indexed, story, "road")
    later = START + 5 * DAY
    assert (paid.title, paid.source_id) == ("Foundation", "P-1")
    assert paid.source_date == "2024-03-01T09:00:00-06:00"
    assert (paid.scheduled_at, paid.submitted_at, paid.accepted_at) == (START, later, later)
    assert (paid.paid_at, paid.seen_at, paid.rejections) == (later, 631_152_000, 0)
    assert paid.attested_by == story.people["inspector"].hex
    assert (paid.evidence, paid.report) == ("0x" + "01" * 32, "0x" + "02" * 32)
    assert (rejected.rejections, rejected.attempt, rejected.disapprovals) == (2, 2, 2)
    assert rejected.reject_reason == hexed(code("incomplete"))
    assert rejected.reject_document == "0x" + "09" * 32
    assert rejected.evidence == hexed(story.documents["photos incomplete"])
    assert (waiting.status, waiting.approvals) == ("inspected", 1)
    assert (scheduled.due_at, scheduled.submitted_at, scheduled.amendment) == (None, None, None)


def test_a_terminated_agreement(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "dropped")
    assert (row.status, row.termination_ground) == ("closed", "convenience")
    assert row.termination_reason == hexed(code("no-need"))
    assert row.termination_document == "0x" + "55" * 32
    assert (row.scheduled, row.cancelled, row.refunded, row.released) == (300, 400, 600, 600)
    assert (row.milestones_accepted, row.milestones_cancelled) == (1, 1)
    assert row.closed_at == row.terminated_at == START + 5 * DAY
    first, second = milestones(indexed, story, "dropped")
    assert (first.status, first.cancelled_at, first.cancelled) == ("paid", None, 0)
    assert (second.status, second.cancelled_at) == ("cancelled", START + 5 * DAY)
    assert (second.amount, second.accepted, second.cancelled) == (400, 0, 400)


def test_a_completed_agreement(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "clinic")
    assert (row.status, row.terminated_at, row.termination_reason) == ("closed", None, None)
    assert row.completed_at == row.defects_end_at == row.closed_at == START + 5 * DAY
    zero = milestones(indexed, story, "clinic")[1]
    assert (zero.amount, zero.status, zero.paid_at) == (0, "paid", START + 5 * DAY)


def test_an_amended_agreement(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "school")
    assert (row.original_value, row.value, row.amendments, row.proposals) == (750, 875, 1, 2)
    assert (row.original_ends_at, row.ends_at) == (None, START + 900 * DAY)
    assert [m.amendment for m in milestones(indexed, story, "school")] == [None, None, 2]
    with indexed.reading() as session:
        first, second = session.scalars(select(Amendment).order_by(Amendment.number))
        signatures = session.scalars(
            select(AmendmentSignature)
            .where(AmendmentSignature.amendment == 2)
            .order_by(AmendmentSignature.made_block)
        ).all()
    assert (first.status, first.increase, first.ends_at, first.value) == ("void", 10, None, None)
    assert (second.status, second.previous_value, second.value) == ("enacted", 750, 875)
    assert (second.cumulative_increase, second.legal_ground, second.valid_until) == (
        125,
        None,
        None,
    )
    assert (second.reason, second.document) == (hexed(code("additional-work")), "0x" + "44" * 32)
    members = story.contracts["school"].members
    assert [(s.participant, s.side) for s in signatures] == [
        (members[0].hex, "committee"),
        (members[1].hex, "committee"),
        (story.people["jose"].hex, "supplier"),
    ]
    assert second.proposed_by == members[0].hex
    assert (first.signatures, second.signatures) == (1, 3)
    assert (second.milestones, second.changes, second.enacted_at) == (1, 0, START + 5 * DAY)


def test_claims(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "bridge")
    assert (row.paid, row.owed, row.accepted, row.payments) == (LARGE, 7, LARGE + 7, 1)
    found = milestones(indexed, story, "bridge")
    assert [m.status for m in found] == ["paid", "owed", "scheduled"]
    assert [m.owed for m in found] == [0, 7, 0]
    with indexed.reading() as session:
        payments = session.scalars(select(Payment).order_by(Payment.number)).all()
        claims = session.scalars(select(Claim).order_by(Claim.milestone)).all()
    assert [(p.number, p.gross, p.net, p.status, p.claimed) for p in payments] == [
        (1, 10_050, 10_050, "paid", False),
        (2, 1_000, 1_000, "paid", False),
        (3, 0, 0, "paid", False),
        (4, 250, 250, "paid", False),
        (5, 125, 125, "paid", False),
        (6, LARGE, LARGE, "paid", True),
        (7, 7, 7, "owed", False),
        (8, 300, 300, "paid", False),
    ]
    sub, karya = story.people["sub"], story.people["karya"]
    assert (payments[3].payee, payments[3].account) == (sub.hex, sub.account)
    assert (payments[5].account, payments[6].account) == (karya.account, None)
    assert (payments[5].paid_at, payments[6].paid_at) == (START + 5 * DAY, None)
    assert payments[5].changed_block > payments[5].made_block
    assert [(c.milestone, c.payee, c.owed, c.paid) for c in claims] == [
        (0, karya.hex, 0, LARGE),
        (1, karya.hex, 7, 0),
    ]


def test_dates_that_no_calendar_has(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "forever")
    assert (row.signed_at, row.starts_at, row.ends_at) == (LAST_MOMENT,) * 3
    (milestone,) = milestones(indexed, story, "forever")
    assert milestone.due_at == LAST_MOMENT
    with indexed.reading() as session:
        created = session.scalars(
            select(EventRow).where(
                EventRow.agreement == row.address, EventRow.name == "AgreementCreated"
            )
        ).one()
    assert entry_of(created, 0).arguments["terms"]["signedAt"] == str(2**40 - 1)


def test_an_agreement_of_nothing(story: Story, indexed: Database) -> None:
    row = agreement(indexed, story, "empty")
    assert (row.status, row.value, row.milestones) == ("active", 0, 0)
    assert row.activated_at == row.created_at
    assert (row.title, row.title_key) == (None, "empty")


def test_participants(story: Story, indexed: Database) -> None:
    people = story.people
    with indexed.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Participant))}
    city, member = rows[people["city"].hex], rows[people["member0"].hex]
    assert (city.number, city.scheme, city.identifier) == (1, "XX-TEST", "B-1")
    assert (city.account, city.organization, city.roles) == (None, None, 1)
    assert (city.name, city.name_key) == ("Kabupaten Sukamaju", "kabupaten sukamaju")
    assert (member.organization, member.account) == (city.id, people["member0"].account)
    assert member.name == "Dinas Pekerjaan Umum"
    assert (rows[people["sub"].hex].roles, rows[people["sub"].hex].name) == (SUPPLIER | 32, None)
    jose = rows[people["jose"].hex]
    assert (jose.standing, jose.standing_document) == ("debarred", "0x" + "33" * 32)
    assert jose.standing_reason == hexed(code("test"))
    assert jose.search == "jose nandu 100%_ s.a.\ns-jose"
    assert rows[people["karya"].hex].standing == "active"


def test_offices_keep_their_order(story: Story, indexed: Database) -> None:
    road = story.contracts["road"]
    wanted = select(AgreementOffice).where(AgreementOffice.agreement == road.address)
    with indexed.reading() as session:
        rows = session.scalars(
            wanted.order_by(AgreementOffice.duty, AgreementOffice.position)
        ).all()
    assert [(row.duty, row.position, row.participant) for row in rows] == [
        *(("committee", i, member.hex) for i, member in enumerate(road.members)),
        ("inspector", 0, road.inspectors[0].hex),
    ]


def test_what_strangers_emit_is_not_there(story: Story, indexed: Database) -> None:
    names = {contract.address for contract in story.contracts.values()}
    core = story.world.deployment
    known = {*names, *story.world.tokens.values(), core.registry, core.budget, core.factory}
    with indexed.reading() as session:
        assert set(session.scalars(select(EventRow.address))) == known
        assert len(session.scalars(select(Payment)).all()) == 8


def test_every_row_names_events_that_are_there(indexed: Database) -> None:
    rows = dump(indexed)
    tables = Base.metadata.tables

    def places(name: str, prefix: str) -> set[tuple[Any, ...]]:
        columns = [c.name for c in tables[name].columns]
        wanted = [columns.index(f"{prefix}{c}") for c in ("block", "transaction", "log_index")]
        return {tuple(row[i] for i in wanted) for row in rows[name]}

    events = places("events", "")
    for name, table in tables.items():
        for prefix in ("made_", "changed_"):
            if f"{prefix}block" in table.columns:
                assert places(name, prefix) <= events, (name, prefix)


def test_the_last_change_is_the_last(story: Story, indexed: Database) -> None:
    def last(address: str, number: int | None) -> tuple[int, int]:
        wanted = select(EventRow.block, EventRow.log_index).where(EventRow.address == address)
        if number is not None:
            about_all = EventRow.name.in_(("MilestonesScheduled", "AgreementClosed"))
            wanted = wanted.where((EventRow.milestone == number) | about_all)
        with indexed.reading() as session:
            row = session.execute(
                wanted.order_by(EventRow.block.desc(), EventRow.log_index.desc())
            ).first()
        assert row is not None
        return row[0], row[1]

    for name, made in story.contracts.items():
        row = agreement(indexed, story, name)
        assert (row.changed_block, row.changed_log_index) == last(made.address, None)
    for number, milestone in enumerate(milestones(indexed, story, "road")):
        place = (milestone.changed_block, milestone.changed_log_index)
        assert place == last(milestone.agreement, number)
    cancelled = milestones(indexed, story, "dropped")[1]
    place = (cancelled.changed_block, cancelled.changed_log_index)
    assert place == last(cancelled.agreement, 1)


@pytest.mark.parametrize("name", ["road", "clinic"])
def test_history_is_complete_and_in_order(story: Story, indexed: Database, name: str) -> None:
    address = story.contracts[name].address
    wanted = select(EventRow.name, EventRow.milestone).where(EventRow.agreement == address)
    with indexed.reading() as session:
        rows = session.execute(wanted.order_by(EventRow.block, EventRow.log_index)).all()
    names = [row[0] for row in rows]
    assert names[:5] == [
        "AgreementCreated",
        "MilestonesScheduled",
        "LineCommitted",
        "AgreementSigned",
        "AgreementFunded",
    ]
    vote = ["MilestoneApproved"] * 2
    if name == "clinic":
        pay = ["MilestoneSubmitted", *vote, "PaymentMade"]
        assert names[5:] == [
            "AgreementActivated",
            *pay,
            *pay,
            "AgreementCompleted",
            "AgreementClosed",
        ]
    else:
        rejection = [
            "MilestoneSubmitted",
            "MilestoneAttested",
            "MilestoneDisapproved",
            "MilestoneDisapproved",
            "MilestoneRejected",
        ]
        assert names[-13:-3] == rejection * 2
        assert [row[1] for row in rows[-13:]] == [1] * 10 + [2] * 3


def test_arguments_are_canonical(story: Story, indexed: Database) -> None:
    payee = story.people["sub"]
    wanted = select(EventRow).where(EventRow.name == "PaymentMade").order_by(EventRow.block)
    with indexed.reading() as session:
        found = [entry_of(row, 0).arguments for row in session.scalars(wanted)]
    parts = {"advance": 0, "carried": 0, "damages": 0, "direct": 0, "gross": 250, "lateDays": 0}
    parts |= {"net": 250, "retention": 0, "taxes": 0}
    payment = ",".join(f'"{name}":"{amount}"' for name, amount in parts.items())
    assert json.dumps(found[3], separators=(",", ":")) == (
        f'{{"account":"{payee.account}","attempt":"1","basis":"1","milestone":"1",'
        f'"payee":"{payee.hex}","payment":{{{payment}}}}}'
    )


def test_logs_stand_in_the_history_as_on_the_chain(story: Story, indexed: Database) -> None:
    whole = story.rpc.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
    places = {(int(log["blockNumber"], 16), int(log["logIndex"], 16)): log for log in whole}
    with indexed.reading() as session:
        rows = session.scalars(select(EventRow)).all()
    for row in rows:
        log = places[row.block, row.log_index]
        assert row.topics.hex() == "".join(topic[2:] for topic in log["topics"])
        assert (f"0x{row.data.hex()}", row.block_hash) == (log["data"], log["blockHash"])
        assert (row.transaction, row.address.lower()) == (log["transactionHash"], log["address"])


def test_blocks_of_events_are_kept_with_all_their_logs(story: Story, indexed: Database) -> None:
    with indexed.reading() as session:
        blocks = session.scalars(select(Block).order_by(Block.number)).all()
        numbers = session.scalars(select(EventRow.block).distinct().order_by(EventRow.block)).all()
    assert [block.number for block in blocks] == list(numbers)
    for block in blocks:
        header = story.rpc.call("eth_getBlockByNumber", hex(block.number), False)
        logs = story.rpc.call("eth_getLogs", {"blockHash": header["hash"]})
        assert (block.hash, block.parent_hash) == (header["hash"], header["parentHash"])
        assert (block.receipts_root, block.timestamp, block.logs) == (
            header["receiptsRoot"],
            int(header["timestamp"], 16),
            len(logs),
        )
