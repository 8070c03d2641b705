"""Each transaction is loaded as it is, or reported: what changed, or why it is skipped."""

from datetime import UTC, datetime
from typing import Any

import pytest

DATE = datetime(2024, 6, 1, tzinfo=UTC)
MEXICAN = {"currency": "MXN"}


def of(sources: Any, *transactions: Any, options: Any = None, **changes: Any) -> Any:
    contract = sources.contract(*transactions, **changes)
    return sources.read(sources.release(contract), **(options or {}))


def test_a_payment_is_read_exactly(sources: Any) -> None:
    source = of(sources, sources.payment("EST-1", 4700211.15))
    [payment] = source.contracts[0].payments
    assert payment.id == "EST-1"
    assert payment.date == datetime(2024, 3, 1, 16, tzinfo=UTC)
    assert payment.published_date == "2024-03-01T10:00:00-06:00"
    assert payment.amount == 470021115
    assert payment.payee.key == ("RFC", "SUP010101AAA")
    assert payment.payer is not None
    assert payment.payer.key == ("RFC", "PAY010101AAA")
    assert payment.title == "EST-1"
    assert payment.milestone_id is None
    assert source.findings == ()


@pytest.mark.parametrize(
    ("number", "minor"),
    [
        ("0.07", 7),
        ("100000000000000000.01", 10000000000000000001),
        ("10.500", 1050),
        ("1e2", 10000),
        ('" 12.30 "', 1230),
        ("0", 0),
        ("-0.00", 0),
    ],
)
def test_amounts_never_pass_through_binary_floats(sources: Any, number: str, minor: int) -> None:
    document = sources.release(sources.contract(sources.payment("P1", "?")))
    source = sources.read_bytes(sources.lines(document).replace(b'"?"', number.encode()))
    assert [each.amount for each in source.contracts[0].payments] == [minor]


@pytest.mark.parametrize(
    ("changes", "reason", "value", "currency"),
    [
        (
            {"value": {"amount": -5.00, **MEXICAN}},
            "negative_amount: -5.0 MXN; expected zero or more",
            "-5.0",
            "MXN",
        ),
        (
            {"value": {"amount": 10.005, **MEXICAN}},
            "too_many_digits: 10.005 MXN; expected at most 2 digits after the point",
            "10.005",
            "MXN",
        ),
        (
            {"value": {"amount": 1e40, **MEXICAN}},
            "amount_too_large: 1.000000E+40 MXN; expected at most 792281625142643375935439503.35",
            "1.000000E+40",
            "MXN",
        ),
        (
            {"value": {"amount": "1,000.00", **MEXICAN}},
            "amount_not_a_number: '1,000.00'; expected a number",
            None,
            "MXN",
        ),
        (
            {"value": {"amount": True, **MEXICAN}},
            "amount_not_a_number: 'true or false'; expected a number",
            None,
            "MXN",
        ),
        (
            {"value": {"amount": [1], **MEXICAN}},
            "amount_not_a_number: 'a list'; expected a number",
            None,
            "MXN",
        ),
        ({"value": MEXICAN}, "no_amount: no amount is published", None, "MXN"),
        (
            {"value": 5},
            (
                "payment_without_currency: no currency is published;"
                " expected MXN, the contract's currency"
            ),
            None,
            None,
        ),
        (
            {"value": {"amount": 5, "currency": " usd "}},
            "other_currency: USD; expected MXN, the contract's currency",
            "5",
            "USD",
        ),
        (
            {"value": {"amount": 5, "currency": "pesos"}},
            "unknown_currency: 'PESOS'; expected a code of ISO 4217 such as MXN",
            "5",
            "PESOS",
        ),
        (
            {"value": {"amount": 5, "currency": ["MXN"]}},
            "unknown_currency: 'A LIST'; expected a code of ISO 4217 such as MXN",
            "5",
            "A LIST",
        ),
        (
            {"value": {"amount": 5}},
            (
                "payment_without_currency: no currency is published;"
                " expected MXN, the contract's currency"
            ),
            "5",
            None,
        ),
        ({"date": None}, "payment_without_date: no date is published", "100", "MXN"),
        (
            {"date": "0001-01-01T00:00:00-06:00"},
            (
                "impossible_date: '0001-01-01T00:00:00-06:00';"
                " expected ISO 8601 between 1970-01-01 and 2100-12-31"
            ),
            "100",
            "MXN",
        ),
        (
            {"date": 20240301},
            "impossible_date: 'a number'; expected ISO 8601 between 1970-01-01 and 2100-12-31",
            "100",
            "MXN",
        ),
    ],
)
def test_a_payment_that_cannot_be_exact_is_skipped_with_a_reason(
    sources: Any, changes: Any, reason: str, value: str | None, currency: str | None
) -> None:
    source = of(sources, sources.payment("P1", 1), sources.payment("P2", **changes))
    assert [each.id for each in source.contracts[0].payments] == ["P1"]
    [found] = source.findings
    assert (found.contract_id, found.payment_id, str(found.outcome)) == ("C1", "P2", "skipped")
    assert found.reason == reason
    assert (found.value, found.currency) == (value, currency)
    assert found.paid == (None if currency in (None, "PESOS", "A LIST") else "0.00")


