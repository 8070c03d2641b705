"""What one block says of one contract, on the way to becoming part of a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from backend.ocds.fields import Json
from backend.ocds.publishing import known

TAGS: Final = (
    "tender",
    "award",
    "contract",
    "contractUpdate",
    "contractAmendment",
    "implementation",
    "implementationUpdate",
    "contractTermination",
)
"""The tags that are given, of OCDS's codelist releaseTag, in the order of a contract's life."""

_OF_IMPLEMENTATION: Final = ("transactions", "milestones", "performanceFailures")
_OF_CONTRACT: Final = ("amendments", "guarantees")


@dataclass(slots=True)
class Draft:
    """`process` are fields of the release, `contract` and `implementation` of those.

    A field that is None was published before and says nothing any more.
    """

    tags: set[str] = field(default_factory=set)
    process: Json = field(default_factory=dict)
    contract: Json = field(default_factory=dict)
    implementation: Json = field(default_factory=dict)
    _lists: dict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))

    def tag(self, tag: str) -> None:
        """Say what the release is about."""
        self.tags.add(tag)

    def say(self, **fields: Any) -> None:
        """Fields of the contract."""
        self.contract |= fields

    def put(self, name: str, item: Json) -> None:
        """An object of a list, or more on one with the same id."""
        items = self._lists[name]
        items[item["id"]] = {**items.get(item["id"], {}), **item}

    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.process or self.contract or self.implementation or self._lists)

    def build(self, contract_id: str) -> Json:
        """The contract's part of the release. One award for each contract, so that the contract's
        id can name both."""
        implementation = {**self._listed(_OF_IMPLEMENTATION), **self.implementation}
        return {
            "id": contract_id,
            "awardID": contract_id,
            **self.contract,
            **self._listed(_OF_CONTRACT),
            **known(implementation=implementation),
        }

    def _listed(self, names: Iterable[str]) -> Json:
        return {name: list(self._lists[name].values()) for name in names if name in self._lists}


def ordered(tags: Iterable[str]) -> list[str]:
    """Tags in the order of a contract's life, each once."""
    given = set(tags)
    return [tag for tag in TAGS if tag in given]
