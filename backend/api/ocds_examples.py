"""Examples of OCDS as the OpenAPI description shows them; all names are fictional."""

from __future__ import annotations

from typing import Any

from backend.api.example_parts import TRANSACTION
from backend.ocds.fields import Json
from backend.ocds.identifiers import event_uri, release_id
from backend.ocds.packages import EXTENSIONS, release_uri
from backend.ocds.records import compiled

_BASE = "https://termin.example/api/v1/ocds"
_OCID = "ocds-213czf-000-00012"
_BUYER = {"id": "ID-NPWP-00.123.456.7-001.000", "name": "Dinas Pekerjaan Umum"}
_SUPPLIER = {"id": "ID-NPWP-01.234.567.8-901.000", "name": "PT Karya Jaya"}
_TITLE = "Road Sukamaju–Cibeureum"
_CONTRACT = {"id": "C-2026-012", "awardID": "C-2026-012"}


def _party(reference: Json, *roles: str) -> Json:
    identifier = {"scheme": "ID-NPWP", "id": reference["id"].removeprefix("ID-NPWP-")}
    return {**reference, "identifier": identifier, "roles": list(roles)}


def _money(amount: int) -> Json:
    return {"amount": amount, "currency": "IDR"}


def _release(block: int, date: str, *tags: str, **content: Any) -> Json:
    fields = {"ocid": _OCID, "date": date, "tag": list(tags), "initiationType": "tender"} | content
    return {"ocid": _OCID, "id": release_id(block, fields), **fields}


_MILESTONE = {"id": "1", "title": "Termin I (30 %)"}
_AWARDED = _release(
    120,
    "2026-01-05T04:00:00Z",
    "award",
    "contract",
    parties=[_party(_BUYER, "buyer"), _party(_SUPPLIER, "supplier")],
    buyer=_BUYER,
    awards=[{"id": "C-2026-012", "title": _TITLE, "status": "active", "suppliers": [_SUPPLIER]}],
    contracts=[
        {
            **_CONTRACT,
            "title": _TITLE,
            "period": {"startDate": "2026-01-05T00:00:00Z", "endDate": "2026-08-31T00:00:00Z"},
            "value": _money(480_000_000),
            "dateSigned": "2026-01-05T00:00:00Z",
            "status": "active",
            "implementation": {
                "milestones": [
                    {
                        **_MILESTONE,
                        "type": "payment",
                        "dueDate": "2026-04-05T00:00:00Z",
                        "status": "scheduled",
                    }
                ]
            },
        }
    ],
)
_PAID = _release(
    4702,
    "2026-03-02T04:05:06Z",
    "implementation",
    parties=[_party(_BUYER, "buyer", "payer"), _party(_SUPPLIER, "supplier", "payee")],
    contracts=[
        {
            **_CONTRACT,
            "implementation": {
                "transactions": [
                    {
                        "id": "1",
                        "date": "2026-03-02T04:05:06Z",
                        "value": _money(144_000_000),
                        "payer": _BUYER,
                        "payee": _SUPPLIER,
                        "uri": event_uri(2026, TRANSACTION, 3),
                        "relatedImplementationMilestone": _MILESTONE,
                    }
                ],
                "milestones": [{"id": "1", "dateMet": "2026-03-02T04:05:06Z", "status": "met"}],
            },
        }
    ],
)


def _package(uri: str, **content: Any) -> Json:
    return {
        "uri": uri,
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": "2026-03-02T04:05:06Z",
        "publisher": {"name": "Kabupaten Sukamaju"},
        **content,
    }


_RELEASES = [_AWARDED, _PAID]
RELEASE_ID: str = _PAID["id"]
RECORD: Json = {"ocid": _OCID, "releases": _RELEASES, "compiledRelease": compiled(_RELEASES)}
RECORD_PACKAGE = _package(f"{_BASE}/records/12", records=[RECORD])
RECORD_PAGE = _package(f"{_BASE}/record-packages?after=0&limit=1", records=[RECORD])
RELEASE_PACKAGE = _package(f"{_BASE}/release-packages/12", releases=_RELEASES)
ONE_RELEASE = _package(release_uri(_BASE, RELEASE_ID), releases=[_PAID])
