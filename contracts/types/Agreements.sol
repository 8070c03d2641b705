// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The life of an agreement.
/// Signed: deployed by the buyer; the supplier's signature or the money is missing. Active: signed by both and funded.
/// Completed: all work is accepted, the defects liability period runs. Terminated: ended before that, open matters are
/// being settled. Closed: the final account is drawn; the agreement holds nothing but claims that can be pulled.
enum AgreementStatus {
    None,
    Signed,
    Active,
    Closed,
    Completed,
    Terminated
}

/// @notice The life of a milestone: scheduled → submitted → inspected → accepted, and so paid; rejected or partly
/// accepted → submitted again, or disputed → settled or ruled.
/// Paid: accepted, and nothing is owed for it. Owed: accepted, a payment waits as a claim. Cancelled: by amendment,
/// ruling or termination, before anything of it was accepted.
enum MilestoneStatus {
    None,
    Scheduled,
    Submitted,
    Inspected,
    Rejected,
    Paid,
    Owed,
    Cancelled,
    Disputed,
    PartlyAccepted
}

/// @notice What a payment rests on.
enum Basis {
    None,
    Acceptance,
    PartialAcceptance,
    Silence,
    Settlement,
    Ruling,
    DefaultRuling,
    Advance,
    RetentionRelease,
    DamagesReturned,
    Interest
}

/// @notice What of a payment goes to somebody else than its payee.
enum Part {
    Net,
    Tax,
    DirectPayment
}

/// @notice Why an agreement ends before its work is done.
/// Convenience: by decision of the buyer. ByAgreement: by both. Default: the supplier did not mend in the cure period what
/// it had been given notice of. Lapse: its last day has passed, and nobody ended it.
enum Ground {
    None,
    Convenience,
    ByAgreement,
    Default,
    Lapse
}

/// @notice What a guarantee of a bank or surety stands for.
enum GuaranteeKind {
    Performance,
    Advance,
    Retention
}

/// @notice What a tax is reckoned on. Gross: the amount accepted, once, when it is accepted. Received: what the payee
/// receives before taxes, whenever it does: gross less advance recovered and retention; the advance; retention released.
enum TaxBase {
    Gross,
    Received
}

/// @notice The participants of an agreement, by participant id.
/// @param buyer the legal person that buys
/// @param supplier the legal person that delivers and is paid
/// @param treasury the participant that funds the agreement and gets back what is left
/// @param arbiter who rules on disputes; zero if nobody does, so that the default applies
/// @param committee those who accept, in ascending order of id, at most 16
/// @param quorum how many of the committee must agree
/// @param inspectors those who attest, in ascending order of id, at most 16; when there is none, acceptance needs no
/// attestation
struct Parties {
    bytes32 buyer;
    bytes32 supplier;
    bytes32 treasury;
    bytes32 arbiter;
    bytes32[] committee;
    uint8 quorum;
    bytes32[] inspectors;
}

/// @notice A tax or levy that is withheld from each payment and goes to its recipient in the same transaction. Rounded up
/// to the minor unit.
/// @param recipient participant id, with the role of a collector
/// @param numerator the rate is numerator / denominator, e.g. 11/111 for 11 % within the price
/// @param denominator not zero, not below the numerator
/// @param base see {TaxBase}
struct Tax {
    bytes32 recipient;
    uint24 numerator;
    uint24 denominator;
    TaxBase base;
}

/// @notice What a milestone pays straight to a subcontractor, out of the supplier's payment, as far as that suffices.
/// @param milestone index of the milestone
/// @param recipient participant id of the subcontractor, a legal person
/// @param amount in minor units
struct DirectPayment {
    uint24 milestone;
    bytes32 recipient;
    uint128 amount;
}

