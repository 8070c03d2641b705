// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementCommons} from "./IAgreementCommons.sol";

/// @title What goes wrong in an agreement
/// @notice Disputes over single milestones, holds by auditors, and suspension by force majeure. All of them end by
/// themselves.
interface IAgreementConflicts is IAgreementCommons {
    /// @notice A milestone is in dispute; the rest of the agreement goes on.
    /// @param by participant id of who opened it, or who completed the committee's quorum
    /// @param amount what is in dispute, in minor units
    event DisputeOpened(
        uint256 indexed milestone, bytes32 indexed by, uint128 amount, bytes32 reason, bytes32 document
    );

    /// @notice A side offered to settle.
    /// @param amount what the supplier would get, in minor units
    event SettlementOffered(uint256 indexed milestone, bytes32 indexed by, uint128 amount);

    /// @notice Both sides offered the same.
    event DisputeSettled(uint256 indexed milestone, uint128 amount, uint128 rest);

    /// @notice The arbiter ruled, or nobody did in time and the agreed default applies (by is zero then).
    /// @param amount what the supplier gets, in minor units
    /// @param rest what stays with the buyer, in minor units
    event DisputeRuled(
        uint256 indexed milestone,
        bytes32 indexed by,
        uint128 amount,
        uint128 rest,
        bytes32 reason,
        bytes32 document
    );

    /// @notice An auditor stopped all payments of the agreement.
    event AgreementHoldPlaced(bytes32 indexed by, uint64 until, bytes32 reason, bytes32 document);

    /// @notice The auditor ended the hold.
    event AgreementHoldLifted(bytes32 indexed by);

    /// @notice The work is suspended: all clocks stop.
    event AgreementSuspended(uint64 until, bytes32 reason, bytes32 document);

    /// @notice The work goes on, earlier than was set.
    event AgreementResumed();

    /// @notice No arbiter, or another one, was named.
    error CallerNotArbiter(address caller, bytes32 participant, bytes32 arbiter);
    /// @notice The caller is not an active auditor, or is of a party's own legal person.
    error CallerNotAuditor(address caller, bytes32 participant);
    /// @notice The hold was extended once already.
    error HoldExtendedBefore();
    /// @notice No hold, or no suspension, is in force.
    error NotStopped();
    /// @notice A suspension is in force already.
    error AlreadySuspended(uint64 until);

    /// @notice Takes a milestone to the arbiter. The supplier: one that was rejected or partly accepted, within the dispute
    /// period, or on which the committee is silent after the review period. The committee, by quorum: one that is submitted
    /// or inspected.
    /// @param milestone its index
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the reasons in prose; zero if there are none
    function dispute(uint256 milestone, bytes32 reason, bytes32 document) external;

    /// @notice Offers to settle a dispute. The supplier, or the committee by quorum. When the latest offers of both are the
    /// same, the amount is accepted and the rest given up.
    /// @param milestone its index
    /// @param amount what the supplier would get, in minor units, at most what is in dispute
    function offerSettlement(uint256 milestone, uint128 amount) external;

    /// @notice Rules on a dispute. Only the arbiter, within the ruling period.
    /// @param milestone its index
    /// @param amount what the supplier gets, in minor units, at most what is in dispute
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the ruling; zero if there is none
    function rule(uint256 milestone, uint128 amount, bytes32 reason, bytes32 document) external;

    /// @notice Applies the agreed default to a dispute on which nobody ruled in time. Anyone.
    /// @param milestone its index
    function ruleByDefault(uint256 milestone) external;

    /// @notice Stops all payments. Only an active participant with the role of auditor that is not of a party's legal
    /// person. After a hold has ended, the next must wait as long as the longest hold lasts.
    /// @param until Unix seconds, at most the agreed days from now
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the order; zero if there is none
    function hold(uint64 until, bytes32 reason, bytes32 document) external;

    /// @notice Extends a hold in force, once. Only an auditor, see {hold}.
    /// @param until Unix seconds, at most the agreed days after the present end, and after it
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the order; zero if there is none
    function extendHold(uint64 until, bytes32 reason, bytes32 document) external;

    /// @notice Ends a hold. Only an auditor, see {hold}.
    function liftHold() external;

    /// @notice Suspends the work for force majeure: all clocks stop. Only the committee, by quorum. All suspensions
    /// together last at most the agreed days.
    /// @param until Unix seconds
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the declaration; zero if there is none
    function suspend(uint64 until, bytes32 reason, bytes32 document) external;

    /// @notice Ends a suspension early. Only the committee, by quorum.
    function resume() external;
}
