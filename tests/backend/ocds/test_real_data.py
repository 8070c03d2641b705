"""Real published data: every contract and every cent of it."""

from collections import Counter

import pytest
from support.shared import REAL_DATA

from backend.core.dates import iso
from backend.core.money import format_minor
from backend.ocds.contracts import read_source
from backend.ocds.reasons import Outcome, ReasonCode
from backend.ocds.source import Source

pytestmark = pytest.mark.skipif(
    not REAL_DATA.exists(), reason=f"the real data is not at {REAL_DATA.parent}"
)


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source([REAL_DATA])


def test_sums_are_those_that_the_source_states(source: Source) -> None:
    assert len(source.contracts) == 16
    assert sum(len(contract.payments) for contract in source.contracts) == 207
    assert {contract.currency for contract in source.contracts} == {"MXN"}
    value = sum(contract.value for contract in source.contracts)
    paid = sum(contract.paid for contract in source.contracts)
    assert format_minor(value, "MXN") == "497175526.07"
    assert format_minor(paid, "MXN") == "463746928.89"


def test_nothing_is_skipped_or_changed(source: Source) -> None:
    assert source.findings == ()
    assert Counter(contract.outcome for contract in source.contracts) == {
        Outcome.LOADED: 10,
        Outcome.LOADED_WITH_AMENDMENT: 1,
        Outcome.LOADED_WITHOUT_PAYMENTS: 5,
    }


def test_the_one_that_was_paid_above_its_value_says_by_how_much(source: Source) -> None:
    [contract] = [each for each in source.contracts if each.paid > each.value]
    assert contract.contract_id == "1908008"
    assert [str(reason) for reason in contract.reasons] == [
        "paid_above_value: 18218739.76 MXN paid, 18218739.74 MXN agreed"
    ]


def test_the_five_without_payments_have_no_value_either(source: Source) -> None:
    without = [contract for contract in source.contracts if not contract.payments]
    assert [contract.value for contract in without] == [0] * 5
    assert {reason.code for each in without for reason in each.reasons} == {ReasonCode.NO_PAYMENTS}


def test_payees_with_bare_numbers_are_the_suppliers_with_prefixes(source: Source) -> None:
    for contract in source.contracts:
        assert contract.supplier.scheme == "RFC"
        assert contract.buyer.scheme == "SIASI"
        assert {payment.payee for payment in contract.payments} <= {contract.supplier}
        payers = {payment.payer.key for payment in contract.payments if payment.payer}
        assert payers <= {("RFC", "GEN620601DTA")}


def test_ids_and_dates_are_as_published(source: Source) -> None:
    contract = source.contracts[0]
    assert contract.ocid == "ocds-7wj9x5-LO-919009986-E12-2019-v001"
    assert (contract.contract_id, contract.origin.line) == ("1908008", 1)
    first = contract.payments[0]
    assert (first.id, first.amount) == ("EST-2019-09-450", 470021115)
    assert (iso(first.date), first.published_date) == (
        "2019-09-11T21:21:51Z",
        "2019-09-11T16:21:51-05:00",
    )


def test_nobody_can_be_called_or_visited(source: Source) -> None:
    text = repr(source)
    for personal in ("@", "8120206730", "Washington", "Jesús Salvador Pérez Rodríguez"):
        assert personal not in text
