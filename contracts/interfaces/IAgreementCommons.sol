// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementStatus, Basis, GuaranteeKind, MilestoneStatus, Part, Payment} from "../types/Agreements.sol";

/// @title What all parts of an agreement say
/// @notice Events and errors of more than one of an agreement's parts: of its guards, its committee's decisions and its
/// payments. Every act names its author by participant id, so that a record outlives a key.
interface IAgreementCommons {
    /// @notice A payment was worked out, with every part of it; its net is paid in this transaction, or owed.
    /// @param milestone its index; the largest uint256 for what belongs to no milestone
    /// @param payee participant id
    /// @param account where the net went; zero if it is owed
    /// @param attempt the submission that was accepted; zero where none was
    /// @param basis what the payment rests on
    /// @param payment each part, see {Payment}
    event PaymentMade(
        uint256 indexed milestone,
        bytes32 indexed payee,
        address indexed account,
        uint256 attempt,
        Basis basis,
        Payment payment
    );

    /// @notice A part of a payment went to a collector or subcontractor, or is owed to it.
    /// @param account where it went; zero if it is owed
    event DeductionPaid(
        uint256 indexed milestone,
        bytes32 indexed recipient,
        address indexed account,
        Part part,
        uint128 amount
    );

    /// @notice What could not be pushed waits as a claim.
    /// @param amount what was added, in minor units
    /// @param owed the whole claim of this payee for this milestone, in minor units
    event PaymentOwed(uint256 indexed milestone, bytes32 indexed payee, uint128 amount, uint128 owed);

    /// @notice A payment came late: the buyer owes interest, beside the agreement's money.
    /// @param late full days
    /// @param amount in minor units
    /// @param owed the whole interest that is owed, in minor units
    event InterestAccrued(uint256 indexed milestone, uint256 late, uint128 amount, uint128 owed);

    /// @notice The rest of a milestone was given up: by amendment, settlement or ruling.
    /// @param amount what was scheduled and not accepted, in minor units
    event MilestoneCancelled(uint256 indexed milestone, uint128 amount);

    /// @notice A member of the committee is for a decision that needs a quorum.
    /// @param decision keccak256 of the call, selector and arguments
    /// @param by participant id of the member
    /// @param act the selector of what is decided
    event DecisionApproved(
        bytes32 indexed decision, bytes32 indexed by, bytes4 indexed act, uint256 approvals, uint256 quorum
    );

    /// @notice The agreement is not in a status that allows the act.
    /// @param expected the allowed statuses, one bit each
    error AgreementUnexpectedStatus(AgreementStatus current, uint256 expected);
    /// @notice An auditor's hold stops all payments.
    error AgreementHeld(uint64 until);
    /// @notice The caller does not have this part in the agreement.
    error CallerNotParty(address caller, bytes32 participant, bytes32 expected);
    /// @notice The caller is not on the committee.
    error CallerNotOnCommittee(address caller, bytes32 participant);
    /// @notice No such milestone.
    error MilestoneUnknown(uint256 milestone, uint256 count);
    /// @notice The milestone is not in a status that allows the act.
    /// @param expected the allowed statuses, one bit each
    error MilestoneUnexpectedStatus(uint256 milestone, MilestoneStatus current, uint256 expected);
    /// @notice The participant has voted on this already.
    /// @param milestone its index; the largest uint256 for a decision that concerns none
    error AlreadyVoted(uint256 milestone, bytes32 participant);
    /// @notice The act comes before its time.
    /// @param earliest what must have passed: a later moment will do
    error TooEarly(uint64 present, uint64 earliest);
    /// @notice The act comes after its time.
    error TooLate(uint64 present, uint64 latest);
    /// @notice A coded reason is needed.
    error ReasonMissing();
    /// @notice The amount is not between one and what is left.
    error AmountOutOfRange(uint128 given, uint128 smallest, uint128 largest);
    /// @notice A guarantee is missing, too small or lapsed; payments wait until it is replaced.
    error GuaranteeLapsed(GuaranteeKind kind, uint128 amount, uint128 required, uint64 expiresAt);
    /// @notice The offline signature is not of this account and content, or its agreement or chain is another.
    error SignatureInvalid(address account, bytes32 digest);
    /// @notice The offline signature came too late.
    error SignatureExpired(address account, uint64 validUntil, uint64 present);
    /// @notice The milestones add up to more than the value.
    error ScheduleExceedsValue(uint256 scheduled, uint256 value);
    /// @notice A participant has two duties that must be separate.
    error DutiesNotSeparate(bytes32 participant);
    /// @notice Buyer, supplier and payees are legal persons, not offices.
    error LegalPersonExpected(bytes32 office);
    /// @notice An agreement has no such act.
    error ActUnknown(bytes4 act);
}
