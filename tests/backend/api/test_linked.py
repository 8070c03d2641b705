"""linked data
├── a contract, a payment and a participant are the triples that ePO and schema.org have for them
│   ├── no name is without a meaning, and no value without a name
│   └── what is not known is not said
├── the context is served, and is all that is needed to read them
└── every term of the context is in docs/json-ld.md
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyld import jsonld
from support.problems import problem
from support.story import Story

from backend.api.linked import CONTEXT
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database

API = "https://termin.example/api/v1"
EPO = "http://data.europa.eu/a4g/ontology#"
SCHEMA = "http://schema.org/"
ORG = "http://www.w3.org/ns/org#"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def client(story: Story, told: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The story, published under a name of their own."""
    url = told.url.render_as_string(hide_password=False)
    here = Settings(
        rpc_url=story.rpc.url,
        database_url=url,
        data_dir=tmp_path,
        api_url="https://termin.example",
    )
    with TestClient(create_app(here)) as found:
        yield found


def triples(client: TestClient, path: str) -> set[tuple[str, str, str]]:
    """What a document says; blank nodes and datatypes as text."""
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/ld+json"

    def load(url: str, _: Any) -> dict[str, Any]:
        assert url == f"{API}/context.jsonld", "nothing else is fetched"
        context = client.get("/api/v1/context.jsonld").json()
        return {"contentType": MEDIA, "contextUrl": None, "documentUrl": url, "document": context}

    found = jsonld.to_rdf(response.json(), {"documentLoader": load, "base": f"{API}/{path}"})
    return {
        tuple(_text(quad[part]) for part in ("subject", "predicate", "object"))
        for quad in found["@default"]
    }


MEDIA = "application/ld+json"


def _text(term: dict[str, Any]) -> str:
    kind = term.get("datatype", "")
    short = kind.replace(XSD, "xsd:").replace(SCHEMA, "schema:")
    return term["value"] if kind in ("", f"{XSD}string") else f"{term['value']}^^{short}"


def about(found: set[tuple[str, str, str]], subject: str) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for s, predicate, value in found:
        if s == subject:
            said.setdefault(predicate, set()).add(value)
    return said


def inner(found: set[tuple[str, str, str]], subject: str, predicate: str) -> dict[str, set[str]]:
    (node,) = about(found, subject)[predicate]
    return about(found, node)


def money(amount: dict[str, str]) -> dict[str, set[str]]:
    return {
        TYPE: {f"{EPO}MonetaryValue", f"{SCHEMA}MonetaryAmount"},
        f"{EPO}hasAmountValue": {f"{amount['amount']}^^xsd:decimal"},
        f"{EPO}hasCurrency": {
            f"http://publications.europa.eu/resource/authority/currency/{amount['currency']}"
        },
        f"{SCHEMA}value": {amount["amount"]},
        f"{SCHEMA}currency": {amount["currency"]},
    }


def test_a_contract(client: TestClient) -> None:
    rows = client.get("/api/v1/contracts?limit=200").json()["contracts"]
    told = (row for row in rows if row["title"] and row["signedAt"])
    number = max(told, key=lambda row: row["payments"])["number"]
    row = client.get(f"/api/v1/contracts/{number}").json()
    contract, payments = row["contract"], row["payments"]
    found, me = triples(client, f"json-ld/contracts/{number}"), f"{API}/contracts/{number}"
    said = about(found, me)
    assert said[TYPE] == {f"{EPO}Contract"}
    assert said[f"{DCT}title"] == {contract["title"]}
    assert said[f"{EPO}hasContractConclusionDate"] == {f"{contract['signedAt'][:10]}^^xsd:date"}
    assert inner(found, me, f"{EPO}hasContractValue") == money(contract["value"])
    named = {
        tuple(sorted(value for each in about(found, node).values() for value in each))
        for node in said[f"{SCHEMA}identifier"]
    }
    kind = f"{SCHEMA}PropertyValue"
    assert named == {
        tuple(sorted((kind, "ocid", contract["ocid"]))),
        tuple(sorted((kind, "id", contract["contractId"]))),
    }
    for role, predicate, kind, party in (
        ("buyer", "signedByBuyer", "Buyer", contract["buyer"]),
        ("contractor", "signedByContractor", "Contractor", contract["supplier"]),
    ):
        assert said[f"{EPO}{predicate}"] == {f"{me}#{role}"}
        assert about(found, f"{me}#{role}") == {
            TYPE: {f"{EPO}{kind}"},
            f"{EPO}playedBy": {f"{API}/participants/{party['number']}"},
        }
    assert payments
    assert {s for s, p, o in found if (p, o) == (f"{EPO}refersToContract", me)} == {
        f"{API}/payments/{each['number']}" for each in payments
    }


