// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground} from "../../../contracts/types/Agreements.sol";

/// @notice What the handler knows of one agreement, from events alone: nothing of it was asked of the agreement. Amounts
/// are minor units.
/// @param known whether there is such an agreement
/// @param fundedIn what the token says came in
/// @param paidOut what the token says went to others than the treasury
/// @param refunded what the token says went back to the treasury
/// @param accepted the gross amounts of all payments for milestones
/// @param payments how many these were
/// @param advance what was paid ahead and not recovered
/// @param advancePaid what was paid ahead
/// @param retained what was retained and not released
/// @param damages what was withheld for delay and not returned
/// @param carried what could not be withheld for delay yet
/// @param owed claims that were not pulled
/// @param interest what was accrued and not paid
/// @param signedValue the value at signature
/// @param value in force
/// @param highestValue the highest that was in force
/// @param committed what the budget says is committed
/// @param heldUntil when the last hold ends, Unix seconds
/// @param amendments how many took effect
/// @param noticed whether a notice of default is in force
/// @param ground of a termination
/// @param closed whether the final account was drawn
struct Book {
    bool known;
    uint256 fundedIn;
    uint256 paidOut;
    uint256 refunded;
    uint256 accepted;
    uint256 payments;
    uint256 advance;
    uint256 advancePaid;
    uint256 retained;
    uint256 damages;
    uint256 carried;
    uint256 owed;
    uint256 interest;
    uint256 signedValue;
    uint256 value;
    uint256 highestValue;
    uint256 committed;
    uint256 heldUntil;
    uint256 amendments;
    bool noticed;
    Ground ground;
    bool closed;
}

/// @notice Somebody who was owed money at some time.
/// @param milestone its index; the largest uint256 for none
/// @param payee participant id
struct Creditor {
    uint256 milestone;
    bytes32 payee;
}
