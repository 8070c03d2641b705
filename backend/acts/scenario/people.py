"""The participants of a scenario, by the name that the file gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time

from backend.acts.load.parties import OFFICE_SCHEME, Cast, Member, legal_person
from backend.acts.scenario.acts import Amend
from backend.acts.scenario.model import Contract, Story
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.setting import LegalPerson, Succession
from backend.ocds.source import Organization

FIRST_MOMENT = Moment(-(10**4), time.min)
"""Before any day that a file can name."""


class People:
    """Finds participants: `dinas-jalan` is a legal person, `dinas-jalan/ppk` an office of it.

    Each acts with the account that it has `at` a moment; by default with its first.
    """

    def __init__(self, persons: Mapping[str, LegalPerson], at: Moment = FIRST_MOMENT) -> None:
        self._persons = persons
        self._at = at

    def at(self, moment: Moment) -> People:
        """The same people at a moment; of the same second, a succession comes first."""
        return People(self._persons, moment)

    def knows(self, reference: str) -> bool:
        """Whether the file has such a participant."""
        name, _, office = reference.partition("/")
        return name in self._persons and (not office or office in self._persons[name].offices)

    def organization(self, name: str) -> Organization:
        """A legal person as a source would publish it."""
        person = self._persons[name]
        return Organization(person.scheme, person.identifier, person.name)

    def member(self, reference: str) -> Member:
        """A participant to be."""
        name, _, office = reference.partition("/")
        organization = self.organization(name)
        succession = sum(each.confirmed <= self._at for each in self.successions(reference))
        if not office:
            person = legal_person(organization)
            return Member(person.scheme, person.identifier, person.name, succession=succession)
        return Member(
            OFFICE_SCHEME,
            f"{organization.scheme}-{organization.identifier}/{office}",
            self._persons[name].offices[office],
            organization,
            succession,
        )

    def successions(self, reference: str) -> list[Succession]:
        """How the account of a participant changed, in order."""
        name, _, office = reference.partition("/")
        return [each for each in self._persons[name].succession if (each.office or "") == office]

    def references(self, name: str) -> Iterator[str]:
        """A legal person and its offices."""
        yield name
        yield from (f"{name}/{office}" for office in self._persons[name].offices)

    def cast(self, story: Story, contract: Contract) -> Cast:
        """Who plays which part in a contract, whatever its amendments add."""
        payees = dict.fromkeys([*contract.other_suppliers, *payees_of(contract)])
        collectors = dict.fromkeys(tax.to for tax in story.conditions[contract.conditions].taxes)
        return Cast(
            buyer=self.member(contract.buyer),
            supplier=self.member(contract.supplier),
            treasury=self.member(contract.treasury),
            committee=self._ascending(contract.committee),
            inspectors=self._ascending(contract.inspectors),
            payees=tuple(map(self.member, payees)),
            quorum=contract.quorum,
            authority=self._maybe(contract.authority),
            arbiter=self._maybe(contract.arbiter),
            auditors=tuple(map(self.member, contract.auditors)),
            collectors=tuple(map(self.member, collectors)),
        )

    def _maybe(self, reference: str | None) -> Member | None:
        return self.member(reference) if reference else None

    def _ascending(self, references: list[str]) -> tuple[Member, ...]:
        return tuple(sorted(map(self.member, references), key=lambda member: member.id))


def payees_of(contract: Contract) -> Iterator[str]:
    """Who may be paid besides the supplier."""
    yield from (item.payee for item in contract.milestones if item.payee is not None)
    yield from (direct.to for direct in contract.direct_payments)
    for act in contract.story:
        if isinstance(act, Amend):
            yield from (item.payee for item in act.milestones if item.payee is not None)
            yield from (change.payee for change in act.changes if change.payee is not None)
