// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";
import {MilestoneTerms} from "../types/Agreements.sol";
import {Packed} from "./Packed.sol";

/// @title Milestones as agreed, kept as code
/// @notice What is agreed never changes, so that it needs no storage slots. The milestones of the signature stand in the
/// deed; each amendment adds parts of at most {PART_SIZE}.
library Schedules {
    using Packed for bytes;
    using SafeCast for uint256;

    /// @notice A run of milestones.
    /// @param pointer the account whose code holds them
    /// @param first the index of the first of them
    /// @param agreedAt when they were added, Unix seconds
    struct Part {
        address pointer;
        uint24 first;
        uint40 agreedAt;
    }

    /// @dev amount: 12 bytes; dueAt: 5 bytes.
    uint256 internal constant ENTRY_SIZE = 17;
    uint256 private constant AMOUNT_SIZE = 12;
    uint256 private constant DATE_SIZE = 5;
    /// @dev A contract's code ends at 24,576 bytes (EIP-170).
    uint256 internal constant PART_SIZE = 1_000;

    /// @notice Adds milestones to a schedule.
    /// @param parts the schedule so far
    /// @param first the index of the first that is added
    /// @param list what to add
    function append(Part[] storage parts, uint256 first, MilestoneTerms[] calldata list) internal {
        for (uint256 start; start < list.length; start += PART_SIZE) {
            uint256 end = list.length < start + PART_SIZE ? list.length : start + PART_SIZE;
            bytes memory data = Packed.create((end - start) * ENTRY_SIZE);
            write(data, 0, list[start:end]);
            parts.push(
                Part({
                    pointer: SSTORE2.write(data),
                    first: (first + start).toUint24(),
                    agreedAt: uint40(block.timestamp)
                })
            );
        }
    }

    /// @notice Writes milestones into a buffer.
    /// @param data the buffer
    /// @param offset where the first begins
    /// @param list the milestones; amounts must fit 96 bits, dates 40
    /// @return next the offset behind them
    /// @return total the sum of their amounts
    function write(bytes memory data, uint256 offset, MilestoneTerms[] calldata list)
        internal
        pure
        returns (uint256 next, uint256 total)
    {
        next = offset;
        for (uint256 i; i < list.length; ++i) {
            uint256 amount = uint256(list[i].amount).toUint96();
            total += amount;
            next = data.put(next, AMOUNT_SIZE, amount);
            next = data.put(next, DATE_SIZE, uint256(list[i].dueAt).toUint40());
        }
    }

    /// @notice One milestone of the parts that were added.
    /// @param parts the schedule
    /// @param milestone its index, not below the first part's
    /// @return amount in minor units
    /// @return dueAt Unix seconds; zero if no date is agreed
    /// @return agreedAt when it was added, Unix seconds
    function read(Part[] storage parts, uint256 milestone)
        internal
        view
        returns (uint256 amount, uint256 dueAt, uint256 agreedAt)
    {
        uint256 last = parts.length - 1;
        while (parts[last].first > milestone) --last;
        uint256 offset = (milestone - parts[last].first) * ENTRY_SIZE;
        bytes memory entry = SSTORE2.read(parts[last].pointer, offset, offset + ENTRY_SIZE);
        (amount, dueAt) = readEntry(entry, 0);
        agreedAt = parts[last].agreedAt;
    }

    /// @notice One entry of a buffer that {write} wrote.
    /// @param data the buffer
    /// @param offset where the entry begins
    /// @return amount in minor units
    /// @return dueAt Unix seconds
    function readEntry(bytes memory data, uint256 offset)
        internal
        pure
        returns (uint256 amount, uint256 dueAt)
    {
        return (data.get(offset, AMOUNT_SIZE), data.get(offset + AMOUNT_SIZE, DATE_SIZE));
    }
}
