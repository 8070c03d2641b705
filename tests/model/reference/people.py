"""The registry, as far as an agreement asks it: who acts, and who can be paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag

from reference.refusals import Checks, Refused
from reference.values import NOBODY, NONE, Standing


class Role(IntFlag):
    """The bits of `Roles`."""

    BUYER = 1
    SUPPLIER = 2
    COMMITTEE = 4
    INSPECTOR = 8
    TREASURY = 16
    AUDITOR = 32
    ARBITER = 64
    AUTHORITY = 128
    COLLECTOR = 256


@dataclass
class Person:
    """A participant; `organization` is the legal person whose office it is, or zero."""

    id: bytes
    account: str
    roles: Role
    organization: bytes = NONE
    standing: Standing = Standing.ACTIVE

    @property
    def legal_person(self) -> bytes:
        """Who stands behind it."""
        return self.organization if self.organization != NONE else self.id


@dataclass
class Directory:
    """All participants by id."""

    people: dict[bytes, Person] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Register a participant."""
        self.people[person.id] = person

    def who(self, account: str) -> bytes:
        """The participant that an account acts for; zero for nobody."""
        found = (p.id for p in self.people.values() if p.account == account != NOBODY)
        return next(found, NONE)

    def active(self, participant: bytes, role: Role | None = None) -> Checks:
        """Who signs and votes must be active, in a role that it still has."""
        person = self.people[participant]
        if person.standing != Standing.ACTIVE:
            yield Refused("ParticipantNotActive", participant=participant, standing=person.standing)
        if role and role not in person.roles:
            yield Refused(
                "ParticipantLacksRole", participant=participant, roles=person.roles, required=role
            )

    def payable(self, participant: bytes) -> str | None:
        """The account to which money can be pushed, if it can."""
        person = self.people[participant]
        reachable = person.standing == Standing.ACTIVE and person.account != NOBODY
        return person.account if reachable else None
