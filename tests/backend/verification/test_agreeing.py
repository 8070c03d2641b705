"""An index that says what the chain says."""

from __future__ import annotations

import pytest
from support.story import Story
from support.works import Works

from backend.db.session import Database
from backend.verification.verifying import verify

from .conftest import checked

WORKS = {
    "agreements": 6,
    "milestones": 20,
    "payments": 20,
    "deductions": 12,
    "claims": 3,
    "interest_payments": 1,
    "final_accounts": 4,
    "conditions": 6,
    "taxes": 2,
    "direct_payments": 1,
    "agreement_offices": 13,
    "tokens": 1,
    "budget_lines": 1,
}


def test_the_works(works: Works, indexed_works: Database) -> None:
    done, differences = checked(works.rpc, works, indexed_works)
    assert differences == []
    events = done.rows.pop("events")
    assert (done.rows, done.differences) == (WORKS, 0)
    assert (done.agreements, done.payments, done.logs, done.views) == (6, 20, events, True)
    head = works.rpc.call("eth_getBlockByNumber", "latest", False)
    assert (hex(done.block), done.block_hash) == (head["number"], head["hash"])
    assert done.headers == done.block
    assert done.receipts > 150


def test_the_story(story: Story, indexed: Database) -> None:
    made = story.world.deployment
    with indexed.reading() as session:
        done, found = verify(story.rpc, made, session)
        assert list(found) == []
    assert (done.agreements, done.payments, done.rows["tokens"]) == (8, 8, 3)
    assert done.rows["budget_lines"] == 6


@pytest.mark.parametrize("number", range(1, 7))
def test_one_agreement_of_the_works(works: Works, worked: Database, number: int) -> None:
    done, differences = checked(works.rpc, works, worked, only=number)
    assert differences == []
    assert (done.agreements, done.rows["agreements"]) == (1, 1)
    # Blocks in which nothing matters for it are not read.
    assert 0 < done.receipts < 130
    assert "tokens" not in done.rows


def test_progress_ends_where_the_index_stands(works: Works, worked: Database) -> None:
    told: list[tuple[int, int]] = []
    with worked.reading() as session:
        done, found = verify(
            works.rpc,
            works.world.deployment,
            session,
            progress=lambda now, total: told.append((now, total)),
        )
        assert told == []
        assert list(found) == []
    assert told == sorted(told)
    assert told[-1] == (done.block, done.block)