def test_a_payment(client: TestClient) -> None:
    row = client.get("/api/v1/payments?limit=1&status=paid").json()["payments"][0]
    me = f"{API}/payments/{row['number']}"
    found = triples(client, f"json-ld/payments/{row['number']}")
    said = about(found, me)
    contract = f"{API}/contracts/{row['contract']['number']}"
    payer, payee = (f"{API}/participants/{row[who]['number']}" for who in ("payer", "payee"))
    assert said[TYPE] == {f"{EPO}RemittanceAdvice", f"{SCHEMA}MoneyTransfer"}
    assert said[f"{EPO}refersToContract"] == {contract}
    assert said[f"{EPO}specifiesBuyer"] == {f"{contract}#buyer"}
    assert said[f"{EPO}specifiesPayee"] == {f"{me}#payee"}
    assert about(found, f"{me}#payee") == {f"{EPO}playedBy": {payee}}
    assert said[f"{EPO}hasPaymentDate"] == {f"{row['paidAt'][:10]}^^xsd:date"}
    assert said[f"{SCHEMA}agent"] == {payer}
    assert said[f"{SCHEMA}recipient"] == {payee}
    (moment,) = said[f"{SCHEMA}endTime"]
    assert moment == f"{row['paidAt'].replace('Z', '+00:00')}^^schema:DateTime"
    for predicate in (f"{EPO}hasTotalPaymentAmount", f"{SCHEMA}amount"):
        assert inner(found, me, predicate) == money(row["net"])


def test_a_payment_that_is_owed_has_no_date(client: TestClient) -> None:
    rows = client.get("/api/v1/payments?status=owed&limit=1").json()["payments"]
    me = f"{API}/payments/{rows[0]['number']}"
    said = about(triples(client, f"json-ld/payments/{rows[0]['number']}"), me)
    assert f"{EPO}hasPaymentDate" not in said
    assert f"{SCHEMA}endTime" not in said


def test_a_participant_and_an_office(client: TestClient) -> None:
    rows = client.get("/api/v1/participants?limit=200").json()["participants"]
    office = next(row for row in rows if row["organization"] and not row["name"])
    whole = f"{API}/participants/{office['organization']['number']}"
    found = triples(client, f"json-ld/participants/{office['number']}")
    me = f"{API}/participants/{office['number']}"
    said = about(found, me)
    assert said[TYPE] == {f"{ORG}Organization", f"{SCHEMA}Organization"}
    assert said[f"{ORG}subOrganizationOf"] == {whole}
    assert inner(found, me, f"{SCHEMA}identifier") == {
        TYPE: {f"{SCHEMA}PropertyValue"},
        f"{SCHEMA}propertyID": {office["scheme"]},
        f"{SCHEMA}value": {office["identifier"]},
    }
    assert f"{EPO}hasLegalName" not in said
    named = next(row for row in rows if row["name"] == "PT Karya Jaya")
    me = f"{API}/participants/{named['number']}"
    said = about(triples(client, f"json-ld/participants/{named['number']}"), me)
    assert said[f"{EPO}hasLegalName"] == said[f"{SCHEMA}legalName"] == {"PT Karya Jaya"}
    assert f"{ORG}subOrganizationOf" not in said


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from keys(value)
    elif isinstance(node, list):
        for each in node:
            yield from keys(each)


@pytest.mark.parametrize("path", ["contracts/1", "payments/1", "participants/1"])
def test_every_name_has_a_meaning_and_nothing_is_null(client: TestClient, path: str) -> None:
    response = client.get(f"/api/v1/json-ld/{path}")
    assert set(keys(response.json())) - {"@context"} <= set(CONTEXT)
    assert "null" not in response.text
    assert response.headers["termin-block"].isdigit()


def test_the_context(client: TestClient) -> None:
    response = client.get("/api/v1/context.jsonld")
    assert response.headers["content-type"] == MEDIA
    assert response.headers["cache-control"] == "public, max-age=86400"
    assert response.json() == {"@context": CONTEXT}
    tag = {"If-None-Match": response.headers["etag"]}
    assert client.get("/api/v1/context.jsonld", headers=tag).status_code == 304


def test_what_is_not_there(client: TestClient) -> None:
    for path in ("contracts/999", "payments/99999", "participants/999"):
        problem(client.get(f"/api/v1/json-ld/{path}"), 404)


def test_every_term_is_documented() -> None:
    text = (ROOT / "docs" / "json-ld.md").read_text(encoding="utf-8")
    prefixes = {"epo", "schema", "dct", "org", "xsd", "@version"}
    for name, meaning in CONTEXT.items():
        if name not in prefixes:
            iri = meaning if isinstance(meaning, str) else next(iter(meaning.values()))
            assert f"| `{name}` | `{iri}` |" in text, name
