// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Integers at byte offsets
/// @notice What is kept as code costs 200 gas a byte, so that each integer takes only the bytes that it needs.
library Packed {
    /// @notice A buffer to write into with {put}, in ascending order of offset.
    /// @param size its length in bytes
    /// @return data all zero
    function create(uint256 size) internal pure returns (bytes memory data) {
        // The last integer's word may reach 31 bytes beyond the end.
        data = new bytes(size + 31);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(data, size)
        }
    }

    /// @notice Writes an integer; the bytes behind it become zero.
    /// @param data the buffer
    /// @param offset of its first byte
    /// @param size its length in bytes, from 1 to 32
    /// @param value must fit
    /// @return next the offset behind it
    function put(bytes memory data, uint256 offset, uint256 size, uint256 value)
        internal
        pure
        returns (uint256 next)
    {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(add(add(data, 32), offset), shl(sub(256, shl(3, size)), value))
        }
        return offset + size;
    }

    /// @notice Reads an integer.
    /// @param data at least offset + size bytes
    /// @param offset of its first byte
    /// @param size its length in bytes, from 1 to 32
    /// @return value the integer
    function get(bytes memory data, uint256 offset, uint256 size) internal pure returns (uint256 value) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), mload(add(add(data, 32), offset)))
        }
    }
}
