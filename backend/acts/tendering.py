"""How a supplier was chosen, as terms and stories tell it and the agreement's document keeps it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from backend.acts.conditions import Text


class TenderDraft(BaseModel):
    """A tender, or what stood in its place. Whatever is not known may be left out.

    `method` and `category` are of OCDS's codelists; `details` says the method in one's own words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text | None = None
    title: Text | None = None
    method: Literal["open", "selective", "limited", "direct"] | None = None
    details: Text | None = None
    category: Literal["goods", "works", "services"] | None = None


def tender_document(tender: TenderDraft | None) -> dict[str, dict[str, str]]:
    """The field `tender` of an agreement's document, by the names of OCDS; empty without one."""
    if tender is None:
        return {}
    fields = {
        "id": tender.id,
        "title": tender.title,
        "procurementMethod": tender.method,
        "procurementMethodDetails": tender.details,
        "mainProcurementCategory": tender.category,
    }
    told = {name: value for name, value in fields.items() if value}
    return {"tender": told} if told else {}