def test_what_is_no_object_is_skipped(sources: Any) -> None:
    source = of(sources, None, "x", sources.payment("P1"))
    assert [(found.payment_id, found.reason) for found in source.findings] == [
        ("payment-1", "not_an_object: transactions: null; expected an object"),
        ("payment-2", "not_an_object: transactions: a text; expected an object"),
    ]
    source = of(sources, implementation={"transactions": sources.payment("P1")})
    assert [(found.payment_id, found.reason) for found in source.findings] == [
        ("payment-1", "not_an_object: transactions: an object; expected a list"),
    ]
    assert [str(reason.code) for reason in source.contracts[0].reasons] == ["all_payments_skipped"]


def test_gaps_are_filled_only_as_asked_for_and_say_so(sources: Any) -> None:
    bare = sources.payment("P1", value={"amount": 7}, date=None, payee=None)
    odd = sources.payment("P2", date="soon")
    options = {"currency": " mxn ", "default_date": datetime(2024, 6, 1)}  # noqa: DTZ001
    source = of(sources, bare, odd, options=options)
    payments = source.contracts[0].payments
    assert [(each.date, each.published_date, each.amount) for each in payments] == [
        (DATE, "", 700),
        (DATE, "", 10000),
    ]
    assert payments[0].payee == source.contracts[0].supplier
    assert [(found.payment_id, str(found.outcome), found.reason) for found in source.findings] == [
        (
            "P1",
            "loaded",
            (
                "default_currency: filled with MXN as asked for"
                " | default_date: filled with 2024-06-01T00:00:00Z as asked for"
                " | payee_not_published: the supplier SUP010101AAA stands in its place"
            ),
        ),
        (
            "P2",
            "loaded",
            (
                "impossible_date: 'soon'; expected ISO 8601 between 1970-01-01 and 2100-12-31"
                " | default_date: filled with 2024-06-01T00:00:00Z as asked for"
            ),
        ),
    ]
    assert [(found.value, found.paid, found.currency) for found in source.findings] == [
        ("7.00", "7.00", "MXN"),
        ("100.00", "100.00", "MXN"),
    ]


def test_a_default_currency_is_no_exchange(sources: Any) -> None:
    bare = sources.payment("P1", value={"amount": 7})
    source = of(sources, bare, options={"currency": "USD"})
    assert [found.reason for found in source.findings] == [
        "other_currency: USD; expected MXN, the contract's currency"
    ]


def test_the_same_payment_again_is_skipped(sources: Any) -> None:
    other_title = sources.payment("P1", 100.00, payer=None)
    source = of(sources, sources.payment("P1", 100), other_title)
    assert [each.id for each in source.contracts[0].payments] == ["P1"]
    assert [(found.payment_id, str(found.outcome), found.reason) for found in source.findings] == [
        (
            "P1",
            "skipped",
            "duplicate_payment: P1 with the same date, amount and payee is there already",
        )
    ]


def test_another_payment_with_the_same_id_gets_one_of_its_own(sources: Any) -> None:
    source = of(
        sources,
        sources.payment("P1", 100),
        sources.payment("P1", 200),
        sources.payment("P1#2", 5),
        sources.payment("P1", 100, date="2024-04-01"),
        sources.payment("P1", 200),
        sources.payment("P1", 100, payee={"id": "RFC-OTHER"}),
    )
    assert {each.id: each.amount for each in source.contracts[0].payments} == {
        "P1": 10000,
        "P1#3": 20000,
        "P1#2": 500,
        "P1#4": 10000,
        "P1#5": 10000,
    }
    assert [(found.payment_id, str(found.outcome)) for found in source.findings] == [
        ("P1#3", "loaded"),
        ("P1#4", "loaded"),
        ("P1", "skipped"),
        ("P1#5", "loaded"),
    ]
    assert (
        source.findings[0].reason
        == "duplicate_id: P1 is also the id of another payment; loaded as P1#3"
    )