/// @notice The conditions of payment and of conflict, fixed at signature. Rates are basis points (1/10,000) unless said
/// otherwise; days are calendar days unless said otherwise. Zero switches a rule off.
/// @param advanceRate of the value, paid once against a guarantee
/// @param recoveryRate of each accepted amount, recovered until nothing of the advance is outstanding; not below
/// advanceRate
/// @param retentionRate of each accepted amount, withheld; half is released at completion, half after defectsDays
/// @param securityRate of the value, which the performance security must reach for payments to go out
/// @param damagesRate millionths of the late part, for each day or part of a day
/// @param damagesCap of the value: delay damages never exceed it in all
/// @param interestRate millionths of a late payment, for each full day, owed by the buyer
/// @param amendmentCap of the original value: what amendments may add without a legal ground and the authority's signature
/// @param defaultShare of what is in dispute, which the supplier gets when nobody rules in time
/// @param reviewDays working days in which the committee decides on a submission; zero if silence never accepts
/// @param paymentDays days after the review in which payment is not late
/// @param disputeDays days after a decision in which the supplier may dispute it
/// @param rulingDays days in which the arbiter rules
/// @param holdDays days that an auditor's hold lasts at most; it may be extended once by as many
/// @param suspensionDays days that suspensions may last in all
/// @param cureDays days between a notice of default and termination for default, at least
/// @param defectsDays days after completion in which defects are the supplier's to mend
/// @param lapseDays days after the end of the work when anyone may end the agreement; not zero
/// @param taxes in the order in which they are withheld, at most 16
/// @param directPayments at most 64
struct Conditions {
    uint16 advanceRate;
    uint16 recoveryRate;
    uint16 retentionRate;
    uint16 securityRate;
    uint32 damagesRate;
    uint16 damagesCap;
    uint32 interestRate;
    uint16 amendmentCap;
    uint16 defaultShare;
    uint8 reviewDays;
    uint8 paymentDays;
    uint16 disputeDays;
    uint16 rulingDays;
    uint16 holdDays;
    uint16 suspensionDays;
    uint16 cureDays;
    uint16 defectsDays;
    uint16 lapseDays;
    Tax[] taxes;
    DirectPayment[] directPayments;
}

/// @notice What is agreed.
/// @param ocid the OCDS id of the contracting process
/// @param contractId the id of the contract within that process
/// @param token the settlement token, and so the currency
/// @param value the whole value, in minor units; milestones add up to at most this
/// @param signedAt when the legal contract was signed, Unix seconds; zero if not known
/// @param startsAt when the work starts, Unix seconds; zero if not known
/// @param endsAt when the work ends, Unix seconds; zero if not known
/// @param budgetLine the appropriation line that the value is committed against
/// @param document SHA-256 of the document with title and terms in prose; zero if there is none
/// @param conditions see {Conditions}
struct Terms {
    string ocid;
    string contractId;
    address token;
    uint128 value;
    uint64 signedAt;
    uint64 startsAt;
    uint64 endsAt;
    bytes32 budgetLine;
    bytes32 document;
    Conditions conditions;
}

/// @notice One milestone as agreed.
/// @param amount what its acceptance pays before deductions, in minor units
/// @param dueAt when it is due, Unix seconds; zero if no date is agreed, so that it is never late
/// @param payee the participant to be paid; zero for the supplier
/// @param document SHA-256 of the document that names and describes it; zero if there is none
struct MilestoneTerms {
    uint128 amount;
    uint64 dueAt;
    bytes32 payee;
    bytes32 document;
}

/// @notice A milestone as it shall be from now on. One that is accepted keeps amount and payee; a later date returns the
/// delay damages that it makes undue.
/// @param milestone its index
/// @param amount in minor units, more than what of it is accepted; zero if it is removed
/// @param dueAt Unix seconds; zero if no date is agreed
/// @param payee the participant to be paid; zero for the supplier, or for the same as before if one is decided on or accepted
/// @param removed true if it is cancelled
struct MilestoneChange {
    uint256 milestone;
    uint128 amount;
    uint64 dueAt;
    bytes32 payee;
    bool removed;
}

/// @notice A change of the agreement that both sides sign.
/// @param increase added to the value, in minor units
/// @param decrease taken from the value, in minor units; not together with an increase
/// @param endsAt the new end of the work, Unix seconds; zero leaves it
/// @param changes milestones that change
/// @param milestones added to the schedule
/// @param reason code of the reason, e.g. "additional-work"
/// @param legalGround code of the legal ground for a cumulative increase above the cap; zero if there is none
/// @param document SHA-256 of the document with the reasons in prose; zero if there is none
/// @param validUntil when the offer ends, Unix seconds; zero if it ends only when another amendment takes effect
struct Amendment {
    uint128 increase;
    uint128 decrease;
    uint64 endsAt;
    MilestoneChange[] changes;
    MilestoneTerms[] milestones;
    bytes32 reason;
    bytes32 legalGround;
    bytes32 document;
    uint64 validUntil;
}

/// @notice What one payment consists of, in minor units:
/// gross = advance + retention + damages + taxes + direct + net.
/// @param gross the amount accepted
/// @param advance of the advance payment, recovered
/// @param retention withheld
/// @param damages for delay, withheld
/// @param taxes withheld and handed on
/// @param direct paid straight to subcontractors
/// @param net for the payee
/// @param lateDays days by which this part is late
/// @param carried delay damages that this payment could not bear, carried forward to the next
struct Payment {
    uint128 gross;
    uint128 advance;
    uint128 retention;
    uint128 damages;
    uint128 taxes;
    uint128 direct;
    uint128 net;
    uint32 lateDays;
    uint128 carried;
}

