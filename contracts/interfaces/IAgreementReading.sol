// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    AgreementStatus,
    Conditions,
    Guarantee,
    GuaranteeKind,
    Milestone,
    Money,
    Parties
} from "../types/Agreements.sol";
import {IAgreementCommons} from "./IAgreementCommons.sol";

/// @title What an agreement says of itself
/// @notice Anyone may ask.
interface IAgreementReading is IAgreementCommons {
    /// @notice Where the agreement stands.
    /// @return current see {AgreementStatus}
    function status() external view returns (AgreementStatus current);

    /// @notice Its money.
    /// @return totals see {Money}
    function money() external view returns (Money memory totals);

    /// @notice Its parties.
    /// @return participants see {Parties}
    function parties() external view returns (Parties memory participants);

    /// @notice Its conditions.
    /// @return agreed see {Conditions}
    function conditions() external view returns (Conditions memory agreed);

    /// @notice Its settlement token.
    /// @return token its address
    function token() external view returns (address token);

    /// @notice The line that its value is committed against.
    /// @return line see {IBudget}
    function budgetLine() external view returns (bytes32 line);

    /// @notice The end of the work, as amended.
    /// @return moment Unix seconds; zero if it is not known
    function endsAt() external view returns (uint64 moment);

    /// @notice Its milestones in order.
    /// @return list see {Milestone}
    function milestones() external view returns (Milestone[] memory list);

    /// @notice The participant that a milestone pays.
    /// @param milestone its index
    /// @return payee participant id
    function payeeOf(uint256 milestone) external view returns (bytes32 payee);

    /// @notice What waits as a claim.
    /// @param milestone its index; the largest uint256 for what belongs to no milestone
    /// @param payee participant id
    /// @return amount in minor units
    function owedTo(uint256 milestone, bytes32 payee) external view returns (uint128 amount);

    /// @notice A guarantee as recorded.
    /// @param kind see {GuaranteeKind}
    /// @return details see {Guarantee}
    function guarantee(GuaranteeKind kind) external view returns (Guarantee memory details);

    /// @notice For how long the clocks stood still between two moments.
    /// @param from Unix seconds
    /// @param until Unix seconds
    /// @return duration seconds
    function pausedBetween(uint64 from, uint64 until) external view returns (uint64 duration);
}
