// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {LibTransient} from "solady/utils/LibTransient.sol";
import {AgreementClone} from "./AgreementClone.sol";
import {IAgreementWork} from "./interfaces/IAgreementWork.sol";
import {IAgreementFactory} from "./interfaces/IAgreementFactory.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "./interfaces/ISettlementToken.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";
import {ConditionRules} from "./libraries/ConditionRules.sol";
import {Deeds} from "./libraries/Deeds.sol";
import {Duties} from "./libraries/Duties.sol";
import {MilestoneTerms, Parties, Terms} from "./types/Agreements.sol";

/// @title Where agreements come from
/// @notice The rules are stated on {IAgreementFactory}.
contract AgreementFactory is IAgreementFactory, AccessManaged {
    using LibTransient for LibTransient.TBytes;

    IParticipantRegistry private immutable _registry;
    address private immutable _implementation;
    mapping(string currency => address token) private _tokenOf;
    mapping(address token => bool) private _admitted;

    /// @notice Sets up a factory without currencies.
    /// @param authority_ the access manager that says who admits currencies
    /// @param registry knows the participants
    /// @param budget knows the appropriation lines; told for the index alone, the implementation has its own
    /// @param calendar knows the working days; likewise
    /// @param implementation the first of the contracts that all agreements of this factory share
    constructor(
        address authority_,
        IParticipantRegistry registry,
        IBudget budget,
        IWorkCalendar calendar,
        address implementation
    ) AccessManaged(authority_) {
        _registry = registry;
        _implementation = implementation;
        emit FactoryDeployed(address(registry), address(budget), address(calendar), implementation);
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
        bytes32 taken = _registry.participantOf(agreement);
        require(taken == 0, IParticipantRegistry.ParticipantAccountTaken(agreement, taken));
        require(_admitted[terms.token], TokenNotAdmitted(terms.token));
        bytes32 by = _requireMember(parties.committee);
        ConditionRules.requireSizes(parties, terms.conditions);
        ConditionRules.requireValid(terms.conditions, milestones.length);
        Duties.requireSeparate(_registry, parties);
        Duties.requireRecipients(
            _registry, parties, terms.conditions.taxes, terms.conditions.directPayments, milestones
        );

        // Effect
        _deploy(parties, terms, milestones);
        emit AgreementCreated(agreement, parties.buyer, parties.supplier, by, parties, terms);

        // Interaction: with the very arguments of this call.
        Address.functionCall(agreement, bytes.concat(IAgreementWork.initialize.selector, msg.data[4:]));
    }

    /// @inheritdoc IAgreementFactory
    function codeInTheMaking() external view returns (bytes memory code) {
        return _inTheMaking().get();
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
        return Create2.computeAddress(_salt(ocid, contractId), initCodeHash());
    }

    /// @inheritdoc IAgreementFactory
    function initCodeHash() public pure returns (bytes32 hash) {
        return keccak256(type(AgreementClone).creationCode);
    }

    function _deploy(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        private
    {
        bytes32 salt = _salt(terms.ocid, terms.contractId);
        (bytes memory deed, uint256 scheduled) = Deeds.write(parties, terms, milestones);
        require(scheduled <= terms.value, ScheduleExceedsValue(scheduled, terms.value));
        bytes memory code = abi.encodePacked(
            hex"363d3d373d3d3d363d73",
            _implementation,
            hex"5af43d82803e903d91602b57fd5bf3",
            deed,
            address(this),
            salt
        );
        _inTheMaking().set(code);
        new AgreementClone{salt: salt}();
        _inTheMaking().clear();
    }

    function _inTheMaking() private pure returns (LibTransient.TBytes storage code) {
        return LibTransient.tBytes(bytes32("codeInTheMaking"));
    }

    function _requireMember(bytes32[] calldata committee) private view returns (bytes32 by) {
        by = _registry.participantOf(msg.sender);
        for (uint256 i; i < committee.length; ++i) {
            if (committee[i] == by) return by;
        }
        revert CallerNotOnCommittee(msg.sender, by);
    }

    function _salt(string calldata ocid, string calldata contractId) private pure returns (bytes32) {
        return keccak256(abi.encode(ocid, contractId));
    }
}
