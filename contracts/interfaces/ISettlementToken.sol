// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Money in one currency
/// @notice An ERC-20 in minor units of one ISO 4217 currency. Issued against a deposit at a bank, redeemed against a
/// transfer by a bank, and held only by registered participants and by agreements.
/// @dev Takes no fee and calls no receiver: agreements rely on both. Who receives is checked, who sends is not: nobody
/// holds tokens who was not once allowed to receive them, and what a given-up account holds must be able to leave it.
interface ISettlementToken is IERC20 {
    /// @notice Tokens were issued against a bank deposit.
    event Issued(address indexed account, uint256 amount, bytes32 indexed bankReference);

    /// @notice Tokens were taken back; their holder was paid by the bank.
    event Redeemed(address indexed account, uint256 amount, bytes32 indexed bankReference);

    /// @notice What an account held that its participant gave up went to the account that took its place.
    event Forwarded(address indexed account, address indexed successor, uint256 amount);

    /// @notice No participant gave this account up.
    error AccountNotSucceeded(address account);
    /// @notice The receiver is neither a participant's present account nor an agreement.
    error HolderNotRegistered(address holder);
    /// @notice An agreement takes only what it fetches itself: anything else would be trapped in it.
    error EscrowFetchesItself(address escrow, address caller);
    /// @notice A bank reference is needed.
    error BankReferenceMissing();

    /// @notice Issues tokens to a participant. Only the issuer.
    /// @param account the participant's account
    /// @param amount in minor units
    /// @param bankReference hash or reference of the bank deposit, not zero
    function issue(address account, uint256 amount, bytes32 bankReference) external;

    /// @notice Takes back tokens whose holder the bank has paid. Only the issuer, with the holder's allowance (ERC-20
    /// approval or ERC-2612 permit).
    /// @param account the holder
    /// @param amount in minor units
    /// @param bankReference hash or reference of the bank transfer, not zero
    function redeem(address account, uint256 amount, bytes32 bankReference) external;

    /// @notice Moves all that an account holds which its participant gave up, with or without its key, to the account that
    /// took its place. Anyone.
    /// @param account the account that was given up
    function forward(address account) external;

    /// @notice The currency.
    /// @return code ISO 4217, three letters
    function currency() external view returns (string memory code);
}