/// @notice A milestone that is under way: submitted, and not accepted in full yet. Fits one storage slot.
/// @param milestone its index
/// @param status Submitted, Inspected, Rejected, PartlyAccepted or Disputed
/// @param attempt how often it was submitted
/// @param approvals committee members that accepted this attempt, one bit each in the order of the committee
/// @param rejections committee members that rejected this attempt, likewise
/// @param submittedAt when this attempt was submitted, Unix seconds
/// @param decidedAt when it was rejected or accepted in part, Unix seconds
/// @param reviewSpan days from submission to the end of the review, as the calendar stood at submission
/// @param accepted what of it is accepted, in minor units
struct Progress {
    uint24 milestone;
    MilestoneStatus status;
    uint8 attempt;
    uint16 approvals;
    uint16 rejections;
    uint40 submittedAt;
    uint40 decidedAt;
    uint8 reviewSpan;
    uint96 accepted;
}

/// @notice One milestone as it stands.
/// @param amount see {MilestoneTerms}, as amended
/// @param dueAt see {MilestoneTerms}, as amended; suspensions and holds are not added
/// @param status see {MilestoneStatus}
/// @param attempt see {Progress}; zero once it is accepted, when the events tell
/// @param approvals see {Progress}; likewise
/// @param rejections see {Progress}; likewise
/// @param accepted what of it is accepted, in minor units
/// @param submittedAt see {Progress}; likewise
/// @param reviewEndsAt when the review of its submission ends, Unix seconds, as the clocks stand; zero if none goes on
struct Milestone {
    uint128 amount;
    uint40 dueAt;
    MilestoneStatus status;
    uint8 attempt;
    uint16 approvals;
    uint16 rejections;
    uint128 accepted;
    uint40 submittedAt;
    uint40 reviewEndsAt;
}

/// @notice The money of an agreement, in minor units.
/// @dev At any time funded = held + paid + refunded, and what the agreement holds is
/// funded − accepted − advanceOutstanding + retained + damages + owed − refunded.
/// @param value the whole value as amended
/// @param scheduled the sum of all milestones that are not cancelled
/// @param funded all that the treasury has brought in
/// @param accepted the sum of all accepted amounts
/// @param paid what has left to payees, collectors and subcontractors
/// @param owed what waits as claims of them
/// @param refunded what went back to the treasury
/// @param advanceOutstanding what of the advance is not recovered
/// @param retained what is withheld as retention
/// @param damages what is withheld for delay
/// @param damagesCarried what could not be withheld for delay yet
/// @param interestOwed what the buyer owes for late payment, beside the agreement's money
struct Money {
    uint128 value;
    uint128 scheduled;
    uint128 funded;
    uint128 accepted;
    uint128 paid;
    uint128 owed;
    uint128 refunded;
    uint128 advanceOutstanding;
    uint128 retained;
    uint128 damages;
    uint128 damagesCarried;
    uint128 interestOwed;
}

/// @notice A guarantee as recorded.
/// @param amount in minor units
/// @param expiresAt Unix seconds
struct Guarantee {
    uint96 amount;
    uint40 expiresAt;
}

/// @notice How an agreement ended, in minor units.
/// @param accepted the sum of all accepted amounts
/// @param cancelled the sum of what was scheduled and not accepted
/// @param retentionReleased what of the retention went to the supplier with the final account
/// @param retentionKept what of it the buyer kept: for damages carried, the advance not recovered, or default
/// @param damages what the buyer kept for delay
/// @param advanceUnrecovered what of the advance neither work nor retention covered: for the guarantee
/// @param damagesUnrecovered likewise of the damages
/// @param refunded what went back to the treasury, all in all
/// @param released what the budget line got back
/// @param interestOwed what the buyer still owes for late payment
struct FinalAccount {
    uint128 accepted;
    uint128 cancelled;
    uint128 retentionReleased;
    uint128 retentionKept;
    uint128 damages;
    uint128 advanceUnrecovered;
    uint128 damagesUnrecovered;
    uint128 refunded;
    uint128 released;
    uint128 interestOwed;
}

/// @notice A signature that was given offline (EIP-712) and is brought in by somebody else.
/// @param account whose signature it is: of a participant; contract accounts sign by ERC-1271
/// @param validUntil the last second in which it can be brought in, Unix seconds; part of what was signed
/// @param signature 65 bytes, or what the contract account expects
struct Approval {
    address account;
    uint64 validUntil;
    bytes signature;
}
