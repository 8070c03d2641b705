"""The time for one payment does not grow with their number."""

from time import perf_counter
from typing import Any


def seconds(sources: Any, payments: int, releases: int = 1) -> float:
    transactions = [
        sources.payment(f"P{number}", f"{number}.25", payee={"id": f"{number % 100:09}"})
        for number in range(payments)
    ]
    value = {"amount": payments**2, "currency": "MXN"}
    contract = sources.contract(*transactions, value=value)
    content = sources.lines(*[sources.release(contract)] * releases)
    start = perf_counter()
    source = sources.read_bytes(content)
    assert len(source.contracts[0].payments) == payments
    return perf_counter() - start


def test_twenty_thousand_payments_take_seconds(sources: Any) -> None:
    assert seconds(sources, 20_000) < 10


def test_merging_them_does_too(sources: Any) -> None:
    assert seconds(sources, 20_000, releases=2) < 20


def test_twenty_thousand_payments_with_one_id_do_too(sources: Any) -> None:
    transactions = [sources.payment("P1", number) for number in range(20_000)]
    content = sources.lines(sources.release(sources.contract(*transactions)))
    start = perf_counter()
    source = sources.read_bytes(content)
    assert len({payment.id for payment in source.contracts[0].payments}) == 20_000
    assert perf_counter() - start < 10


def test_thousands_of_contracts_in_one_release_do_too(sources: Any) -> None:
    contracts = [
        sources.contract(sources.payment(), id=number, awardID=number) for number in range(5000)
    ]
    awards = [{"id": number, "suppliers": [{"id": number}]} for number in range(5000)]
    content = sources.lines(sources.release(*contracts, awards=awards))
    start = perf_counter()
    assert len(sources.read_bytes(content).contracts) == 5000
    assert perf_counter() - start < 10
