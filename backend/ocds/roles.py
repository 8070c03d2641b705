"""The parties of one release: each once, with all its roles, and references to them."""

from __future__ import annotations

from backend.ocds.fields import Json
from backend.ocds.identifiers import Names
from backend.ocds.publishing import known
from backend.queries.values import Party

ROLES = ("buyer", "supplier", "payer", "payee")
"""The roles that are given, of OCDS's codelist partyRole, in this order."""


class Parties:
    """Collects who is referred to. Nothing but public identifiers and names of legal persons."""

    def __init__(self) -> None:
        self._names = Names()
        self._parties: dict[tuple[str, str], Json] = {}

    def refer(self, party: Party, role: str) -> Json:
        """A reference to a participant, which has `role` from now on."""
        return self.refer_to(party.scheme, party.identifier, party.name, role)

    def refer_to(self, scheme: str, identifier: str, name: str | None, role: str) -> Json:
        """A reference to whoever has this identifier; of several names the first counts."""
        key = (scheme, identifier)
        # Two participants may be alike here, since a scheme too may hold a hyphen.
        party_id = self._names.name(key, f"{scheme}-{identifier}")
        party = self._parties.setdefault(
            key,
            known(
                id=party_id,
                name=name,
                identifier={"scheme": scheme, "id": identifier},
                roles=[role],
            ),
        )
        party["roles"] = [each for each in ROLES if each in {role, *party["roles"]}]
        return known(id=party_id, name=party.get("name"))

    def list(self) -> list[Json]:
        """All of them, in the order in which they were first referred to."""
        return list(self._parties.values())
