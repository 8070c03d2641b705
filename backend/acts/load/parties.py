"""The participants that a source implies: legal persons, and the offices that act for a buyer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from backend.acts.accounts import Signer, local_signer
from backend.chain.identity import participant_id
from backend.core.money import format_minor
from backend.ocds.source import Organization, SourceContract

BUYER, SUPPLIER, COMMITTEE, INSPECTOR, TREASURY = 1, 2, 4, 8, 16  # Roles
AUDITOR, ARBITER, AUTHORITY, COLLECTOR = 32, 64, 128, 256

NOBODY = bytes(32)
OFFICE_SCHEME = "OFFICE"
COMMITTEE_OFFICES = ("committee-1", "committee-2", "committee-3")
QUORUM = 2
INSPECTOR_OFFICE = "inspector"
TREASURY_OFFICE = "treasury"
AUTHORITY_OFFICE = "authority"


@dataclass(frozen=True, slots=True)
class Member:
    """A participant to be: `organization` is the legal person whose office it is, if it is one.

    `succession` is how many accounts it has given up.
    """

    scheme: str
    identifier: str
    name: str
    organization: Organization | None = None
    succession: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Scheme and identifier, which make the identity."""
        return self.scheme, self.identifier

    @property
    def id(self) -> bytes:
        """Its id on the chain."""
        return participant_id(self.scheme, self.identifier)

    @property
    def signer(self) -> Signer:
        """Its account on the local chain."""
        return local_signer(self.id, self.succession)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part in one contract.

    `committee` and `inspectors` are in ascending order of id; `payees` are those who may be paid
    besides the supplier, and `collectors` get the taxes. `authority` is the office of the buyer
    that signs what exceeds the cap; with the auditors it is no party and signs no contract.
    """

    buyer: Member
    supplier: Member
    treasury: Member
    committee: tuple[Member, ...]
    inspectors: tuple[Member, ...]
    payees: tuple[Member, ...]
    quorum: int = QUORUM
    authority: Member | None = None
    arbiter: Member | None = None
    auditors: tuple[Member, ...] = ()
    collectors: tuple[Member, ...] = ()

    @property
    def inspector(self) -> Member:
        """The first of the inspectors."""
        return self.inspectors[0]

    def roles(self) -> Iterator[tuple[Member, int]]:
        """Each member with the role that it needs, legal persons before their offices.

        Whoever has an office in the contract without being its buyer has the office's role too.
        """
        yield self.buyer, BUYER
        yield self.supplier, SUPPLIER
        yield from ((payee, SUPPLIER) for payee in self.payees)
        yield from ((collector, COLLECTOR) for collector in self.collectors)
        for member, role in (*self._offices(), *self._mandates()):
            if member.organization is not None and member.organization.key != self.buyer.key:
                yield legal_person(member.organization), role
            yield member, role

    @property
    def acting(self) -> Iterator[Member]:
        """Those who must be active for a contract to be signed: all but the buyer."""
        yield from (self.supplier, *self.payees, *self.collectors)
        yield from (member for member, _ in self._offices())

    def _offices(self) -> Iterator[tuple[Member, int]]:
        yield self.treasury, TREASURY
        yield from ((member, COMMITTEE) for member in self.committee)
        yield from ((member, INSPECTOR) for member in self.inspectors)
        if self.arbiter:
            yield self.arbiter, ARBITER

    def _mandates(self) -> Iterator[tuple[Member, int]]:
        yield from ((member, AUDITOR) for member in self.auditors)
        if self.authority:
            yield self.authority, AUTHORITY

    @property
    def parties(self) -> dict[str, object]:
        """The struct `Parties` of the contracts."""
        return {
            "buyer": self.buyer.id,
            "supplier": self.supplier.id,
            "treasury": self.treasury.id,
            "arbiter": self.arbiter.id if self.arbiter else NOBODY,
            "committee": [member.id for member in self.committee],
            "quorum": self.quorum,
            "inspectors": [member.id for member in self.inspectors],
        }


class CastNames:
    """Who is who in one contract, and amounts in its currency, for the sentence of a refusal."""

    def __init__(self, cast: Cast, currency: str) -> None:
        self._names = {member.id: member.name for member, _ in cast.roles()}
        self._currency = currency

    def participant(self, participant: bytes) -> str:
        """The name, or the id where the participant has no part in the contract."""
        return self._names.get(participant) or f"0x{participant.hex()}"

    def amount(self, minor: int) -> str:
        """The amount with its currency."""
        return f"{format_minor(minor, self._currency)} {self._currency}"


def legal_person(organization: Organization) -> Member:
    """The participant of a published organization."""
    return Member(organization.scheme, organization.identifier, organization.name)


def office(organization: Organization, which: str) -> Member:
    """An office of a buyer."""
    return Member(
        OFFICE_SCHEME,
        f"{organization.scheme}-{organization.identifier}/{which}",
        f"{which.capitalize().replace('-', ' ')}, {organization.name}",
        organization,
    )


def cast_of(contract: SourceContract) -> Cast:
    """The cast of a contract.

    The treasury is the published payer, or an office of the buyer where there is none or where
    the payer has another part already.
    """
    payers = [payment.payer for payment in contract.payments if payment.payer is not None]
    payees = {payment.payee.key: payment.payee for payment in contract.payments}
    taken = {contract.buyer.key, contract.supplier.key, *payees}
    payer = next((payer for payer in payers if payer.key not in taken), None)
    committee = [office(contract.buyer, name) for name in COMMITTEE_OFFICES]
    return Cast(
        buyer=legal_person(contract.buyer),
        supplier=legal_person(contract.supplier),
        treasury=legal_person(payer) if payer else office(contract.buyer, TREASURY_OFFICE),
        authority=office(contract.buyer, AUTHORITY_OFFICE),
        committee=tuple(sorted(committee, key=lambda member: member.id)),
        inspectors=(office(contract.buyer, INSPECTOR_OFFICE),),
        payees=tuple(
            legal_person(payee)
            for payee in payees.values()
            if payee.key not in {contract.buyer.key, contract.supplier.key}
        ),
    )


def roles_of(casts: Iterable[Cast]) -> dict[bytes, int]:
    """All the roles that each participant needs, by id."""
    roles: dict[bytes, int] = {}
    for cast in casts:
        for member, role in cast.roles():
            roles[member.id] = roles.get(member.id, 0) | role
    return roles
