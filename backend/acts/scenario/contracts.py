"""The dated steps of one contract of a story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, assert_never

from backend.acts.blocks import Act, Step
from backend.acts.load.books import NOBODY, Books
from backend.acts.load.contracts import (
    AMEND_GAS,
    APPROVE_GAS,
    CLOSE_GAS,
    CREATE_GAS,
    FUND_GAS,
    MILESTONE_GAS,
    VOTE_GAS,
    seconds,
)
from backend.acts.load.parties import Member
from backend.acts.scenario import ledger, model
from backend.acts.scenario.ledger import Ledger
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.reading import Scenario
from backend.acts.sending import call
from backend.chain.identity import code_to_bytes32
from backend.core.yamlfiles import Location


class ContractTelling:
    """Turns the story of one contract into steps. `address` is where its agreement will stand."""

    def __init__(
        self, scenario: Scenario, number: int, today: date, books: Books, address: str
    ) -> None:
        self._scenario = scenario
        self._contract = scenario.story.contracts[number]
        self._place: Location = ("contracts", number)
        self._today = today
        self._books = books
        self._address = address
        self._people = scenario.people
        self._cast = scenario.people.cast(self._contract)
        self._ledger = Ledger(self._contract, scenario.story.currency)

    def steps(self, signed: bool, marks: int) -> Iterator[Step]:
        """The steps in order of time, without those that the chain has by now."""
        contract = self._contract
        if not signed:
            yield self._step(contract.signed, self._place, [self._sign()])
        for number, act in enumerate(contract.story):
            acts = self._acts(act)
            self._ledger.tell(act)
            weight = _weight(act)
            if marks < weight:
                # Of several votes, the chain may have taken the first and refused the next.
                yield self._step(act.at, (*self._place, "story", number), acts[marks:])
            marks = max(0, marks - weight)

    def _step(self, at: Moment, place: Location, acts: list[Act]) -> Step:
        return Step(self._seconds(at), place, lambda: acts)

    def _sign(self) -> Act:
        contract = self._contract
        deployer = self._people.member(contract.committee[0])
        what = call(
            "AgreementFactory",
            self._books.made.factory,
            "create",
            self._cast.parties,
            self._terms(),
            self._milestones(contract.milestones, first=1),
        )
        return Act(deployer.signer, what, CREATE_GAS + MILESTONE_GAS * len(contract.milestones))

    def _acts(self, act: ledger.Act) -> list[Act]:
        match act:
            case model.Fund():
                return self._fund(act)
            case model.Amend() | model.Sign():
                return [self._amend(act)]
            case model.Close():
                why = (code_to_bytes32(act.reason), self._note(act.note))
                return self._votes(act.by, CLOSE_GAS, "close", *why)
            case _:
                return self._milestone_acts(act, act.milestone - 1)

    def _milestone_acts(self, act: ledger.MilestoneAct, index: int) -> list[Act]:
        attempt = self._ledger.attempts.get(act.milestone, 0)
        match act:
            case model.Submit():
                evidence = self._report(act.milestone, act.evidence)
                return [self._act(self._cast.supplier, VOTE_GAS, "submit", index, evidence)]
            case model.Inspect():
                seen, report = self._seconds(act.seen), self._report(act.milestone, act.report)
                inspector = self._people.member(act.by or self._contract.inspectors[0])
                return [self._act(inspector, VOTE_GAS, "attest", index, attempt, seen, report)]
            case model.Accept():
                return self._votes(act.by, VOTE_GAS, "accept", index, attempt)
            case model.Reject():
                why = (code_to_bytes32(act.reason), self._note(act.note))
                return self._votes(act.by, VOTE_GAS, "reject", index, attempt, *why)
            case model.Claim():
                payee = self._ledger.milestones[index].payee or self._contract.supplier
                return [self._act(self._people.member(payee), VOTE_GAS, "claim", index)]
            case _:
                assert_never(act)

    def _fund(self, act: model.Fund) -> list[Act]:
        currency, treasury = self._scenario.story.currency, self._cast.treasury
        amount = self._ledger.value - self._ledger.funded
        token = self._books.token(currency)
        approve = call("SettlementToken", token, "approve", self._address, amount)
        return [
            self._books.issue(treasury, currency, amount, act.deposit),
            Act(treasury.signer, approve, APPROVE_GAS),
            self._act(treasury, FUND_GAS, "fund", self._ledger.value),
        ]

    def _amend(self, act: model.Amend | model.Sign) -> Act:
        proposal = act if isinstance(act, model.Amend) else self._ledger.proposal
        assert proposal is not None  # noqa: S101 - reading a scenario checks it
        content = {
            "increase": self._scenario.minor(proposal.increase),
            "endsAt": self._seconds(proposal.ends),
            "milestones": self._milestones(
                proposal.milestones, first=len(self._ledger.milestones) + 1
            ),
            "reason": code_to_bytes32(proposal.reason),
            "document": self._note(proposal.note),
        }
        gas = AMEND_GAS + MILESTONE_GAS * len(proposal.milestones)
        if isinstance(act, model.Amend):
            return self._act(self._people.member(act.by), gas, "proposeAmendment", content)
        number = self._ledger.proposals
        return self._act(self._cast.supplier, gas, "signAmendment", number, content)

    def _votes(self, by: list[str], gas: int, function: str, *arguments: object) -> list[Act]:
        return [self._act(self._people.member(each), gas, function, *arguments) for each in by]

    def _act(self, member: Member, gas: int, function: str, *arguments: object) -> Act:
        return Act(member.signer, call("Agreement", self._address, function, *arguments), gas)

    def _terms(self) -> dict[str, object]:
        contract, currency = self._contract, self._scenario.story.currency
        line = self._scenario.story.budget[contract.budget]
        year = fiscal_year(self._scenario.story, contract.budget, self._today)
        return {
            "ocid": contract.ocid,
            "contractId": contract.id,
            "token": self._books.token(currency),
            "value": self._scenario.minor(contract.value),
            "signedAt": self._seconds(contract.signed),
            "startsAt": self._seconds(contract.starts),
            "endsAt": self._seconds(contract.ends),
            "budgetLine": self._books.line(
                self._people.member(line.buyer), currency, year, line.code
            ),
            "document": self._books.store.write_json(self._agreement_document()),
        }

    def _milestones(self, items: list[model.Milestone], first: int) -> list[dict[str, Any]]:
        return [
            {
                "amount": self._scenario.minor(item.amount),
                "dueAt": self._seconds(item.due),
                "payee": self._people.member(item.payee).id if item.payee else NOBODY,
                "document": self._books.store.write_json(
                    {"type": "milestone", "id": str(number), "title": item.title}
                ),
            }
            for number, item in enumerate(items, first)
        ]

    def _agreement_document(self) -> dict[str, object]:
        others = map(self._people.organization, self._contract.other_suppliers)
        return {
            "type": "agreement",
            "title": self._contract.title,
            "description": self._contract.description,
            "otherSuppliers": [
                {"scheme": each.scheme, "identifier": each.identifier, "name": each.name}
                for each in others
            ],
        }

    def _report(self, milestone: int, text: str) -> bytes:
        title = f"{self._ledger.milestones[milestone - 1].title}: {self._contract.title}"
        return self._books.store.write_json({"type": "report", "title": title, "text": text})

    def _note(self, text: str) -> bytes:
        return self._books.store.write_json({"type": "note", "text": text})

    def _seconds(self, moment: Moment | None) -> int:
        return seconds(moment.on(self._today, self._scenario.story.zone) if moment else None)


def fiscal_year(story: model.Story, budget: str, today: date) -> int:
    """The year in which the first contract is signed that spends a budget line."""
    signed = min(each.signed for each in story.contracts if each.budget == budget)
    return signed.date(today).year


def _weight(act: ledger.Act) -> int:
    """How many events `Progress` counts for an act."""
    return len(act.by) if isinstance(act, model.Accept | model.Reject | model.Close) else 1
