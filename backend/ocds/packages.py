"""Packages of OCDS 1.1: who publishes, when, under which licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

import simplejson

from backend.core.settings import Settings
from backend.ocds.fields import Json
from backend.ocds.publishing import date, known

VERSION: Final = "1.1"

_EXTENSIONS: Final = "https://raw.githubusercontent.com/{}/master/extension.json"
EXTENSIONS: Final = tuple(
    _EXTENSIONS.format(name)
    for name in (
        "open-contracting-extensions/ocds_transactions_relatedMilestone_extension",
        "open-contracting-extensions/ocds_performance_failures_extension",
        "open-contracting-extensions/ocds_contract_completion_extension",
        "INAImexico/ocds_guarantees_extension",
    )
)
"""The extensions of OCDS that what we publish uses, by the addresses that name them."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What all packages say: the publisher, licence and policy, and the time of the index's block.

    The addresses of publisher, licence and policy are empty where they are not stated.
    """

    publisher: str
    publisher_uri: str
    license: str
    policy: str
    published: datetime

    @classmethod
    def of(cls, settings: Settings, published: datetime) -> Publication:
        """As the settings say."""
        return cls(
            settings.publisher_name,
            settings.publisher_uri,
            settings.license_uri,
            settings.publication_policy_uri,
            published,
        )

    def records(self, uri: str, records: Sequence[Json]) -> Json:
        """A record package that is found at `uri`."""
        return {**self._package(uri), "records": list(records)}

    def releases(self, uri: str, releases: Sequence[Json]) -> Json:
        """A release package that is found at `uri`."""
        return {**self._package(uri), "releases": list(releases)}

    def _package(self, uri: str) -> Json:
        return known(
            uri=uri,
            version=VERSION,
            extensions=list(EXTENSIONS),
            publishedDate=date(self.published),
            publisher=known(name=self.publisher, uri=self.publisher_uri),
            license=self.license,
            publicationPolicy=self.policy,
        )


def release_uri(base: str, release: str) -> str:
    """Where the release with this id is found, below the address `base`."""
    return f"{base}/releases/{quote(release, safe='')}"


def release_url(base: str, release: str) -> str:
    """The same as a link in a record, whose fragment is the id of the release in its package."""
    return f"{release_uri(base, release)}#{quote(release, safe='')}"


def to_json(value: Json) -> bytes:
    """`value` as JSON in UTF-8 on one line, amounts with exactly their digits."""
    text: str = simplejson.dumps(
        value, use_decimal=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()
