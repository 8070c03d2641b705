"""What a contract of a story agrees, as the contracts on the chain take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backend.acts.conditions import DirectPaymentDraft, conditions_struct
from backend.acts.scenario.desk import Desk
from backend.acts.scenario.model import Contract, Story
from backend.acts.scenario.schedule import Milestone
from backend.acts.tendering import tender_document

NOBODY = bytes(32)


def terms_struct(desk: Desk) -> dict[str, object]:
    """The struct `Terms`; writes the document with title and description."""
    contract, story = desk.contract, desk.scenario.story
    line = story.budget[contract.budget]
    year = fiscal_year(story, contract.budget, desk.today)
    return {
        "ocid": contract.ocid,
        "contractId": contract.id,
        "token": desk.books.token(story.currency),
        "value": desk.minor(contract.value),
        "signedAt": desk.seconds(contract.signed),
        "startsAt": desk.seconds(contract.starts),
        "endsAt": desk.seconds(contract.ends),
        "budgetLine": desk.books.line(desk.member(line.buyer), story.currency, year, line.code),
        "document": desk.books.store.write_json(_agreement_document(desk)),
        "conditions": _conditions_struct(desk),
    }


def milestone_structs(
    desk: Desk, items: Sequence[Milestone], first: int
) -> list[dict[str, object]]:
    """A `MilestoneTerms` for each of some milestones; `first` is the number of the first."""
    return [
        {
            "amount": desk.minor(item.amount),
            "dueAt": desk.seconds(item.due),
            "payee": desk.member(item.payee).id if item.payee else NOBODY,
            "document": desk.books.store.write_json(
                {"type": "milestone", "id": str(number), "title": item.title}
            ),
        }
        for number, item in enumerate(items, first)
    ]


def direct_drafts(contract: Contract) -> list[DirectPaymentDraft]:
    """The direct payments of a contract as its conditions hold them."""
    return [
        DirectPaymentDraft(milestone=each.milestone, to=each.to, amount=each.amount)
        for each in contract.direct_payments
    ]


def fiscal_year(story: Story, budget: str, today: date) -> int:
    """The year in which the first contract is signed that spends a budget line."""
    signed = min(each.signed for each in story.contracts if each.budget == budget)
    return signed.date(today).year


def _conditions_struct(desk: Desk) -> dict[str, object]:
    agreed = desk.scenario.story.conditions[desk.contract.conditions]
    draft = agreed.model_copy(update={"direct_payments": direct_drafts(desk.contract)})
    collectors = [desk.member(tax.to).id for tax in draft.taxes]
    directs = [desk.member(direct.to).id for direct in draft.direct_payments]
    return conditions_struct(draft, desk.scenario.story.currency, collectors, directs)


def _agreement_document(desk: Desk) -> dict[str, object]:
    others = map(desk.people.organization, desk.contract.other_suppliers)
    return {
        "type": "agreement",
        "title": desk.contract.title,
        "description": desk.contract.description,
        "otherSuppliers": [
            {"scheme": each.scheme, "identifier": each.identifier, "name": each.name}
            for each in others
        ],
        **tender_document(desk.contract.tender),
    }
