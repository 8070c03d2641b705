"""The participants' acts."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import ape
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from ape.managers.project import LocalProject

from .draft import Draft
from .vocabulary import (
    NO_ADDRESS,
    NONE,
    Amendment,
    Conditions,
    GuaranteeKind,
    Milestone,
    Money,
    Role,
    TaxBase,
    digest,
    participant_id,
    plain,
)

PURSES = ("treasury", "supplier", "subcontractor", "collector")


@dataclass
class World:
    """Everything deployed. `id` and `account` hold participants by a short name.

    `parts` are the addresses of the contracts that an agreement's rules are spread over.
    """

    project: LocalProject
    admin: AccountAPI
    registrar: AccountAPI
    issuer: AccountAPI
    officer: AccountAPI
    stranger: AccountAPI
    spare: list[AccountAPI]
    authority: ContractInstance
    registry: ContractInstance
    budget: ContractInstance
    calendar: ContractInstance
    factory: ContractInstance
    token: ContractInstance
    deployment: ReceiptAPI
    parts: dict[str, str]
    id: dict[str, bytes] = field(default_factory=dict)
    account: dict[str, AccountAPI] = field(default_factory=dict)
    line: bytes = NONE
    states: dict[str, ContractInstance] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def register(
        self,
        scheme: str,
        identifier: str,
        account: AccountAPI | str = NO_ADDRESS,
        roles: int = Role.SUPPLIER,
        organization: bytes = NONE,
    ) -> bytes:
        """Registers a participant and returns its id."""
        registration = (
            scheme,
            identifier,
            account,
            int(roles),
            organization,
            digest(identifier),
        )
        self.registry.register(registration, sender=self.registrar)
        return participant_id(scheme, identifier)

    def known(
        self,
        name: str,
        account: AccountAPI | str = NO_ADDRESS,
        roles: int = Role.SUPPLIER,
        organization: bytes = NONE,
    ) -> bytes:
        """Registers a legal person or an office, and remembers it by its short name."""
        scheme = "ID-NPWP" if organization == NONE else "OFFICE"
        self.id[name] = self.register(scheme, name, account, roles, organization)
        if account != NO_ADDRESS:
            self.account[name] = account
        return self.id[name]

    def stand(self, name: str, standing: int) -> None:
        """Changes the standing of a participant."""
        self.registry.setStanding(
            self.id[name], standing, digest("reason"), NONE, sender=self.registrar
        )

    def succeed(self, name: str, account: str) -> None:
        """Gives a participant another account; the former one confirms it. `account` keeps it."""
        self.registry.proposeSuccession(
            self.id[name], account, digest("handover"), sender=self.registrar
        )
        self.registry.confirmSuccession(self.id[name], account, sender=self.account[name])

    def draft(self, **changes: Any) -> Draft:
        """1,000.00, with milestones of 500.00 and of 300.00, the second for a subcontractor."""
        due = 1_780_000_000
        draft = Draft(
            buyer=self.id["buyer"],
            supplier=self.id["supplier"],
            treasury=self.id["treasury"],
            committee=tuple(self.id[name] for name in ("first", "second", "third")),
            quorum=2,
            inspectors=tuple(self.id[name] for name in ("surveyor", "engineer")),
            ocid="ocds-x-1",
            contract_id=f"contract-{next(self.numbers)}",
            token=self.token.address,
            value=100_000,
            budget_line=self.line,
            milestones=(
                (50_000, due, NONE, digest("foundation")),
                (30_000, due + 86_400, self.id["subcontractor"], digest("roof")),
            ),
        )
        return replace(draft, **changes)

    def full(self, **changes: Any) -> Conditions:
        """Every rule in use: clocks, rates, and one tax of 265/11,100 of what is accepted."""
        return Conditions(
            advance_rate=2_000,
            recovery_rate=2_500,
            retention_rate=500,
            security_rate=500,
            damages_rate=1_000,
            damages_cap=500,
            interest_rate=200,
            review_days=5,
            payment_days=14,
            taxes=((self.id["collector"], 265, 11_100, TaxBase.GROSS),),
        )._replace(**changes)

    def sign(self, draft: Draft | None = None, by: str = "first") -> ContractInstance:
        """Deploys an agreement."""
        draft = draft or self.draft()
        self.factory.create(*draft.arguments, sender=self.account[by])
        return self.at(draft)

    def at(self, draft: Draft) -> ContractInstance:
        """The agreement of a draft, deployed or not."""
        return self.agreement(self.factory.addressOf(draft.ocid, draft.contract_id))

    def agreement(self, address: str) -> ContractInstance:
        """An agreement at an address."""
        return ape.Contract(address, contract_type=self.project.IAgreement.contract_type)

    def money(self, agreement: ContractInstance) -> Money:
        """The totals of an agreement."""
        return Money(*plain(agreement.money()))

    def milestones(self, agreement: ContractInstance) -> list[Milestone]:
        """The milestones of an agreement."""
        return [Milestone(*plain(milestone)) for milestone in agreement.milestones()]

    def balance(self, name: str) -> int:
        """What a participant holds, in minor units."""
        return self.token.balanceOf(self.account[name])

    def held(self, agreement: ContractInstance) -> int:
        """What an agreement holds, in minor units."""
        return self.token.balanceOf(agreement)

    def state(self, agreement: ContractInstance) -> tuple[Any, ...]:
        """All that an act may change: of the agreement, of its budget line and of purses."""
        return (
            agreement.status(),
            self.money(agreement),
            self.milestones(agreement),
            agreement.endsAt(),
            [plain(agreement.guarantee(kind)) for kind in GuaranteeKind],
            self.held(agreement),
            self.budget.get(agreement.budgetLine()).committed,
            [self.balance(name) for name in PURSES],
        )

    def fund(self, agreement: ContractInstance) -> ReceiptAPI:
        """The treasury approves the value, and brings it in."""
        money = agreement.money()
        treasury = self.account["treasury"]
        self.token.approve(agreement, money.value - money.funded, sender=treasury)
        return agreement.fund(money.value, sender=treasury)

    def activate(self, agreement: ContractInstance) -> ReceiptAPI:
        """The supplier signs, and the treasury brings in the value."""
        agreement.sign(sender=self.account["supplier"])
        return self.fund(agreement)

    def begin(self, **changes: Any) -> ContractInstance:
        """An agreement that is active at once; see `draft`."""
        agreement = self.sign(self.draft(**changes))
        self.activate(agreement)
        return agreement

    def amend(
        self, agreement: ContractInstance, amendment: Amendment, number: int = 1
    ) -> ReceiptAPI:
        """An amendment, the first or another, signed by a quorum, the supplier and the treasury."""
        terms = tuple(amendment)
        agreement.proposeAmendment(terms, sender=self.account["first"])
        agreement.signAmendment(number, terms, sender=self.account["second"])
        receipt = agreement.signAmendment(number, terms, sender=self.account["supplier"])
        money = agreement.money()
        missing = max(0, money.value + amendment.increase - amendment.decrease - money.funded)
        if amendment.increase and missing:
            treasury = self.account["treasury"]
            self.token.approve(agreement, missing, sender=treasury)
            receipt = agreement.enactAmendment(number, terms, sender=treasury)
        return receipt

    def decide(self, agreement: ContractInstance, act: str, *arguments: Any) -> ReceiptAPI:
        """The first two members take a decision that needs a quorum."""
        for name in ("first", "second"):
            receipt = getattr(agreement, act)(*arguments, sender=self.account[name])
        return receipt

    def multicall(
        self, agreement: ContractInstance, calls: list[bytes], sender: AccountAPI
    ) -> ReceiptAPI:
        """Several acts in one transaction."""
        return self.several(agreement).multicall(calls, sender=sender)

    def several(self, agreement: ContractInstance) -> ContractInstance:
        """The same agreement, which can be asked for several acts at once."""
        implementation = self.project.Agreement.contract_type
        return ContractInstance(agreement.address, implementation)

    def submit(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """The supplier says that a milestone is reached."""
        return agreement.submit(milestone, digest("evidence"), sender=self.account["supplier"])

    def attest(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """The surveyor attests the latest attempt."""
        attempt = agreement.milestones()[milestone].attempt
        return agreement.attest(
            milestone, attempt, 1_767_400_000, digest("report"), sender=self.account["surveyor"]
        )

    def accept(self, agreement: ContractInstance, by: str, milestone: int = 0) -> ReceiptAPI:
        """A member accepts the latest attempt."""
        attempt = agreement.milestones()[milestone].attempt
        return agreement.accept(milestone, attempt, sender=self.account[by])

    def reject(self, agreement: ContractInstance, by: str, milestone: int = 0) -> ReceiptAPI:
        """A member rejects the latest attempt."""
        attempt = agreement.milestones()[milestone].attempt
        return agreement.reject(
            milestone, attempt, digest("cracks"), digest("note"), sender=self.account[by]
        )

    def turn_down(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """The first two members reject the latest attempt."""
        self.reject(agreement, "first", milestone)
        return self.reject(agreement, "second", milestone)

    def accept_part(
        self, agreement: ContractInstance, amount: int, milestone: int = 0
    ) -> ReceiptAPI:
        """The first two members accept a part of the latest attempt."""
        attempt = agreement.milestones()[milestone].attempt
        part = (milestone, attempt, amount, digest("shorter"), NONE)
        return self.decide(agreement, "acceptPart", *part)

    def dispute(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """The supplier takes a milestone to the arbiter."""
        return agreement.dispute(
            milestone, digest("all done"), NONE, sender=self.account["supplier"]
        )

    def assure(
        self,
        agreement: ContractInstance,
        kind: GuaranteeKind,
        amount: int,
        expires_at: int = 2**40 - 1,
    ) -> ReceiptAPI:
        """The first two members record a guarantee."""
        return self.decide(
            agreement, "recordGuarantee", kind, amount, expires_at, digest("guarantee")
        )

    def pay(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """A milestone from its submission to the acceptance that completes the quorum."""
        self.submit(agreement, milestone)
        self.attest(agreement, milestone)
        self.accept(agreement, "first", milestone)
        return self.accept(agreement, "second", milestone)

    def terminate(self, agreement: ContractInstance, reason: str = "no-need") -> ReceiptAPI:
        """The first two members end an agreement for convenience."""
        return self.decide(agreement, "terminate", digest(reason), NONE)
