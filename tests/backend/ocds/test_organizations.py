"""Who is who, however the source writes it."""

import hashlib
from typing import Any

import pytest

from backend.ocds.source import Organization

SUPPLIER = ("RFC", "SUP010101AAA")


def name_key(name: str) -> tuple[str, str]:
    return "X-NAME", hashlib.sha256(name.encode()).hexdigest()[:20]


def payee(sources: Any, reference: Any, **changes: Any) -> tuple[str, str]:
    release = sources.release(sources.contract(sources.payment(payee=reference)), **changes)
    key: tuple[str, str] = sources.read(release).contracts[0].payments[0].payee.key
    return key


def test_identity_is_scheme_and_identifier_not_the_name() -> None:
    first = Organization("RFC", "1", "ACME")
    assert first == Organization("RFC", "1", "Acme, S.A.")
    assert hash(first) == hash(Organization("RFC", "1", ""))
    assert first != Organization("SIASI", "1", "ACME")
    assert first.key == ("RFC", "1")


@pytest.mark.parametrize(
    "reference",
    [
        {"id": "RFC-SUP010101AAA"},
        {"id": " SUP010101AAA "},
        {"id": "whatever", "identifier": {"scheme": "RFC", "id": "SUP010101AAA"}},
        {"id": "x", "identifier": {"scheme": "RFC", "id": "RFC-SUP010101AAA"}},
        {"scheme": "RFC", "id": "SUP010101AAA", "legalName": "Supplier"},
        {"identifier": {"id": "SUP010101AAA"}},
        {"name": "  SUPPLIER  "},
        {"name": "Someone else", "id": "SUP010101AAA"},
    ],
)
def test_a_party_is_found_however_it_is_referred_to(sources: Any, reference: Any) -> None:
    assert payee(sources, reference) == SUPPLIER


def test_a_party_without_identifier_id_is_known_by_its_id_without_the_scheme(sources: Any) -> None:
    [contract] = sources.read(sources.release(sources.contract())).contracts
    assert contract.buyer.key == ("GOV", "001")
    assert payee(sources, {"id": "001"}) == ("GOV", "001")


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ({"id": "RFC-GEN620601DTA"}, ("RFC", "GEN620601DTA")),
        ({"id": "GB-COH-07444723"}, ("GB-COH", "07444723")),
        ({"id": "CA-CRA_ACR-118"}, ("CA-CRA_ACR", "118")),
        ({"id": 42}, ("X-ocds-abc123", "42")),
        ({"id": "rfc-123"}, ("X-ocds-abc123", "rfc-123")),
        ({"id": "RFC- "}, ("X-ocds-abc123", "RFC-")),
        ({"id": "77-K", "identifier": {"scheme": "RUT"}}, ("X-ocds-abc123", "77-K")),
        ({"name": "José  Pérez"}, name_key("josé pérez")),
        ({"name": "jose\u0301 PE\u0301REZ "}, name_key("josé pérez")),
    ],
)
def test_an_organization_outside_the_parties_has_a_key_of_its_own(
    sources: Any, reference: Any, key: tuple[str, str]
) -> None:
    assert payee(sources, reference) == key


def test_a_bare_number_is_known_from_anywhere_in_the_source(sources: Any) -> None:
    other = sources.release(sources.contract(), ocid="ocds-abc123-2", parties=[])
    other["awards"][0]["suppliers"] = [{"id": "GEN620601DTA"}]
    payer = {"id": "RFC-GEN620601DTA"}
    first = sources.release(sources.contract(sources.payment(payer=payer)))
    source = sources.read(other, first)
    assert source.contracts[0].supplier.key == ("RFC", "GEN620601DTA")
    assert source.contracts[1].payments[0].payer.key == ("RFC", "GEN620601DTA")


def test_a_bare_number_that_two_schemes_know_is_not_guessed(sources: Any) -> None:
    parties = [
        {"id": "a", "name": "A", "identifier": {"scheme": "RFC", "id": "12345"}},
        {"id": "b", "name": "B", "identifier": {"scheme": "DUNS", "id": "12345"}},
    ]
    assert payee(sources, {"id": "12345"}, parties=parties) == ("X-ocds-abc123", "12345")
    assert payee(sources, {"id": "b"}, parties=parties) == ("DUNS", "12345")


def test_a_name_that_two_parties_have_is_not_guessed(sources: Any) -> None:
    parties = [{"id": "RFC-1", "name": "Same"}, {"id": "RFC-2", "name": "same"}]
    assert payee(sources, {"name": "SAME"}, parties=parties) == name_key("same")


def test_a_small_number_that_is_somebody_else_in_each_release_is_no_identifier(
    sources: Any,
) -> None:
    def numbered(process: int, name: str) -> Any:
        return sources.release(
            sources.contract(sources.payment(payee={"id": "1"})),
            ocid=f"ocds-abc123-{process}",
            parties=[{"id": "1", "name": name}],
        )

    same = sources.read(numbered(1, "Acme"), numbered(2, "ACME"))
    assert {each.payments[0].payee.key for each in same.contracts} == {("X-ocds-abc123", "1")}
    differ = sources.read(numbered(1, "Acme"), numbered(2, "Umbrella"))
    assert [each.payments[0].payee.key for each in differ.contracts] == [
        name_key("acme"),
        name_key("umbrella"),
    ]


