// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a test requires
/// @notice Each says what was looked at, what was found and what was expected.
library Assertions {
    /// @notice Two figures should be the same.
    error Unequal(string what, uint256 found, uint256 expected);
    /// @notice A figure should not be larger.
    error TooLarge(string what, uint256 found, uint256 largest);
    /// @notice Two encodings should be the same.
    error Unlike(string what, bytes found, bytes expected);
    /// @notice A fact does not hold.
    error Untrue(string what);

    /// @notice Requires that two figures are the same.
    function same(uint256 found, uint256 expected, string memory what) internal pure {
        require(found == expected, Unequal(what, found, expected));
    }

    /// @notice Requires that a figure is at most another.
    function atMost(uint256 found, uint256 largest, string memory what) internal pure {
        require(found <= largest, TooLarge(what, found, largest));
    }

    /// @notice Requires that two encodings are the same.
    function alike(bytes memory found, bytes memory expected, string memory what) internal pure {
        require(keccak256(found) == keccak256(expected), Unlike(what, found, expected));
    }

    /// @notice Requires that something is so.
    function holds(bool fact, string memory what) internal pure {
        require(fact, Untrue(what));
    }
}
