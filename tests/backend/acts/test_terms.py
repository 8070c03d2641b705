"""Terms of an agreement: what may stand in the file, and what each mistake is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.acts.directory import NOBODY, Directory, Entry
from backend.acts.drafting import DraftError, draft_text
from backend.acts.terms import Terms, read_terms
from backend.chain.identity import budget_line_id, participant_id
from backend.core.documents import DocumentStore
from backend.core.yamlfiles import YamlFileError
from backend.ocds.tenders import tender_of

TODAY = date(2026, 3, 2)
TOKEN = "0x" + "7" * 40
ZONE = ZoneInfo("Asia/Jakarta")
PREFIX = "ocds-213czf"
BUYER, SUPPLIER, COMMITTEE, INSPECTOR, TREASURY = 1, 2, 4, 8, 16
ARBITER, COLLECTOR = 64, 256

TERMS = """\
# A comment
ocid: ocds-abc123-1
contract: "001"
title: Irrigation
description: A canal

currency: IDR
value: 480000000.00
signed: 2026-03-01
starts: 2026-03-02
ends: 2026-12-31
buyer: ID-1
supplier: ID-2
treasury: Treasury
arbiter: Arbiter
committee:
  - OFFICE-ID-1/a
  - OFFICE-ID-1/b
quorum: 2
inspectors: [OFFICE-ID-1/i]
budget:
  year: 2026
  code: 5.10
conditions:
  advance: 20 %
  recovery: 25 %
  retention: 5 %
  security: 5 %
  delay_damages: {rate: 1/1000, cap: 5 %}
  interest: 0.02 %
  amendment_cap: 10 %
  default_share: 50 %
  periods:
    review: 10
    payment: 14
    dispute: 15
    ruling: 60
    hold: 30
    suspension: 180
    cure: 16
    defects: 181
    lapse: 182
  taxes:
    - {to: Kas, rate: 11/111, base: gross}
    - {to: Kas, rate: 2.65 %, base: received}
  direct_payments:
    - {milestone: 2, to: ID-3, amount: 1000.50}
milestones:
  - title: First
    amount: 144000000.00
    due: 2026-06-30
  - title: Second
    amount: 336000000.00
    payee: ID-3
