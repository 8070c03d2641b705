// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Roles} from "./types/Participants.sol";

/// @title What may be spent
/// @notice The rules are stated on {IBudget}.
contract Budget is IBudget, AccessManaged {
    IParticipantRegistry private immutable _registry;
    mapping(bytes32 line => Line) private _lines;

    /// @notice Sets up a budget without lines.
    /// @param authority_ the access manager that says who the budget officer is
    /// @param registry knows buyers and agreements
    constructor(address authority_, IParticipantRegistry registry) AccessManaged(authority_) {
        _registry = registry;
    }

    /// @inheritdoc IBudget
    function appropriate(
        bytes32 buyer,
        address token,
        uint16 fiscalYear,
        string calldata code,
        uint128 total,
        bytes32 document
    ) external restricted returns (bytes32 line) {
        require(bytes(code).length != 0, LineCodeEmpty());
        _requireBuyer(buyer);
        line = lineId(buyer, token, fiscalYear, code);
        Line storage details = _lines[line];
        require(total >= details.committed, LineBelowCommitment(line, total, details.committed));

        details.buyer = buyer;
        details.token = token;
        details.appropriated = total;
        emit LineAppropriated(line, buyer, token, fiscalYear, code, total, document);
    }

    /// @inheritdoc IBudget
    function commit(bytes32 line, bytes32 buyer, address token, uint128 amount) external {
        Line storage details = _openedByEscrow(line);
        require(
            details.buyer == buyer && details.token == token, LineMismatch(line, details.buyer, details.token)
        );
        // Cannot underflow: committed <= appropriated.
        uint128 available = details.appropriated - details.committed;
        require(amount <= available, LineExceeded(line, amount, available));

        details.committed += amount;
        emit LineCommitted(line, msg.sender, amount, details.committed);
    }

    /// @inheritdoc IBudget
    function release(bytes32 line, uint128 amount) external {
        Line storage details = _openedByEscrow(line);
        require(amount <= details.committed, LineExceeded(line, amount, details.committed));

        details.committed -= amount;
        emit LineReleased(line, msg.sender, amount, details.committed);
    }

    /// @inheritdoc IBudget
    function get(bytes32 line) external view returns (Line memory details) {
        return _lines[line];
    }

    /// @inheritdoc IBudget
    function lineId(bytes32 buyer, address token, uint16 fiscalYear, string calldata code)
        public
        pure
        returns (bytes32 line)
    {
        return keccak256(abi.encode(buyer, token, fiscalYear, code));
    }

    function _openedByEscrow(bytes32 line) private view returns (Line storage details) {
        require(_registry.isEscrow(msg.sender), CallerNotEscrow(msg.sender));
        details = _lines[line];
        require(details.buyer != 0, LineUnknown(line));
    }

    function _requireBuyer(bytes32 buyer) private view {
        uint16 roles = _registry.get(buyer).roles;
        require(
            roles & Roles.BUYER != 0, IParticipantRegistry.ParticipantLacksRole(buyer, roles, Roles.BUYER)
        );
    }
}
