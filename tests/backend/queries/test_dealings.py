"""With whom a buyer or a supplier deals, how punctually, and how it is amended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.story import DAY, NOW, START, Story
from support.works import Works

from backend.db.session import Database
from backend.queries.contract_pages import contracts
from backend.queries.dealings import Punctuality, dealers, dealings, punctuality
from backend.queries.filters import ContractFilter

WHEN = datetime.fromtimestamp(NOW, UTC)


def test_shares_of_a_buyer_and_of_a_supplier(story: Story, indexed: Database) -> None:
    city, jose = story.people["city"].hex, story.people["jose"].hex
    with indexed.reading() as session:
        (bought,) = dealings(session, "buyer", city)
        sold = dealings(session, "supplier", jose)
        assert dealings(session, "supplier", city) == []
    assert [
        (p.party.label, p.contracts, p.value.amount, p.paid.amount) for p in bought.partners
    ] == [
        ("PT Karya Jaya", 5, "1112.01", "103.50"),
        ("José Ñandú 100%_ S.A.", 1, "8.75", "3.75"),
    ]
    assert (bought.contracts, bought.amended, bought.amendments) == (6, 1, 1)
    assert (bought.original_value.amount, bought.value.amount) == ("1119.51", "1120.76")
    assert bought.paid.amount == "107.25"
    assert [(row.currency, row.partners[0].party.label) for row in sold] == [
        ("MXN", "Kabupaten Sukamaju"),
        ("JPY", "XX-TEST B-2"),
    ]


def test_punctuality_counts_what_was_reported_late(works: Works, worked: Database) -> None:
    buyer = works.people["city"]
    with worked.reading() as session:
        assert punctuality(session, "buyer", buyer.hex) == Punctuality(7, 5, 18)
        assert punctuality(session, "supplier", buyer.hex) == Punctuality(0, 0, 0)


def test_dealers_by_name_or_none_where_they_are_many(indexed: Database) -> None:
    with indexed.reading() as session:
        assert [p.label for p in dealers(session, "supplier", 2)] == [
            "José Ñandú 100%_ S.A.",
            "PT Karya Jaya",
        ]
        assert dealers(session, "supplier", 1) == []


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"late": True, "late_over": 30}, ["road", "school"]),
        ({"late": True, "late_over": 379}, ["road"]),
        ({"late": True, "late_over": 380}, []),
        ({"currency": "MXN", "least": 110_000}, ["road"]),
        ({"currency": "MXN", "least": 110_001}, []),
        ({"currency": "MXN", "least": 875, "most": 875}, ["school"]),
        ({"currency": "JPY", "most": 999}, []),
        ({"currency": "JPY", "most": 1_000}, ["clinic"]),
        ({"currency": "KWD", "least": 2**90}, ["bridge"]),
    ],
    ids=str,
)
def test_filters_by_lateness_and_value(
    indexed: Database, wanted: dict[str, Any], names: list[str]
) -> None:
    with indexed.reading() as session:
        page = contracts(session, ContractFilter(**wanted), WHEN, sort="created", order="asc")
    assert [row.contract_id for row in page.items] == names


def test_lateness_is_counted_to_the_second(told: Database) -> None:
    def late(at: int) -> list[str]:
        wanted = ContractFilter(late=True, late_over=30, contract_id="road")
        with told.reading() as session:
            found = contracts(session, wanted, datetime.fromtimestamp(START + at, UTC))
        return [row.contract_id for row in found.items]

    assert late(50 * DAY) == []
    assert late(50 * DAY + 1) == ["road"]
