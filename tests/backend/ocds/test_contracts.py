"""Each contract is loaded with what it has, or skipped with all of its payments named."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.core.money import UnknownCurrencyError
from backend.ocds.contracts import read_source
from backend.ocds.reasons import Outcome
from backend.ocds.source import Origin

DEFAULT = datetime(2024, 6, 1, tzinfo=UTC)
IMPOSSIBLE = "0001-01-01T00:00:00-06:00"


def summary(source: Any) -> Any:
    [contract] = source.contracts
    return contract.outcome, [str(reason) for reason in contract.reasons]


def skipped(source: Any) -> list[tuple[str | None, str | None, str]]:
    assert source.contracts == ()
    assert {found.outcome for found in source.findings} == {Outcome.SKIPPED}
    return [(each.contract_id, each.payment_id, each.reason) for each in source.findings]


def test_a_contract_is_read_exactly(sources: Any) -> None:
    source = sources.read({"releases": []}, sources.release(sources.contract(sources.payment())))
    [contract] = source.contracts
    assert contract.origin == Origin(str(sources.folder / "source.jsonl"), 2)
    assert (contract.ocid, contract.contract_id) == ("ocds-abc123-1", "C1")
    assert (contract.title, contract.description) == ("Bridge", "A bridge over the river")
    assert (contract.currency, contract.exponent, contract.value) == ("MXN", 2, 100000)
    assert contract.date_signed == datetime(2024, 1, 15, 6, tzinfo=UTC)
    assert contract.start == datetime(2024, 2, 1, tzinfo=UTC)
    assert contract.end == datetime(2024, 12, 31, tzinfo=UTC)
    assert contract.status == "active"
    assert (contract.buyer.key, contract.buyer.name) == (("GOV", "001"), "City")
    assert (contract.supplier.key, contract.supplier.name) == (("RFC", "SUP010101AAA"), "Supplier")
    assert contract.other_suppliers == ()
    assert contract.paid == 10000
    assert contract.milestones == ()
    assert (contract.outcome, contract.reasons) == (Outcome.LOADED, ())
    assert source.findings == ()


@pytest.mark.parametrize(
    ("tender", "kept"),
    [
        (None, {}),
        ("open", {}),
        ({"title": None, "procurementMethod": ["open"], "tenderers": []}, {}),
        (
            {
                "id": 7,
                "title": " Bridge\n",
                "procurementMethod": "open",
                "procurementMethodDetails": "Licitación",
                "mainProcurementCategory": "works",
                "procuringEntity": {"id": "GOV-001"},
                "value": {"amount": 1},
            },
            {
                "id": "7",
                "title": "Bridge",
                "procurementMethod": "open",
                "procurementMethodDetails": "Licitación",
                "mainProcurementCategory": "works",
            },
        ),
    ],
)
def test_how_the_supplier_was_chosen_is_kept(sources: Any, tender: Any, kept: Any) -> None:
    release = sources.release(sources.contract(sources.payment()), tender=tender)
    [contract] = sources.read(release).contracts
    assert contract.tender == kept


def test_prose_may_be_missing(sources: Any) -> None:
    contract = sources.contract(title=None, description=None, status=None, period=None)
    [read] = sources.read(sources.release(contract)).contracts
    assert (read.title, read.description, read.status, read.start) == ("C1", "", None, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"value": {"amount": 1000}},
            "no_currency: no currency is published; expected one of ISO 4217",
        ),
        (
            {"value": {"amount": 1000, "currency": "XAU"}},
            "unknown_currency: 'XAU'; expected a code of ISO 4217 such as MXN",
        ),
        (
            {"value": {"amount": -1, "currency": "MXN"}},
            "negative_amount: -1 MXN; expected zero or more",
        ),
        (
            {"value": {"amount": 0.001, "currency": "MXN"}},
            "too_many_digits: 0.001 MXN; expected at most 2 digits after the point",
        ),
        (
            {"value": {"amount": "a lot", "currency": "MXN"}},
            "amount_not_a_number: 'a lot'; expected a number",
        ),
        (
            {"value": {"amount": 1e99, "currency": "JPY"}},
            "amount_too_large: 1.000000E+99 JPY; expected at most 79228162514264337593543950335",
        ),
    ],
)
def test_a_contract_that_cannot_be_exact_is_skipped_with_its_payments(
    sources: Any, changes: Any, reason: str
) -> None:
    contract = sources.contract(sources.payment("P1"), sources.payment(None), **changes)
    code = reason.split(":")[0]
    because = f"contract_skipped: its contract is skipped ({code})"
    assert skipped(sources.read(sources.release(contract))) == [
        ("C1", None, reason),
        ("C1", "P1", because),
        ("C1", "payment-2", because),
    ]


def test_a_skipped_contract_shows_its_value_as_published(sources: Any) -> None:
    contract = sources.contract(value={"amount": "-1.5", "currency": "usd"})
    [found] = sources.read(sources.release(contract)).findings
    assert (found.value, found.paid, found.currency) == ("-1.5", "0.00", "USD")


def test_a_currency_is_filled_only_as_asked_for(sources: Any) -> None:
    contract = sources.contract(sources.payment("P1"), value={"amount": 1000})
    source = sources.read(sources.release(contract), currency="MXN")
    assert summary(source) == (Outcome.LOADED, ["default_currency: filled with MXN as asked for"])
    assert source.contracts[0].currency == "MXN"


def test_a_currency_that_does_not_exist_cannot_be_asked_for(sources: Any) -> None:
    with pytest.raises(UnknownCurrencyError) as refusal:
        sources.read(sources.release(), currency="PESO")
    assert refusal.value.detail == "'PESO'; expected a code of ISO 4217 such as MXN"


@pytest.mark.parametrize("value", [None, {}, {"currency": "MXN"}, {"amount": None}])
def test_a_contract_without_value_that_was_paid_is_amended(sources: Any, value: Any) -> None:
    contract = sources.contract(sources.payment("P1", 0), value=value)
    source = sources.read(sources.release(contract))
    assert summary(source) == (
        Outcome.LOADED_WITH_AMENDMENT,
        ["no_value: no value is published; loaded with 0.00 MXN"],
    )
    contract = sources.contract(sources.payment("P1", 5), value=value)
    assert summary(sources.read(sources.release(contract))) == (
        Outcome.LOADED_WITH_AMENDMENT,
        [
            "no_value: no value is published; loaded with 0.00 MXN",
            "paid_above_value: 5.00 MXN paid, 0.00 MXN agreed",
        ],
    )


def test_without_value_and_payments_there_is_no_currency(sources: Any) -> None:
    release = sources.release(sources.contract(value=None))
    assert skipped(sources.read(release)) == [
        ("C1", None, "no_currency: no currency is published; expected one of ISO 4217")
    ]
    assert summary(sources.read(release, currency="JPY")) == (
        Outcome.LOADED_WITHOUT_PAYMENTS,
        [
            "default_currency: filled with JPY as asked for",
            "no_value: no value is published; loaded with 0 JPY",
            "no_payments: no payment is published",
        ],
    )


def test_payments_in_two_currencies_do_not_make_up_for_a_missing_value(sources: Any) -> None:
    dollars = sources.payment("P2", value={"amount": 1, "currency": "USD"})
    contract = sources.contract(sources.payment("P1"), dollars, value=None)
    assert skipped(sources.read(sources.release(contract)))[0][2].startswith("no_currency: ")


@pytest.mark.parametrize(
    ("value", "amounts", "outcome", "reasons"),
    [
        (1000, [400, 599.99], Outcome.LOADED, []),
        (1000, [400, 600], Outcome.LOADED, []),
        (
            1000,
            [400, 600.01],
            Outcome.LOADED_WITH_AMENDMENT,
            ["paid_above_value: 1000.01 MXN paid, 1000.00 MXN agreed"],
        ),
        (
            0,
            [0.01],
            Outcome.LOADED_WITH_AMENDMENT,
            ["paid_above_value: 0.01 MXN paid, 0.00 MXN agreed"],
        ),
        (0, [], Outcome.LOADED_WITHOUT_PAYMENTS, ["no_payments: no payment is published"]),
        (0.0, [0], Outcome.LOADED, []),
        (
            5,
            [-1, -2],
            Outcome.LOADED_WITHOUT_PAYMENTS,
            ["all_payments_skipped: none of 2 could be loaded"],
        ),
    ],
)
def test_the_outcome_follows_from_value_and_payments(
    sources: Any, value: Any, amounts: list[Any], outcome: Outcome, reasons: list[str]
) -> None:
    payments = [sources.payment(f"P{number}", each) for number, each in enumerate(amounts)]
    contract = sources.contract(*payments, value={"amount": value, "currency": "MXN"})
    assert summary(sources.read(sources.release(contract))) == (outcome, reasons)


@pytest.mark.parametrize(
    ("signed", "start", "paid", "date", "first"),
    [
        ("2024-05-01", "2024-02-01", "2024-03-01", "2024-05-01", "2024-02-01"),
        ("2024-01-01", None, "2024-03-01", "2024-01-01", "2024-01-01"),
        (None, "2024-02-01", "2023-03-01", "2024-02-01", "2023-03-01"),
        (None, None, "2024-03-01", "2024-03-01", "2024-03-01"),
        ("2024-05-01", None, None, "2024-05-01", "2024-05-01"),
    ],
)
def test_the_date_is_that_of_signature_start_or_first_payment(
    sources: Any, signed: Any, start: Any, paid: Any, date: str, first: str
) -> None:
    payments = [sources.payment("P1", date=paid)] if paid else []
    contract = sources.contract(*payments, dateSigned=signed, period={"startDate": start})
    [read] = sources.read(sources.release(contract)).contracts
    assert read.date == datetime.fromisoformat(f"{date}T00:00:00+00:00")
    assert read.first_date == datetime.fromisoformat(f"{first}T00:00:00+00:00")
    assert "no_date" not in str(read.reasons)


def test_an_impossible_date_counts_as_none_and_is_told(sources: Any) -> None:
    contract = sources.contract(
        sources.payment(), dateSigned=IMPOSSIBLE, period={"startDate": 5, "endDate": IMPOSSIBLE}
    )
    source = sources.read(sources.release(contract))
    expected = "expected ISO 8601 between 1970-01-01 and 2100-12-31"
    assert summary(source) == (
        Outcome.LOADED,
        [
            f"impossible_date: dateSigned: '{IMPOSSIBLE}'; {expected}",
            f"impossible_date: startDate: 'a number'; {expected}",
            f"impossible_date: endDate: '{IMPOSSIBLE}'; {expected}",
        ],
    )
    [read] = source.contracts
    assert (read.date_signed, read.start, read.end) == (None, None, None)


def test_a_contract_without_any_date_is_skipped_unless_one_is_given(sources: Any) -> None:
    contract = sources.contract(sources.payment("P1", date=None), dateSigned="", period=None)
    release = sources.release(contract)
    assert skipped(sources.read(release)) == [
        (
            "C1",
            None,
            "no_date: neither signature, start nor a payment has a date; expected one of them",
        ),
        ("C1", "P1", "contract_skipped: its contract is skipped (no_date)"),
    ]
    [read] = sources.read(release, default_date=DEFAULT).contracts
    assert (read.date_signed, read.date, read.reasons) == (None, DEFAULT, ())
    without = sources.release(sources.contract(dateSigned=None, period=None))
    source = sources.read(without, default_date=DEFAULT)
    assert source.contracts[0].date_signed == DEFAULT
    assert summary(source)[1][0] == ("default_date: filled with 2024-06-01T00:00:00Z as asked for")


def test_contracts_without_id_or_process_are_skipped(sources: Any) -> None:
    contract = sources.contract(sources.payment("P1"))
    because = "contract_skipped: its contract is skipped"
    assert skipped(sources.read(sources.release(contract, ocid=None))) == [
        ("C1", None, "no_ocid: neither release nor record has an ocid"),
        ("C1", "P1", f"{because} (no_ocid)"),
    ]
    release = sources.release({**contract, "id": None}, {**contract, "id": {}}, "C3")
    assert skipped(sources.read(release)) == [
        (None, None, "no_contract_id: the contract has no id"),
        (None, "P1", f"{because} (no_contract_id)"),
        (None, None, "no_contract_id: the contract has no id"),
        (None, "P1", f"{because} (no_contract_id)"),
        (None, None, "not_an_object: contracts: a text; expected an object"),
    ]


def test_an_implementation_that_is_no_object_is_told(sources: Any) -> None:
    contract = sources.contract(implementation=[{"transactions": []}])
    assert summary(sources.read(sources.release(contract))) == (
        Outcome.LOADED_WITHOUT_PAYMENTS,
        [
            "not_an_object: implementation: a list; expected an object",
            "no_payments: no payment is published",
        ],
    )


def findings(source: Any) -> list[tuple[int, str | None, str]]:
    return [
        (found.line, found.payment_id, found.reason.replace(found.file, "FILE"))
        for found in source.findings
    ]


def test_the_same_contract_again_in_one_release_is_skipped(sources: Any) -> None:
    contract = sources.contract(sources.payment("P1"))
    source = sources.read(sources.release(contract, contract))
    assert len(source.contracts) == 1
    assert findings(source) == [(1, None, "duplicate_contract: the same as in FILE:1")]


def test_another_contract_with_the_same_id_is_skipped_with_the_payments_only_it_has(
    sources: Any,
) -> None:
    first = sources.contract(sources.payment("P1"), sources.payment("P2", 2))
    second = sources.contract(sources.payment("P1"), sources.payment("P2", 3), sources.payment("Q"))
    source = sources.read(sources.release(first, second))
    assert [each.amount for each in source.contracts[0].payments] == [10000, 200]
    missing = "duplicate_contract: not among the payments of the statement that counts"
    assert findings(source) == [
        (
            1,
            None,
            "duplicate_contract: the same id with other content as an earlier contract in FILE:1",
        ),
        (1, "P2", missing),
        (1, "Q", missing),
    ]


def test_of_several_compiled_releases_the_newest_counts_for_each_contract(sources: Any) -> None:
    def compiled(date: str, *contracts: Any) -> Any:
        return {"ocid": "x", "compiledRelease": sources.release(*contracts, date=date)}

    one, two = sources.payment("P1", 1), sources.payment("P2", 2)
    new = compiled("2024-02-01", sources.contract(two))
    old = compiled("2024-01-01", sources.contract(one, two), sources.contract(id="C0"))
    source = sources.read(new, old, new, old)
    assert [
        (each.origin.line, each.contract_id, [paid.id for paid in each.payments])
        for each in source.contracts
    ] == [(3, "C1", ["P2"]), (4, "C0", [])]
    missing = "superseded: not among the payments of the statement that counts"
    assert findings(source) == [
        (1, None, "duplicate_contract: the same as in FILE:3"),
        (2, None, "superseded: a newer release in FILE:3 counts"),
        (2, "P1", missing),
        (2, None, "duplicate_contract: the same as in FILE:4"),
        (4, None, "superseded: a newer release in FILE:3 counts"),
        (4, "P1", missing),
    ]


def test_compiled_and_single_releases_of_one_process_are_weighed_by_date(sources: Any) -> None:
    single = sources.release(sources.contract(title="single"), date="2024-03-01")
    compiled = sources.release(
        sources.contract(title="compiled"), date="2024-02-01", tag=["compiled"]
    )
    source = sources.read(single, compiled)
    assert [each.title for each in source.contracts] == ["single"]
    assert findings(source) == [(2, None, "superseded: a newer release in FILE:1 counts")]


def test_the_same_file_twice_adds_nothing(sources: Any) -> None:
    path = sources.folder / "twice.json"
    path.write_bytes(
        sources.lines({"records": [{"compiledRelease": sources.release(sources.contract())}]})
    )
    source = read_source([path, path])
    assert len(source.contracts) == 1
    assert findings(source) == [(1, None, "duplicate_contract: the same as in FILE:1")]


def test_the_order_is_that_of_files_and_lines(sources: Any) -> None:
    def numbered(number: int) -> Any:
        return sources.release(sources.contract(), ocid=f"ocds-abc123-{number}")

    first = sources.lines(numbered(3), 5, numbered(1))
    source = sources.read_bytes(first, sources.lines({}, numbered(2)))
    assert [each.ocid[-1] for each in source.contracts] == ["3", "1", "2"]
    assert [(Path(found.file).name, found.line) for found in source.findings] == [
        ("source.jsonl", 2),
        ("source-2.jsonl", 1),
    ]
