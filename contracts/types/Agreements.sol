// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The life of an agreement. Signed: deployed, its money not there yet. Active: fully funded at least once.
/// Closed: nothing more can be submitted or accepted; claims can still be pulled.
enum AgreementStatus {
    None,
    Signed,
    Active,
    Closed
}

/// @notice The life of a milestone: scheduled → submitted → inspected → accepted → paid; rejected → submitted again.
/// Owed: accepted, the payment waits as a claim of the payee. Cancelled: closed before it was accepted.
enum MilestoneStatus {
    None,
    Scheduled,
    Submitted,
    Inspected,
    Rejected,
    Paid,
    Owed,
    Cancelled
}

/// @notice The participants of an agreement, by participant id.
/// @param buyer the legal person that buys
/// @param supplier the legal person that delivers and is paid
/// @param treasury the participant that funds the agreement and gets back what is left
/// @param committee those who accept, in ascending order of id, at most 32
/// @param quorum how many of the committee must accept
/// @param inspectors those who attest, in ascending order of id; when there is none, acceptance needs no attestation
struct Parties {
    bytes32 buyer;
    bytes32 supplier;
    bytes32 treasury;
    bytes32[] committee;
    uint8 quorum;
    bytes32[] inspectors;
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
}

/// @notice One milestone as agreed.
/// @param amount what its acceptance pays, in minor units
/// @param dueAt when it is due, Unix seconds; zero if no date is agreed
/// @param payee the participant to be paid; zero for the supplier
/// @param document SHA-256 of the document that names and describes it; zero if there is none
struct MilestoneTerms {
    uint128 amount;
    uint64 dueAt;
    bytes32 payee;
    bytes32 document;
}

/// @notice A change of the agreement that both sides sign.
/// @param increase added to the value, in minor units
/// @param endsAt the new end of the work, Unix seconds; zero leaves it
/// @param milestones added to the schedule
/// @param reason code of the reason, e.g. "additional-work"
/// @param document SHA-256 of the document with the reasons in prose; zero if there is none
struct Amendment {
    uint128 increase;
    uint64 endsAt;
    MilestoneTerms[] milestones;
    bytes32 reason;
    bytes32 document;
}

/// @notice A milestone that is under way: submitted, and not accepted yet. Fits one storage slot.
/// @param milestone its index
/// @param status Submitted, Inspected or Rejected; None once it is done
/// @param attempt how often it was submitted
/// @param approvals committee members that accepted this attempt, one bit each in the order of the committee
/// @param rejections committee members that rejected this attempt, likewise
struct Progress {
    uint24 milestone;
    MilestoneStatus status;
    uint16 attempt;
    uint32 approvals;
    uint32 rejections;
}

/// @notice One milestone as it stands.
/// @param amount see {MilestoneTerms}
/// @param dueAt see {MilestoneTerms}
/// @param status see {MilestoneStatus}
/// @param attempt see {Progress}; zero once it is accepted, when the events tell
/// @param approvals see {Progress}; likewise
/// @param rejections see {Progress}; likewise
struct Milestone {
    uint128 amount;
    uint40 dueAt;
    MilestoneStatus status;
    uint16 attempt;
    uint32 approvals;
    uint32 rejections;
}

/// @notice The money of an agreement, in minor units.
/// @dev At any time: funded = paid + owed + refunded + what the agreement holds for work not yet accepted.
/// @param value the whole value as amended
/// @param scheduled the sum of all milestones that are not cancelled
/// @param funded all that the treasury has brought in
/// @param accepted the sum of all accepted milestones
/// @param paid what has left to payees
/// @param owed what waits as claims of payees
/// @param refunded what went back to the treasury
struct Money {
    uint128 value;
    uint128 scheduled;
    uint128 funded;
    uint128 accepted;
    uint128 paid;
    uint128 owed;
    uint128 refunded;
}
