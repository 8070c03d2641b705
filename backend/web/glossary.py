"""The terms of the trade, each with what it means in one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations


@dataclass(frozen=True, slots=True)
class Term:
    """A term; `name` is its anchor on the page."""

    name: str
    title: str
    meaning: str


@cache
def glossary(texts: NullTranslations) -> dict[str, Term]:
    """All terms by name, in the alphabetical order of a language."""
    terms = [Term(*entry) for entry in [*_money(texts), *_work(texts), *_conflict(texts)]]
    terms += [Term(*entry) for entry in [*_people(texts), *_proof(texts)]]
    return {term.name: term for term in sorted(terms, key=lambda term: term.title.casefold())}


def _money(texts: NullTranslations) -> list[tuple[str, str, str]]:
    _ = texts.gettext
    return [
        (
            "appropriated",
            _("Appropriation"),
            _("What the council allows a buyer to spend on one purpose in one year."),
        ),
        (
            "budget-line",
            _("Budget line"),
            _("One purpose in the budget of a year, with a code and an amount of its own."),
        ),
        (
            "committed",
            _("Commitment"),
            _("The part of a budget line that is promised to a contract and free for no other."),
        ),
        (
            "set-aside",
            _("Money set aside"),
            _("What the treasury has put into a contract, from which alone it pays."),
        ),
        (
            "earned",
            _("Earned"),
            _("The value of the work that was accepted, before anything is taken off."),
        ),
        (
            "paid",
            _("Paid"),
            _("All that has left a contract: to the supplier, to subcontractors, to tax offices."),
        ),
        (
            "owed",
            _("Owed"),
            _("What was earned but waits, because the payee may not be paid right now."),
        ),
        (
            "advance",
            _("Advance payment"),
            _("Money paid before the work against a guarantee, and kept back from later payments."),
        ),
        (
            "recovery",
            _("Recovery of the advance"),
            _("The share of each payment that is kept back until the advance is made good."),
        ),
        (
            "retention",
            _("Retention"),
            _(
                "A share of each payment that the buyer keeps until the work has shown no defects "
                "for the agreed time."
            ),
        ),
        (
            "tax",
            _("Withheld tax"),
            _("Tax that is taken off a payment and goes straight to the tax office."),
        ),
        (
            "direct-payment",
            _("Direct payment to a subcontractor"),
            _("A part of a payment that goes straight to who did the work, not to the supplier."),
        ),
        (
            "interest",
            _("Interest for late payment"),
            _("What the buyer owes on top when it pays later than agreed."),
        ),
        (
            "final-account",
            _("Final account"),
            _("The last reckoning of a contract, after which it holds no money any more."),
        ),
        (
            "value",
            _("Contract value"),
            _("What all stages of a contract are worth together, as last amended."),
        ),
    ]


def _work(texts: NullTranslations) -> list[tuple[str, str, str]]:
    _ = texts.gettext
    return [
        (
            "stage",
            _("Stage"),
            _("A part of the work with an amount and a date, paid when it is accepted."),
        ),
        (
            "evidence",
            _("Evidence"),
            _("What the supplier shows to say that a stage is done, known by its fingerprint."),
        ),
        (
            "inspection",
            _("Inspection"),
            _("An inspector goes to the work and reports what was seen there."),
        ),
        (
            "acceptance",
            _("Acceptance"),
            _("The committee finds a stage as agreed; with the last vote needed it is paid."),
        ),
        (
            "partial-acceptance",
            _("Partial acceptance"),
            _("The committee accepts, and pays, only the part of a stage that is in order."),
        ),
        (
            "rejection",
            _("Rejection"),
            _("The committee finds a stage not as agreed and says why; it can be reported again."),
        ),
        (
            "silence",
            _("Acceptance by silence"),
            _("Work counts as accepted when the committee lets its time for deciding pass."),
        ),
        (
            "quorum",
            _("Quorum"),
            _("How many members of the committee must agree before a decision counts."),
        ),
        (
            "late",
            _("Late"),
            _("The date of a stage has passed and the supplier has not reported it as done."),
        ),
        (
            "damages",
            _("Delay damages"),
            _("What is taken off a payment for each day that the work is late, up to a limit."),
        ),
        (
            "amendment",
            _("Amendment"),
            _("A change of value, date or stages that both sides have signed."),
        ),
        (
            "completion",
            _("Completion"),
            _("All stages are accepted, and the time for defects begins."),
        ),
        (
            "defects",
            _("Defects period"),
            _("The time after completion in which the supplier mends what turns out to be wrong."),
        ),
    ]


def _conflict(texts: NullTranslations) -> list[tuple[str, str, str]]:
    _ = texts.gettext
    return [
        (
            "performance-security",
            _("Performance security"),
            _("A bank's promise to pay if the supplier does not do the work."),
        ),
        (
            "guarantee",
            _("Guarantee"),
            _("A bank's or insurer's promise to pay the buyer if the supplier fails."),
        ),
        (
            "dispute",
            _("Dispute"),
            _("The two sides do not agree on a stage, and the part in question is not paid yet."),
        ),
        (
            "settlement",
            _("Settlement"),
            _("Both sides agree on how much of what is in dispute is paid."),
        ),
        (
            "ruling",
            _("Ruling"),
            _("The arbiter decides how much of what is in dispute is paid."),
        ),
        (
            "hold",
            _("Hold"),
            _("An auditor stops all payments of a contract for a time."),
        ),
        (
            "suspension",
            _("Suspension"),
            _("The committee stops the work for a time, and all clocks stand still."),
        ),
        (
            "notice",
            _("Notice of default"),
            _("A warning to the supplier to mend a failure by a date, or lose the contract."),
        ),
        (
            "termination",
            _("Termination"),
            _("A contract ends before all its work is done."),
        ),
        (
            "debarred",
            _("Barred"),
            _("A company that may not get new contracts."),
        ),
    ]


def _people(texts: NullTranslations) -> list[tuple[str, str, str]]:
    _ = texts.gettext
    return [
        ("buyer", _("Buyer"), _("The public body that orders the work and pays for it.")),
        ("supplier", _("Supplier"), _("The company that does the work.")),
        (
            "committee",
            _("Committee"),
            _("The officials who decide together whether work is accepted."),
        ),
        (
            "inspector",
            _("Inspector"),
            _("Whoever looks at the work on the site for the buyer, and decides nothing."),
        ),
        (
            "treasury",
            _("Treasury"),
            _("The office that sets the money of a contract aside."),
        ),
        (
            "auditor",
            _("Auditor"),
            _("The internal or supreme audit office, which may stop payments."),
        ),
        (
            "arbiter",
            _("Arbiter"),
            _("Whoever both sides have named to decide their disputes."),
        ),
    ]


def _proof(texts: NullTranslations) -> list[tuple[str, str, str]]:
    _ = texts.gettext
    return [
        (
            "chain",
            _("Chain"),
            _("The record that several institutions keep together and none can change alone."),
        ),
        (
            "block",
            _("Block"),
            _("A numbered page of the chain; a mark such as 133·4 means block 133, entry 4."),
        ),
        (
            "final",
            _("Final"),
            _("A block that the chain cannot take back any more."),
        ),
        (
            "fingerprint",
            _("Fingerprint of a document"),
            _(
                "A number (SHA-256) worked out from a file: if a single letter is changed, the "
                "number is another one."
            ),
        ),
        (
            "ocds",
            _("OCDS"),
            _("The open standard in which public contracts are published across the world."),
        ),
    ]
