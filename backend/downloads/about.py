"""What a file says of itself: who publishes it, and which state of the index it is of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from backend.core.dates import iso
from backend.core.settings import Settings
from backend.ocds.packages import Publication
from backend.ocds.publishing import known
from backend.queries.index import IndexState


class Publisher(msgspec.Struct, frozen=True):
    """Who publishes, under which licence and policy, and where the portal is."""

    name: str
    uri: str
    license: str
    policy: str
    site: str

    @classmethod
    def of(cls, settings: Settings) -> Publisher:
        """As the settings say."""
        return cls(
            settings.publisher_name,
            settings.publisher_uri,
            settings.license_uri,
            settings.publication_policy_uri,
            settings.api,
        )

    def publication(self, published: datetime) -> Publication:
        """What OCDS packages say."""
        return Publication(self.name, self.uri, self.license, self.policy, published)


def about(publisher: Publisher, state: IndexState, name: str) -> dict[str, Any]:
    """The facts of the file called `name`, in the order in which they are shown."""
    return known(
        file=name,
        source=publisher.site,
        publisher=publisher.name,
        publisherUri=publisher.uri,
        license=publisher.license,
        publicationPolicy=publisher.policy,
        block=state.block,
        blockHash=state.block_hash,
        finalBlock=state.final_block,
        time=iso(state.time),
        chainId=state.chain_id,
        factory=state.factory,
    )
