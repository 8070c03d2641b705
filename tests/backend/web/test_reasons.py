"""Why a payment is as large as it is: one sentence for each thing that it can rest on."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from support.works import Works

from backend.chain.events import Basis
from backend.db.session import Database
from backend.queries.contract import contract
from backend.queries.payments import PaymentFilter, PaymentRow, payments
from backend.queries.values import Currency, Money
from backend.web.contexts.contract import basis_of
from backend.web.formats import Formats
from backend.web.languages import LANGUAGES, translations
from backend.web.reasons import Reasons

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUPIAH = Currency("IDR", 2)
PARTS = ("advance", "retention", "damages", "taxes", "direct")


def reasons(code: str) -> Reasons:
    texts = translations(code)
    return Reasons(texts, Formats(LANGUAGES[code], texts, ZoneInfo("Asia/Jakarta"), NOW))


def rupiah(amount: int) -> Money:
    return RUPIAH.money(amount * 100)


@pytest.fixture(scope="module")
def any_payment(worked: Database) -> PaymentRow:
    with worked.reading() as session:
        return payments(session, PaymentFilter(), limit=1).items[0]


def made(payment: PaymentRow, gross: int, basis: str = "acceptance", **parts: int) -> PaymentRow:
    """A payment of so many rupiah, with these parts taken off."""
    taken = {name: rupiah(parts.get(name, 0)) for name in PARTS}
    net = gross - sum(parts.get(name, 0) for name in PARTS)
    late = parts.get("late_days", 0)
    return msgspec.structs.replace(
        payment, basis=basis, gross=rupiah(gross), net=rupiah(net), late_days=late, **taken
    )


def said(code: str, payment: PaymentRow, claimed: Money | None = None) -> str:
    return reasons(code).why(payment, claimed).replace("\u00a0", " ")


def test_every_part_is_named_in_its_order(any_payment: PaymentRow) -> None:
    payment = made(
        any_payment, 1000, advance=200, retention=50, damages=9, taxes=100, direct=41, late_days=9
    )
    assert said("en", payment) == (
        "IDR 600 is what is left of the IDR 1,000 of the accepted work after IDR 200 to recover "
        "the advance, IDR 50 kept as retention, IDR 9 for 9 days of delay, IDR 100 tax and "
        "IDR 41 straight to subcontractors."
    )
    assert said("id", payment) == (
        "Rp 600 adalah sisa dari Rp 1.000 nilai pekerjaan yang diterima setelah dikurangi Rp 200 "
        "pengembalian uang muka, Rp 50 retensi, Rp 9 denda keterlambatan 9 hari, Rp 100 pajak, "
        "dan Rp 41 langsung ke subpenyedia."
    )


def test_one_day_is_one_day(any_payment: PaymentRow) -> None:
    payment = made(any_payment, 1000, damages=1, late_days=1)
    assert "after IDR 1 for 1 day of delay." in said("en", payment)


def test_nothing_taken_off_and_nothing_left(any_payment: PaymentRow) -> None:
    whole = "All of the IDR 1,000 of the accepted work; nothing is taken off."
    assert said("en", made(any_payment, 1000)) == whole
    assert said("en", made(any_payment, 1000, advance=1000)) == (
        "Nothing is left for the payee of the IDR 1,000 of the accepted work after IDR 1,000 to "
        "recover the advance."
    )


def test_less_accepted_than_claimed(any_payment: PaymentRow) -> None:
    part = made(any_payment, 600, "partial-acceptance", retention=30)
    assert said("en", part, rupiah(1000)) == (
        "IDR 570 is what is left of the IDR 600 that were accepted of the IDR 1,000 claimed after "
        "IDR 30 kept as retention."
    )
    unknown = "All of the IDR 600 of the part that was accepted; nothing is taken off."
    assert said("en", made(any_payment, 600, "partial-acceptance")) == unknown


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_is_a_sentence_for_whatever_a_payment_rests_on(
    any_payment: PaymentRow, code: str
) -> None:
    bases = [basis_of(each) for each in Basis if each not in (Basis.NONE, Basis.INTEREST)]
    sentences = {said(code, made(any_payment, 1000, basis)) for basis in bases}
    assert len(sentences) == len(bases) == 9
    assert all(sentence.endswith(".") for sentence in sentences)


def test_real_payments_say_what_they_are_made_of(works: Works, worked: Database) -> None:
    formats = Formats(LANGUAGES["en"], translations("en"), ZoneInfo("UTC"), NOW)
    with worked.reading() as session:
        found = [contract(session, c.address, NOW) for c in works.contracts.values()]
    every = [payment for detail in found for payment in detail.payments]
    assert len(every) > 15
    for payment in every:
        sentence = reasons("en").why(payment)
        taken = [getattr(payment, name) for name in PARTS]
        assert formats.money(payment.gross) in sentence
        assert all(formats.money(amount) in sentence for amount in taken if amount.minor)
        if not any(amount.minor for amount in taken):
            assert sentence.startswith("All of")
