"""The dated steps of one contract of a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from backend.acts.blocks import Act, Step
from backend.acts.load.books import Books
from backend.acts.load.contracts import CREATE_GAS, MILESTONE_GAS
from backend.acts.scenario.agreed import milestone_structs, terms_struct
from backend.acts.scenario.calls import calls_of
from backend.acts.scenario.desk import Desk
from backend.acts.scenario.ledger import Ledger
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.reading import Scenario
from backend.acts.sending import call
from backend.core.yamlfiles import Location


class ContractTelling:
    """Turns the story of one contract into steps. `address` is where its agreement will stand."""

    def __init__(
        self, scenario: Scenario, number: int, today: date, books: Books, address: str
    ) -> None:
        contract = scenario.story.contracts[number]
        ledger = Ledger(contract, scenario.story.currency)
        people = scenario.people.at(contract.signed)
        self._place: Location = ("contracts", number)
        self._desk = Desk(scenario, contract, today, books, address, ledger, people)

    def steps(self, signed: bool, marks: int) -> Iterator[Step]:
        """The steps in order of time, without those that the chain has by now.

        `marks` is how many transactions the agreement has seen since both sides signed it.
        """
        desk, contract = self._desk, self._desk.contract
        if not signed:
            yield self._step(contract.signed, self._place, self._sign())
        for number, act in enumerate(contract.story):
            acts = calls_of(replace(desk, people=desk.scenario.people.at(act.at)), act)
            desk.ledger.tell(act)
            weight = sum(each.call.to == desk.address for each in acts)
            if marks < weight:
                # Of several votes, the chain may have taken the first and refused the next.
                yield self._step(act.at, (*self._place, "story", number), acts[marks:])
            marks = max(0, marks - weight)

    def _step(self, at: Moment, place: Location, acts: list[Act]) -> Step:
        return Step(self._desk.seconds(at), place, lambda: acts)

    def _sign(self) -> list[Act]:
        desk, contract = self._desk, self._desk.contract
        milestones = milestone_structs(desk, contract.milestones, first=1)
        arguments = (desk.cast.parties, terms_struct(desk), milestones)
        what = call("AgreementFactory", desk.books.made.factory, "create", *arguments)
        gas = CREATE_GAS + MILESTONE_GAS * len(milestones)
        deployer = desk.member(contract.committee[0])
        return [Act(deployer.signer, what, gas), *desk.by_supplier("sign")]