def test_a_payment_without_id_gets_one_that_nobody_has(sources: Any) -> None:
    source = of(
        sources,
        sources.payment("payment-3", 1),
        sources.payment("payment-3", 2),
        sources.payment(None, 3),
        sources.payment(" ", 4),
    )
    assert [(each.id, each.amount) for each in source.contracts[0].payments] == [
        ("payment-3", 100),
        ("payment-3#3", 200),
        ("payment-3#2", 300),
        ("payment-4", 400),
    ]
    assert [(found.payment_id, found.reason) for found in source.findings[1:]] == [
        ("payment-3#2", "no_payment_id: no id is published; loaded as payment-3#2"),
        ("payment-4", "no_payment_id: no id is published; loaded as payment-4"),
    ]


def test_numbers_are_ids(sources: Any) -> None:
    source = of(sources, sources.payment(None, 1, id=7), sources.payment("7", 2))
    assert [each.id for each in source.contracts[0].payments] == ["7", "7#2"]


def test_payments_stand_by_date_then_as_published(sources: Any) -> None:
    source = of(
        sources,
        sources.payment("late", date="2024-05-01"),
        sources.payment("second", date="2024-03-01T01:00:00+01:00"),
        sources.payment("third", date="2024-03-01T00:00:00.900Z"),
        sources.payment("first", date="2024-02-29"),
    )
    payments = source.contracts[0].payments
    assert [each.id for each in payments] == ["first", "second", "third", "late"]


def test_names_of_ocds_1_0_are_understood(sources: Any) -> None:
    old = {
        "id": "P1",
        "date": "2024-03-01",
        "amount": {"amount": 12.5, "currency": "MXN"},
        "providerOrganization": {"scheme": "RFC", "id": "PAY010101AAA", "legalName": "Treasury"},
        "receiverOrganization": {"scheme": "RFC", "id": "OTH010101AAA", "legalName": "Other"},
    }
    named = {**old, "id": "P2", "receiverOrganization": {"name": "Supplier"}}
    wrapped = {
        **old,
        "id": "P3",
        "receiverOrganization": {"name": "X", "identifier": {"scheme": "RFC", "id": "W1"}},
    }
    source = of(sources, old, named, wrapped)
    assert source.findings == ()
    first, second, third = source.contracts[0].payments
    assert first.amount == 1250
    assert (first.payee.key, first.payee.name) == (("RFC", "OTH010101AAA"), "Other")
    assert first.payer is not None
    assert (first.payer.key, first.payer.name) == (("RFC", "PAY010101AAA"), "Treasury")
    assert second.payee.key == ("RFC", "SUP010101AAA")
    assert third.payee.key == ("RFC", "W1")


def test_a_payment_without_payer_is_loaded_as_it_is(sources: Any) -> None:
    source = of(sources, sources.payment("P1", payer=None))
    assert source.contracts[0].payments[0].payer is None
    assert source.findings == ()


@pytest.mark.parametrize("reference", [{"id": "M1"}, "M1", {"id": "M1", "title": "Other"}])
def test_a_payment_may_belong_to_a_milestone(sources: Any, reference: Any) -> None:
    source = of(
        sources,
        implementation={
            "milestones": [
                {"id": "M1", "title": "Roof", "dueDate": "2024-03-10", "status": "met"},
                {"title": "No id", "dueDate": "0001-01-01"},
                None,
            ],
            "transactions": [sources.payment("P1", relatedImplementationMilestone=reference)],
        },
        milestones=[{"id": "M1", "title": "Twice"}, {"id": 2}],
    )
    contract = source.contracts[0]
    assert [(each.id, each.title, each.status) for each in contract.milestones] == [
        ("M1", "Roof", "met"),
        ("milestone-2", "No id", None),
        ("2", "2", None),
    ]
    assert contract.milestones[0].due == datetime(2024, 3, 10, tzinfo=UTC)
    assert contract.milestones[1].due is None
    [payment] = contract.payments
    assert (payment.milestone_id, payment.title) == ("M1", "Roof")
    assert source.findings == ()


def test_a_milestone_that_is_not_there_is_reported(sources: Any) -> None:
    reference = {"id": "M9", "title": "Ghost"}
    source = of(sources, sources.payment("P1", relatedImplementationMilestone=reference))
    [payment] = source.contracts[0].payments
    assert (payment.milestone_id, payment.title) == (None, "Ghost")
    assert [(str(found.outcome), found.reason) for found in source.findings] == [
        ("loaded", "unknown_milestone: M9 is not among the contract's milestones")
    ]


def test_a_sum_beyond_the_limit_skips_the_payment_that_exceeds_it(sources: Any) -> None:
    most = "792281625142643375935439503.35"
    source = of(sources, sources.payment("P1", most), sources.payment("P2", "0.01"))
    assert [each.id for each in source.contracts[0].payments] == ["P1"]
    assert [found.reason for found in source.findings] == [
        f"amount_too_large: with the payments before it more than {most} MXN"
    ]
