"""A contract's custom error as a sentence with its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from backend.chain.contract import Refusal

AGREEMENT_STATUS = ("unknown", "signed, not funded", "active", "closed")
MILESTONE_STATUS = (
    "unknown",
    "scheduled",
    "submitted",
    "inspected",
    "rejected",
    "paid",
    "owed",
    "cancelled",
)
STANDING = ("not registered", "active", "suspended", "debarred")
ROLES = ("buyer", "supplier", "committee", "inspector", "treasury", "auditor", "arbiter")


class Names(Protocol):
    """How participants, accounts and amounts are called where the sentence is read."""

    def participant(self, participant: bytes) -> str:
        """Name or identifier of a participant."""
        ...

    def amount(self, minor: int) -> str:
        """An amount in minor units with its currency."""
        ...


class PlainNames:
    """Ids and minor units as they stand on the chain."""

    def participant(self, participant: bytes) -> str:
        """The id in hexadecimal; "nobody" for an account that acts for no participant."""
        return f"0x{participant.hex()}" if any(participant) else "nobody"

    def amount(self, minor: int) -> str:
        """The number of minor units."""
        return f"{minor} minor units"


# One sentence for each custom error; a value is named as the contract names it. Milestones are
# counted from 1 for people and from 0 on the chain.
SENTENCES: Mapping[str, str] = {
    # Agreement
    "AgreementUnexpectedStatus": (
        "The agreement is {current_agreement}; it would have to be {expected_agreement}."
    ),
    "CallerNotFactory": "Only the factory sets up an agreement; {caller} called.",
    "CallerNotParty": "This is for {expected_p} to do; account {caller} acts for {participant_p}.",
    "CallerNotOnCommittee": (
        "Only the committee does this; account {caller} acts for {participant_p}, who is not on it."
    ),
    "CallerNotInspector": (
        "Only an inspector of this agreement attests; account {caller} acts for {participant_p}."
    ),
    "DutiesNotSeparate": "{participant_p} would have two duties that must be separate.",
    "LegalPersonExpected": "{office_p} is an office; a supplier or payee is a legal person.",
    "OfficeNotOfBuyer": (
        "{office_p} is no office of {buyer_p}; the committee is the buyer itself or its offices."
    ),
    "AgreementUnexpectedValue": (
        "The value of the agreement is {current_m} by now, not {given_m}. Look at it again."
    ),
    "PartiesNotAscending": (
        "Committee and inspectors must be listed once each, in ascending order of id; "
        "{next_p} follows {previous_p}."
    ),
    "QuorumInvalid": (
        "A quorum of {quorum} out of {committee} is not possible; expected 1 to the size of the "
        "committee, which is at most {largest}."
    ),
    "RecordTooLarge": (
        "Parties and terms take {size} bytes, more than the {largest} that can be kept; shorten "
        "the ids or name fewer inspectors."
    ),
    "ScheduleExceedsValue": (
        "The milestones add up to {scheduled_m}, more than the value of {value_m}."
    ),
    "MilestoneUnknown": "There is no milestone {milestone_n}; the agreement has {count}.",
    "MilestoneUnexpectedStatus": (
        "Milestone {milestone_n} is {current_milestone}; it would have to be {expected_milestones}."
    ),
    "TooManyUnderWay": (
        "{largest} milestones are submitted and not accepted yet, and more are not taken at a "
        "time. The committee must decide first."
    ),
    "MilestoneStaleAttempt": (
        "Milestone {milestone_n} has been submitted {current} times by now; this was about "
        "submission {given}. Look at it again."
    ),
    "AlreadyVoted": "{participant_p} has voted on this already.",
    "DateInFuture": "{given_t} lies after the time of the chain, {present_t}.",
    "DateTooLarge": "{given} is too late to be a date.",
    "EvidenceMissing": "A document's hash is needed for milestone {milestone_n}.",
    "ReasonMissing": "A reason is needed.",
    "AgreementUnderfunded": (
        "Accepting milestone {milestone_n} would pay {amount_m}, and {available_m} is there. The "
        "treasury must fund the agreement first."
    ),
    "NothingToFund": "The value of {value_m} is funded already ({funded_m}).",
    "PayeeSuspended": "{payee_p} is suspended; its claim waits until the suspension ends.",
    "AmendmentUnknown": (
        "No amendment number {amendment} with this content waits for a signature."
    ),
    "AmendmentEmpty": "The amendment changes nothing.",
    # AgreementFactory
    "TokenAlreadyAdmitted": "{currency} has a settlement token already, {token}.",
    "TokenNotAdmitted": "The factory does not know the settlement token {token}.",
    "AgreementAlreadyExists": (
        "Contract {contractId} of {ocid} has an agreement already, at {agreement}."
    ),
    "AgreementIdentifierEmpty": (
        "An agreement needs an ocid and a contract id; found {ocid!r} and {contractId!r}."
    ),
    # Budget
    "LineUnknown": "The budget line 0x{line_h} does not exist. Appropriate it first.",
    "LineMismatch": (
        "The budget line 0x{line_h} belongs to {buyer_p} and another buyer or currency was asked "
        "for."
    ),
    "LineCodeEmpty": "A budget line needs a code.",
    "LineExceeded": (
        "The budget line has {available_m} left; {requested_m} is asked for. The budget officer "
        "must appropriate more."
    ),
    "LineBelowCommitment": (
        "{committed_m} of the budget line is committed; it cannot be lowered to {requested_m}."
    ),
    "CallerNotEscrow": "Only agreements commit and release budget; {caller} called.",
    # ParticipantRegistry
    "ParticipantIdentifierEmpty": (
        "A participant needs a scheme and an identifier; found {scheme!r} and {identifier!r}."
    ),
    "ParticipantAlreadyRegistered": "{scheme}-{identifier} is registered already.",
    "ParticipantAccountTaken": "The account {account} acts for {participant_p} already.",
    "ParticipantUnknown": "{participant_p} is not registered.",
    "ParticipantRolesInvalid": "{roles} is not a set of roles; expected bits of {allowed}.",
    "ParticipantOrganizationInvalid": (
        "{organization_p} is an office itself; an office belongs to a legal person."
    ),
    "ParticipantLacksRole": (
        "{participant_p} needs the role {required_roles} for this, and has: {roles_roles}."
    ),
    "ParticipantNotActive": "{participant_p} is {standing_standing}.",
    "ParticipantHasNoAccount": "{participant_p} has no account to act or to be paid with.",
    "ParticipantStandingInvalid": (
        "{participant_p} is {current_standing} and cannot be made {given_standing}."
    ),
    "EscrowAlreadyAdmitted": "The agreement {escrow} is admitted already.",
    # SettlementToken, and OpenZeppelin's own
    "HolderNotRegistered": (
        "{holder} is neither a participant's account nor an agreement, and may not hold money."
    ),
    "EscrowFetchesItself": (
        "Money goes into an agreement by `termin agreement fund` only; anything else would be "
        "trapped in it."
    ),
    "BankReferenceMissing": "A bank reference is needed.",
    "AccessManagedUnauthorized": (
        "The account {caller} has no permission for this; the administrator grants it."
    ),
    "ERC20InsufficientBalance": (
        "{sender} holds {balance_m}; {needed_m} is needed. The issuer must issue it against a "
        "deposit first."
    ),
    "ERC20InsufficientAllowance": (
        "{spender} may move {allowance_m}; {needed_m} is needed. Approve it first."
    ),
}


def explain(refused: Refusal | None, message: str, names: Names | None = None) -> str:
    """The sentence for a refusal; the node's own message where the error is not known."""
    if refused is None:
        return f"The node refuses: {message}"
    template = SENTENCES.get(refused.name)
    if template is None:
        values = ", ".join(f"{name}={value}" for name, value in refused.arguments.items())
        return f"The contract refuses: {refused.name}({values})"
    return template.format_map(_Values(refused.arguments, names or PlainNames()))


class _Values(dict[str, Any]):
    """Looks up `name_kind`: the argument `name`, shown as that kind of value."""

    def __init__(self, arguments: Mapping[str, Any], names: Names) -> None:
        super().__init__(arguments)
        self._show: dict[str, Callable[[Any], Any]] = {
            "p": names.participant,
            "m": names.amount,
            "n": lambda value: value + 1,
            "h": lambda value: value.hex(),
            "t": _moment,
            "agreement": lambda value: AGREEMENT_STATUS[value],
            "milestone": lambda value: MILESTONE_STATUS[value],
            "milestones": lambda value: " or ".join(_bits(value, MILESTONE_STATUS)),
            "roles": lambda value: ", ".join(_bits(value, ROLES)) or "none",
            "standing": lambda value: STANDING[value],
        }

    def __missing__(self, key: str) -> Any:
        name, _, kind = key.rpartition("_")
        return self._show[kind](self[name])


def _bits(value: int, labels: tuple[str, ...]) -> list[str]:
    return [label for position, label in enumerate(labels) if value >> position & 1]


def _moment(value: int) -> str:
    return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
