"""The sentence for each error of an agreement and its factory.

A value is named as the contract names it, with the kind that it is shown as: `_p` participant, `_m`
money, `_t` moment … (see `_Values`). Milestones are counted from 1 for people and from 0 on the
chain.
"""

from __future__ import annotations

AGREEMENT_SENTENCES = {
    # Who acts
    "CallerNotParty": "This is for {expected_p} to do; account {caller} acts for {participant_p}.",
    "CallerNotOnCommittee": (
        "Only the committee does this; account {caller} acts for {participant_p}, who is not on it."
    ),
    "CallerNotInspector": (
        "Only an inspector of this agreement attests; account {caller} acts for {participant_p}."
    ),
    "CallerNotTreasury": (
        "Money has to come in, which {treasury_p} brings; account {caller} acts for "
        "{participant_p}."
    ),
    "CallerNotSignatory": (
        "An amendment is signed by the supplier, the committee and the buyer's authority; account "
        "{caller} acts for {participant_p}."
    ),
    "CallerNotArbiter": (
        "Only the arbiter rules, {arbiter_p}; account {caller} acts for {participant_p}."
    ),
    "CallerNotAuditor": (
        "Only an auditor who is of neither side places and lifts holds; account {caller} acts for "
        "{participant_p}."
    ),
    "AlreadyVoted": "{participant_p} has voted on this already.",
    "AlreadySigned": "The supplier has signed already.",
    "SignatureInvalid": (
        "The signature that is brought in for {account} is not of this account and content, or "
        "was given for another agreement or chain."
    ),
    "SignatureExpired": (
        "The signature of {account} could be brought in until {validUntil_t}; it is {present_t}."
    ),
    # Where the agreement stands
    "AgreementUnexpectedStatus": (
        "The agreement is {current_agreement}; it would have to be {expected_agreements}."
    ),
    "AgreementHeld": "An auditor's hold stops all payments until {until_t}.",
    "AlreadySuspended": "The work is suspended until {until_t} already.",
    "NotStopped": "Neither a hold nor a suspension is in force that this could end or extend.",
    "HoldExtendedBefore": "The hold was extended once already, and not more is allowed.",
    "TooEarly": "Too early: {present_t}; this takes a moment after {earliest_t}.",
    "TooLate": "Too late: {present_t}; this was possible until {latest_t}.",
    "ActUnknown": "An agreement has no such act as 0x{act_h}.",
    # Money
    "AgreementUnexpectedValue": (
        "The value of the agreement is {current_m} by now, not {given_m}. Look at it again."
    ),
    "NothingToFund": "The value of {value_m} is funded already ({funded_m}).",
    "AmountOutOfRange": "{given_m} is not between {smallest_m} and {largest_m}.",
    "NothingOwed": "Nothing is owed to {payee_p}{milestone_for}.",
    "PayeeSuspended": "{payee_p} is suspended; its claim waits until the suspension ends.",
    "GuaranteeLapsed": (
        "The {kind_guarantee} on record is {amount_m}{expiresAt_until}; {required_m} must be in "
        "force. The committee records one with `termin guarantee record`."
    ),
    "AdvanceNotDue": "The advance was paid already, or none is agreed.",
    "NothingRetained": "Nothing is retained.",
    # Milestones
    "MilestoneUnknown": "There is no milestone {milestone_n}; the agreement has {count}.",
    "MilestoneUnexpectedStatus": (
        "Milestone {milestone_n} is {current_milestone}; it would have to be {expected_milestones}."
    ),
    "MilestoneStaleAttempt": (
        "Milestone {milestone_n} is at submission {current} by now; this was about submission "
        "{given}. Look at it again."
    ),
    "MilestoneNotChangeable": (
        "Milestone {milestone_n} is being decided on, accepted or cancelled; only its date can "
        "change, if anything."
    ),
    "MilestonePending": (
        "Milestone {milestone_n} is not done: it is still to be decided on, or can still be "
        "disputed."
    ),
    "TooManyUnderWay": (
        "{largest} milestones are submitted and not accepted yet, and more are not taken at a "
        "time. The committee must decide first."
    ),
    "TooManyAttempts": (
        "Milestone {milestone_n} was submitted {largest} times, and more are not taken."
    ),
    "WorkNotDone": (
        "{accepted_m} of the {scheduled_m} scheduled is accepted; completion needs all of it."
    ),
    "SilenceNotAgreed": "No review period is agreed, so that silence never accepts.",
    "DateInFuture": "{given_t} lies after the time of the chain, {present_t}.",
    "EvidenceMissing": "A document's hash is needed{milestone_for}.",
    "ReasonMissing": "A reason is needed.",
    # Changes and endings
    "AmendmentUnknown": (
        "Amendment {amendment} with this content does not wait for a signature: it was never "
        "proposed, or another took effect since."
    ),
    "AmendmentEmpty": "The amendment changes nothing.",
    "AmendmentValueInvalid": (
        "A value cannot be raised by {increase_m} and lowered by {decrease_m} at once, nor lowered "
        "below zero."
    ),
    "AmendmentExceedsCap": (
        "The value would become {value_m}, and amendments can take it to {largest_m} at most. "
        "Beyond that a legal ground must be named, and the buyer's authority must sign."
    ),
    "AmendmentNotSigned": (
        "The amendment lacks a signature: the supplier {supplier_signed}, {approvals} of the "
        "{quorum} of the committee have, the buyer's authority {authority_needed}."
    ),
    "NoticeInvalid": "{noticedAt_noticed}.",
    # What is agreed
    "DutiesNotSeparate": "{participant_p} would have two duties that must be separate.",
    "LegalPersonExpected": "{office_p} is an office; a buyer, supplier or payee is a legal person.",
    "OfficeNotOfBuyer": (
        "{office_p} is no office of {buyer_p}; the committee is the buyer itself or its offices."
    ),
    "PartiesNotAscending": (
        "Committee and inspectors must be listed once each, in ascending order of id; "
        "{next_p} follows {previous_p}."
    ),
    "QuorumInvalid": (
        "A quorum of {quorum} out of {committee} is not possible; expected 1 to the size of the "
        "committee, which is at most {largest}."
    ),
    "ListTooLong": "{length} entries in {list_c} are too many; at most {largest} can be kept.",
    "ConditionInvalid": (
        "The condition {condition_c} does not fit: found {found_condition}, expected "
        "{smallest_condition} to {largest_condition}."
    ),
    "ScheduleExceedsValue": (
        "The milestones add up to {scheduled_m}, more than the value of {value_m}."
    ),
    "TokenAlreadyAdmitted": "{currency} has a settlement token already, {token}.",
    "TokenNotAdmitted": "The factory does not know the settlement token {token}.",
    "AgreementAlreadyExists": (
        "Contract {contractId} of {ocid} has an agreement already, at {agreement}."
    ),
    "AgreementIdentifierEmpty": (
        "An agreement needs an ocid and a contract id; found {ocid!r} and {contractId!r}."
    ),
}
