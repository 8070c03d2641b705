// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Approval, MilestoneTerms, Parties, Terms} from "../types/Agreements.sol";
import {IAgreementCommons} from "./IAgreementCommons.sol";

/// @title The work of an agreement
/// @notice Signature, funding, and the life of a milestone from submission to payment. A milestone is paid in the
/// transaction in which its acceptance becomes complete. What can be signed offline has a twin whose name ends in `Signed`:
/// anybody brings the signatures in.
interface IAgreementWork is IAgreementCommons {
    /// @notice Milestones were agreed, at signature or by amendment.
    /// @param first index of the first of them
    /// @param milestones as agreed; a payee of zero is the supplier
    event MilestonesScheduled(uint256 indexed first, MilestoneTerms[] milestones);

    /// @notice The supplier signed.
    event AgreementSigned(bytes32 indexed by);

    /// @notice The treasury brought in money.
    /// @param funded all that was brought in so far, in minor units
    event AgreementFunded(bytes32 indexed by, uint128 amount, uint128 funded);

    /// @notice Both have signed and all the money is there; work can be submitted.
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

    /// @notice A quorum accepted a part: it is paid, and the rest can be submitted again or disputed.
    /// @param amount the part, in minor units
    /// @param rest what is left, in minor units
    event MilestonePartlyAccepted(
        uint256 indexed milestone,
        uint256 attempt,
        uint128 amount,
        uint128 rest,
        bytes32 reason,
        bytes32 document
    );

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

    /// @notice The quorum cannot be reached any more: the milestone is rejected and can be submitted again or disputed.
    event MilestoneRejected(uint256 indexed milestone, uint256 attempt, bytes32 reason, bytes32 document);

    /// @notice A claim was pulled.
    event ClaimPaid(
        uint256 indexed milestone, bytes32 indexed payee, address indexed account, uint128 amount
    );

    /// @notice The treasury paid interest for late payment, straight to the supplier.
    /// @param owed what is still owed, in minor units
    event InterestPaid(bytes32 indexed by, address indexed account, uint128 amount, uint128 owed);

    /// @notice The caller is not an inspector of this agreement.
    error CallerNotInspector(address caller, bytes32 participant);
    /// @notice The supplier has signed already.
    error AlreadySigned();
    /// @notice Too many milestones are submitted and not accepted yet.
    error TooManyUnderWay(uint256 largest);
    /// @notice The milestone was submitted too often.
    error TooManyAttempts(uint256 milestone, uint256 largest);
    /// @notice The act is about an earlier submission than the latest.
    error MilestoneStaleAttempt(uint256 milestone, uint256 given, uint256 current);
    /// @notice The date lies after the block.
    error DateInFuture(uint64 given, uint64 present);
    /// @notice A hash is needed.
    error EvidenceMissing(uint256 milestone);
    /// @notice The value is another than the treasury knows.
    error AgreementUnexpectedValue(uint128 current, uint128 given);
    /// @notice There is nothing to fund.
    error NothingToFund(uint128 value, uint128 funded);
    /// @notice Silence never accepts in this agreement.
    error SilenceNotAgreed();
    /// @notice Nothing is owed to this payee for this milestone.
    error NothingOwed(uint256 milestone, bytes32 payee);
    /// @notice The payee is suspended: its claim waits.
    error PayeeSuspended(bytes32 payee);

    /// @notice Sets up a clone, in the transaction that deploys it. Once.
    /// @param parties see {Parties}
    /// @param terms see {Terms}
    /// @param milestones see {MilestoneTerms}
    function initialize(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        external;

    /// @notice Signs the agreement. Only the supplier, which must be active.
    function sign() external;

    /// @notice Brings in the value. Only the treasury, which has approved the token first.
    /// @param value the value that the treasury knows, in minor units
    function fund(uint128 value) external;

    /// @notice Says that a milestone is reached. Only the supplier, when it is scheduled, rejected or partly accepted.
    /// @param milestone its index, from 0
    /// @param evidence SHA-256 of the evidence, not zero
    function submit(uint256 milestone, bytes32 evidence) external;

    /// @notice {submit}, signed offline: Submission(uint256 milestone,uint256 attempt,bytes32 evidence,uint64 validUntil).
    /// @param milestone its index
    /// @param attempt the number that this submission will have, so that a signature counts once
    /// @param evidence SHA-256 of the evidence, not zero
    /// @param approval of the supplier
    function submitSigned(uint256 milestone, uint256 attempt, bytes32 evidence, Approval calldata approval)
        external;

    /// @notice Attests what was seen. Only an inspector of this agreement, when the milestone is submitted.
    /// @param milestone its index
    /// @param attempt the submission that was inspected
    /// @param seenAt when it was seen on site, Unix seconds, not after the block
    /// @param report SHA-256 of the report, not zero
    function attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report) external;

