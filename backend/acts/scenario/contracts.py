"""The dated steps of one contract of a story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from backend.acts.blocks import Act, Step
from backend.acts.conditions import conditions_struct
from backend.acts.load.books import NOBODY, Books
from backend.acts.load.conditions import PUBLISHED
from backend.acts.load.contracts import (
    AMEND_GAS,
    APPROVE_GAS,
    CREATE_GAS,
    FUND_GAS,
    MILESTONE_GAS,
    VOTE_GAS,
    seconds,
)
from backend.acts.load.parties import Cast, Member
from backend.acts.scenario import model
from backend.acts.scenario.ledger import Ledger, MilestoneAct
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.reading import Scenario
from backend.acts.scenario.rule_acts import PAY_GAS, rule_acts
from backend.acts.sending import call
from backend.chain.identity import code_to_bytes32
from backend.core.yamlfiles import Location

NO_MILESTONE = 2**256 - 1
PLAIN = {**PUBLISHED, "amendmentCap": 1_000, "disputeDays": 14, "rulingDays": 30, "holdDays": 30}
"""The conditions of a contract that tells none: nothing is deducted, amendments add up to 10 %."""


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

    @property
    def cast(self) -> Cast:
        """Who plays which part."""
        return self._cast

    @property
    def books(self) -> Books:
        """What the contracts of the story share."""
        return self._books

    @property
    def ledger(self) -> Ledger:
        """What was agreed and done so far."""
        return self._ledger

    @property
    def address(self) -> str:
        """Where the agreement stands or will stand."""
        return self._address

    @property
    def currency(self) -> str:
        """The story's currency."""
        return self._scenario.story.currency

    @property
    def chain_id(self) -> int:
        """The chain's id, for what is signed offline."""
        return self._books.made.chain_id

    def steps(self, signed: bool, marks: int) -> Iterator[Step]:
        """The steps in order of time, without those that the chain has by now."""
        contract = self._contract
        if not signed:
            yield self._step(contract.signed, self._place, self._sign())
        for number, act in enumerate(contract.story):
            acts = self._acts(act)
            self._ledger.tell(act)
            weight = sum(each.call.to == self._address for each in acts)
            if marks < weight:
                # Of several votes, the chain may have taken the first and refused the next.
                yield self._step(act.at, (*self._place, "story", number), acts[marks:])
            marks = max(0, marks - weight)

    def _step(self, at: Moment, place: Location, acts: list[Act]) -> Step:
        return Step(self.seconds(at), place, lambda: acts)

    def _sign(self) -> list[Act]:
        contract = self._contract
        deployer = self.member(contract.committee[0])
        what = call(
            "AgreementFactory",
            self._books.made.factory,
            "create",
            self._cast.parties,
            self._terms(),
            self._milestones(contract.milestones, first=1),
        )
        gas = CREATE_GAS + MILESTONE_GAS * len(contract.milestones)
        return [Act(deployer.signer, what, gas), self.act(self._cast.supplier, VOTE_GAS, "sign")]

    def _acts(self, act: model.StoryAct) -> list[Act]:
        match act:
            case model.Fund():
                return self._fund(act)
            case model.Amend() | model.Sign():
                return self._amend(act)
            case model.Claim():
                return [self._claim(act)]
            case model.Submit() | model.Inspect() | model.Accept() | model.Reject():
                return self._milestone_acts(act, act.milestone - 1)
            case _:
                return rule_acts(self, act)

    def _claim(self, act: model.Claim) -> Act:
        payee = self._contract.supplier
        if act.milestone:
            payee = self._ledger.milestones[act.milestone - 1].payee or payee
        member = self.member(payee)
        milestone = act.milestone - 1 if act.milestone else NO_MILESTONE
        return self.act(member, VOTE_GAS, "claim", milestone, member.id)

    def _milestone_acts(self, act: MilestoneAct, index: int) -> list[Act]:
        attempt = self.attempt(act.milestone)
        match act:
            case model.Submit():
                evidence = self._report(act.milestone, act.evidence)
                return [self.act(self._cast.supplier, VOTE_GAS, "submit", index, evidence)]
            case model.Inspect():
                seen, report = self.seconds(act.seen), self._report(act.milestone, act.report)
                inspector = self.member(act.by or self._contract.inspectors[0])
                return [self.act(inspector, VOTE_GAS, "attest", index, attempt, seen, report)]
            case model.Accept():
                return self.votes(act.by, PAY_GAS, "accept", index, attempt)
            case model.Reject():
                why = (code_to_bytes32(act.reason), self.note(act.note))
                return self.votes(act.by, VOTE_GAS, "reject", index, attempt, *why)
            case _:
                assert_never(act)

    def _fund(self, act: model.Fund) -> list[Act]:
        currency, treasury = self.currency, self._cast.treasury
        amount = self._ledger.value - self._ledger.funded
        token = self._books.token(currency)
        approve = call("SettlementToken", token, "approve", self._address, amount)
        return [
            self._books.issue(treasury, currency, amount, act.deposit),
            Act(treasury.signer, approve, APPROVE_GAS),
            self.act(treasury, FUND_GAS, "fund", self._ledger.value),
        ]

    def _amend(self, act: model.Amend | model.Sign) -> list[Act]:
        proposal = act if isinstance(act, model.Amend) else self._ledger.proposal
        assert proposal is not None  # noqa: S101 - reading a scenario checks it
        content = self.amendment(proposal)
        gas = AMEND_GAS + MILESTONE_GAS * (len(proposal.milestones) + len(proposal.changes))
        if isinstance(act, model.Amend):
            return [self.act(self.member(act.by), gas, "proposeAmendment", content)]
        by = act.by or [self._contract.supplier]
        return self.votes(by, gas, "signAmendment", self._ledger.proposals, content)

    def amendment(self, proposal: model.Amend) -> dict[str, object]:
        """The struct `Amendment` of a proposal."""
        first = len(self._ledger.milestones) + 1
        ground = proposal.legal_ground
        return {
            "increase": self.minor(proposal.increase),
            "decrease": self.minor(proposal.decrease),
            "endsAt": self.seconds(proposal.ends),
            "changes": [self._change(change) for change in proposal.changes],
            "milestones": self._milestones(proposal.milestones, first=first),
            "reason": code_to_bytes32(proposal.reason),
            "legalGround": code_to_bytes32(ground) if ground else NOBODY,
            "document": self.note(proposal.note),
            "validUntil": 0,
        }

    def _change(self, change: model.Change) -> dict[str, object]:
        return {
            "milestone": change.milestone - 1,
            "amount": self.minor(change.amount),
            "dueAt": self.seconds(change.due),
            "payee": self.member(change.payee).id if change.payee else NOBODY,
            "removed": change.removed,
        }

    def attempt(self, milestone: int) -> int:
        """How often a milestone, from 1, was submitted so far."""
        return self._ledger.attempts.get(milestone, 0)

    def minor(self, amount: Decimal) -> int:
        """An amount of the story in minor units."""
        return self._scenario.minor(amount)

    def member(self, reference: str) -> Member:
        """A participant of the story."""
        return self._people.member(reference)

    def votes(self, by: list[str], gas: int, function: str, *arguments: object) -> list[Act]:
        """The same act by several."""
        return [self.act(self.member(each), gas, function, *arguments) for each in by]

    def act(self, member: Member, gas: int, function: str, *arguments: object) -> Act:
        """An act in the agreement."""
        return Act(member.signer, call("Agreement", self._address, function, *arguments), gas)

    def _conditions(self) -> dict[str, object]:
        drafted = self._contract.conditions
        if drafted is None:
            return PLAIN
        collectors = [self.member(tax.to).id for tax in drafted.taxes]
        directs = [self.member(direct.to).id for direct in drafted.direct_payments]
        return conditions_struct(drafted, self.currency, collectors, directs)

    def _terms(self) -> dict[str, object]:
        contract, currency = self._contract, self._scenario.story.currency
        line = self._scenario.story.budget[contract.budget]
        year = fiscal_year(self._scenario.story, contract.budget, self._today)
        return {
            "ocid": contract.ocid,
            "contractId": contract.id,
            "token": self._books.token(currency),
            "value": self.minor(contract.value),
            "signedAt": self.seconds(contract.signed),
            "startsAt": self.seconds(contract.starts),
            "endsAt": self.seconds(contract.ends),
            "budgetLine": self._books.line(
                self._people.member(line.buyer), currency, year, line.code
            ),
            "document": self._books.store.write_json(self._agreement_document()),
            "conditions": self._conditions(),
        }

    def _milestones(self, items: list[model.Milestone], first: int) -> list[dict[str, Any]]:
        return [
            {
                "amount": self.minor(item.amount),
                "dueAt": self.seconds(item.due),
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

    def note(self, text: str) -> bytes:
        """The hash of a note, which is written to the store."""
        return self._books.store.write_json({"type": "note", "text": text})

    def seconds(self, moment: Moment | None) -> int:
        """Unix seconds of a moment of the story; zero for none."""
        return seconds(moment.on(self._today, self._scenario.story.zone) if moment else None)


def fiscal_year(story: model.Story, budget: str, today: date) -> int:
    """The year in which the first contract is signed that spends a budget line."""
    signed = min(each.signed for each in story.contracts if each.budget == budget)
    return signed.date(today).year
