// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Roles} from "./types/Participants.sol";

/// @title What may be spent
/// @notice The rules are stated on {IBudget}.
contract Budget is IBudget, AccessManaged {
    /// @dev A line in two slots. No agreement is worth more than 96 bits hold, and the commitments of a line stay below
    /// that too.
    struct Entry {
        bytes16 buyer;
        uint128 appropriated;
        address token;
        uint96 committed;
    }

    IParticipantRegistry private immutable _registry;
    mapping(bytes32 line => Entry) private _lines;

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
        Entry storage entry = _lines[line];
        require(total >= entry.committed, LineBelowCommitment(line, total, entry.committed));

        // Loses nothing: the registry's ids have 128 significant bits.
        entry.buyer = bytes16(buyer);
        entry.token = token;
        entry.appropriated = total;
        emit LineAppropriated(line, buyer, token, fiscalYear, code, total, document);
    }

    /// @inheritdoc IBudget
    function commit(bytes32 line, bytes32 buyer, address token, uint128 amount) external {
        Entry storage entry = _openedByEscrow(line);
        require(entry.buyer == buyer && entry.token == token, LineMismatch(line, entry.buyer, entry.token));
        // Cannot underflow: committed is at most appropriated, and of 96 bits.
        uint128 available = uint128(Math.min(entry.appropriated, type(uint96).max) - entry.committed);
        require(amount <= available, LineExceeded(line, amount, available));

        uint96 committed = entry.committed + uint96(amount);
        entry.committed = committed;
        emit LineCommitted(line, msg.sender, amount, committed);
    }

    /// @inheritdoc IBudget
    function release(bytes32 line, uint128 amount) external {
        Entry storage entry = _openedByEscrow(line);
        uint96 committed = entry.committed;
        require(amount <= committed, LineExceeded(line, amount, committed));

        committed -= uint96(amount);
        entry.committed = committed;
        emit LineReleased(line, msg.sender, amount, committed);
    }

    /// @inheritdoc IBudget
    function get(bytes32 line) external view returns (Line memory details) {
        Entry memory entry = _lines[line];
        return Line({
            buyer: entry.buyer,
            token: entry.token,
            appropriated: entry.appropriated,
            committed: entry.committed
        });
    }

    /// @inheritdoc IBudget
    function lineId(bytes32 buyer, address token, uint16 fiscalYear, string calldata code)
        public
        pure
        returns (bytes32 line)
    {
        return keccak256(abi.encode(buyer, token, fiscalYear, code));
    }

    function _openedByEscrow(bytes32 line) private view returns (Entry storage entry) {
        require(_registry.isEscrow(msg.sender), CallerNotEscrow(msg.sender));
        entry = _lines[line];
        require(entry.buyer != 0, LineUnknown(line));
    }

    function _requireBuyer(bytes32 buyer) private view {
        uint16 roles = _registry.credentials(buyer).roles;
        require(
            roles & Roles.BUYER != 0, IParticipantRegistry.ParticipantLacksRole(buyer, roles, Roles.BUYER)
        );
    }
}
