"""Every event that the index reads, one frozen dataclass each, with where on the chain it stands.

Fields are the event's parameters in snake case, in the order of the ABI. Shapes: `bytes32` is a
0x-hex string of 66 characters, addresses are checksummed, amounts are integers of minor units,
moments are Unix seconds in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

ZERO_BYTES32 = "0x" + "0" * 64
ZERO_ADDRESS = "0x" + "0" * 40


class Standing(IntEnum):
    """Whether a participant may enter new agreements, and how it is paid."""

    UNREGISTERED = 0
    ACTIVE = 1
    SUSPENDED = 2
    DEBARRED = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event stands; `address` is the contract that emitted it."""

    block: int
    block_hash: str
    timestamp: int
    transaction: str
    transaction_index: int
    log_index: int
    address: str


@dataclass(frozen=True, slots=True)
class Event:
    """What all events have."""

    origin: Origin


# --- ParticipantRegistry ---


@dataclass(frozen=True, slots=True)
class ParticipantRegistered(Event):
    """A participant was registered."""

    participant: str
    account: str
    organization: str
    scheme: str
    identifier: str
    roles: int
    document: str


@dataclass(frozen=True, slots=True)
class ParticipantRolesChanged(Event):
    """A participant's roles were replaced."""

    participant: str
    previous: int
    roles: int


@dataclass(frozen=True, slots=True)
class ParticipantStandingChanged(Event):
    """A participant was suspended, debarred or reinstated."""

    participant: str
    previous: Standing
    standing: Standing
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class ParticipantDocumentChanged(Event):
    """The document that names a participant was replaced."""

    participant: str
    document: str


@dataclass(frozen=True, slots=True)
class EscrowAdmitted(Event):
    """An agreement may from now on hold money."""

    escrow: str


# --- SettlementToken ---


@dataclass(frozen=True, slots=True)
class Issued(Event):
    """Tokens were issued against a bank deposit."""

    account: str
    amount: int
    bank_reference: str


@dataclass(frozen=True, slots=True)
class Redeemed(Event):
    """Tokens were taken back; their holder was paid by the bank."""

    account: str
    amount: int
    bank_reference: str


# --- Budget ---


@dataclass(frozen=True, slots=True)
class LineAppropriated(Event):
    """A line was opened, raised or lowered."""

    line: str
    buyer: str
    token: str
    fiscal_year: int
    code: str
    appropriated: int
    document: str


@dataclass(frozen=True, slots=True)
class LineCommitted(Event):
    """An agreement committed money of a line."""

    line: str
    agreement: str
    amount: int
    committed: int


@dataclass(frozen=True, slots=True)
class LineReleased(Event):
    """An agreement gave back what it will not spend."""

    line: str
    agreement: str
    amount: int
    committed: int


# --- AgreementFactory ---


@dataclass(frozen=True, slots=True)
class Parties:
    """The participants of an agreement, by participant id."""

    buyer: str
    supplier: str
    treasury: str
    committee: tuple[str, ...]
    quorum: int
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed."""

    ocid: str
    contract_id: str
    token: str
    value: int
    signed_at: int
    starts_at: int
    ends_at: int
    budget_line: str
    document: str


@dataclass(frozen=True, slots=True)
class FactoryDeployed(Event):
    """The factory stands, together with the contracts that it relies on."""

    registry: str
    budget: str
    implementation: str


@dataclass(frozen=True, slots=True)
class TokenAdmitted(Event):
    """Agreements may from now on be in this currency."""

    token: str
    currency: str
    decimals: int


@dataclass(frozen=True, slots=True)
class AgreementCreated(Event):
    """An agreement was deployed."""

    agreement: str
    buyer: str
    supplier: str
    by: str
    parties: Parties
    terms: Terms


# --- Agreement ---


@dataclass(frozen=True, slots=True)
class MilestoneTerms:
    """One milestone as agreed."""

    amount: int
    due_at: int
    payee: str
    document: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of the agreement that both sides sign."""

    increase: int
    ends_at: int
    milestones: tuple[MilestoneTerms, ...]
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class MilestoneScheduled(Event):
    """A milestone was agreed, at signature or by amendment."""

    milestone: int
    amount: int
    due_at: int
    payee: str
    document: str


