"""The dated steps of what a story takes place in: participants, working days, budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from backend.acts.blocks import Act, Step
from backend.acts.calendar import YearDraft
from backend.acts.load.books import Books
from backend.acts.load.parties import Member
from backend.acts.scenario.agreed import fiscal_year
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.progress import Progress
from backend.acts.scenario.reading import Scenario
from backend.acts.scenario.setting import Calendar, Succession
from backend.acts.sending import call
from backend.chain.identity import code_to_bytes32
from backend.chain.reader import View, read
from backend.core.yamlfiles import Location

STANDINGS = {"active": 1, "suspended": 2, "debarred": 3}  # Standing
YEAR_GAS, FORWARD_GAS, REGISTRAR_GAS = 20_000_000, 200_000, 300_000


class SettingTelling:
    """Turns all but the contracts of a scenario into steps."""

    def __init__(self, scenario: Scenario, today: date, books: Books, told: Progress) -> None:
        self._scenario = scenario
        self._story = scenario.story
        self._people = scenario.people
        self._today = today
        self._books = books
        self._told = told

    def steps(self) -> Iterator[Step]:
        """What is not on the chain yet. Of the same second, what comes first here is first."""
        yield from self._registrations()
        yield from self._standings()
        yield from self._successions()
        yield from self._calendar()
        yield from self._appropriations()

    def _registrations(self) -> Iterator[Step]:
        for name, person in self._story.participants.items():
            members = map(self._people.member, self._people.references(name))
            acts = list(self._books.enrol(members))
            if acts:
                yield self._step(person.registered, ("participants", name), acts)

    def _standings(self) -> Iterator[Step]:
        for name, person in self._story.participants.items():
            participant = self._people.member(name).id
            done = self._told.standings[participant]
            for number, change in enumerate(person.standing[done:], done):
                arguments = (
                    participant,
                    STANDINGS[change.standing],
                    code_to_bytes32(change.reason),
                    self._note(change.note),
                )
                place = ("participants", name, "standing", number)
                yield self._step(change.at, place, [self._by_registrar("setStanding", *arguments)])

    def _successions(self) -> Iterator[Step]:
        for name, person in self._story.participants.items():
            for reference in self._people.references(name):
                participant = self._people.member(reference).id
                proposed = self._told.proposed[participant]
                confirmed = self._told.succeeded[participant]
                for number, told in enumerate(self._people.successions(reference)):
                    position = person.succession.index(told)
                    place: Location = ("participants", name, "succession", position)
                    heir = self._people.at(told.confirmed).member(reference)
                    if number >= proposed:
                        note = self._note(told.note)
                        arguments = (participant, heir.signer.address, note)
                        act = self._by_registrar("proposeSuccession", *arguments)
                        yield self._step(told.at, place, [act])
                    if number >= confirmed:
                        yield self._confirmation(told, place, heir)

    def _confirmation(self, told: Succession, place: Location, heir: Member) -> Step:
        """The succession, and all money of the account that is given up goes to the new one."""
        before = replace(heir, succession=heir.succession - 1)
        witness = self._people.at(told.confirmed).member(told.by)
        signer = before.signer if witness == heir else witness.signer
        arguments = ("confirmSuccession", heir.id, heir.signer.address)
        what = call("ParticipantRegistry", self._books.made.registry, *arguments)
        confirm = Act(signer, what, REGISTRAR_GAS)
        at = told.confirmed.on(self._today, self._story.zone)
        return Step(
            int(at.timestamp()), place, lambda: [confirm, *self._forward(before.signer.address)]
        )

    def _forward(self, account: str) -> list[Act]:
        token = self._books.token(self._story.currency)
        held = View("SettlementToken", token, "balanceOf", (account,))
        if not read(self._books.rpc, held):
            return []
        forward = call("SettlementToken", token, "forward", account)
        return [Act(self._books.admin, forward, FORWARD_GAS)]

    def _calendar(self) -> Iterator[Step]:
        done, known = self._told.years, defaultdict[int, list[date]](list)
        for number, told in enumerate(self._story.calendar):
            begun = told.at.date(self._today)
            acts = []
            for year in range(begun.year, begun.year + told.years):
                days = [date(year, *each) for each in told.holidays]
                # A day that has begun stays what it was.
                past = [day for day in known[year] if day <= begun]
                known[year] = sorted([*past, *(day for day in days if day > begun)])
                acts.append(self._year(told, year, known[year]))
            if done < len(acts):
                yield self._step(told.at, ("calendar", number), acts[done:])
            done = max(0, done - len(acts))

    def _year(self, told: Calendar, year: int, holidays: list[date]) -> Act:
        draft = YearDraft(year=year, weekend=told.weekend, holidays=holidays)
        document = {"type": "report", "title": f"Calendar {year}", "text": told.document}
        digest = self._books.store.write_json(document)
        arguments = (year, draft.weekend_bits, draft.days, digest)
        what = call("WorkCalendar", self._books.made.calendar, "setYear", *arguments)
        return Act(self._books.admin, what, YEAR_GAS)

    def _appropriations(self) -> Iterator[Step]:
        currency = self._story.currency
        for name, line in self._story.budget.items():
            buyer = self._people.member(line.buyer)
            year = fiscal_year(self._story, name, self._today)
            done = self._told.appropriations[self._books.line(buyer, currency, year, line.code)]
            for number, item in enumerate(line.appropriations[done:], done):
                document = {"type": "report", "title": line.title, "text": item.document}
                digest = self._books.store.write_json(document)
                total = self._scenario.minor(item.total)
                act = self._books.appropriate(buyer, currency, year, line.code, total, digest)
                place = ("budget", name, "appropriations", number)
                yield self._step(item.at, place, [act])

    def _by_registrar(self, function: str, *arguments: Any) -> Act:
        what = call("ParticipantRegistry", self._books.made.registry, function, *arguments)
        return Act(self._books.admin, what, REGISTRAR_GAS)

    def _note(self, text: str) -> bytes:
        return self._books.store.write_json({"type": "note", "text": text})

    def _step(self, at: Moment, place: Location, acts: list[Act]) -> Step:
        moment = at.on(self._today, self._story.zone)
        return Step(int(moment.timestamp()), place, lambda: acts)
