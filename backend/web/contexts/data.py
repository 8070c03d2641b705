"""The page on data and API: what can be taken away, and where programs ask."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.core.settings import Settings
from backend.queries.index import IndexState
from backend.queries.years import YearCount, year_counts


@dataclass(frozen=True, slots=True)
class DataPage:
    """Downloads and entry points.

    `whole` counts all years, `years` each of them, newest first. `site` is the address of portal
    and API without a slash at the end; `publisher` and `license` are empty where they are not
    stated.
    """

    state: IndexState
    whole: YearCount
    years: list[YearCount]
    site: str
    publisher: str
    license: str


def data_page(session: Session, state: IndexState, settings: Settings) -> DataPage:
    """Fill the page on data and API."""
    whole, *years = year_counts(session)
    return DataPage(
        state, whole, years, settings.api, settings.publisher_name, settings.license_uri
    )