    /// @notice {attest}, signed offline:
    /// Inspection(uint256 milestone,uint256 attempt,uint64 seenAt,bytes32 report,uint64 validUntil).
    /// @param milestone its index
    /// @param attempt the submission that was inspected
    /// @param seenAt when it was seen on site, Unix seconds, not after the block
    /// @param report SHA-256 of the report, not zero
    /// @param approval of an inspector
    function attestSigned(
        uint256 milestone,
        uint256 attempt,
        uint64 seenAt,
        bytes32 report,
        Approval calldata approval
    ) external;

    /// @notice Accepts what is left of a milestone. Only a member of the committee, once for each submission; with the last
    /// vote that the quorum needs, it is paid.
    /// @param milestone its index
    /// @param attempt the submission that is accepted
    function accept(uint256 milestone, uint256 attempt) external;

    /// @notice {accept}, signed offline: Acceptance(uint256 milestone,uint256 attempt,uint64 validUntil).
    /// @param milestone its index
    /// @param attempt the submission that is accepted
    /// @param approvals of members of the committee, together with earlier votes at most a quorum
    function acceptSigned(uint256 milestone, uint256 attempt, Approval[] calldata approvals) external;

    /// @notice Accepts a part of what was submitted. Only a member of the committee; it counts when a quorum accepts the
    /// same part for the same reason.
    /// @param milestone its index
    /// @param attempt the submission that is accepted in part
    /// @param amount the part, in minor units, below what is left of the milestone
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the reasons in prose; zero if there are none
    function acceptPart(uint256 milestone, uint256 attempt, uint128 amount, bytes32 reason, bytes32 document)
        external;

    /// @notice {acceptPart}, signed offline: PartialAcceptance(uint256 milestone,uint256 attempt,uint128 amount,
    /// bytes32 reason,bytes32 document,uint64 validUntil).
    /// @param milestone its index
    /// @param attempt the submission that is accepted in part
    /// @param amount see {acceptPart}
    /// @param reason see {acceptPart}
    /// @param document see {acceptPart}
    /// @param approvals of members of the committee
    function acceptPartSigned(
        uint256 milestone,
        uint256 attempt,
        uint128 amount,
        bytes32 reason,
        bytes32 document,
        Approval[] calldata approvals
    ) external;

    /// @notice Rejects a milestone. Only a member of the committee, once for each submission. The milestone is rejected
    /// as soon as the quorum for acceptance can no longer be reached.
    /// @param milestone its index
    /// @param attempt the submission that is rejected
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the reasons in prose; zero if there are none
    function reject(uint256 milestone, uint256 attempt, bytes32 reason, bytes32 document) external;

    /// @notice {reject}, signed offline:
    /// Rejection(uint256 milestone,uint256 attempt,bytes32 reason,bytes32 document,uint64 validUntil).
    /// @param milestone its index
    /// @param attempt the submission that is rejected
    /// @param reason see {reject}
    /// @param document see {reject}
    /// @param approvals of members of the committee
    function rejectSigned(
        uint256 milestone,
        uint256 attempt,
        bytes32 reason,
        bytes32 document,
        Approval[] calldata approvals
    ) external;

    /// @notice Accepts what the committee did not decide on within the review period. Anyone. Where inspectors are named,
    /// one of them must have attested.
    /// @param milestone its index
    /// @param attempt the submission that silence accepts
    function acceptBySilence(uint256 milestone, uint256 attempt) external;

    /// @notice Pays what is owed to a payee for a milestone. Anyone may call, unless the payee is suspended. While the
    /// agreement goes on, the supplier's guarantees must be in force and no hold may be.
    /// @param milestone its index; the largest uint256 for what belongs to no milestone
    /// @param payee participant id
    function claim(uint256 milestone, bytes32 payee) external;

    /// @notice Pays interest for late payment, straight from the treasury to the supplier. Only the treasury, which has
    /// approved the token first.
    /// @param amount in minor units, at most what is owed
    function payInterest(uint128 amount) external;
}
