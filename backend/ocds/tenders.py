"""What the document of an agreement tells of how its supplier was chosen.

Nothing of a tender stands on the chain itself.
"""

from __future__ import annotations

from typing import Final

from backend.ocds.fields import Json
from backend.ocds.publishing import known, text

TENDER_FIELDS: Final = (
    "id",
    "title",
    "procurementMethod",
    "procurementMethodDetails",
    "mainProcurementCategory",
)
"""What the `tender` of a document may hold, by the names of OCDS."""

METHODS: Final = ("open", "selective", "limited", "direct")
"""OCDS's codelist method."""

CATEGORIES: Final = ("goods", "works", "services")
"""OCDS's codelist procurementCategory."""


def tender_of(content: Json, ocid: str) -> Json:
    """The tender by the `tender` of a document; empty where that says nothing that is known."""
    told = content.get("tender")
    given = told if isinstance(told, dict) else {}
    method, category = text(given, "procurementMethod"), text(given, "mainProcurementCategory")
    tender = known(
        title=text(given, "title"),
        procurementMethod=method if method in METHODS else None,
        procurementMethodDetails=text(given, "procurementMethodDetails"),
        mainProcurementCategory=category if category in CATEGORIES else None,
    )
    # The contract is awarded: of its tender nothing is open any more.
    return {"id": text(given, "id") or ocid, "status": "complete", **tender} if tender else {}
