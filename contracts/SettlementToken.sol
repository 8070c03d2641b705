// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "./interfaces/ISettlementToken.sol";
import {Holder} from "./types/Participants.sol";

/// @title Money in one currency
/// @notice The rules are stated on {ISettlementToken}.
contract SettlementToken is ISettlementToken, ERC20Permit, AccessManaged {
    IParticipantRegistry private immutable _registry;
    uint8 private immutable _decimals;

    /// @notice Sets up a currency with nothing issued.
    /// @param authority_ the access manager that says who the issuer is
    /// @param registry who may hold the token
    /// @param currency_ ISO 4217 code; also the symbol
    /// @param decimals_ digits of the minor unit, ISO 4217
    constructor(address authority_, IParticipantRegistry registry, string memory currency_, uint8 decimals_)
        ERC20(string.concat("Termin ", currency_), currency_)
        ERC20Permit(string.concat("Termin ", currency_))
        AccessManaged(authority_)
    {
        _registry = registry;
        _decimals = decimals_;
    }

    /// @inheritdoc ISettlementToken
    function issue(address account, uint256 amount, bytes32 bankReference) external restricted {
        require(bankReference != 0, BankReferenceMissing());
        _mint(account, amount);
        emit Issued(account, amount, bankReference);
    }

    /// @inheritdoc ISettlementToken
    function redeem(address account, uint256 amount, bytes32 bankReference) external restricted {
        require(bankReference != 0, BankReferenceMissing());
        _spendAllowance(account, _msgSender(), amount);
        _burn(account, amount);
        emit Redeemed(account, amount, bankReference);
    }

    /// @inheritdoc ISettlementToken
    function forward(address account) external {
        address successor = _registry.successorOf(account);
        require(successor != address(0), AccountNotSucceeded(account));
        uint256 amount = balanceOf(account);
        _transfer(account, successor, amount);
        emit Forwarded(account, successor, amount);
    }

    /// @inheritdoc ISettlementToken
    function currency() external view returns (string memory code) {
        return symbol();
    }

    /// @notice Digits of the currency's minor unit.
    /// @return digits ISO 4217, e.g. 2 for IDR and 0 for JPY
    function decimals() public view override returns (uint8 digits) {
        return _decimals;
    }

    /// @dev Looks at the receiver alone; why that is enough stands on {ISettlementToken}. Nobody receives what is redeemed.
    function _update(address from, address to, uint256 value) internal override {
        if (to != address(0)) {
            Holder kind = _registry.holder(to);
            require(kind != Holder.None, HolderNotRegistered(to));
            require(kind != Holder.Escrow || _msgSender() == to, EscrowFetchesItself(to, _msgSender()));
        }
        super._update(from, to, value);
    }
}
