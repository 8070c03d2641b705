"""The participants' acts, and the drafts of agreements."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import ape
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from ape.managers.project import LocalProject

from .vocabulary import (
    NO_ADDRESS,
    NONE,
    Amendment,
    Conditions,
    Milestone,
    Money,
    Role,
    digest,
    participant_id,
    plain,
)


@dataclass(frozen=True)
class Draft:
    """What `AgreementFactory.create` takes; amounts in minor units."""

    buyer: bytes
    supplier: bytes
    treasury: bytes
    committee: tuple[bytes, ...]
    quorum: int
    inspectors: tuple[bytes, ...]
    ocid: str
    contract_id: str
    token: str
    value: int
    budget_line: bytes
    milestones: tuple[tuple[int, int, bytes, bytes], ...]
    signed_at: int = 1_767_225_600
    starts_at: int = 1_767_312_000
    ends_at: int = 1_798_675_200
    document: bytes = digest("the terms in prose")
    arbiter: bytes = NONE
    conditions: Conditions = Conditions()

    @property
    def parties(self) -> tuple[Any, ...]:
        """The struct `Parties`."""
        return (
            self.buyer,
            self.supplier,
            self.treasury,
            self.arbiter,
            list(self.committee),
            self.quorum,
            list(self.inspectors),
        )

    @property
    def terms(self) -> tuple[Any, ...]:
        """The struct `Terms`."""
        return (
            self.ocid,
            self.contract_id,
            self.token,
            self.value,
            self.signed_at,
            self.starts_at,
            self.ends_at,
            self.budget_line,
            self.document,
            tuple(self.conditions),
        )

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What `create` is called with."""
        return self.parties, self.terms, list(self.milestones)


@dataclass
class World:
    """Everything deployed. `id` and `account` hold participants by a short name."""

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

    def pay(self, agreement: ContractInstance, milestone: int = 0) -> ReceiptAPI:
        """A milestone from its submission to the acceptance that completes the quorum."""
        self.submit(agreement, milestone)
        self.attest(agreement, milestone)
        self.accept(agreement, "first", milestone)
        return self.accept(agreement, "second", milestone)

    def terminate(self, agreement: ContractInstance, reason: str = "no-need") -> ReceiptAPI:
        """The first two members end an agreement for convenience."""
        return self.decide(agreement, "terminate", digest(reason), NONE)
