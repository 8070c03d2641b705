// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementCommons} from "../interfaces/IAgreementCommons.sol";
import {IAgreementFactory} from "../interfaces/IAgreementFactory.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {DirectPayment, MilestoneTerms, Parties, Tax} from "../types/Agreements.sol";
import {Credentials, Roles, Standing} from "../types/Participants.sol";
import {Deeds} from "./Deeds.sol";

/// @title Who may be what
/// @notice Separation of duties between legal persons: who is paid has no part in inspecting, accepting, funding or ruling,
/// not even through an office; who inspects does not accept; who funds does neither; who rules is of neither side.
library Duties {
    using Deeds for bytes;

    /// @notice Requires that parties are active, have their roles, and are separate.
    /// @param registry knows them
    /// @param parties see {Parties}
    function requireSeparate(IParticipantRegistry registry, Parties calldata parties) internal view {
        Credentials[] memory known = registry.credentialsOf(_everybody(parties));
        _requireLegalPerson(parties.buyer, known[0], Roles.BUYER);
        _requireLegalPerson(parties.supplier, known[1], Roles.SUPPLIER);
        _requireActive(parties.treasury, known[2], Roles.TREASURY);
        uint32 buyer = known[0].number;
        uint32 supplier = known[1].number;
        _requireOther(parties.supplier, supplier, buyer);
        _requireOther(parties.supplier, supplier, _house(known[2]));
        if (parties.arbiter != 0) {
            _requireActive(parties.arbiter, known[3], Roles.ARBITER);
            _requireOther(parties.arbiter, _house(known[3]), buyer);
            _requireOther(parties.arbiter, _house(known[3]), supplier);
        }
        _requireCommittee(parties, known, buyer);
        _requireInspectors(parties, known, supplier);
    }

    function _everybody(Parties calldata parties) private pure returns (bytes32[] memory list) {
        bytes32[] calldata committee = parties.committee;
        bytes32[] calldata inspectors = parties.inspectors;
        list = new bytes32[](4 + committee.length + inspectors.length);
        list[0] = parties.buyer;
        list[1] = parties.supplier;
        list[2] = parties.treasury;
        list[3] = parties.arbiter;
        uint256 next = 4;
        for (uint256 i; i < committee.length; ++i) {
            list[next++] = committee[i];
        }
        for (uint256 i; i < inspectors.length; ++i) {
            list[next++] = inspectors[i];
        }
    }

    /// @notice Requires that everybody else whom an agreement pays is active and has no other part in it.
    /// @param registry knows them
    /// @param parties see {Parties}
    /// @param taxes their recipients are collectors
    /// @param directs their recipients are subcontractors
    /// @param milestones their payees may differ from the supplier
    function requireRecipients(
        IParticipantRegistry registry,
        Parties calldata parties,
        Tax[] calldata taxes,
        DirectPayment[] calldata directs,
        MilestoneTerms[] calldata milestones
    ) internal view {
        for (uint256 i; i < taxes.length; ++i) {
            bytes32 collector = taxes[i].recipient;
            _requireActive(collector, registry.credentials(collector), Roles.COLLECTOR);
            require(collector != parties.supplier, IAgreementCommons.DutiesNotSeparate(collector));
        }
        for (uint256 i; i < directs.length; ++i) {
            _requireRecipient(registry, parties, directs[i].recipient);
        }
        bytes32 known = parties.supplier;
        for (uint256 i; i < milestones.length; ++i) {
            bytes32 payee = milestones[i].payee;
            if (payee == 0 || payee == known) continue;
            _requireRecipient(registry, parties, payee);
            known = payee;
        }
    }

    /// @notice Requires that a payee other than the supplier is active and has no other part in an agreement.
    /// @param registry knows them
    /// @param deed of the agreement
    /// @param payee participant id
    function requirePayee(IParticipantRegistry registry, bytes memory deed, bytes32 payee) internal view {
        _requireApart(registry, payee, deed.buyer(), deed.treasury(), deed.arbiter(), deed.inspectors());
    }

    function _requireRecipient(IParticipantRegistry registry, Parties calldata parties, bytes32 payee)
        private
        view
    {
        if (payee == parties.supplier) return;
        _requireApart(registry, payee, parties.buyer, parties.treasury, parties.arbiter, parties.inspectors);
    }

    /// @dev The committee needs no look: it is the buyer or its offices.
    function _requireApart(
        IParticipantRegistry registry,
        bytes32 payee,
        bytes32 buyer,
        bytes32 treasury,
        bytes32 arbiter,
        bytes32[] memory inspectors
    ) private view {
        Credentials memory details = registry.credentials(payee);
        _requireLegalPerson(payee, details, Roles.SUPPLIER);
        uint32 number = details.number;
        _requireOther(payee, number, registry.credentials(buyer).number);
        _requireOther(payee, number, _house(registry.credentials(treasury)));
        if (arbiter != 0) _requireOther(payee, number, _house(registry.credentials(arbiter)));
        for (uint256 i; i < inspectors.length; ++i) {
            _requireOther(payee, number, _house(registry.credentials(inspectors[i])));
        }
    }

    function _requireCommittee(Parties calldata parties, Credentials[] memory known, uint32 buyer)
        private
        pure
    {
        bytes32[] calldata committee = parties.committee;
        bytes32 treasury = parties.treasury;
        bytes32 previous;
        for (uint256 i; i < committee.length; ++i) {
            bytes32 member = committee[i];
            Credentials memory details = known[4 + i];
            previous = _requireAscending(previous, member);
            _requireActive(member, details, Roles.COMMITTEE);
            require(_house(details) == buyer, IAgreementFactory.OfficeNotOfBuyer(member, parties.buyer));
            require(member != treasury, IAgreementCommons.DutiesNotSeparate(member));
        }
    }

    function _requireInspectors(Parties calldata parties, Credentials[] memory known, uint32 supplier)
        private
        pure
    {
        bytes32[] calldata committee = parties.committee;
        bytes32[] calldata inspectors = parties.inspectors;
        bytes32 previous;
        for (uint256 i; i < inspectors.length; ++i) {
            bytes32 inspector = inspectors[i];
            Credentials memory details = known[4 + committee.length + i];
            previous = _requireAscending(previous, inspector);
            _requireActive(inspector, details, Roles.INSPECTOR);
            _requireOther(inspector, _house(details), supplier);
            bool other = inspector == parties.treasury || inspector == parties.arbiter;
            for (uint256 j; j < committee.length; ++j) {
                other = other || committee[j] == inspector;
            }
            require(!other, IAgreementCommons.DutiesNotSeparate(inspector));
        }
    }

    function _requireAscending(bytes32 previous, bytes32 next) private pure returns (bytes32) {
        require(next > previous, IAgreementFactory.PartiesNotAscending(previous, next));
        return next;
    }

    function _requireOther(bytes32 participant, uint32 house, uint32 other) private pure {
        require(house != other, IAgreementCommons.DutiesNotSeparate(participant));
    }

    function _requireLegalPerson(bytes32 participant, Credentials memory details, uint16 role) private pure {
        _requireStanding(participant, details, role);
        require(details.organization == 0, IAgreementCommons.LegalPersonExpected(participant));
        // A buyer may act through offices alone.
        require(
            role == Roles.BUYER || details.account != address(0),
            IParticipantRegistry.ParticipantHasNoAccount(participant)
        );
    }

    function _requireActive(bytes32 participant, Credentials memory details, uint16 role) private pure {
        _requireStanding(participant, details, role);
        require(details.account != address(0), IParticipantRegistry.ParticipantHasNoAccount(participant));
    }

    function _requireStanding(bytes32 participant, Credentials memory details, uint16 role) private pure {
        require(
            details.standing == Standing.Active,
            IParticipantRegistry.ParticipantNotActive(participant, details.standing)
        );
        require(
            details.roles & role == role,
            IParticipantRegistry.ParticipantLacksRole(participant, details.roles, role)
        );
    }

    /// @dev The number of the legal person that a participant is or belongs to.
    function _house(Credentials memory details) private pure returns (uint32) {
        return details.organization == 0 ? details.number : details.organization;
    }
}
