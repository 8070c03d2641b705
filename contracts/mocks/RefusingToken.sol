// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that can refuse to move
/// @notice Anyone may hold it. Shows what an agreement does when a payment cannot be pushed.
contract RefusingToken is ERC20 {
    /// @notice How transfers end.
    enum Mood {
        Willing,
        ReturnsFalse,
        Reverts
    }

    /// @notice The mood of the next transfers.
    Mood public mood;

    /// @notice The token does not want to.
    error Unwilling();

    /// @notice Gives everything to the deployer.
    constructor() ERC20("Refusing", "XTS") {
        _mint(msg.sender, type(uint128).max);
    }

    /// @notice Sets the mood.
    /// @param next how transfers end from now on
    function setMood(Mood next) external {
        mood = next;
    }

    /// @notice The currency that ISO 4217 reserves for tests.
    /// @return code always XTS
    function currency() external view returns (string memory code) {
        return symbol();
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 value) public override returns (bool) {
        require(mood != Mood.Reverts, Unwilling());
        return mood != Mood.ReturnsFalse && super.transfer(to, value);
    }
}
