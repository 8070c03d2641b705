// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Agreement} from "./Agreement.sol";
import {IAgreement} from "./interfaces/IAgreement.sol";
import {IAgreementFactory} from "./interfaces/IAgreementFactory.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "./interfaces/ISettlementToken.sol";
import {MilestoneTerms, Parties, Terms} from "./types/Agreements.sol";

/// @title Where agreements come from
/// @notice The rules are stated on {IAgreementFactory}.
contract AgreementFactory is IAgreementFactory, AccessManaged {
    IParticipantRegistry private immutable _registry;
    address private immutable _implementation;
    mapping(string currency => address token) private _tokenOf;
    mapping(address token => bool) private _admitted;

    /// @notice Deploys the implementation that all clones of this factory share.
    /// @param authority_ the access manager that says who admits currencies
    /// @param registry knows the participants
    /// @param budget knows the appropriation lines
    constructor(address authority_, IParticipantRegistry registry, IBudget budget) AccessManaged(authority_) {
        _registry = registry;
        _implementation = address(new Agreement(address(this), registry, budget));
        emit FactoryDeployed(address(registry), address(budget), _implementation);
    }

    /// @inheritdoc IAgreementFactory
    function admitToken(address token) external restricted {
        string memory currency = ISettlementToken(token).currency();
        address present = _tokenOf[currency];
        require(present == address(0), TokenAlreadyAdmitted(currency, present));

        _tokenOf[currency] = token;
        _admitted[token] = true;
        emit TokenAdmitted(token, currency, IERC20Metadata(token).decimals());
    }

    /// @inheritdoc IAgreementFactory
    function create(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        external
        returns (address agreement)
    {
        // Check
        require(
            bytes(terms.ocid).length != 0 && bytes(terms.contractId).length != 0,
            AgreementIdentifierEmpty(terms.ocid, terms.contractId)
        );
        agreement = addressOf(terms.ocid, terms.contractId);
        require(agreement.code.length == 0, AgreementAlreadyExists(terms.ocid, terms.contractId, agreement));
        require(_admitted[terms.token], TokenNotAdmitted(terms.token));
        bytes32 by = _registry.participantOf(msg.sender);
        require(_contains(parties.committee, by), CallerNotOnCommittee(msg.sender, by));

        // Effect
        Clones.cloneDeterministic(_implementation, _salt(terms.ocid, terms.contractId));
        emit AgreementCreated(agreement, parties.buyer, parties.supplier, by, parties, terms);

        // Interaction
        _registry.admitEscrow(agreement);
        IAgreement(agreement).initialize(parties, terms, milestones);
    }

    /// @inheritdoc IAgreementFactory
    function tokenOf(string calldata currency) external view returns (address token) {
        return _tokenOf[currency];
    }

    /// @inheritdoc IAgreementFactory
    function addressOf(string calldata ocid, string calldata contractId)
        public
        view
        returns (address agreement)
    {
        return Clones.predictDeterministicAddress(_implementation, _salt(ocid, contractId));
    }

    function _salt(string calldata ocid, string calldata contractId) private pure returns (bytes32) {
        return keccak256(abi.encode(ocid, contractId));
    }

    function _contains(bytes32[] calldata list, bytes32 item) private pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return true;
        }
        return false;
    }
}
