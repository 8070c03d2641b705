// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    AgreementStatus,
    Amendment,
    Milestone,
    MilestoneStatus,
    MilestoneTerms,
    Money,
    Parties,
    Terms
} from "../types/Agreements.sol";

/// @title One public contract
/// @notice Holds the contract's money and pays a milestone in the transaction in which its committee's acceptance
/// becomes complete. Every act names its author by participant id, so that a record outlives a key.
/// @dev Relies on the settlement token being {ISettlementToken}: no fee, no call-back.
interface IAgreement {
    /// @notice A milestone was agreed, at signature or by amendment.
    event MilestoneScheduled(
        uint256 indexed milestone, uint128 amount, uint64 dueAt, bytes32 indexed payee, bytes32 document
    );

    /// @notice The treasury brought in money.
    /// @param funded all that was brought in so far, in minor units
    event AgreementFunded(bytes32 indexed by, uint128 amount, uint128 funded);

    /// @notice All the money is there; work can be submitted.
    event AgreementActivated();

    /// @notice The supplier says that a milestone is reached.
    /// @param attempt 1 for the first submission
    /// @param evidence SHA-256 of the evidence
    event MilestoneSubmitted(
        uint256 indexed milestone, uint256 attempt, bytes32 indexed by, bytes32 evidence
    );

    /// @notice An inspector attested what was seen.
    /// @param seenAt when it was seen on site, Unix seconds
    /// @param report SHA-256 of the inspector's report
    event MilestoneAttested(
        uint256 indexed milestone, uint256 attempt, bytes32 indexed by, uint64 seenAt, bytes32 report
    );

    /// @notice A member of the committee accepted a milestone.
    /// @param approvals how many have, out of the quorum that is needed
    event MilestoneApproved(
        uint256 indexed milestone, uint256 attempt, bytes32 indexed by, uint256 approvals, uint256 quorum
    );

    /// @notice The quorum is complete: the milestone is accepted, for this amount.
    event MilestoneAccepted(uint256 indexed milestone, uint256 attempt, uint128 amount);

    /// @notice A member of the committee rejected a milestone.
    /// @param rejections how many have
    /// @param needed how many make the quorum unreachable
    event MilestoneDisapproved(
        uint256 indexed milestone,
        uint256 attempt,
        bytes32 indexed by,
        bytes32 reason,
        bytes32 document,
        uint256 rejections,
        uint256 needed
    );

    /// @notice The quorum cannot be reached any more: the milestone is rejected and can be submitted again.
    event MilestoneRejected(uint256 indexed milestone, uint256 attempt, bytes32 reason, bytes32 document);

    /// @notice A payee was paid.
    /// @param claimed false when acceptance paid, true when an earlier claim was pulled
    event PaymentMade(
        uint256 indexed milestone,
        bytes32 indexed payee,
        address indexed account,
        uint128 amount,
        bool claimed
    );

    /// @notice A payment could not be pushed and waits as a claim of the payee.
    event PaymentOwed(uint256 indexed milestone, bytes32 indexed payee, uint128 amount);

    /// @notice The buyer's side proposed an amendment.
    /// @param amendment its number, from 1
    event AmendmentProposed(uint256 indexed amendment, bytes32 indexed by, Amendment terms);

    /// @notice The supplier signed an amendment; it is in force.
    /// @param previousValue in minor units
    /// @param value in minor units
    event AmendmentSigned(
        uint256 indexed amendment,
        bytes32 indexed by,
        uint128 previousValue,
        uint128 value,
        uint64 endsAt,
        bytes32 reason,
        bytes32 document
    );

    /// @notice A member of the committee wants the agreement closed.
    event ClosureApproved(
        bytes32 indexed by, bytes32 indexed reason, bytes32 document, uint256 approvals, uint256 quorum
    );

    /// @notice The agreement is closed. Milestones that were not accepted are cancelled; what was left went back.
    /// @param cancelled the sum of the milestones that were cancelled, in minor units
    /// @param refunded what went back to the treasury, in minor units
    /// @param released what the budget line got back, in minor units
    event AgreementClosed(
        bytes32 indexed reason, bytes32 document, uint128 cancelled, uint128 refunded, uint128 released
    );

