"""The parties of a process: each with one id and all its roles so far, and references to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.ocds.fields import Json
from backend.ocds.identifiers import Names
from backend.ocds.publishing import known
from backend.queries.records import PublishedPerson

ROLES = ("buyer", "supplier", "payer", "payee")
"""The roles that are given, of OCDS's codelist partyRole, in this order."""

Key = tuple[str, str]
"""Scheme and identifier, which make the identity."""


@dataclass(slots=True)
class _Party:
    id: str
    name: str | None = None
    roles: set[str] = field(default_factory=set)


class Parties:
    """Collects who is referred to. Nothing but public identifiers and names of legal persons.

    A participant has the name that its document gives it when the block is made.
    """

    def __init__(self, people: Mapping[str, PublishedPerson]) -> None:
        self._people = people
        self._names = Names()
        self._parties: dict[Key, _Party] = {}
        self._mentioned: dict[Key, None] = {}
        self._block = 0

    def begin(self, block: int) -> None:
        """Begin a release, which is of this block and has mentioned nobody yet."""
        self._block = block
        self._mentioned = {}

    def refer(self, participant: str, role: str) -> Json:
        """A reference to a participant, which has `role` from now on."""
        person = self._people[participant]
        key = (person.scheme, person.identifier)
        party = self._party(key, role)
        party.name = person.name_at(self._block) or party.name
        return known(id=party.id, name=party.name)

    def refer_to(self, key: Key, name: str | None, role: str) -> Json:
        """A reference to whom a document names; of several names the first counts."""
        party = self._party(key, role)
        party.name = party.name or name
        return known(id=party.id, name=party.name)

    def list(self) -> list[Json]:
        """Whom the release mentions, in the order in which it did first."""
        return [self._described(key, self._parties[key]) for key in self._mentioned]

    def _party(self, key: Key, role: str) -> _Party:
        if key not in self._parties:
            # Two participants may be alike here, since a scheme too may hold a hyphen.
            self._parties[key] = _Party(self._names.name(key, f"{key[0]}-{key[1]}"))
        self._mentioned[key] = None
        party = self._parties[key]
        party.roles.add(role)
        return party

    @staticmethod
    def _described(key: Key, party: _Party) -> Json:
        return known(
            id=party.id,
            name=party.name,
            identifier={"scheme": key[0], "id": key[1]},
            roles=[role for role in ROLES if role in party.roles],
        )
