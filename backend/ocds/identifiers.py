"""Identifiers of what is published: stable, and unique where OCDS wants them unique."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import chain, count

from backend.ocds.fields import Json, digest

_CONTENT_DIGITS = 12


class Names:
    """Gives each key a name of its own; the same key gets the same name again."""

    def __init__(self) -> None:
        self._names: dict[Hashable, str] = {}
        self._taken: set[str] = set()

    def name(self, key: Hashable, *wanted: str) -> str:
        """The first of `wanted` that no other key has, else the last one with a number."""
        if key not in self._names:
            numbered = (f"{wanted[-1]}#{number}" for number in count(2))
            name = next(name for name in chain(wanted, numbered) if name not in self._taken)
            self._taken.add(name)
            self._names[key] = name
        return self._names[key]


def release_id(block: int, content: Json) -> str:
    """Names a release by its ocid, the block that made it, and its content.

    What is published under one id never changes: a name that becomes known later makes another.
    """
    return f"{content['ocid']}-{block}-{digest(content)[:_CONTENT_DIGITS]}"


def ocid_of(release: str) -> str:
    """The ocid in the id of a release; empty where it is no such id."""
    ocid, *rest = release.rsplit("-", 2)
    return ocid if len(rest) == 2 else ""


def event_uri(chain_id: int, transaction: str, log_index: int) -> str:
    """Names an event on a chain, for whoever wants to look it up on a node."""
    return f"urn:termin:event:{chain_id}:{transaction}:{log_index}"
