"""Contracts as releases."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.published import (
    CHAIN,
    SUPPLIER,
    amendment,
    at,
    contract,
    deduction,
    guarantee,
    milestone,
    mxn,
    party,
    payment,
)
from support.standard import findings, needs_standard, package

from backend.ocds.packages import to_json
from backend.ocds.releases import contract_status, releases_of
from backend.queries.records import PublishedContract


def release(**changes: Any) -> Any:
    (found,) = releases_of(contract(**changes), CHAIN)
    return found


def paid(number: int, **changes: Any) -> Any:
    return milestone(number, status="paid", accepted_at=at(2), **changes)


def test_a_contract_without_anything_is_its_parties_and_its_value() -> None:
    found = release()
    assert found.pop("id").startswith("ocds-abc123-1-12-8-")
    assert found == {
        "ocid": "ocds-abc123-1",
        "date": "2024-03-09T00:00:00Z",
        "tag": ["award", "contract"],
        "initiationType": "tender",
        "parties": [
            {
                "id": "GOV-B",
                "name": "City",
                "identifier": {"scheme": "GOV", "id": "B"},
                "roles": ["buyer"],
            },
            {
                "id": "RFC-S",
                "name": "Supplier",
                "identifier": {"scheme": "RFC", "id": "S"},
                "roles": ["supplier"],
            },
        ],
        "buyer": {"id": "GOV-B", "name": "City"},
        "awards": [
            {
                "id": "C1",
                "title": "Bridge",
                "status": "active",
                "suppliers": [{"id": "RFC-S", "name": "Supplier"}],
            }
        ],
        "contracts": [
            {
                "id": "C1",
                "awardID": "C1",
                "title": "Bridge",
                "status": "active",
                "value": {"amount": mxn(100_000).decimal, "currency": "MXN"},
            }
        ],
    }


def test_a_payment_says_when_how_much_from_whom_to_whom_and_where_it_is_on_the_chain() -> None:
    found = release(
        milestones=[
            paid(0, title="Foundation", source_id="EST-1", source_date="2024-03-01T18:00:00-06:00")
        ],
        payments=[payment(0, 1_050, at(2))],
    )
    assert found["contracts"][0]["implementation"] == {
        "transactions": [
            {
                "id": "EST-1",
                "date": "2024-03-01T18:00:00-06:00",
                "value": {"amount": mxn(1_050).decimal, "currency": "MXN"},
                "payer": {"id": "GOV-P", "name": "Treasury"},
                "payee": {"id": "RFC-S", "name": "Supplier"},
                "uri": "urn:termin:event:2026:0xabc:3",
                "relatedImplementationMilestone": {"id": "EST-1", "title": "Foundation"},
            }
        ],
        "milestones": [
            {
                "id": "EST-1",
                "title": "Foundation",
                "type": "payment",
                "dateMet": "2024-03-01T18:00:00-06:00",
                "status": "met",
            }
        ],
    }
    assert [party["roles"] for party in found["parties"]] == [
        ["buyer"],
        ["supplier", "payee"],
        ["payer"],
    ]
    assert found["tag"] == ["award", "contract", "implementation"]


def test_a_buyer_that_pays_itself_is_one_party_with_two_roles() -> None:
    buyer = party("B", "City", "GOV")
    found = release(payer=buyer, milestones=[paid(0)], payments=[payment(0, 1, at(2))])
    assert [(each["id"], each["roles"]) for each in found["parties"]] == [
        ("GOV-B", ["buyer", "payer"]),
        ("RFC-S", ["supplier", "payee"]),
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("scheduled", "scheduled"),
        ("submitted", "scheduled"),
        ("inspected", "scheduled"),
        ("rejected", "scheduled"),
        ("paid", "met"),
        ("owed", "met"),
        ("cancelled", "notMet"),
        ("disputed", "scheduled"),
        ("partly-accepted", "partiallyMet"),
    ],
)
def test_the_status_of_a_milestone_is_one_of_the_codelist(status: str, expected: str) -> None:
    found = release(milestones=[milestone(0, status=status, due_at=at(20))])
    assert found["contracts"][0]["implementation"]["milestones"] == [
        {"id": "12-0", "type": "payment", "dueDate": "2024-03-20T00:00:00Z", "status": expected}
    ]


@pytest.mark.parametrize(
    ("status", "milestones", "expected"),
    [
        ("signed", [milestone(0)], "pending"),
        ("active", [paid(0)], "active"),
        ("closed", [paid(0), milestone(1, status="cancelled")], "terminated"),
        ("closed", [milestone(0, status="cancelled")], "cancelled"),
        ("closed", [], "cancelled"),
        ("completed", [paid(0)], "active"),
        ("terminated", [paid(0), milestone(1)], "terminated"),
        ("terminated", [milestone(0)], "cancelled"),
    ],
)
def test_the_status_of_a_contract_is_one_of_the_codelist(
    status: str, milestones: list[Any], expected: str
) -> None:
    assert contract_status(contract(status=status, milestones=milestones)) == expected


def test_a_closed_contract_is_tagged_as_terminated() -> None:
    assert release(status="closed")["tag"] == ["award", "contract", "contractTermination"]


def test_ids_are_unique_where_documents_repeat_themselves() -> None:
    found = release(
        milestones=[paid(0, source_id="E"), paid(1, source_id="E"), paid(2, source_id="12-1")],
        payments=[payment(number, 1, at(2)) for number in (2, 0, 1)],
    )["contracts"][0]["implementation"]
    assert [each["id"] for each in found["milestones"]] == ["E", "12-1", "12-2"]
    assert [each["id"] for each in found["transactions"]] == ["12-1", "E", "12-1#2"]


def test_participants_that_look_alike_stay_apart() -> None:
    alike = party("B-C", "Two", scheme="A"), party("C", "One", scheme="A-B")
    found = release(supplier=alike[0], buyer=alike[1])
    assert found["buyer"] == {"id": "A-B-C", "name": "One"}
    assert found["awards"][0]["suppliers"] == [{"id": "A-B-C#2", "name": "Two"}]
    assert [each["identifier"] for each in found["parties"]] == [
        {"scheme": "A-B", "id": "C"},
        {"scheme": "A", "id": "B-C"},
    ]


def test_all_suppliers_are_named_each_once() -> None:
    others = [
        {"scheme": "RFC", "identifier": "X", "name": "Partner"},
        {"scheme": "RFC", "identifier": "S", "name": "The lead again"},
        {"scheme": "RFC", "identifier": "X", "name": "Partner again"},
        {"scheme": "RFC", "identifier": "Y"},
    ]
    found = release(content={"otherSuppliers": others, "description": "A bridge"})
    assert found["awards"][0]["suppliers"] == [
        {"id": "RFC-S", "name": "Supplier"},
        {"id": "RFC-X", "name": "Partner"},
        {"id": "RFC-Y"},
    ]
    assert found["contracts"][0]["description"] == "A bridge"


def test_an_amendment_says_why_and_what_it_changes() -> None:
    changes = amendment(
        2,
        content={"type": "note", "text": "Rock in the ground"},
        previous_value=mxn(100),
        value=mxn(250),
        ends_at=at(30),
        milestones=3,
    )
    found = release(amendments=[changes, amendment(3, reason=None)])
    assert found["contracts"][0]["amendments"] == [
        {
            "id": "2",
            "date": "2024-03-05T00:00:00Z",
            "rationale": "additional-work: Rock in the ground",
            "description": "value raised from 1.00 to 2.50 MXN; end of the work moved to "
            "2024-03-30T00:00:00Z; milestones added: 3",
        },
        {"id": "3", "date": "2024-03-05T00:00:00Z"},
    ]


def test_names_that_are_not_published_are_left_out_and_the_figures_stay() -> None:
    found = release(
        title=None,
        buyer=party("B", scheme="GOV"),
        supplier=party("S"),
        milestones=[paid(0)],
        payments=[payment(0, 1_050, at(2), payee=party("S"))],
    )
    assert found["buyer"] == {"id": "GOV-B"}
    assert found["parties"][1] == {
        "id": "RFC-S",
        "identifier": {"scheme": "RFC", "id": "S"},
        "roles": ["supplier", "payee"],
    }
    assert found["awards"] == [{"id": "C1", "status": "active", "suppliers": [{"id": "RFC-S"}]}]
    (transaction,) = found["contracts"][0]["implementation"]["transactions"]
    assert transaction["id"] == "12-0"
    assert transaction["date"] == "2024-03-02T00:00:00Z"
    assert transaction["payee"] == {"id": "RFC-S"}


def test_another_name_makes_another_release_id() -> None:
    named, unnamed = release(), release(supplier=party("S"))
    assert named["id"] != unnamed["id"]
    assert named["id"] == release()["id"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
others = st.lists(
    json_values
    | st.fixed_dictionaries(
        {"scheme": json_values, "identifier": st.text(max_size=3), "name": json_values}
    ),
    max_size=4,
)
contents = st.fixed_dictionaries(
    {"description": json_values, "otherSuppliers": json_values | others, "text": json_values}
)


@st.composite
def contracts(draw: st.DrawFn) -> PublishedContract:
    """Contracts with whatever documents may say, and whatever may have happened."""
    texts = st.none() | st.text(min_size=1, max_size=5)
    statuses = ["scheduled", "rejected", "paid", "owed", "cancelled"]
    milestones = []
    for number in range(draw(st.integers(0, 4))):
        status = draw(st.sampled_from(statuses))
        milestones.append(
            milestone(
                number,
                title=draw(texts),
                source_id=draw(texts | st.sampled_from(["12-0", "12-1", "E"])),
                source_date=draw(texts),
                status=status,
                accepted_at=at(2) if status in {"paid", "owed"} else None,
            )
        )
    payees = [SUPPLIER, party("X", draw(texts)), party("S", draw(texts), "GOV")]
    payments = [
        payment(
            each.number,
            draw(st.integers(0, 2**128 - 1)),
            at(2) + timedelta(seconds=draw(st.integers(0, 9))),
            payee=draw(st.sampled_from(payees)),
        )
        for each in milestones
        if each.status == "paid"
    ]
    return contract(
        title=draw(texts),
        content=draw(contents),
        status=draw(st.sampled_from(["signed", "active", "closed"])),
        milestones=milestones,
        payments=payments,
        amendments=[amendment(1, content=draw(contents), value=mxn(draw(st.integers(100, 10**9))))],
    )


@given(contracts())
def test_whatever_documents_say_ids_are_unique_and_every_reference_is_a_party(
    found: PublishedContract,
) -> None:
    (made,) = releases_of(found, CHAIN)
    to_json(made)
    ids = [each["id"] for each in made["parties"]]
    implementation = made["contracts"][0].get("implementation", {})
    transactions = implementation.get("transactions", [])
    references = [made["buyer"], *made["awards"][0]["suppliers"]]
    references += [each[side] for each in transactions for side in ("payer", "payee")]
    assert {each["id"] for each in references} == set(ids)
    for some in (ids, [each["id"] for each in transactions]):
        assert len(set(some)) == len(some)
    milestones = [each["id"] for each in implementation.get("milestones", [])]
    assert len(set(milestones)) == len(found.milestones) == len(milestones)
    assert [each["value"]["amount"] for each in transactions] == [
        each.net.decimal for each in found.payments
    ]


@needs_standard
def test_the_validator_would_tell() -> None:
    """That `findings` finds: a field that is not of the standard, a code, and a wrong type."""
    made = release()
    made["contracts"][0] |= {"vendor": "x", "status": "paid", "title": 3}
    assert sorted(findings(package(made))) == [
        "additional_closed_codelist_values",
        "additional_fields",
        "validation_errors",
    ]


def test_each_part_that_left_is_a_transaction_of_its_own() -> None:
    parts = [deduction(0, "tax", 200), deduction(1, "direct-payment", 300, paid_at=None)]
    made = payment(0, 500, at(2), gross=mxn(1_000), deductions=parts)
    found = release(milestones=[paid(0, title="Foundation")], payments=[made])
    transactions = found["contracts"][0]["implementation"]["transactions"]
    assert [
        (each["id"], each["payee"]["name"], each["value"]["amount"]) for each in transactions
    ] == [
        ("12-0", "Supplier", mxn(500).decimal),
        ("12-0-tax", "Tax office", mxn(200).decimal),
    ]
    assert {each["relatedImplementationMilestone"]["id"] for each in transactions} == {"12-0"}


def test_what_belongs_to_no_milestone_is_named_by_what_it_rests_on() -> None:
    found = release(payments=[payment(None, 500, at(2), basis="advance")])
    (transaction,) = found["contracts"][0]["implementation"]["transactions"]
    assert transaction["id"] == "12-advance"
    assert "relatedImplementationMilestone" not in transaction


def test_delay_is_a_failure_of_performance() -> None:
    late = payment(0, 900, at(12), damages=mxn(100), carried=mxn(50), late_days=10)
    milestones = [paid(0, due_at=at(1))]
    found = release(milestones=milestones, payments=[late])["contracts"][0]["implementation"]
    assert found["performanceFailures"] == [
        {
            "id": "12-0-0",
            "category": "delay",
            "events": 10,
            "period": {"startDate": "2024-03-01T00:00:00Z", "endDate": "2024-03-02T00:00:00Z"},
            "penaltyImposed": "1.00 MXN withheld, 0.50 MXN carried forward",
            "penaltyPaid": False,
        }
    ]


def test_guarantees_say_what_they_secure() -> None:
    given = [guarantee(1, "performance", 500), guarantee(2, "advance", 700)]
    found = release(guarantees=given)["contracts"][0]["guarantees"]
    assert found[0] == {
        "id": "1",
        "obligations": "fulfillment",
        "date": "2024-03-01T00:00:00Z",
        "value": {"amount": mxn(500).decimal, "currency": "MXN"},
        "period": {"startDate": "2024-03-01T00:00:00Z", "endDate": "2024-03-31T00:00:00Z"},
    }
    assert found[1]["obligations"] == "prepaid"


def test_a_closed_contract_says_when_it_ended_and_what_it_came_to() -> None:
    made = payment(0, 500, at(2), deductions=[deduction(0, "tax", 200)])
    found = release(status="closed", ended_at=at(8), milestones=[paid(0)], payments=[made])
    implementation = found["contracts"][0]["implementation"]
    assert implementation["endDate"] == "2024-03-08T00:00:00Z"
    assert implementation["finalValue"] == {"amount": mxn(700).decimal, "currency": "MXN"}


@needs_standard
def test_all_fields_of_the_extensions_are_valid() -> None:
    made = payment(
        0, 700, at(12), damages=mxn(100), late_days=3, deductions=[deduction(0, "tax", 200)]
    )
    found = release(
        status="closed",
        ended_at=at(8),
        guarantees=[guarantee(1, "retention", 500)],
        milestones=[paid(0, due_at=at(1))],
        payments=[made],
        amendments=[amendment(1)],
    )
    assert found["tag"] == [
        *("award", "contract", "contractAmendment", "implementation", "contractTermination")
    ]
    assert findings(json.loads(to_json(package(found)))) == {}