    /// @notice The agreement is not in a status that allows the act.
    error AgreementUnexpectedStatus(AgreementStatus current, AgreementStatus expected);
    /// @notice Only the factory initializes.
    error CallerNotFactory(address caller);
    /// @notice The caller does not have this part in the agreement.
    error CallerNotParty(address caller, bytes32 participant, bytes32 expected);
    /// @notice The caller is not on the committee.
    error CallerNotOnCommittee(address caller, bytes32 participant);
    /// @notice The caller is not an inspector of this agreement.
    error CallerNotInspector(address caller, bytes32 participant);
    /// @notice A participant has two duties that must be separate.
    error DutiesNotSeparate(bytes32 participant);
    /// @notice Buyer, supplier and payees are legal persons, not offices.
    error LegalPersonExpected(bytes32 office);
    /// @notice The committee is the buyer itself or its offices.
    error OfficeNotOfBuyer(bytes32 office, bytes32 buyer);
    /// @notice Committee and inspectors are given in strictly ascending order of id.
    error PartiesNotAscending(bytes32 previous, bytes32 next);
    /// @notice The quorum is zero or larger than the committee, or the committee is too large.
    error QuorumInvalid(uint256 quorum, uint256 committee, uint256 largest);
    /// @notice Parties and terms take more bytes than can be kept.
    error RecordTooLarge(uint256 size, uint256 largest);
    /// @notice The milestones add up to more than the value.
    error ScheduleExceedsValue(uint256 scheduled, uint256 value);
    /// @notice No such milestone.
    error MilestoneUnknown(uint256 milestone, uint256 count);
    /// @notice The milestone is not in a status that allows the act.
    /// @param expected the allowed statuses, one bit each
    error MilestoneUnexpectedStatus(uint256 milestone, MilestoneStatus current, uint256 expected);
    /// @notice Too many milestones are submitted and not accepted yet.
    error TooManyUnderWay(uint256 largest);
    /// @notice The act is about an earlier submission than the latest.
    error MilestoneStaleAttempt(uint256 milestone, uint256 given, uint256 current);
    /// @notice The participant has voted on this submission already.
    error AlreadyVoted(uint256 milestone, bytes32 participant);
    /// @notice The date lies after the block.
    error DateInFuture(uint64 given, uint64 present);
    /// @notice A date does not fit 40 bits.
    error DateTooLarge(uint64 given);
    /// @notice A hash is needed.
    error EvidenceMissing(uint256 milestone);
    /// @notice A coded reason is needed.
    error ReasonMissing();
    /// @notice The agreement holds less than the acceptance would pay; the treasury must fund it first.
    error AgreementUnderfunded(uint256 milestone, uint128 amount, uint128 available);
    /// @notice The value is another than the treasury knows.
    error AgreementUnexpectedValue(uint128 current, uint128 given);
    /// @notice There is nothing to fund.
    error NothingToFund(uint128 value, uint128 funded);
    /// @notice The payee is suspended: its claim waits.
    error PayeeSuspended(bytes32 payee);
    /// @notice No amendment with this number and content waits for a signature.
    error AmendmentUnknown(uint256 amendment, bytes32 content, bytes32 expected);
    /// @notice The amendment changes nothing.
    error AmendmentEmpty();

    /// @notice Sets up a clone. Only the factory, once.
    /// @param parties see {Parties}
    /// @param terms see {Terms}
    /// @param milestones see {MilestoneTerms}
    function initialize(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        external;

    /// @notice Brings in what is missing to the value. Only the treasury, which has approved the token first.
    /// @param value the value that the treasury knows, in minor units; an amendment in between makes it another
    function fund(uint128 value) external;

    /// @notice Says that a milestone is reached. Only the supplier, when it is scheduled or rejected.
    /// @param milestone its index, from 0
    /// @param evidence SHA-256 of the evidence, not zero
    function submit(uint256 milestone, bytes32 evidence) external;

    /// @notice Attests what was seen. Only an inspector of this agreement, when the milestone is submitted.
    /// @param milestone its index
    /// @param attempt the submission that was inspected
    /// @param seenAt when it was seen on site, Unix seconds, not after the block
    /// @param report SHA-256 of the report, not zero
    function attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report) external;

    /// @notice Accepts a milestone. Only a member of the committee, once for each submission; with the last vote that the
    /// quorum needs, the payee is paid.
    /// @param milestone its index
    /// @param attempt the submission that is accepted
    function accept(uint256 milestone, uint256 attempt) external;

    /// @notice Rejects a milestone. Only a member of the committee, once for each submission. The milestone is rejected
    /// as soon as the quorum for acceptance can no longer be reached.
    /// @param milestone its index
    /// @param attempt the submission that is rejected
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the reasons in prose; zero if there are none
    function reject(uint256 milestone, uint256 attempt, bytes32 reason, bytes32 document) external;

    /// @notice Pays what is owed for a milestone to its payee. Anyone may call, unless the payee is suspended.
    /// @param milestone its index
    function claim(uint256 milestone) external;

    /// @notice Proposes an amendment. Only a member of the committee. A later proposal replaces one that is not signed.
    /// @param terms see {Amendment}
    /// @return amendment its number, from 1
    function proposeAmendment(Amendment calldata terms) external returns (uint256 amendment);

    /// @notice Signs an amendment and puts it in force. Only the supplier, with the very content that was proposed.
    /// @param amendment its number
    /// @param terms see {Amendment}
    function signAmendment(uint256 amendment, Amendment calldata terms) external;

    /// @notice Votes to close the agreement. Only a member of the committee. When a quorum wants the same reason and
    /// document, what is not accepted is cancelled and what is left goes back to the treasury.
    /// @param reason code of the reason, e.g. "completed", not zero
    /// @param document SHA-256 of the decision; zero if there is none
    function close(bytes32 reason, bytes32 document) external;

    /// @notice Where the agreement stands.
    /// @return current see {AgreementStatus}
    function status() external view returns (AgreementStatus current);

    /// @notice Its money.
    /// @return totals see {Money}
    function money() external view returns (Money memory totals);

    /// @notice Its parties.
    /// @return participants see {Parties}
    function parties() external view returns (Parties memory participants);

    /// @notice Its terms, as amended.
    /// @return agreed see {Terms}
    function terms() external view returns (Terms memory agreed);

    /// @notice Its milestones in order.
    /// @return list see {Milestone}
    function milestones() external view returns (Milestone[] memory list);

    /// @notice The participant that a milestone pays.
    /// @param milestone its index
    /// @return payee participant id
    function payeeOf(uint256 milestone) external view returns (bytes32 payee);
}