@dataclass(frozen=True, slots=True)
class AgreementFunded(Event):
    """The treasury brought in money."""

    by: str
    amount: int
    funded: int


@dataclass(frozen=True, slots=True)
class AgreementActivated(Event):
    """All the money is there; work can be submitted."""


@dataclass(frozen=True, slots=True)
class MilestoneSubmitted(Event):
    """The supplier says that a milestone is reached."""

    milestone: int
    attempt: int
    by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MilestoneAttested(Event):
    """An inspector attested what was seen."""

    milestone: int
    attempt: int
    by: str
    seen_at: int
    report: str


@dataclass(frozen=True, slots=True)
class MilestoneApproved(Event):
    """A member of the committee accepted a milestone."""

    milestone: int
    attempt: int
    by: str
    approvals: int
    quorum: int


@dataclass(frozen=True, slots=True)
class MilestoneAccepted(Event):
    """The quorum is complete: the milestone is accepted, for this amount."""

    milestone: int
    attempt: int
    amount: int


@dataclass(frozen=True, slots=True)
class MilestoneDisapproved(Event):
    """A member of the committee rejected a milestone."""

    milestone: int
    attempt: int
    by: str
    reason: str
    document: str
    rejections: int
    needed: int


@dataclass(frozen=True, slots=True)
class MilestoneRejected(Event):
    """The quorum cannot be reached any more: the milestone can be submitted again."""

    milestone: int
    attempt: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class PaymentMade(Event):
    """A payee was paid."""

    milestone: int
    payee: str
    account: str
    amount: int
    claimed: bool


@dataclass(frozen=True, slots=True)
class PaymentOwed(Event):
    """A payment could not be pushed and waits as a claim of the payee."""

    milestone: int
    payee: str
    amount: int


@dataclass(frozen=True, slots=True)
class AmendmentProposed(Event):
    """The buyer's side proposed an amendment."""

    amendment: int
    by: str
    terms: Amendment


@dataclass(frozen=True, slots=True)
class AmendmentSigned(Event):
    """The supplier signed an amendment; it is in force."""

    amendment: int
    by: str
    previous_value: int
    value: int
    ends_at: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class ClosureApproved(Event):
    """A member of the committee wants the agreement closed."""

    by: str
    reason: str
    document: str
    approvals: int
    quorum: int


@dataclass(frozen=True, slots=True)
class AgreementClosed(Event):
    """The agreement is closed; what was not accepted is cancelled, what was left went back."""

    reason: str
    document: str
    cancelled: int
    refunded: int
    released: int


EVENTS: dict[str, tuple[type[Event], ...]] = {
    "ParticipantRegistry": (
        ParticipantRegistered,
        ParticipantRolesChanged,
        ParticipantStandingChanged,
        ParticipantDocumentChanged,
        EscrowAdmitted,
    ),
    "SettlementToken": (Issued, Redeemed),
    "Budget": (LineAppropriated, LineCommitted, LineReleased),
    "AgreementFactory": (FactoryDeployed, TokenAdmitted, AgreementCreated),
    "Agreement": (
        MilestoneScheduled,
        AgreementFunded,
        AgreementActivated,
        MilestoneSubmitted,
        MilestoneAttested,
        MilestoneApproved,
        MilestoneAccepted,
        MilestoneDisapproved,
        MilestoneRejected,
        PaymentMade,
        PaymentOwed,
        AmendmentProposed,
        AmendmentSigned,
        ClosureApproved,
        AgreementClosed,
    ),
}
"""The events that the index reads, by the contract that may emit them."""
