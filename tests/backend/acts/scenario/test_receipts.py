"""Every payment of the example, part by part, and every final account.

`receipts.csv` was worked out apart from the contracts, from docs/agreement.md and the conditions in
the example, in rupiah. The tests below show the working where it is not a matter of course.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.acts.scenario import Scenario
from backend.core.money import to_minor

RECEIPTS = Path(__file__).with_name("receipts.csv")
BASES = (
    *("none", "acceptance", "partial-acceptance", "silence", "settlement", "ruling"),
    *("default-ruling", "advance", "retention-release", "damages-returned"),
)
DIRECT = 2  # Part
NO_MILESTONE = 2**256 - 1
PERFORMANCE, ADVANCE = 0, 1  # GuaranteeKind

Row = dict[str, Any]


def rp(text: str) -> int:
    """Rupiah, in minor units."""
    return to_minor(Decimal(text.replace(",", "")), "IDR")


def expected_receipts() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    with RECEIPTS.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            kinds = {"basis": str, "late_days": int, "milestone": lambda text: int(text or 0)}
            row = {key: kinds.get(key, rp)(text) for key, text in line.items() if key != "contract"}
            found.setdefault(line["contract"], []).append(row)
    return found


EXPECTED = expected_receipts()


def receipts(agreement: Any) -> list[Row]:
    """What the chain says of each payment; the deductions that follow it are parts of it."""
    rows: list[Row] = []
    told: list[tuple[int, int]] = []
    for _, name, values in agreement.events:
        if name == "PaymentMade":
            rows.append(_row(values))
            told.append((values["payment"]["taxes"], values["payment"]["direct"]))
        elif name == "DeductionPaid":
            _deduct(rows[-1], values)
    assert told == [(row["ppn"] + row["pph"], row["direct"]) for row in rows]
    return rows


def _row(values: dict[str, Any]) -> Row:
    parts = {k: v for k, v in values["payment"].items() if k not in {"taxes", "lateDays"}}
    milestone = values["milestone"]
    return parts | {
        "milestone": 0 if milestone == NO_MILESTONE else milestone + 1,
        "basis": BASES[values["basis"]],
        "late_days": values["payment"]["lateDays"],
        **dict.fromkeys(("ppn", "pph", "direct"), 0),
    }


def _deduct(row: Row, values: dict[str, Any]) -> None:
    """The first tax of each set of conditions is PPN, the second PPh."""
    key = "direct" if values["part"] == DIRECT else "pph" if row["ppn"] else "ppn"
    row[key] = values["amount"]


@pytest.mark.parametrize("contract_id", EXPECTED)
def test_each_payment_consists_of_what_was_worked_out(
    played: Any, example: Scenario, contract_id: str
) -> None:
    assert receipts(played.agreement(example, contract_id)) == EXPECTED[contract_id]


def test_there_is_no_other_payment(played: Any, example: Scenario) -> None:
    paid = {
        each.id
        for each in example.story.contracts
        if played.agreement(example, each.id).named("PaymentMade")
    }
    assert paid == set(EXPECTED)


@pytest.mark.parametrize("contract_id", EXPECTED)
def test_the_parts_of_each_payment_add_up(contract_id: str) -> None:
    parts = ("advance", "retention", "ppn", "pph", "damages", "direct", "net")
    for row in EXPECTED[contract_id]:
        assert row["gross"] == sum(row[part] for part in parts)


def test_all_taxes_are_at_the_treasury_of_the_state(played: Any, example: Scenario) -> None:
    taxes = sum(row["ppn"] + row["pph"] for rows in EXPECTED.values() for row in rows)
    assert taxes == rp("89,006,560,931.35")
    assert played.balance(example.people.member("kas-negara").signer.address) == taxes


def test_an_advance_is_recovered_from_a_quarter_of_each_instalment() -> None:
    """Of 48,000,000,000.00: 20 % in advance, 25 % of each amount recovered, 5 % retained."""
    advance, first, second, third, *released = EXPECTED["KTR-PUPR-002"]
    assert advance["gross"] == rp("9,600,000,000.00")
    # 12,000,000,000.00, 14,400,000,000.00 and 21,600,000,000.00: of the last 25 % would be
    # 5,400,000,000.00, of which 3,000,000,000.00 were outstanding.
    recovered = [each["advance"] for each in (first, second, third)]
    assert recovered == [
        *(rp("3,000,000,000.00"), rp("3,600,000,000.00")),
        rp("9,600,000,000.00") - rp("6,600,000,000.00"),
    ]
    # 8,400,000,000.00 are received: × 11 / 111 = 832,432,432.4324…, × 265 / 11100 =
    # 200,540,540.5405…, each rounded up.
    assert (first["ppn"], first["pph"]) == (rp("832,432,432.44"), rp("200,540,540.55"))
    assert first["net"] == rp("8,400,000,000.00") - rp("832,432,432.44") - rp("200,540,540.55")
    # 21,600,000,000.00 − 3,000,000,000.00 − 1,080,000,000.00 = 17,520,000,000.00 are received.
    assert third["net"] == rp("17,520,000,000.00") - rp("2,154,486,486.50") - rp("3,600,000,000.00")
    # 5 % of everything are 2,400,000,000.00, in two halves.
    assert [each["gross"] for each in released] == [rp("1,200,000,000.00")] * 2


def test_damages_are_capped_and_carried_forward(played: Any, example: Scenario) -> None:
    """Of 2,000,000,000.00, at most 5 %: 100,000,000.00."""
    _, first, second, *_ = EXPECTED["KTR-DISDIK-004"]
    # 90 days × 1/1000 × 800,000,000.00 = 72,000,000.00. The advance takes 600,000,000.00, the
    # retention 40,000,000.00, the taxes 98,378,378.38: 61,621,621.62 are left for damages.
    left = rp("160,000,000.00") - rp("79,279,279.28") - rp("19,099,099.10")
    assert first["damages"] == left == rp("61,621,621.62")
    assert first["carried"] == rp("72,000,000.00") - left
    assert first["net"] == 0
    # 60 days × 1/1000 × 1,200,000,000.00 = 72,000,000.00 again, of which the cap leaves
    # 28,000,000.00, with what was carried.
    assert second["damages"] == rp("28,000,000.00") + rp("10,378,378.38")
    assert second["carried"] == 0
    (account,) = final_accounts(played, example, "KTR-DISDIK-004")
    assert account["damages"] == account["refunded"] == rp("100,000,000.00")


def test_a_later_date_gives_back_what_it_makes_undue(played: Any, example: Scenario) -> None:
    """Ten days late; three, once the amendment is in force: seven of them come back."""
    first, returned, _ = EXPECTED["KTR-PUPR-009"]
    day = rp("2,400,000.00")  # 1/1000 of 2,400,000,000.00
    assert (first["damages"], returned["gross"]) == (10 * day, 7 * day)
    money = played.agreement(example, "KTR-PUPR-009").money
    assert (money["damages"], money["damagesCarried"]) == (3 * day, 0)


def test_only_the_rest_of_a_milestone_that_was_accepted_in_part_is_late() -> None:
    part, rest = EXPECTED["KTR-PUPR-007"]
    assert part["gross"] + rest["gross"] == rp("2,765,520,000.00")
    assert (part["late_days"], part["damages"]) == (0, 0)
    # 3 × 1/1000 × 265,520,000.00
    assert (rest["late_days"], rest["damages"]) == (3, rp("796,560.00"))


def test_interest_is_owed_from_the_end_of_the_hold_on(played: Any, example: Scenario) -> None:
    """Submitted on D-100 9:00, payable within 14 days, held for 13: late from D-73 9:00 on.

    Paid on D-60 10:00: 13 full days × 0.02 % × 420,972,972.97 = 1,094,529.7297…, rounded down.
    """
    agreement = played.agreement(example, "KTR-PUPR-011")
    ((_, _, accrued),) = agreement.named("InterestAccrued")
    assert (accrued["late"], accrued["amount"]) == (13, rp("1,094,529.72"))
    ((_, _, paid),) = agreement.named("InterestPaid")
    assert (paid["amount"], paid["owed"]) == (rp("1,094,529.72"), 0)
    supplier = example.people.member("tirta").signer.address
    net = sum(
        row["net"]
        for contract_id in ("KTR-PUPR-007", "KTR-PUPR-011", "KTR-DISTAN-001")
        for row in EXPECTED[contract_id]
    )
    assert played.balance(supplier) == net + rp("1,094,529.72")


def test_a_review_counts_in_working_days(played: Any, example: Scenario) -> None:
    """Submitted on Friday, 26 December 2025, 9:00; New Year's Day is not worked.

    The tenth working day is 12 January 2026, and the 14 days for payment end on 26 January, 9:00.
    The arbiter ruled on 31 January, 10:00: 5 full days × 0.02 % × 809,846,756.75 = 809,846.7567…,
    rounded down.
    """
    agreement = played.agreement(example, "KTR-DISDIK-003")
    ((_, _, accrued),) = agreement.named("InterestAccrued")
    assert (accrued["late"], accrued["amount"]) == (5, rp("809,846.75"))
    assert agreement.money["interestOwed"] == rp("809,846.75")


def test_what_a_lapsed_guarantee_held_back_is_paid_later(played: Any, example: Scenario) -> None:
    agreement = played.agreement(example, "KTR-PUPR-001")
    ((_, _, owed),) = agreement.named("PaymentOwed")
    ((_, _, claimed),) = agreement.named("ClaimPaid")
    assert owed["owed"] == claimed["amount"] == EXPECTED["KTR-PUPR-001"][4]["net"]
    # The taxes of the fourth instalment did not wait.
    taxes = [v["amount"] for _, _, v in agreement.named("DeductionPaid") if v["milestone"] == 3]
    assert taxes == [rp("17,837,837,837.84"), rp("4,297,297,297.30")]


def final_accounts(played: Any, example: Scenario, contract_id: str) -> list[dict[str, int]]:
    closed = played.agreement(example, contract_id).named("AgreementClosed")
    return [{k: v for k, v in values["account"].items() if v} for _, _, values in closed]


ACCOUNTS: dict[str, dict[str, str]] = {
    "KTR-PUPR-002": {"accepted": "48,000,000,000", "retentionReleased": "1,200,000,000"},
    # Of the advance 730,800,000 − 2 × 228,375,000 = 274,050,000 were outstanding; the retention of
    # 2 × 45,675,000 is forfeited for it. 3,654,000,000 − 1,827,000,000 − 274,050,000 + 91,350,000
    # go back.
    "KTR-PUPR-004": {
        "accepted": "1,827,000,000",
        "cancelled": "1,827,000,000",
        "retentionKept": "91,350,000",
        "advanceUnrecovered": "182,700,000",
        "refunded": "1,644,300,000",
        "released": "1,827,000,000",
    },
    "KTR-PUPR-010": {
        "accepted": "2,100,000,000",
        "cancelled": "900,000,000",
        "retentionReleased": "105,000,000",
        "refunded": "900,000,000",
        "released": "900,000,000",
    },
    "KTR-DINKES-001": {
        "accepted": "385,750,412.50",
        "damages": "925,800.99",
        "refunded": "925,800.99",
    },
    "KTR-DINKES-004": {
        "accepted": "650,000,000",
        "cancelled": "650,000,000",
        "refunded": "650,000,000",
        "released": "650,000,000",
    },
    "KTR-DISDIK-002": {"accepted": "150,000,000"},
    "KTR-DISDIK-004": {
        "accepted": "2,000,000,000",
        "retentionReleased": "50,000,000",
        "damages": "100,000,000",
        "refunded": "100,000,000",
    },
    "KTR-DISTAN-003": {
        "accepted": "210,000,000",
        "cancelled": "210,000,000",
        "refunded": "210,000,000",
        "released": "210,000,000",
    },
}


@pytest.mark.parametrize("contract_id", ACCOUNTS)
def test_the_final_account(played: Any, example: Scenario, contract_id: str) -> None:
    (account,) = final_accounts(played, example, contract_id)
    assert account == {key: rp(amount) for key, amount in ACCOUNTS[contract_id].items()}


def test_no_other_contract_is_closed(played: Any, example: Scenario) -> None:
    contracts = [each.id for each in example.story.contracts]
    closed = {each for each in contracts if final_accounts(played, example, each)}
    assert closed == set(ACCOUNTS)


def test_default_calls_the_guarantees(played: Any, example: Scenario) -> None:
    called = played.agreement(example, "KTR-PUPR-004").named("GuaranteeCalled")
    assert [(values["kind"], values["amount"]) for _, _, values in called] == [
        (ADVANCE, rp("182,700,000")),
        (PERFORMANCE, rp("190,000,000")),
    ]
