"""Money that leaves an agreement or waits in it, worked out by `AgreementPayments.sol`."""

from __future__ import annotations

from backend.verification.arithmetic import Split
from backend.verification.people import NOBODY, SUSPENDED
from backend.verification.rows import (
    BASES,
    DONE,
    PARTS,
    Claim,
    Deduction,
    InterestPayment,
    Payment,
)
from backend.verification.spool import Fact
from backend.verification.state import as_column, known, made
from backend.verification.working_out import WorkingOut

_PARTS = {
    "gross": "gross",
    "advance": "advance",
    "retention": "retention",
    "damages": "damages",
    "taxes": "taxes",
    "direct": "direct",
    "net": "net",
    "lateDays": "late_days",
    "carried": "carried",
}
_TAX, _DIRECT = 1, 2


class Paying(WorkingOut):
    """The events of payments, claims and interest."""

    def payment_made(self, fact: Fact) -> None:
        """Every part of a payment, and where its net went."""
        due = self.expected(fact)
        basis, place = BASES[fact.values["basis"]], known(fact.values["milestone"])
        milestone = None if place is None else self.milestones[place]
        gross = due.gross if due else self.unannounced(fact, basis, milestone)
        payee = self.payee_of(place)
        self.require(fact, payee=payee, attempt=milestone.attempt if milestone else 0)
        split = self.work_out(basis, milestone, gross)
        self._require_parts(fact, split)
        waits = not self.is_guaranteed(fact.timestamp) or self.is_held(fact.timestamp)
        account = self._pushed(fact, payee, split.net, waits=waits)
        row = self._add(fact, basis, split, account)
        self._expect_deductions(fact, split)
        if milestone is not None:
            if basis != "partial-acceptance":
                milestone.accept(fact.timestamp)
            self.accrue(milestone, row, fact.timestamp)

    def deduction_paid(self, fact: Fact) -> None:
        """A tax, or what a subcontractor gets."""
        due = self.expected(fact)
        if due is None or not self.payments:
            self.differ(fact, "event", None, fact.values)
            return
        amount, recipient = due.values["amount"], due.values["recipient"]
        account = self._pushed(fact, recipient, amount, waits=False)
        payment = self.payments[-1]
        self.deductions.append(
            Deduction(
                payment=payment.number,
                position=payment.deductions,
                agreement=self.address,
                milestone=payment.milestone,
                token=self.terms["token"],
                part=PARTS[due.values["part"]],
                term=due.term,
                recipient=recipient,
                account=account,
                amount=amount,
                status="owed" if account is None else "paid",
                paid_at=None if account is None else fact.timestamp,
                **made(fact),
            )
        )
        payment.deductions += 1

    def payment_owed(self, fact: Fact) -> None:
        """A claim grows by what could not be pushed; what it is for follows at once."""
        if self.owing is not None:
            self.differ(fact, "the payment that it is for", self.owing.values, None)
        self.owing = fact
        place, payee = fact.values["milestone"], fact.values["payee"]
        claim = self.claims.get((place, payee))
        if claim is None:
            column = as_column(known(place))
            claim = Claim(self.address, column, payee, fact.timestamp, **made(fact))
            self.claims[place, payee] = claim
        elif not claim.owed:
            claim.since = fact.timestamp
        claim.owed += fact.values["amount"]
        self.total.owed += fact.values["amount"]
        self.require(fact, owed=claim.owed)
        self._note_owed(fact, claim)

    def claim_paid(self, fact: Fact) -> None:
        """All that a payee was owed for a milestone went out."""
        self.expected(fact)
        place, payee = fact.values["milestone"], fact.values["payee"]
        claim = self.claims.get((place, payee))
        if claim is None or not claim.owed:
            self.differ(fact, "claim", None, fact.values)
            return
        credentials = self.people.at(fact.place, payee)
        self.require(fact, amount=claim.owed, account=credentials.account)
        if credentials.standing == SUSPENDED:
            self.differ(fact, "standing of the payee", "not suspended", "suspended")
        owner = self.payee_of(known(place))
        if payee == owner and not self.is_guaranteed(fact.timestamp):
            self.differ(fact, "guarantees", "in force", "not in force")
        self.total.owed -= claim.owed
        self.total.paid += claim.owed
        claim.paid += claim.owed
        claim.owed = 0
        claim.paid_at = fact.timestamp
        self._claim_rows(fact, known(place), payee)
        self._note_owed(fact, claim)

    def interest_accrued(self, fact: Fact) -> None:
        """What the buyer owes for a late payment; compared by what was expected."""
        if self.expected(fact) is None:
            self.differ(fact, "event", None, fact.values)

    def interest_paid(self, fact: Fact) -> None:
        """The treasury pays the supplier, beside the agreement's money."""
        self.expected(fact)
        amount = fact.values["amount"]
        account = self.people.at(fact.place, self.supplier).account
        self.total.interest_paid += amount
        self.total.interest_owed -= amount
        owed = self.total.interest_owed
        self.require(fact, by=self.parties["treasury"], account=account, owed=owed)
        self.interest_payments.append(
            InterestPayment(
                agreement=self.address,
                by=self.parties["treasury"],
                account=account,
                amount=amount,
                paid_at=fact.timestamp,
                **made(fact),
            )
        )

    def _require_parts(self, fact: Fact, split: Split) -> None:
        for name, column in _PARTS.items():
            found, expected = fact.values["payment"][name], getattr(split, column)
            if found != expected:
                self.differ(fact, f"payment.{name}", expected, found)

    def _pushed(self, fact: Fact, payee: str, amount: int, *, waits: bool) -> str | None:
        """`AgreementPayments._push`: the account that got the money, None if it is owed."""
        owing, self.owing = self.owing, None
        credentials = self.people.at(fact.place, payee)
        owed = amount > 0 and (waits or not credentials.payable)
        account = NOBODY if owed else credentials.account
        self.require(fact, account=account)
        expected = (fact.values["milestone"], payee, amount) if owed else None
        found = owing and tuple(owing.values[name] for name in ("milestone", "payee", "amount"))
        if expected != found:
            self.differ(fact, "PaymentOwed before it", expected, found)
        if not owed:
            self.total.paid += amount
        return None if account == NOBODY else account

    def _add(self, fact: Fact, basis: str, split: Split, account: str | None) -> Payment:
        owed = account is None and split.net > 0
        row = Payment(
            number=fact.ordinal,
            agreement=self.address,
            milestone=known(fact.values["milestone"]),
            payee=self.payee_of(known(fact.values["milestone"])),
            account=account,
            token=self.terms["token"],
            basis=basis,
            attempt=fact.values["attempt"],
            gross=split.gross,
            advance=split.advance,
            retention=split.retention,
            damages=split.damages,
            taxes=split.taxes,
            direct=split.direct,
            net=split.net,
            late_days=split.late_days,
            carried=split.carried,
            status="owed" if owed else "paid",
            made_at=fact.timestamp,
            paid_at=None if owed else fact.timestamp,
            dated_at=fact.timestamp,
            **made(fact),
        )
        self.payments.append(row)
        self.total.taxes += split.taxes
        self.total.direct += split.direct
        return row

    def _expect_deductions(self, fact: Fact, split: Split) -> None:
        # The lists of a split are empty where a table does not take part in it.
        tables = (
            (_TAX, self.conditions["taxes"], split.taxes_by_term),
            (_DIRECT, self.conditions["directPayments"], split.direct_by_term),
        )
        for part, table, amounts in tables:
            for term, amount in enumerate(amounts):
                if amount:
                    self.expect(
                        "DeductionPaid",
                        term=term,
                        milestone=fact.values["milestone"],
                        recipient=table[term]["recipient"],
                        part=part,
                        amount=amount,
                    )

    def _claim_rows(self, fact: Fact, milestone: int | None, payee: str) -> None:
        account, at = self.people.at(fact.place, payee).account, fact.timestamp
        for payment in self.payments:
            waits = payment.status == "owed" and payment.milestone == milestone
            if waits and payment.payee == payee:
                payment.claim(account, at)
        for deduction in self.deductions:
            waits = deduction.status == "owed" and deduction.milestone == milestone
            if waits and deduction.recipient == payee:
                deduction.claim(account, at)

    def _note_owed(self, fact: Fact, claim: Claim) -> None:
        """A milestone is owed for as long as its own payee has a claim."""
        place = known(fact.values["milestone"])
        if place is None or self.milestones[place].payee != claim.payee:
            return
        milestone = self.milestones[place]
        milestone.owed = claim.owed
        if milestone.status in DONE:
            milestone.become("owed" if claim.owed else "paid", fact.timestamp)
