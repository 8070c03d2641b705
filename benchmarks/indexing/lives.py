"""The lives of agreements as their contracts would tell them: every figure adds up.

An agreement is created, signed, funded, guaranteed and given its advance; then milestone after
milestone is submitted, inspected, approved by two members, and paid with two taxes withheld. Every
eighth is rejected first, every eighth agreement is amended. At last the retention is released and
the account closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak

from backend.chain.contract import contract
from backend.chain.events import NO_MILESTONE, Basis, GuaranteeKind, Part, TaxBase
from benchmarks.indexing.emitting import Act, Told, agreement_address, count_events
from benchmarks.indexing.setting import Buyer, Person, Setting

BEFORE_MILESTONES, PER_MILESTONE, AFTER_MILESTONES = 15, 7, 6
"""How many events a life has, rejections and amendments not counted."""

_ADVANCE, _RECOVERY, _RETENTION = 2_000, 2_500, 500  # basis points
_WHOLE = 10_000
_VAT = (11, 111)  # of what is accepted
_INCOME_TAX = (2, 100)  # of what the payee receives
_ZERO, _NOWHERE = bytes(32), "0x" + "0" * 40
_QUORUM = 2
_FAR = 4_102_444_800  # 2100-01-01: nothing here is ever late
_CONDITIONS = (_ADVANCE, _RECOVERY, _RETENTION, 500, 1_000, 500, 300, 1_000)
_DAYS = (0, 5, 10, 10, 10, 0, 0, 7, 30, 365)


@dataclass(slots=True)
class Books:
    """What is committed of each budget line, in the order of the chain."""

    committed: Counter[bytes] = field(default_factory=Counter)

    def commit(self, line: bytes, amount: int) -> int:
        """Commit an amount and return the new sum."""
        self.committed[line] += amount
        return self.committed[line]


class Life:
    """One agreement with so many milestones."""

    def __init__(self, setting: Setting, books: Books, number: int, milestones: int) -> None:
        self.number = number
        self.ocid, self.contract_id = f"ocds-bench-{number:06d}", f"C-{number:06d}"
        self.salt = keccak(encode(["string", "string"], [self.ocid, self.contract_id]))
        self.address = agreement_address(self.salt)
        self._setting, self._books = setting, books
        self._buyer: Buyer = setting.buyers[number % len(setting.buyers)]
        self._supplier: Person = setting.suppliers[number % len(setting.suppliers)]
        self._inspector: Person = setting.inspectors[number % len(setting.inspectors)]
        self._amounts = [1_000_000 + 10_007 * ((number + each) % 97) for each in range(milestones)]
        self._value = sum(self._amounts)
        self._outstanding = self._value * _ADVANCE // _WHOLE
        self._retained = 0

    def acts(self) -> Iterator[Act]:
        """Everything, one transaction after the other."""
        yield from self.beginning()
        for milestone in range(len(self._amounts)):
            if self.number % 8 == 0 and milestone == 2:
                yield from self._amendment()
            yield from self.milestone(milestone)
        yield from self._end()

    def beginning(self) -> Iterator[Act]:
        """From creation to the advance."""
        treasury = self._buyer.treasury
        yield Act(3, self._creation)
        yield self._act(self._own("AgreementSigned", self._supplier.id))
        yield self._act(
            self._token("Issued", treasury.account, self._value, self._hash("bank")),
            self._transfer(_NOWHERE, treasury.account, self._value),
        )
        yield self._act(self._token("Approval", treasury.account, self.address, self._value))
        yield self._act(
            self._own("AgreementFunded", treasury.id, self._value, self._value),
            self._own("AgreementActivated"),
            self._transfer(treasury.account, self.address, self._value),
        )
        yield from self._guarantee()
        gross = self._outstanding
        tax = gross * _INCOME_TAX[0] // _INCOME_TAX[1]
        yield self._act(*self._paid(NO_MILESTONE, 0, Basis.ADVANCE, gross, 0, 0, [tax]))

    def milestone(self, number: int) -> Iterator[Act]:
        """From the submission to the payment."""
        attempt = 1
        if (self.number + number) % 8 == 7:
            yield from self._work(number, attempt)
            yield from self._rejection(number, attempt)
            attempt = 2
        yield from self._work(number, attempt)
        first, second = self._buyer.members[:_QUORUM]
        yield self._act(self._own("MilestoneApproved", number, attempt, first.id, 1, _QUORUM))
        gross = self._amounts[number]
        advance = min(self._outstanding, gross * _RECOVERY // _WHOLE)
        retention = gross * _RETENTION // _WHOLE
        self._outstanding -= advance
        self._retained += retention
        income = (gross - advance - retention) * _INCOME_TAX[0] // _INCOME_TAX[1]
        taxes = [gross * _VAT[0] // _VAT[1], income]
        yield self._act(
            self._own("MilestoneApproved", number, attempt, second.id, 2, _QUORUM),
            *self._paid(number, attempt, Basis.ACCEPTANCE, gross, advance, retention, taxes),
        )

    # --- what they consist of ---

    def _creation(self) -> list[Told]:
        # Played in the order of the chain, which is what a line's sum needs.
        line = self._buyer.line
        by, milestones = self._buyer.members[0].id, self._schedule()
        committed = self._books.commit(line, self._value)
        created = (self.address, self._buyer.person.id, self._supplier.id, by)
        deployment = self._setting.deployment
        return [
            self._by(
                deployment.factory,
                "AgreementFactory",
                "AgreementCreated",
                *created,
                self._parties(),
                self._terms(),
            ),
            self._own("MilestonesScheduled", 0, milestones),
            self._by(
                deployment.budget,
                "Budget",
                "LineCommitted",
                line,
                self.address,
                self._value,
                committed,
            ),
        ]

    def _parties(self) -> tuple[Any, ...]:
        buyer = self._buyer
        members = [member.id for member in buyer.members]
        parties = (buyer.person.id, self._supplier.id, buyer.treasury.id, _ZERO)
        return (*parties, members, _QUORUM, [self._inspector.id])

    def _terms(self) -> tuple[Any, ...]:
        title = f"Rehabilitasi jalan dan saluran paket {self.number}"
        document = self._setting.store.write_json({"type": "agreement", "title": title})
        recipient = self._setting.taxes.id
        taxes = [(recipient, *_VAT, TaxBase.GROSS), (recipient, *_INCOME_TAX, TaxBase.RECEIVED)]
        agreed = (self.ocid, self.contract_id, self._setting.token, self._value, 0, 0, 0)
        conditions: tuple[Any, ...] = (*_CONDITIONS, *_DAYS, taxes, [])
        return (*agreed, self._buyer.line, document, conditions)

    def _schedule(self) -> list[tuple[Any, ...]]:
        return [(amount, _FAR, _ZERO, _ZERO) for amount in self._amounts]

    def _work(self, milestone: int, attempt: int) -> Iterator[Act]:
        about = (milestone, attempt)
        evidence = self._hash("evidence", milestone, attempt)
        yield self._act(self._own("MilestoneSubmitted", *about, self._supplier.id, evidence))
        seen = (self._inspector.id, 1_704_067_200, self._hash("report", milestone, attempt))
        yield self._act(self._own("MilestoneAttested", *about, *seen))

    def _rejection(self, milestone: int, attempt: int) -> Iterator[Act]:
        why = (b"quality", self._hash("rejection", milestone, attempt))
        first, second = self._buyer.members[:2]
        about = (milestone, attempt)
        yield self._act(self._own("MilestoneDisapproved", *about, first.id, *why, 1, 2))
        yield self._act(
            self._own("MilestoneDisapproved", *about, second.id, *why, 2, 2),
            self._own("MilestoneRejected", *about, *why),
        )

    def _guarantee(self) -> Iterator[Act]:
        selector = contract("AgreementChanges").selector("recordGuarantee")
        for kind, rate in ((GuaranteeKind.PERFORMANCE, 500), (GuaranteeKind.ADVANCE, _ADVANCE)):
            decision = self._hash("guarantee", kind)
            first, second = (
                self._own("DecisionApproved", decision, member.id, selector, count, _QUORUM)
                for count, member in enumerate(self._buyer.members[:_QUORUM], 1)
            )
            amount = self._value * rate // _WHOLE
            yield self._act(first)
            yield self._act(
                second,
                self._own("GuaranteeRecorded", kind, amount, _FAR, self._hash("bond", kind)),
            )

    def _amendment(self) -> Iterator[Act]:
        first, second = (member.id for member in self._buyer.members[:_QUORUM])
        last, document = len(self._amounts) - 1, self._hash("amendment")
        change = (last, self._amounts[last], _FAR, _ZERO, False)
        terms: tuple[Any, ...] = (0, 0, _FAR, [change], [], b"weather", _ZERO, document, 0)
        yield self._act(
            self._own("AmendmentProposed", 1, first, terms),
            self._own("AmendmentSigned", 1, first),
        )
        yield self._act(self._own("AmendmentSigned", 1, second))
        enacted = (1, self._value, self._value, _FAR, b"weather", _ZERO, document)
        yield self._act(
            self._own("AmendmentSigned", 1, self._supplier.id),
            self._own("MilestoneChanged", *change[:3], self._supplier.id),
            self._own("AmendmentEnacted", *enacted),
        )

    def _end(self) -> Iterator[Act]:
        half = self._retained // 2
        rest = self._retained - half
        yield self._act(self._own("AgreementCompleted", _FAR), *self._released(half))
        account = (self._value, 0, rest, 0, 0, 0, 0, 0, 0, 0)
        yield self._act(self._own("AgreementClosed", account), *self._released(rest))

    def _released(self, gross: int) -> list[Told]:
        tax = gross * _INCOME_TAX[0] // _INCOME_TAX[1]
        return self._paid(NO_MILESTONE, 0, Basis.RETENTION_RELEASE, gross, 0, 0, [tax])

    def _paid(
        self,
        milestone: int,
        attempt: int,
        basis: Basis,
        gross: int,
        advance: int,
        retention: int,
        taxes: list[int],
    ) -> list[Told]:
        payee, office = self._supplier, self._setting.taxes
        net = gross - advance - retention - sum(taxes)
        payment = (gross, advance, retention, 0, sum(taxes), 0, net, 0, 0)
        about = (milestone, payee.id, payee.account, attempt, basis, payment)
        told = [
            self._transfer(self.address, payee.account, net),
            self._own("PaymentMade", *about),
        ]
        for tax in taxes:
            told.append(self._transfer(self.address, office.account, tax))
            paid = (milestone, office.id, office.account, Part.TAX, tax)
            told.append(self._own("DeductionPaid", *paid))
        return told

    # --- who tells it ---

    def _act(self, *logs: Told) -> Act:
        return Act(count_events(logs), lambda: logs)

    def _own(self, event: str, *arguments: Any) -> Told:
        return Told("Agreement", event, self.salt, arguments)

    def _token(self, event: str, *arguments: Any) -> Told:
        return self._by(self._setting.token, "SettlementToken", event, *arguments)

    def _transfer(self, source: str, target: str, amount: int) -> Told:
        """ERC-20's own event, which the index does not read."""
        return self._token("Transfer", source, target, amount)

    def _by(self, address: str, kind: str, event: str, *arguments: Any) -> Told:
        return Told(kind, event, to_canonical_address(address), arguments)

    def _hash(self, *about: object) -> bytes:
        return keccak(text=f"{self.number} {about}")