"""


def entry(scheme: str, identifier: str, roles: int, name: str = "", owner: bytes = NOBODY) -> Entry:
    key = participant_id(scheme, identifier)
    return Entry(key, scheme, identifier, "0x0", roles, owner, NOBODY, 1, name)


def people() -> list[Entry]:
    buyer = entry("ID", "1", BUYER, "Buyer")
    offices = [
        entry("OFFICE", f"ID-1/{name}", role, title, buyer.id)
        for name, role, title in (
            ("a", COMMITTEE, "A"),
            ("b", COMMITTEE, "B"),
            ("i", INSPECTOR, "Inspector"),
            ("t", TREASURY, "Treasury"),
        )
    ]
    return [
        buyer,
        *offices,
        entry("ID", "8", COLLECTOR, "Kas"),
        entry("ID", "9", ARBITER, "Arbiter"),
        entry("ID", "2", SUPPLIER, "Two"),
        entry("ID", "3", SUPPLIER, "Three"),
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "terms.yaml"


def test_everything_reaches_the_contract(file: Path, store: DocumentStore) -> None:
    file.write_text(TERMS)
    names = Directory(people())
    terms = Terms(read_terms(file), names, TOKEN, ZONE, PREFIX)
    by_name = {each.name: each.id for each in people()}
    assert terms.parties() == {
        "buyer": by_name["Buyer"],
        "supplier": by_name["Two"],
        "treasury": by_name["Treasury"],
        "arbiter": by_name["Arbiter"],
        "committee": sorted([by_name["A"], by_name["B"]]),
        "quorum": 2,
        "inspectors": [by_name["Inspector"]],
    }
    agreed = terms.terms(store)
    document = store.read_json(agreed.pop("document"))  # type: ignore[arg-type]
    assert document.pop("salt")
    assert document == {
        "type": "agreement",
        "title": "Irrigation",
        "description": "A canal",
        "otherSuppliers": [],
    }

    def at(*moment: int) -> int:
        return int(datetime(*moment, tzinfo=ZONE).timestamp())  # type: ignore[arg-type,misc]

    assert agreed == {
        "ocid": "ocds-abc123-1",
        "contractId": "001",
        "token": TOKEN,
        "value": 48_000_000_000,
        "signedAt": at(2026, 3, 1),
        "startsAt": at(2026, 3, 2),
        "endsAt": at(2026, 12, 31, 23, 59, 59),
        "budgetLine": budget_line_id(by_name["Buyer"], TOKEN, 2026, "5.10"),
        "conditions": {
            "advanceRate": 2_000,
            "recoveryRate": 2_500,
            "retentionRate": 500,
            "securityRate": 500,
            "damagesRate": 1_000,
            "damagesCap": 500,
            "interestRate": 200,
            "amendmentCap": 1_000,
            "defaultShare": 5_000,
            "reviewDays": 10,
            "paymentDays": 14,
            "disputeDays": 15,
            "rulingDays": 60,
            "holdDays": 30,
            "suspensionDays": 180,
            "cureDays": 16,
            "defectsDays": 181,
            "lapseDays": 182,
            "taxes": [
                {"recipient": by_name["Kas"], "numerator": 11, "denominator": 111, "base": 0},
                {"recipient": by_name["Kas"], "numerator": 265, "denominator": 10_000, "base": 1},
            ],
            "directPayments": [{"milestone": 1, "recipient": by_name["Three"], "amount": 100_050}],
        },
    }
    first, second = terms.milestones(store)
    assert store.read_json(first.pop("document"))["title"] == "First"  # type: ignore[arg-type]
    assert store.read_json(second.pop("document"))["id"] == "2"  # type: ignore[arg-type]
    due = at(2026, 6, 30, 23, 59, 59)
    assert first == {"amount": 14_400_000_000, "dueAt": due, "payee": NOBODY}
    assert second == {"amount": 33_600_000_000, "dueAt": 0, "payee": by_name["Three"]}
    assert datetime.fromtimestamp(due, UTC).isoformat() == "2026-06-30T16:59:59+00:00"


MISTAKES = [
    (
        "ocid: ocds-abc123-1\n",
        "tender: {method: lottery}\n",
        "2: tender.method: found 'lottery'; expected 'open', 'selective', 'limited' or 'direct'",
    ),
    ("ocid: ocds-abc123-1", "ocid:", "2: ocid: found ''; expected String should have at least 1"),
    ("title: Irrigation", "tittle: X", "4: tittle: found the key 'tittle'; expected only keys"),
    ("currency: IDR", "currency: IDRX", "7: currency: found 'IDRX'; expected a code of ISO 4217"),
    ("currency: IDR", "currency: XAU", "7: currency: found 'XAU'; expected a code of ISO 4217"),
    ("value: 480000000.00", "value: much", "8: value: found 'much'; expected a valid decimal"),
    ("value: 480000000.00", "value: 4.8,0", "8: value: found '4.8,0'; expected a valid decimal"),
    ("value: 480000000.00", "value: NaN", "8: value: found 'NaN'; expected a finite number"),
    (
        "value: 480000000.00",
        "value: -1",
        "8: value: found -1 IDR; expected zero or more",
    ),
    (
        "value: 480000000.00",
        "value: 480000000.005",
        "8: value: found 480000000.005 IDR; expected at most 2 digits after the point",
    ),
    (
        "value: 480000000.00",
        "value: 1e999999999",
        "8: value: found 1.000000E+999999999 IDR; expected at most",
    ),
    (
        "value: 480000000.00",
        "value: 479999999.99",
        (
            "48: milestones: found milestones that add up to 480000000.00; expected at most the "
            "value, 479999999.99"
        ),
    ),
    ("signed: 2026-03-01", "signed: 01/03/2026", "9: signed: found '01/03/2026'; expected a valid"),
    ("ends: 2026-12-31", "ends: 2026-02-30", "11: ends: found '2026-02-30'; expected a valid date"),
    ("quorum: 2", "quorum: 0", "19: quorum: found '0'; expected greater than or equal to 1"),
    ("quorum: 2", "quorum: 3", "19: quorum: found 3; expected at most the 2 of the committee"),
    ("quorum: 2", "quorum: both", "19: quorum: found 'both'; expected a whole number"),
    ("inspectors: [OFFICE-ID-1/i]", "inspectors: all", "20: inspectors: found 'all'; expected a"),
    ("  year: 2026", "  year: 26", "22: budget.year: found '26'; expected greater than or equal"),
    ("  code: 5.10\n", "", "21: budget: found no code; expected this key"),
    (
        "    amount: 144000000.00",
        "    amount: 144000000.001",
        "50: milestones.1.amount: found 144000000.001 IDR; expected at most 2 digits",
    ),
    ("  - title: Second\n    amount", "  - amount", "52: milestones.2: found no title; expected"),
    ("    payee: ID-3", "    paye: ID-3", "54: milestones.2.paye: found the key 'paye'; expected"),
    ("value: 480000000.00", "value: 1\nvalue: 2", "8: value: found the key 'value' again; expec"),
    ("advance: 20 %", "advance: 20", "25: conditions.advance: found '20'; expected a rate such as"),
    (
        "advance: 20 %",
        "advance: 20.001 %",
        (
            "25: conditions.advance: found '20.001 %'; expected a rate with at most two digits "
            "after the point, as 2.65 %"
        ),
    ),
    (
        "advance: 20 %",
        "advance: 101 %",
        "25: conditions.advance: found '101 %'; expected a rate of at most 100 %",
    ),
    (
        "recovery: 25 %",
        "recovery: 19 %",
        (
            "26: conditions.recovery: found a recovery of 19 %; expected 20 %, the advance, to "
            "95 %, which the retention leaves"
        ),
    ),
    (
        "  recovery: 25 %\n  retention: 5 %",
        "  retention: 80.01 %",
        "25: conditions.advance: found a recovery of 20 %; expected 20 %, the advance, to 19.99 %",
    ),
    (
        "rate: 1/1000, cap",
        "rate: 1/3000, cap",
        (
            "29: conditions.delay_damages.rate: found '1/3000'; expected a rate in whole "
            "millionths, such as 1/1000 or 0.05 %"
        ),
    ),
    (
        "{rate: 1/1000, cap: 5 %}",
        "{rate: 1/1000}",
        "29: conditions.delay_damages: found no cap; expected this key",
    ),
    ("  default_share: 50 %\n", "", "24: conditions: found no default_share; expected this key"),
    ("review: 10", "review: 61", "34: conditions.periods.review: found '61'; expected less than"),
    ("lapse: 182", "lapse: 0", "42: conditions.periods.lapse: found '0'; expected greater than"),
    ("cure: 16", "cure: soon", "40: conditions.periods.cure: found 'soon'; expected a whole"),
    (
        "rate: 11/111, base",
        "rate: 11/0, base",
        "44: conditions.taxes.1.rate: found '11/0'; expected a rate of at most 100 %",
    ),
    (
        "base: received",
        "base: net",
        "45: conditions.taxes.2.base: found 'net'; expected 'gross' or 'received'",
    ),
    (
        "{milestone: 2, to",
        "{milestone: 3, to",
        "47: conditions.direct_payments.1.milestone: found 3; expected a milestone from 1 to 2",
    ),
    (
        "amount: 1000.50}",
        "amount: 1000.505}",
        "47: conditions.direct_payments.1.amount: found 1000.505 IDR; expected at most 2 digits",
    ),
    ("  retention: 5 %", "  retensi: 5 %", "27: conditions.retensi: found the key 'retensi'; exp"),
    ("committee:\n", "committee: [\n", "17: "),
    ("buyer: ID-1", "\tbuyer: ID-1", "12: found character '\\t' that cannot start any token"),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_line(file: Path, old: str, new: str, told: str) -> None:
    assert TERMS.count(old) == 1
    file.write_text(TERMS.replace(old, new))
    with pytest.raises(YamlFileError) as caught:
        read_terms(file)
    lines = caught.value.detail.splitlines()
    assert any(line.startswith(f"{file}:{told}") for line in lines), caught.value.detail
    assert all("; expected " in line for line in lines)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    text = TERMS.replace("quorum: 2", "quorum: 9").replace("144000000.00", "0.001")
    file.write_text(text.replace("value: 480000000.00", "value: 0.004"))
    with pytest.raises(YamlFileError) as caught:
        read_terms(file)
    numbers = [int(line.split(":")[1]) for line in caught.value.detail.splitlines()]
    assert numbers == [8, 19, 50]


def test_an_empty_list_of_milestones(file: Path) -> None:
    file.write_text(TERMS.partition("\nmilestones:")[0] + "\nmilestones: []\n")
    with pytest.raises(YamlFileError, match=r":48: milestones: found \[\]; expected at least 1"):
        read_terms(file)


def test_amounts_are_compared_to_the_last_digit(file: Path) -> None:
    # More digits than the usual precision of decimals.
    text = TERMS.replace("value: 480000000.00", "value: 792281625142643375935439503.33")
    file.write_text(text.replace("144000000.00", "792281625142643375935439503.34"))
    with pytest.raises(YamlFileError, match=r"add up to 792281625142643376271439503\.34"):
        read_terms(file)


def test_everybody_who_is_not_registered_is_told_with_the_line(file: Path) -> None:
    twin = entry("ID", "10", SUPPLIER, "Two")
    text = TERMS.replace("payee: ID-3", "payee: ID-4").replace("to: ID-3", "to: ID-5")
    text = text.replace("- OFFICE-ID-1/b", "- OFFICE-ID-1/c").replace(
        "supplier: ID-2", "supplier: Two"
    )
    file.write_text(text)
    with pytest.raises(YamlFileError) as caught:
        Terms(read_terms(file), Directory([*people(), twin]), TOKEN, ZONE, PREFIX)
    somebody = "somebody who is registered (`termin participant list`)"
    assert caught.value.detail.splitlines() == [
        f"{file}:13: supplier: found 'Two'; expected one of ID-2, ID-10",
        f"{file}:18: committee.2: found 'OFFICE-ID-1/c'; expected {somebody}",
        f"{file}:47: conditions.direct_payments.1.to: found 'ID-5'; expected {somebody}",
        f"{file}:54: milestones.2.payee: found 'ID-4'; expected {somebody}",
    ]


def test_what_may_be_left_out_of_the_conditions(file: Path, store: DocumentStore) -> None:
    head, _, rest = TERMS.partition("conditions:\n")
    periods = rest[rest.index("  periods:") : rest.index("  taxes:")]
    milestones = rest[rest.index("milestones:\n") :]
    least = f"conditions:\n  amendment_cap: 0\n  default_share: 1/2\n{periods}"
    file.write_text(head.replace("arbiter: Arbiter\n", "") + least + milestones)
    terms = Terms(read_terms(file), Directory(people()), TOKEN, ZONE, PREFIX)
    assert terms.parties()["arbiter"] == NOBODY
    agreed = terms.conditions()
    assert (agreed["amendmentCap"], agreed["defaultShare"]) == (0, 5_000)
    rates = ("advance", "recovery", "retention", "security", "damages", "interest")
    assert [agreed[f"{name}Rate"] for name in rates] == [0] * 6
    assert (agreed["damagesCap"], agreed["taxes"], agreed["directPayments"]) == (0, [], [])


def test_an_advance_is_recovered_in_proportion_unless_it_is_said(file: Path) -> None:
    file.write_text(TERMS.replace("  recovery: 25 %\n", ""))
    terms = Terms(read_terms(file), Directory(people()), TOKEN, ZONE, PREFIX)
    assert (terms.conditions()["advanceRate"], terms.conditions()["recoveryRate"]) == (2000, 2000)


def test_without_an_ocid_it_is_the_prefix_with_the_id_of_the_contract(
    file: Path, store: DocumentStore
) -> None:
    file.write_text(TERMS.replace("ocid: ocds-abc123-1\n", ""))
    terms = Terms(read_terms(file), Directory(people()), TOKEN, ZONE, PREFIX)
    assert terms.ocid == terms.terms(store)["ocid"] == "ocds-213czf-001"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{}", None),
        ("{method: direct}", {"procurementMethod": "direct"}),
        (
            "{id: T-7, title: Canal, method: open, details: Tender umum, category: works}",
            {
                "id": "T-7",
                "title": "Canal",
                "procurementMethod": "open",
                "procurementMethodDetails": "Tender umum",
                "mainProcurementCategory": "works",
            },
        ),
    ],
)
def test_how_the_supplier_was_chosen_is_in_the_document(
    file: Path, store: DocumentStore, written: str, kept: dict[str, str] | None
) -> None:
    file.write_text(TERMS.replace("currency:", f"tender: {written}\ncurrency:"))
    terms = Terms(read_terms(file), Directory(people()), TOKEN, ZONE, PREFIX)
    document = store.read_json(terms.terms(store)["document"])  # type: ignore[arg-type]
    assert document is not None
    assert document.get("tender") == kept
    assert tender_of(document, "ocds-1").get("procurementMethod") == (kept or {}).get(
        "procurementMethod"
    )


@pytest.mark.parametrize("currency", ["IDR", "JPY", "KWD"])
def test_the_draft_is_valid_as_it_is(file: Path, currency: str) -> None:
    names = Directory(people())
    file.write_text(draft_text(names, currency, TODAY, PREFIX))
    written = read_terms(file)
    draft = written.draft
    terms = Terms(written, names, TOKEN, ZONE, PREFIX)
    assert draft.currency == currency
    assert terms.ocid.startswith("ocds-213czf-2026-")
    assert draft.tender is not None
    assert draft.tender.method == "open"
    assert sum(each.amount for each in draft.milestones) == draft.value
    assert {each.name for each in terms.committee} == {"A", "B"}
    assert draft.quorum == 2
    assert [each.name for each in terms.inspectors] == ["Inspector"]
    assert (terms.buyer.name, terms.treasury.name, terms.supplier.name) == (
        "Buyer",
        "Treasury",
        "Three",
    )
    assert terms.arbiter is not None
    assert terms.arbiter.name == "Arbiter"
    agreed = terms.conditions()
    typical = {
        "advanceRate": 2_000,
        "retentionRate": 500,
        "securityRate": 500,
        "damagesRate": 1_000,
        "damagesCap": 500,
        "amendmentCap": 1_000,
    }
    assert agreed.items() >= typical.items()
    assert agreed["taxes"] == [
        {
            "recipient": names.find("Kas").id,
            "numerator": 11,
            "denominator": 111,
            "base": 0,
        }
    ]


def test_the_draft_without_arbiter_and_collector(file: Path) -> None:
    names = Directory([e for e in people() if not e.has("arbiter") and not e.has("collector")])
    file.write_text(draft_text(names, "IDR", TODAY, PREFIX))
    terms = Terms(read_terms(file), names, TOKEN, ZONE, PREFIX)
    assert terms.arbiter is None
    assert terms.conditions()["taxes"] == []
    # What is commented out can be used by removing the sign.
    text = draft_text(names, "IDR", TODAY, PREFIX).replace(
        "  taxes: []\n  #   - to", "  taxes:\n    - to"
    )
    text = text.replace("  #     rate: 11/111\n  #     base", "      rate: 11/111\n      base")
    file.write_text(text.replace("to: SCHEME-IDENTIFIER", "to: ID-2", 1))
    (tax,) = read_terms(file).draft.conditions.taxes
    assert (tax.to, tax.base) == ("ID-2", "gross")


def test_the_arbiter_of_the_draft_is_of_neither_side(file: Path) -> None:
    inside = entry("OFFICE", "ID-1/x", ARBITER, "Inside", participant_id("ID", "1"))
    file.write_text(draft_text(Directory([*people(), inside]), "IDR", TODAY, PREFIX))
    assert read_terms(file).draft.arbiter == "ID-9"


def test_the_draft_without_an_inspector(file: Path) -> None:
    names = Directory([each for each in people() if not each.has("inspector")])
    file.write_text(draft_text(names, "IDR", TODAY, PREFIX))
    assert read_terms(file).draft.inspectors == []


@settings(max_examples=60, deadline=None)
@given(identifier=st.text(max_size=30), name=st.text(max_size=30))
def test_the_draft_is_valid_whoever_is_registered(
    tmp_path_factory: pytest.TempPathFactory, identifier: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("draft")
    store = DocumentStore(folder / "documents")
    # Names reach the directory from documents, identifiers from the chain, in UTF-8.
    identifier, name = (text.encode(errors="ignore").decode() for text in (identifier, name))
    document = store.write_json({"type": "participant", "name": name})
    others = [each for each in people() if each.name != "Three"]
    odd = entry("ID", f"x{identifier}x", SUPPLIER, store.read_text(document, "name"))
    names = Directory([*others, odd])
    file = folder / "terms.yaml"
    file.write_text(draft_text(names, "IDR", TODAY, PREFIX), encoding="utf-8")
    assert Terms(read_terms(file), names, TOKEN, ZONE, PREFIX).supplier == odd


@pytest.mark.parametrize("role", ["buyer", "supplier", "committee", "treasury"])
def test_a_draft_needs_everybody(role: str) -> None:
    names = Directory([each for each in people() if not each.has(role)])
    with pytest.raises(DraftError) as caught:
        draft_text(names, "IDR", TODAY, PREFIX)
    assert caught.value.detail == (
        f"No {role} is registered yet. `termin participant register --role {role} …` does it."
    )
