"""Playing a scenario on the local chain, where every participant has a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from backend.acts.accounts import Signer
from backend.acts.blocks import Step, play
from backend.acts.load.books import Books
from backend.acts.load.load import NotLocalChainError
from backend.acts.scenario.contracts import ContractTelling
from backend.acts.scenario.progress import Progress, read_progress
from backend.acts.scenario.reading import Scenario
from backend.acts.scenario.refused import refused_error
from backend.acts.scenario.setting_steps import SettingTelling
from backend.acts.sending import Sender
from backend.chain.deployment import Deployment
from backend.chain.local import is_local
from backend.core.documents import DocumentStore


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
    story = scenario.story
    casts = [scenario.people.cast(story, contract) for contract in story.contracts]
    books.open(casts, {story.currency}, ())
    told = read_progress(sender.rpc, made, scenario)
    steps = sorted(_steps(scenario, today, books, told), key=lambda step: step.at)
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


def _steps(scenario: Scenario, today: date, books: Books, told: Progress) -> Iterator[Step]:
    """What is not on the chain yet. Of the same second, what comes first here is first."""
    yield from SettingTelling(scenario, today, books, told).steps()
    for number, address in enumerate(told.addresses):
        telling = ContractTelling(scenario, number, today, books, address)
        yield from telling.steps(told.signed[number], told.marks[address])
