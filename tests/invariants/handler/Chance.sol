// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VM} from "../support/Vm.sol";

/// @title Chance
/// @notice Follows from the seeds that the fuzzer gives, so that a sequence of calls can be played again.
abstract contract Chance {
    /// @dev What somebody voted for lately is likely to be voted for again, so that quorums come about.
    bytes32 internal constant REASON = "reason";

    uint256 internal _entropy;

    /// @dev Each act of the handler begins with this.
    modifier played(uint256 seed) {
        _entropy = uint256(keccak256(abi.encode(_entropy, seed)));
        _;
    }

    function _roll(uint256 sides) internal returns (uint256) {
        _entropy = uint256(keccak256(abi.encode(_entropy)));
        return _entropy % sides;
    }

    function _oneIn(uint256 sides) internal returns (bool) {
        return _roll(sides) == 0;
    }

    /// @dev An amount up to a largest; now and then none, or too much.
    function _amount(uint256 largest) internal returns (uint128) {
        uint256 sort = _roll(16);
        if (sort == 0) return _oneIn(2) ? 0 : uint128(_entropy);
        if (sort == 1) return uint128(largest + 1);
        if (sort < 4 || largest == 0) return uint128(largest);
        return sort < 6 ? 1 : uint128(1 + _roll(largest));
    }

    function _reason() internal returns (bytes32) {
        return _oneIn(32) ? bytes32(0) : REASON;
    }

    function _now() internal view returns (uint64) {
        return uint64(VM.getBlockTimestamp());
    }
}
