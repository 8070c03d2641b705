// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title An account that is a contract
/// @notice Takes for its own what its owner signed (ERC-1271), as long as it is willing.
contract ContractAccount is IERC1271 {
    using ECDSA for bytes32;

    /// @notice How questions for a signature end.
    enum Mood {
        Willing,
        Refuses,
        ReturnsNothing,
        Reverts
    }

    /// @notice Whose signatures count.
    address public immutable owner;

    /// @notice The mood of the next answers.
    Mood public mood;

    /// @notice The account does not want to.
    error Unwilling();

    /// @notice The deployer becomes the owner.
    constructor() {
        owner = msg.sender;
    }

    /// @notice Calls on behalf of the owner.
    /// @param target who is called
    /// @param data selector and arguments
    /// @return answer what the call returned
    function act(address target, bytes calldata data) external returns (bytes memory answer) {
        require(msg.sender == owner, Unwilling());
        return Address.functionCall(target, data);
    }

    /// @notice Sets the mood.
    /// @param next how questions end from now on
    function setMood(Mood next) external {
        mood = next;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        require(mood != Mood.Reverts, Unwilling());
        if (mood == Mood.ReturnsNothing) {
            // solhint-disable-next-line no-inline-assembly
            assembly {
                return(0, 0)
            }
        }
        bool own = mood == Mood.Willing && hash.recover(signature) == owner;
        return own ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
