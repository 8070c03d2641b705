// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What of Foundry's cheat codes is used here
interface Vm {
    /// @notice One event as it was emitted.
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /// @notice The account of a private key.
    function addr(uint256 key) external pure returns (address account);

    /// @notice Signs a digest.
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Makes the next call come from an account.
    function prank(address sender) external;

    /// @notice Sets the time, Unix seconds.
    function warp(uint256 moment) external;

    /// @notice The time, read anew: the optimizer takes `block.timestamp` for constant within a call.
    function getBlockTimestamp() external view returns (uint256 moment);

    /// @notice From now on, events are kept.
    function recordLogs() external;

    /// @notice The events that were kept since the last time.
    function getRecordedLogs() external returns (Log[] memory logs);

    /// @notice Remembers the whole state.
    function snapshotState() external returns (uint256 snapshot);

    /// @notice Goes back to a state.
    function revertToState(uint256 snapshot) external returns (bool done);

    /// @notice Deploys a compiled contract, so that tests need not be compiled together with it.
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address created);

    /// @notice Skips inputs for which a condition does not hold.
    function assume(bool condition) external pure;

    /// @notice Takes away the limit that a long test would reach.
    function pauseGasMetering() external;
}

/// @dev The address that Foundry answers at.
Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