def test_an_organization_has_one_name_in_every_contract(sources: Any) -> None:
    nameless = sources.release(
        sources.contract(sources.payment(payee={"id": "RFC-OTH"})), ocid="ocds-abc123-2"
    )
    named = sources.release(sources.contract(sources.payment(payee={"id": "RFC-OTH", "name": "O"})))
    source = sources.read(nameless, named)
    assert [each.payments[0].payee.name for each in source.contracts] == ["O", "O"]


def test_the_name_of_a_party_comes_before_that_of_a_reference(sources: Any) -> None:
    transaction = sources.payment(payee={"id": "SUP010101AAA", "name": "SUP. SA"})
    [contract] = sources.read(sources.release(sources.contract(transaction))).contracts
    assert contract.payments[0].payee.name == "Supplier"


def test_long_identifiers_and_names_are_bounded(sources: Any) -> None:
    transaction = sources.payment(payee={"id": "RFC-" + "9" * 500, "name": "n" * 500})
    [contract] = sources.read(sources.release(sources.contract(transaction))).contracts
    organization = contract.payments[0].payee
    assert len(organization.identifier) == 100
    assert len(organization.name) == 300


@pytest.mark.parametrize(
    ("changes", "key", "reasons"),
    [
        ({}, ("GOV", "001"), []),
        (
            {"buyer": None, "tender": {"procuringEntity": {"id": "RFC-SUP2", "name": "Works"}}},
            ("RFC", "SUP2"),
            [],
        ),
        ({"buyer": "City"}, ("GOV", "001"), []),
        (
            {"buyer": {}, "parties": [{"id": "GOV-2", "roles": ["procuringEntity"]}]},
            ("GOV", "2"),
            [],
        ),
        (
            {"buyer": None, "parties": None},
            ("X-PUBLISHER", "ocds-abc123"),
            ["buyer_not_published: the publisher ocds-abc123 stands in its place"],
        ),
    ],
)
def test_the_buyer_is_looked_for_until_the_publisher_stands_in(
    sources: Any, changes: Any, key: tuple[str, str], reasons: list[str]
) -> None:
    release = sources.release(sources.contract(sources.payment()), **changes)
    source = sources.read({"releases": [release], "publisher": {"name": "Open City"}})
    [contract] = source.contracts
    assert contract.buyer.key == key
    assert list(map(str, contract.reasons)) == reasons
    if reasons:
        assert contract.buyer.name == "Open City"


def test_the_supplier_is_the_one_of_the_award_that_is_paid(sources: Any) -> None:
    first = {"id": "RFC-OTHER", "name": "Other"}
    awards = [
        {"id": "A0", "suppliers": [{"id": "RFC-WRONG"}]},
        {"id": "A1", "suppliers": [first]},
        {"id": "A1", "suppliers": [{"id": "SUP010101AAA"}, first]},
    ]
    paid = sources.release(sources.contract(sources.payment()), awards=awards)
    [contract] = sources.read(paid).contracts
    assert contract.supplier.key == SUPPLIER
    assert contract.other_suppliers == (Organization("RFC", "OTHER", ""),)
    [contract] = sources.read(sources.release(sources.contract(), awards=awards)).contracts
    assert contract.supplier.key == ("RFC", "OTHER")
    assert [each.key for each in contract.other_suppliers] == [SUPPLIER]


@pytest.mark.parametrize(
    ("award_id", "awards", "contract_suppliers", "key"),
    [
        (None, [{"id": "A9", "suppliers": [{"id": "RFC-ONLY"}]}], None, ("RFC", "ONLY")),
        (7, [{"id": 7, "suppliers": [{"id": "RFC-SEVEN"}]}], None, ("RFC", "SEVEN")),
        ("A1", [], [{"id": "RFC-OWN"}], ("RFC", "OWN")),
    ],
)
def test_the_award_may_be_the_only_one_or_the_contract_name_its_suppliers(
    sources: Any, award_id: Any, awards: Any, contract_suppliers: Any, key: tuple[str, str]
) -> None:
    contract = sources.contract(awardID=award_id, suppliers=contract_suppliers)
    [read] = sources.read(sources.release(contract, awards=awards)).contracts
    assert read.supplier.key == key
    assert [str(reason.code) for reason in read.reasons] == ["no_payments"]


@pytest.mark.parametrize(
    ("transactions", "parties", "supplier"),
    [
        ([{"id": "RFC-PAID"}], None, Organization("RFC", "PAID", "")),
        ([], None, Organization("X-UNPUBLISHED", "ocds-abc123-1/C1", "")),
        ([], [{"id": "RFC-S", "roles": ["supplier"]}], Organization("RFC", "S", "")),
    ],
)
def test_a_supplier_that_is_not_published_is_the_payee_or_unknown(
    sources: Any, transactions: Any, parties: Any, supplier: Organization
) -> None:
    paid = [sources.payment(payee=reference) for reference in transactions]
    release = sources.release(sources.contract(*paid), awards=[], parties=parties)
    [contract] = sources.read(release).contracts
    assert contract.supplier == supplier
    assert str(contract.reasons[0]) == (
        f"supplier_not_published: {supplier.scheme} {supplier.identifier} stands in its place"
    )


def test_a_buyer_that_supplies_itself_is_skipped(sources: Any) -> None:
    release = sources.release(sources.contract(sources.payment()), buyer={"id": "SUP010101AAA"})
    source = sources.read(release)
    assert source.contracts == ()
    assert [found.reason for found in source.findings] == [
        "buyer_is_supplier: RFC SUP010101AAA is on both sides; expected two parties",
        "contract_skipped: its contract is skipped (buyer_is_supplier)",
    ]
