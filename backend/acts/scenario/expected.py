"""What a story should leave behind, told without the chain: what a reconciliation compares with."""

from __future__ import annotations

from datetime import date

from backend.acts.scenario.ledger import COMPLETED, Ledger
from backend.acts.scenario.model import Claim, Contract
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.reading import Scenario
from backend.core.money import exponent
from backend.ocds.reasons import Outcome
from backend.ocds.source import Origin, SourceContract, SourceMilestone, SourcePayment


def scenario_contracts(scenario: Scenario, today: date) -> tuple[SourceContract, ...]:
    """The contracts of a story told on `today`, with their values as amended and their payments.

    Those whose conditions take something from a payment are left out: what they pay is for the
    contracts of the chain to work out, and its receipts to show.
    """
    contracts = scenario.story.contracts
    numbers = [n for n, contract in enumerate(contracts) if contract.conditions is None]
    return tuple(_Expected(scenario, number, today).contract() for number in numbers)


class _Expected:
    def __init__(self, scenario: Scenario, number: int, today: date) -> None:
        self._scenario = scenario
        self._story = scenario.story
        self._number = number
        self._told: Contract = self._story.contracts[number]
        self._today = today
        self._people = scenario.people

    def contract(self) -> SourceContract:
        told, zone, currency = self._told, self._story.zone, self._story.currency
        ledger = Ledger(told, currency)
        payments = self._payments(ledger)
        line = self._scenario.written.line(("contracts", self._number))
        return SourceContract(
            origin=Origin(self._scenario.written.file, line),
            ocid=told.ocid,
            contract_id=told.id,
            title=told.title,
            description=told.description,
            currency=currency,
            exponent=exponent(currency),
            value=ledger.value,
            date_signed=told.signed.on(self._today, zone),
            start=told.starts.on(self._today, zone),
            end=ledger.ends.on(self._today, zone),
            status=_status(ledger),
            buyer=self._people.organization(told.buyer),
            supplier=self._people.organization(told.supplier),
            other_suppliers=tuple(map(self._people.organization, told.other_suppliers)),
            payments=payments,
            milestones=self._milestones(ledger),
            outcome=Outcome.LOADED if payments else Outcome.LOADED_WITHOUT_PAYMENTS,
            reasons=(),
        )

    def _payments(self, ledger: Ledger) -> tuple[SourcePayment, ...]:
        payments = []
        for act in self._told.story:
            number = ledger.tell(act)
            if not number:
                continue
            payee = ledger.milestones[number - 1].payee or self._told.supplier
            if isinstance(act, Claim) or self._is_active(payee, act.at):
                payments.append(self._payment(ledger, number, payee, act.at))
        return tuple(payments)

    def _payment(self, ledger: Ledger, number: int, payee: str, at: Moment) -> SourcePayment:
        milestone = ledger.milestones[number - 1]
        treasury, _, office = self._told.treasury.partition("/")
        return SourcePayment(
            id=str(number),
            date=at.on(self._today, self._story.zone),
            published_date="",
            amount=self._scenario.minor(milestone.amount),
            payee=self._people.organization(payee),
            payer=None if office else self._people.organization(treasury),
            title=milestone.title,
            milestone_id=str(number),
        )

    def _milestones(self, ledger: Ledger) -> tuple[SourceMilestone, ...]:
        zone = self._story.zone
        return tuple(
            SourceMilestone(
                id=str(number),
                title=item.title,
                due=item.due.on(self._today, zone) if item.due else None,
                status=None,
            )
            for number, item in enumerate(ledger.milestones, 1)
        )

    def _is_active(self, payee: str, at: Moment) -> bool:
        # A change of standing in the same second comes before the payment.
        changes = [c for c in self._story.participants[payee].standing if c.at <= at]
        return not changes or changes[-1].standing == "active"


def _status(ledger: Ledger) -> str:
    if ledger.closed_for is None:
        return "active"
    return "terminated" if ledger.closed_for == COMPLETED else "cancelled"
