// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SSTORE2} from "solady/utils/SSTORE2.sol";
import {MilestoneTerms} from "../types/Agreements.sol";

/// @title Milestones as agreed, kept as code
/// @notice What is agreed never changes, so that it needs no storage slots: a byte of code costs 200 gas, a slot 22,100.
/// Each signature adds parts of at most {PART_SIZE} milestones; a milestone takes {ENTRY_SIZE} bytes.
library Schedules {
    /// @notice A run of milestones.
    /// @param pointer the account whose code holds them
    /// @param first the index of the first of them
    struct Part {
        address pointer;
        uint32 first;
    }

    /// @dev amount: 16 bytes; dueAt: 5 bytes.
    uint256 internal constant ENTRY_SIZE = 21;
    /// @dev A contract's code ends at 24,576 bytes (EIP-170).
    uint256 internal constant PART_SIZE = 1_000;

    /// @notice Adds milestones to a schedule.
    /// @param parts the schedule so far
    /// @param first how many milestones it has
    /// @param list what to add; dates fit 40 bits
    function append(Part[] storage parts, uint256 first, MilestoneTerms[] calldata list) internal {
        for (uint256 start; start < list.length; start += PART_SIZE) {
            uint256 end = list.length < start + PART_SIZE ? list.length : start + PART_SIZE;
            parts.push(Part({pointer: SSTORE2.write(_pack(list[start:end])), first: uint32(first + start)}));
        }
    }

    /// @notice One milestone as agreed.
    /// @param parts the schedule
    /// @param milestone its index, below the number of milestones
    /// @return amount in minor units
    /// @return dueAt Unix seconds; zero if no date is agreed
    function read(Part[] storage parts, uint256 milestone)
        internal
        view
        returns (uint128 amount, uint40 dueAt)
    {
        uint256 last = parts.length - 1;
        while (parts[last].first > milestone) --last;
        uint256 offset = (milestone - parts[last].first) * ENTRY_SIZE;
        return _unpack(SSTORE2.read(parts[last].pointer, offset, offset + ENTRY_SIZE), 0);
    }

    /// @notice All milestones as agreed.
    /// @param parts the schedule
    /// @param count how many milestones it has
    /// @return amounts in minor units
    /// @return dueAts Unix seconds; zero where no date is agreed
    function readAll(Part[] storage parts, uint256 count)
        internal
        view
        returns (uint128[] memory amounts, uint40[] memory dueAts)
    {
        amounts = new uint128[](count);
        dueAts = new uint40[](count);
        for (uint256 i; i < parts.length; ++i) {
            bytes memory packed = SSTORE2.read(parts[i].pointer);
            for (uint256 j; j < packed.length / ENTRY_SIZE; ++j) {
                (amounts[parts[i].first + j], dueAts[parts[i].first + j]) = _unpack(packed, j);
            }
        }
    }

    function _pack(MilestoneTerms[] calldata list) private pure returns (bytes memory packed) {
        packed = new bytes(list.length * ENTRY_SIZE);
        for (uint256 i; i < list.length; ++i) {
            uint256 entry = (uint256(list[i].amount) << 40) | list[i].dueAt;
            // The entry stands in the upper 168 bits of the word; what the word writes behind it is written over by the
            // next entry, and behind the last lies memory that Solidity has not given out yet.
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                mstore(add(add(packed, 32), mul(i, 21)), shl(88, entry))
            }
        }
    }

    function _unpack(bytes memory packed, uint256 index) private pure returns (uint128 amount, uint40 dueAt) {
        uint256 entry;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            entry := shr(88, mload(add(add(packed, 32), mul(index, 21))))
        }
        return (uint128(entry >> 40), uint40(entry));
    }
}
