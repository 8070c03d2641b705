"""Playing a scenario on the local chain, where every participant has a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from backend.acts.accounts import Signer
from backend.acts.blocks import Act, Step, play
from backend.acts.load.books import ROLES_GAS, Books
from backend.acts.load.load import NotLocalChainError
from backend.acts.scenario.contracts import ContractTelling, fiscal_year
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.progress import Progress, read_progress
from backend.acts.scenario.reading import Scenario
from backend.acts.scenario.refused import refused_error
from backend.acts.sending import Sender, call
from backend.chain.deployment import Deployment
from backend.chain.identity import code_to_bytes32
from backend.chain.local import is_local
from backend.core.documents import DocumentStore
from backend.core.yamlfiles import Location

STANDINGS = {"active": 1, "suspended": 2, "debarred": 3}  # Standing


def play_scenario(
    sender: Sender,
    admin: Signer,
    made: Deployment,
    store: DocumentStore,
    scenario: Scenario,
    today: date,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Play whatever of a scenario is not on the chain yet, as it happened seen from `today`.

    `today` is a day in the story's own time zone; for a story that was begun, the one of
    `day_on_chain`. `progress` is told the steps done and the steps in all. Raises
    `NotLocalChainError` and `ScenarioRefusedError`; what stands before the refused act stays.
    """
    if not is_local(sender.rpc):
        raise NotLocalChainError(
            f"The node at {sender.rpc.url} is not Anvil. A scenario signs for all of its "
            "participants, and only the local chain has keys for them."
        )
    books = Books(sender, admin, made, store)
    casts = [scenario.people.cast(contract) for contract in scenario.story.contracts]
    books.open(casts, {scenario.story.currency}, ())
    told = read_progress(sender.rpc, made, scenario)
    steps = sorted(_Telling(scenario, today, books, told).steps(), key=lambda step: step.at)
    done = 0

    def count(_: Step) -> None:
        nonlocal done
        done += 1
        progress(done, len(steps))

    progress(0, len(steps))
    # The generator ends here, and gives the chain its automatic blocks back, before the error
    # is raised.
    refused = next(play(sender, steps, count), None)
    if refused is not None:
        raise refused_error(scenario, refused)


class _Telling:
    """Turns a scenario into steps."""

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
        yield from self._appropriations()
        for number, address in enumerate(self._told.addresses):
            telling = ContractTelling(self._scenario, number, self._today, self._books, address)
            yield from telling.steps(self._told.signed[number], self._told.marks[address])

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
                what = call(
                    "ParticipantRegistry",
                    self._books.made.registry,
                    "setStanding",
                    participant,
                    STANDINGS[change.standing],
                    code_to_bytes32(change.reason),
                    self._books.store.write_json({"type": "note", "text": change.note}),
                )
                place = ("participants", name, "standing", number)
                yield self._step(change.at, place, [Act(self._books.admin, what, ROLES_GAS)])

    def _appropriations(self) -> Iterator[Step]:
        currency = self._story.currency
        for name, line in self._story.budget.items():
            buyer, year = (
                self._people.member(line.buyer),
                fiscal_year(self._story, name, self._today),
            )
            done = self._told.appropriations[self._books.line(buyer, currency, year, line.code)]
            for number, item in enumerate(line.appropriations[done:], done):
                document = {"type": "report", "title": line.title, "text": item.document}
                digest = self._books.store.write_json(document)
                total = self._scenario.minor(item.total)
                act = self._books.appropriate(buyer, currency, year, line.code, total, digest)
                place = ("budget", name, "appropriations", number)
                yield self._step(item.at, place, [act])

    def _step(self, at: Moment, place: Location, acts: list[Act]) -> Step:
        moment = at.on(self._today, self._story.zone)
        return Step(int(moment.timestamp()), place, lambda: acts)
